"""Reads of what was taken out of somebody's help: for the helper's pages and letters, and for who took it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from lms.among import among
from lms.helping.models import HelpEntry, HelpTaken, HelpTaking
from lms.people.models import Person, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Taking:
    """Entries that were taken out together. `by` is who did it, `email` where she can be answered; both may be empty.

    So many `entries` were taken out, from the `first` day to the `last`; so many of them stand `again`.
    """

    reason: str
    by: str
    email: str
    at: datetime
    entries: int
    again: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter about a taking says to the helper."""

    name: str
    email: str
    language: str
    unit: str
    taking: Taking

    @property
    def again(self) -> int:
        """How many entries stand again."""
        return self.taking.again


@dataclass(frozen=True, slots=True)
class TakenRow:
    """An entry that was taken out. `put_back_at` is when it was noted once more; None: it is out."""

    entry: HelpEntry
    reason: str
    by: str
    at: datetime
    put_back_at: datetime | None


def takings_since(db: Session, helper: int, moment: datetime) -> list[Taking]:
    """What was taken out of somebody's help since a moment and is not back as a whole, the newest first."""
    found = select(HelpTaking).where(HelpTaking.helper_id == helper, HelpTaking.at >= moment)
    rows = db.scalars(found.order_by(HelpTaking.id.desc())).all()
    known = _takings(db, rows) if rows else []
    return [each for each in known if each.again < each.entries]


def _takings(db: Session, rows: Sequence[HelpTaking]) -> list[Taking]:
    numbers = (func.count(), func.count(HelpTaken.again_id), func.min(HelpEntry.given_on), func.max(HelpEntry.given_on))
    sums = select(HelpTaken.taking_id, *numbers).join(HelpEntry, HelpEntry.id == HelpTaken.entry_id)
    sums = sums.where(among(HelpTaken.taking_id, [row.id for row in rows])).group_by(HelpTaken.taking_id)
    counted = {row[0]: row[1:] for row in db.execute(sums)}
    who = {each.id: each for each in db.scalars(select(Person).where(among(Person.id, {row.by for row in rows})))}
    found = []
    for row in rows:
        by = who.get(row.by)
        name, email = (by.name, by.proved_email or "") if by is not None else ("", "")
        found.append(Taking(row.reason, name, email, row.at, *counted[row.id]))
    return found


def told(db: Session, taking: int) -> Told | None:
    """What the helper is written about a taking; None if there is nobody to write to."""
    row = db.get(HelpTaking, taking)
    person = db.get(Person, row.helper_id) if row is not None else None
    if row is None or person is None or not person.proved_email:
        return None
    of = (
        select(Unit.name)
        .join(HelpEntry, HelpEntry.unit_id == Unit.id)
        .join(HelpTaken, HelpTaken.entry_id == HelpEntry.id)
        .where(HelpTaken.taking_id == taking)
    )
    [known] = _takings(db, [row])
    return Told(person.name, person.proved_email, person.language, db.scalars(of.limit(1)).one(), known)


def of_entries(db: Session, entries: Sequence[int]) -> dict[int, TakenRow]:
    """Which of these entries were taken out, by their ids."""
    rows = _rows().where(among(HelpTaken.entry_id, entries))
    return {entry.id: TakenRow(entry, *rest) for entry, *rest in db.execute(rows)}


def of_month(db: Session, helper: int, unit: int, days: tuple[date, date]) -> list[TakenRow]:
    """What was taken out of somebody's help in a unit, given from a day until before another, in order."""
    own = (HelpEntry.helper_id == helper, HelpEntry.unit_id == unit)
    in_time = (HelpEntry.given_on >= days[0], HelpEntry.given_on < days[1])
    rows = _rows().where(*own, *in_time).order_by(HelpEntry.given_on, HelpTaken.noted_at, HelpEntry.id)
    return [TakenRow(entry, *rest) for entry, *rest in db.execute(rows)]


def _rows() -> Select[Any]:
    said: tuple[Any, ...] = (HelpTaking.reason, func.coalesce(Person.name, ""), HelpTaking.at, HelpTaken.put_back_at)
    rows = select(HelpEntry, *said).join(HelpTaken, HelpTaken.entry_id == HelpEntry.id)
    return rows.join(HelpTaking, HelpTaking.id == HelpTaken.taking_id).outerjoin(Person, Person.id == HelpTaking.by)
