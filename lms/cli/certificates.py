"""`lms certificates`: verify one from a file or by its code, export it, archive everything that checks them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

import click

from lms.app import create_app
from lms.cli import badges, printing
from lms.cli.audit import audit
from lms.cli.schema import open_database
from lms.clock import now
from lms.config import Settings, load_settings
from lms.credentials import queries as credentials
from lms.credentials.code import BadCode, read_code
from lms.issuers.keyring import NoKey
from lms.sealing import offline, pictures
from lms.sealing.archive import archive as files_of_archive
from lms.sealing.offline_queries import changes, cose_of_code, trust
from lms.sealing.status import Change, StatusList
from lms.sealing.verdicts import Verdict, verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.credentials.facts import CertificateFacts

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
LARGEST = 20_000_000  # bytes of a file that is looked through
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
ADDRESS = re.compile(rb"/c/([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})")
SENTENCES = {
    "valid": "VALID",
    "unchecked": "GENUINE, but nobody knows here whether it was withdrawn",
    "expired": "EXPIRED on {since}",
    "superseded": "REPLACED on {since}",
    "revoked": "WITHDRAWN on {since}",
    "erased": "DELETED on {since}",
    "not-yet": "NOT ISSUED YET; it says {since}",
    "untimely": "NOT VALID: its key was given up on {since}, and it was signed later",
    "unsigned": "NOT VALID: no key of this register signed it, or it was altered",
    "unreadable": "NOT VALID: this is no signed certificate",
}
EXIT = {"valid": 0, "unchecked": 3}  # 2 is wrong use, 1 everything else


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is exported: a certificate, and the file that it goes to, whose ending may decide about the form."""

    db: Session
    settings: Settings
    code: str
    output: Path


class NotThere(click.ClickException):
    """There is no such certificate, or it cannot be had in this form."""


def export_qr(wanted: Wanted) -> bytes:
    """The QR code that carries the certificate: SVG if the file is called so, else PNG."""
    message = cose_of_code(wanted.db, wanted.code)
    if message is None:
        raise NotThere(f"{wanted.code} has no signed code yet. The worker makes it within seconds: lms work")
    text = offline.qr_text(message)
    return pictures.svg(text).encode() if wanted.output.suffix.lower() == ".svg" else pictures.png(text)


def export_badge(form: str, wanted: Wanted) -> bytes:
    """The certificate as an Open Badge."""
    return badges.exported(wanted.db, wanted.settings, wanted.code, form)


def export_paper(form: Literal["pdf", "png", "svg"], wanted: Wanted) -> bytes:
    """The certificate as it is printed; a picture shows its first page."""
    return printing.exported(wanted.db, wanted.settings, wanted.code, form)


FORMATS: dict[str, Callable[[Wanted], bytes]] = {
    "pdf": partial(export_paper, "pdf"),
    "png": partial(export_paper, "png"),
    "svg": partial(export_paper, "svg"),
    "qr": export_qr,
    **{f"ob3-{form}": partial(export_badge, form) for form in ("json", "jwt", "png", "svg")},
}


@click.group()
def certificates() -> None:
    """Check, export and archive certificates.

    Example: lms certificates verify 7K3M-92DC-TF4X-V8PW
    """


certificates.add_command(audit)
certificates.add_command(printing.print_command)


@certificates.command()
@click.argument("what", metavar="FILE|CODE")
@click.option("--issuer", "issuers", type=FILE, multiple=True, help="What another issuer publishes: its did.json.")
@click.option("--status", "lists", type=FILE, multiple=True, help="A status list that another issuer publishes.")
def verify(what: str, issuers: tuple[Path, ...], lists: tuple[Path, ...]) -> None:
    """Say what a certificate is worth today, by its code, or by a file that holds it.

    A file may be our PDF, a picture that we exported (PNG or SVG), or a text file with what a scanner read (HR1:…).
    It may be an Open Badge 3.0 of anybody, too: JSON, a token, or a picture with a badge inside. Nothing is fetched:
    keys and status lists of other issuers come in files.

    Exit code: 0 it is valid, 1 it is not, 3 it is genuine, but nobody knows here whether it was withdrawn.

    Example: lms certificates verify certificate.pdf
    """
    settings = load_settings()
    path = Path(what)
    if path.is_file() and badges.is_badge(data := _read(path)):
        _verify_badge(settings, data, issuers, lists)
    text, code = _in_file(path) if path.is_file() else (what if what.startswith(offline.PREFIX) else "", what)
    with open_database(settings) as database, database.reading() as db:
        found = _by_text(db, text) if text else _by_code(db, code)
        more = list(_register_says(db, found))
    click.echo(SENTENCES[found.state].format(since=found.since))
    if found.is_doubtful and found.state != "untimely":
        click.echo("Its key was broken later: compare it with the register by its code.")
    for name, value in (*more, *_printed(found.facts)):
        click.echo(f"  {name}: {value}")
    raise SystemExit(EXIT.get(found.state, 1))


@certificates.command()
@click.argument("code")
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), required=True, help="What to write.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file.")
def export(code: str, form: str, output: Path) -> None:
    """Write a certificate to a file.

    Example: lms certificates export 7K3M-92DC-TF4X-V8PW --format qr -o code.png
    """
    settings = load_settings()
    with open_database(settings) as database, database.reading() as db:
        exact = _read_code(code)
        if credentials.certificate(db, exact, now().date()) is None:
            raise NotThere(f"There is no certificate {exact}, or its holder had it deleted.")
        output.write_bytes(FORMATS[form](Wanted(db, settings, exact, output)))
    click.echo(f"{output}: {output.stat().st_size} bytes")


@certificates.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def archive(folder: Path) -> None:
    """Write a static site to FOLDER that checks certificates after this server is gone.

    It names nobody. Repeat it from time to time, and once more before the end: withdrawals up to then are in it.

    Example: lms certificates archive ~/certificates-archive
    """
    settings = load_settings()
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with open_database(settings) as database:
        app = create_app(settings, database)
        with app.test_request_context(base_url=settings.url), database.reading() as db:
            try:
                for name, pieces in files_of_archive(db, settings):
                    with (folder / name).open("wb") as file:
                        file.writelines(pieces)
                    count += 1
            except NoKey as problem:
                raise click.ClickException(str(problem)) from problem
    click.echo(f"{folder}: {count} files. Open {folder / 'index.html'} in a browser.")


def _verify_badge(settings: Settings, data: bytes, issuers: tuple[Path, ...], lists: tuple[Path, ...]) -> NoReturn:
    with open_database(settings) as database, database.reading() as db:
        found = badges.verified(db, settings, data, issuers, lists)
    for line in badges.lines(found):
        click.echo(line)
    raise SystemExit(EXIT.get(found.state, 1))


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST)


def _in_file(path: Path) -> tuple[str, str]:
    """The text of a QR code in a file, else the code of the certificate in it."""
    data = _read(path)
    address = ""
    for part in _parts(data):
        if text := pictures.text_in(part):
            return text, ""
        if not address and (found := ADDRESS.search(part)):
            address = found[1].decode()
    if not address:
        raise click.ClickException(
            f"{path} holds no certificate that can be read here. Take the PDF as it was downloaded, a picture that "
            "`lms certificates export` wrote, or a text file with what a scanner read from the square code."
        )
    return "", address


def _parts(data: bytes) -> Iterator[bytes]:
    """The bytes of a file, and what is packed inside a PDF."""
    yield data
    if data.startswith(b"%PDF"):
        for packed in STREAM.finditer(data):
            try:
                yield zlib.decompressobj().decompress(packed[1], LARGEST)
            except zlib.error:
                continue


def _read_code(code: str) -> str:
    try:
        return read_code(code)
    except BadCode as problem:
        meant = f" Did you mean {problem.suggestion}?" if problem.suggestion else ""
        raise click.ClickException(f"{code} is neither a file nor a certificate code. {problem}{meant}") from problem


def _by_text(db: Session, text: str) -> Verdict:
    """What the keys and the register say today."""
    listed: dict[int, list[Change]] = {}
    for change in changes(db):
        listed.setdefault(change.place, []).append(change)
    return verdict(text, trust(db).keys, StatusList(now(), "", listed), now().date())


def _by_code(db: Session, code: str) -> Verdict:
    exact = _read_code(code)
    found = credentials.certificate(db, exact, now().date())
    if found is not None:
        ended = {"revoked": found.revoked_at, "superseded": found.superseded_at}
        moment = ended.get(found.state)
        return Verdict(found.state, found.facts, since=moment.date() if moment else found.valid_until)
    erased = credentials.erased_at(db, exact)
    if erased is not None:
        return Verdict("erased", since=erased.date())
    raise NotThere(f"There is no certificate {exact}. Compare it with the paper; if it is the same, do not accept it.")


def _register_says(db: Session, found: Verdict) -> Iterator[tuple[str, str]]:
    """Why a certificate was withdrawn, or what took its place: neither stands on paper."""
    page = credentials.certificate(db, found.facts.code, now().date()) if found.facts else None
    if page is not None and found.state == "revoked":
        yield "reason", page.revoked_reason
    elif page is not None and found.state == "superseded":
        yield "in its place", page.replaced_by


def _printed(facts: CertificateFacts | None) -> Iterator[tuple[str, str]]:
    if facts is None:
        return
    rows: Mapping[str, str] = {
        "code": facts.code,
        "holder": " / ".join(filter(None, (facts.holder, facts.holder_latin))),
        "title": " ".join(filter(None, (facts.title, facts.level))),
        "course": f"{facts.course} ({facts.course_id} {facts.version})",
        "issuer": facts.parties.issuer,
        "issued": facts.issued_on,
        "valid until": facts.valid_until or "without time limit",
    }
    yield from ((name, value) for name, value in rows.items() if value)
    yield from (("can", outcome.text) for outcome in facts.outcomes if outcome.text)
