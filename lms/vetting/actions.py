"""What a coordinator makes of what looks odd, and samples to call back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import update

from lms.clock import now
from lms.db import insert_once
from lms.helping import rules as helping
from lms.helping import taking_out
from lms.vetting import own_queries, queries, sample_queries
from lms.vetting.models import HelpFinding, HelpFindingStep, HelpSample, HelpSampled
from lms.vetting.rules import State

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.people.models import Unit
    from lms.vetting.rules import Result

LONGEST = 500
DRAWN_BY = (
    "client_id", "unit_id", "first_day", "last_day", "size", "seed", "total", "up_to", "made_by", "made_at",
)  # fmt: skip


class Own(Exception):
    """Nobody settles what looks odd in their own entries, or in those that they entered."""


class NoReason(ValueError):
    """Entries are taken out with a reason."""


class Personal(ValueError):
    """The words hold a number, an address or a link that may lead to a citizen."""


class NothingChosen(LookupError):
    """None of the entries is out."""


class NothingToDraw(LookupError):
    """No entry in these units and days."""


def settle(db: Session, row: HelpFinding, by: int, state: State, words: str, client_id: str) -> int:
    """Say what something odd was; how many entries were taken out. What was sent before is not done again.

    Raises `Own`, `NoReason`, `Personal`.
    """
    if queries.has_step(db, client_id):
        return 0
    if own_queries.is_own(db, row, by):
        raise Own
    if state is State.TAKEN_OUT and not words:
        raise NoReason
    if helping.scan(words).refused:
        raise Personal
    found = {entry.id for each in queries.odd_now(db, row) for entry in each.entries}
    taken = 0
    if state is State.TAKEN_OUT and row.helper_id is not None:
        taken = taking_out.take_out(db, by, row.helper_id, found, words)
    row.state = state
    row.newest_id = max(found, default=row.newest_id)
    db.add(_step(row, by, words, taken or len(found) or row.entries, client_id))
    return taken


def put_back(db: Session, row: HelpFinding, by: int, entries: Collection[int], words: str, client_id: str) -> int:
    """Let entries stand again that were taken out; how many. What was sent before is not done again.

    Raises `Own`, `NothingChosen`, `Personal`.
    """
    if queries.has_step(db, client_id):
        return 0
    if row.helper_id is None or own_queries.is_own(db, row, by):
        raise Own
    if helping.scan(words).refused:
        raise Personal
    out = {each.entry.id for each in queries.taken_out(db, row)}
    new = taking_out.put_back(db, by, row.helper_id, out & set(entries))
    if not new:
        raise NothingChosen
    row.state = State.PUT_BACK
    # they have new numbers, and were looked at
    row.newest_id = max(row.newest_id, *new)
    db.add(_step(row, by, words, len(new), client_id))
    return len(new)


def _step(row: HelpFinding, by: int, words: str, entries: int, client_id: str) -> HelpFindingStep:
    step = {"client_id": client_id, "finding_id": row.id, "state": row.state, "words": words, "entries": entries}
    return HelpFindingStep(**step, by=by, at=now())


def draw(db: Session, by: int, unit: Unit, days: tuple[date, date], size: int, client_id: str) -> HelpSample:
    """Draw entries to call back. What was drawn before with this id is not drawn again. Raises `NothingToDraw`."""
    known = sample_queries.sent_as(db, by, client_id)
    if known is not None:
        return known
    sample = HelpSample(
        client_id=client_id,
        unit_id=unit.id,
        first_day=days[0],
        last_day=days[1],
        seed=secrets.randbelow(10**6),
        up_to=sample_queries.newest(db),
        made_by=by,
        made_at=now(),
    )
    sample.total = sample_queries.count(db, sample, unit)
    sample.size = min(size, sample.total)
    if not sample.total:
        raise NothingToDraw
    is_new = insert_once(db, HelpSample, {name: getattr(sample, name) for name in DRAWN_BY})
    made = sample_queries.sent_as(db, by, client_id)
    if made is None:  # somebody else drew with this id
        raise NothingToDraw
    if is_new:
        drawn = enumerate(sample_queries.draw(db, made, unit), 1)
        db.add_all(HelpSampled(sample_id=made.id, place=place, entry_id=entry, result="") for place, entry in drawn)
    return made


def note_result(db: Session, sample: HelpSample, place: int, by: int, result: Result | None) -> bool:
    """Note what calling back said of one entry; None takes it back. Whether there is such an entry. Raises `Own`."""
    if sample_queries.is_own(db, sample, place, by):
        raise Own
    noted = {"result": str(result or ""), "noted_by": by if result else None, "noted_at": now() if result else None}
    of = (HelpSampled.sample_id == sample.id, HelpSampled.place == place)
    changed = update(HelpSampled).where(*of).values(**noted).returning(HelpSampled.place)
    return db.execute(changed).one_or_none() is not None
