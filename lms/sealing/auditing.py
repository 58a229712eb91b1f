"""The audit as the worker makes it each night, or when an operator asks; what it found is kept in the data folder."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from lms import jobs
from lms.clock import now
from lms.sealing import audit_queries, heads_file

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.db import Database

JOB = "audit"
NAME = "audit.json"
AT = timedelta(hours=2, minutes=30)  # after midnight, UTC
KEPT = 5  # findings that the page names


@dataclass(frozen=True, slots=True)
class LastAudit:
    """When the audit looked last, at how many certificates, how much it found; `trouble` if it could not look."""

    at: datetime
    certificates: int
    found: int
    codes: tuple[str, ...] = ()
    trouble: str = ""


def ask_now(db: Session) -> None:
    """Ask for an audit as soon as the worker has time."""
    jobs.enqueue(db, JOB, {}, dedupe=JOB)


def ask_nightly(db: Session) -> None:
    """See to it that the next night's audit is asked for."""
    moment = now()
    day = (moment - AT).date() + timedelta(days=1)
    at = datetime.combine(day, datetime.min.time(), UTC) + AT
    jobs.enqueue(db, JOB, {}, run_at=at, dedupe=f"{JOB}/{day}")


def audit(database: Database, settings: Settings) -> LastAudit:
    """Make the audit and keep what it found."""
    path = settings.home / heads_file.NAME
    moment = now()
    with database.at_one_moment() as db:
        count, found = audit_queries.examine(db, moment, [path] if path.exists() else [])
        try:
            codes = tuple(dict.fromkeys(each.code for each in islice((f for f in found if f.code), KEPT)))
            for _ in found:
                pass
            made = LastAudit(moment, count.certificates, count.found.total(), codes)
        except heads_file.BadLine as problem:
            made = LastAudit(moment, 0, 1, (), str(problem))
    _keep(settings.home / NAME, made)
    return made


def last(settings: Settings) -> LastAudit | None:
    """What the last audit found; None if there was none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((settings.home / NAME).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(told["at"])
        return LastAudit(at, told["certificates"], told["found"], tuple(told["codes"]), told["trouble"])
    return None


def _keep(path: Path, made: LastAudit) -> None:
    told = {
        "at": made.at.isoformat(),
        "certificates": made.certificates,
        "found": made.found,
        "codes": made.codes,
        "trouble": made.trouble,
    }
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(told), encoding="utf-8")
    partial.replace(path)
