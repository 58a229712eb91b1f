"""Is everything in order? The same look for `lms doctor` and for the operator's first page."""

from __future__ import annotations

import dataclasses
import platform
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url

from lms import __version__
from lms.clock import now
from lms.content.queries import pack_reports
from lms.issuers import keyring
from lms.operation import queries
from lms.sealing import auditing
from lms.sealing.queries import waiting_since

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from lms.config import Settings

LITTLE_SPACE = 500_000_000
PATIENCE = timedelta(minutes=2)  # what waits longer for its seal waits for something else
PARTS = ("Flask", "SQLAlchemy", "Markdown", "WTForms")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: a sentence with gaps, in English, and what fills them. Pages translate the sentence.

    Advice is worth a look, but leaves the installation in order.
    """

    name: str
    is_fine: bool
    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)
    is_advice: bool = False

    @property
    def words(self) -> str:
        """The sentence in English."""
        return self.sentence % self.values if self.values else self.sentence


@dataclass(frozen=True, slots=True)
class InForce:
    """A setting as it holds now. A secret's value is never shown, only whether there is one."""

    name: str
    value: str
    is_secret: bool
    doc: str


def N_(sentence: str) -> str:  # noqa: N802 - the name by which Babel finds sentences that are translated later
    """Mark a sentence for the catalogues."""
    return sentence


def examine(settings: Settings, db: Session, *, thorough: bool = True) -> Iterator[Finding]:
    """Look at courses, people, jobs, disk and settings; `thorough` also reads a SQLite file from end to end."""
    if thorough and (state := queries.damage(db)) is not None:
        yield Finding(N_("database file"), state == "ok", "%(state)s", {"state": state})
    yield from _contents(db)
    yield from _certificates(settings, db)
    free = shutil.disk_usage(settings.home).free
    yield Finding(N_("disk"), free > LITTLE_SPACE, N_("%(free)s GB free"), {"free": f"{free / 1e9:.1f}"})
    yield from _addresses(settings)


def _contents(db: Session) -> Iterator[Finding]:
    counts = queries.counts(db)
    courses = N_("%(count)s published") if counts.courses else N_("none published: lms publish")
    yield Finding(N_("courses"), counts.courses > 0, courses, {"count": counts.courses})
    for report in pack_reports(db):
        values = {"errors": report.errors, "warnings": report.warnings}
        yield Finding(f"pack {report.pack}", report.errors == 0, N_("%(errors)s errors, %(warnings)s warnings"), values)
    operators = N_("%(count)s of them") if counts.operators else N_("nobody: lms people add --role operator")
    yield Finding(N_("operators"), counts.operators > 0, operators, {"count": counts.operators})
    dead = N_("%(count)s failed for good: see /operation/jobs") if counts.dead_jobs else N_("none failed for good")
    yield Finding(N_("jobs"), counts.dead_jobs == 0, dead, {"count": counts.dead_jobs})


def _certificates(settings: Settings, db: Session) -> Iterator[Finding]:
    """Can certificates be signed, is each sealed, and what did the last audit find."""
    try:
        keyring.check_keys(db, settings)
    except keyring.NoKey as problem:
        yield Finding(N_("signing keys"), is_fine=False, sentence="%(problem)s", values={"problem": str(problem)})
    else:
        yield Finding(N_("signing keys"), is_fine=True, sentence=N_("they open"))
    is_late = waiting_since(db, now() - PATIENCE)
    late = N_("some wait for their seal: does the worker run? lms certificates audit names them")
    yield Finding(N_("seals"), not is_late, late if is_late else N_("every certificate is sealed"))
    last = auditing.last(settings)
    if last is not None:
        wrong = N_("not as it was signed: %(found)s. The command lms certificates audit names each")
        words = wrong if last.found else N_("the last one looked at %(certificates)s: each as it was signed")
        yield Finding(N_("audit"), not last.found, words, {"found": last.found, "certificates": last.certificates})


def _addresses(settings: Settings) -> Iterator[Finding]:
    mail = N_("a mail server is set") if settings.smtp_url else N_("no mail server is set: letters go to outbox/")
    yield Finding(N_("mail"), bool(settings.smtp_url) or settings.demo, mail)
    address = N_("%(url)s is encrypted") if settings.is_https else N_("%(url)s is not https")
    yield Finding(N_("address"), settings.is_https or settings.demo, address, {"url": settings.url})
    if settings.shipped_pack and not settings.demo:
        public = N_(
            "keys of exam banks shipped with the program are public: use banks of your own, or LMS_SHIPPED_PACK=no"
        )
        yield Finding(N_("exam keys"), is_fine=False, sentence=public)


def settings_in_force(settings: Settings) -> list[InForce]:
    """Every setting with its value, secrets and passwords masked."""
    return [
        InForce(item.name, _shown(settings, item), item.metadata["secret"], item.metadata["doc"])
        for item in dataclasses.fields(settings)
    ]


def _shown(settings: Settings, item: dataclasses.Field[Any]) -> str:
    value = getattr(settings, item.name)
    if item.metadata["secret"]:
        return "•••" if value else ""
    if item.name == "database_url" and value:
        return make_url(value).render_as_string(hide_password=True)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ":".join(value) if isinstance(value, tuple) else str(value)


def versions() -> dict[str, str]:
    """The program, Python and the parts that matter most."""
    return {"Handrail": __version__, "Python": platform.python_version(), **{name: version(name) for name in PARTS}}
