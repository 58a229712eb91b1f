"""Open Badges on the command line: ours into files, anybody's checked from files."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from lms.badges import baking, files, queries
from lms.badges.jsonld import BadDocument
from lms.badges.verifying import Verdict, check, known
from lms.clock import now
from lms.credentials import queries as certificates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms.config import Settings

SENTENCES = {
    "valid": "VALID",
    "unchecked": "GENUINE, but nobody knows here whether it was withdrawn",
    "expired": "EXPIRED",
    "early": "NOT VALID YET",
    "revoked": "WITHDRAWN",
    "altered": "NOT VALID",
    "unknown issuer": "NOBODY KNOWS: its issuer's keys are not at hand",
    "unreadable": "NOT VALID: this is no Open Badge that can be read",
}


def exported(db: Session, settings: Settings, code: str, form: str) -> bytes:
    """A badge as a file: `json`, `jwt`, `png` or `svg`. Raises `ClickException` while it is not signed."""
    found = queries.badge(db, code)
    if found is None:
        raise click.ClickException(f"{code} has no signed badge yet. The worker makes it within seconds: lms work")
    return files.content(db, settings, found, form)


def is_badge(data: bytes) -> bool:
    """Whether a file is, or carries, an Open Badge; not whether it is a good one."""
    if data.startswith(baking.PNG):
        return baking.KEYWORD in data
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return baking.NAMESPACE.encode() in text
    return text.startswith(b"{") or (text.startswith(b"ey") and text.count(b".") == 2)


def verified(db: Session, settings: Settings, data: bytes, given: Iterable[Path], lists: Iterable[Path]) -> Verdict:
    """The verdict about a badge, by our own keys and lists and by those in files. Raises `ClickException`."""
    try:
        own = list(files.own_documents(db, settings))
        documents = [*own, *_documents(given)]
        texts = [*files.own_lists(db), *(path.read_text(encoding="utf-8").strip() for path in lists)]
        return _as_registered(db, check(data, known(documents, texts), now()), own)
    except (BadDocument, UnicodeDecodeError) as problem:
        raise click.ClickException(str(problem)) from problem


def _as_registered(db: Session, found: Verdict, documents: Iterable[Mapping[str, object]]) -> Verdict:
    """What the register says today of a badge of ours: its lists are signed a little later."""
    if found.state not in ("valid", "unchecked") or found.issuer not in {each.get("id") for each in documents}:
        return found
    code = str((found.credential or {}).get("id")).rpartition("/c/")[2]
    page = certificates.certificate(db, code, now().date())
    if page is not None and page.state == "revoked":
        return replace(found, state="revoked", why=f"Its issuer has withdrawn it: {page.revoked_reason}")
    if page is not None and page.state == "valid":
        return replace(found, state="valid", why="", is_status_known=True)
    return found


def lines(verdict: Verdict) -> Iterator[str]:
    """What is said of a badge."""
    yield SENTENCES[verdict.state]
    if verdict.why:
        yield verdict.why
    subject = (verdict.credential or {}).get("credentialSubject")
    achieved = subject.get("achievement") if isinstance(subject, dict) else None
    rows = {
        "title": achieved.get("name") if isinstance(achieved, dict) else None,
        "issuer": verdict.issuer,
        "issued": (verdict.credential or {}).get("validFrom"),
        "valid until": (verdict.credential or {}).get("validUntil"),
    }
    yield from (f"  {name}: {value}" for name, value in rows.items() if value)


def _documents(given: Iterable[Path]) -> Iterator[Mapping[str, object]]:
    for path in given:
        try:
            found = json.loads(path.read_bytes())
        except (ValueError, RecursionError) as problem:
            raise click.ClickException(f"{path} is no JSON: take what the issuer publishes, as did.json.") from problem
        if not isinstance(found, dict):
            raise click.ClickException(f"{path} holds no document of an issuer.")
        yield found
