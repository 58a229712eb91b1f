"""Reads of the desk: what looks odd in one's units, and one finding with its entries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.helping import taken_queries
from lms.paging import At, Page, page
from lms.people.models import Person, Unit
from lms.people.queries import visible_units
from lms.people.rules import Right
from lms.vetting import look_queries, own_queries
from lms.vetting.models import HelpFinding, HelpFindingStep, HelpLook, HelpPeers
from lms.vetting.rules import Oddity, Peers, State, first_of_next, odd
from lms.vetting.rules import deadlines as deadlines_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.helping.taken_queries import TakenRow
    from lms.vetting.rules import Entry, Odd

SHOWN = 200  # entries of a finding on its page
# the lists of the desk: what is to be looked at, what waits for an answer, what is settled
LISTS: Mapping[str, tuple[State, ...]] = {
    "open": (State.OPEN,),
    "asked": (State.ASKED,),
    "settled": (State.PLAUSIBLE, State.TAKEN_OUT, State.PUT_BACK),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is listed: how many entries on how many days."""

    oddity: Oddity
    entries: int
    days: int


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something odd in the list. `name` is the helper's; empty where it is a unit's sum, or the person is erased."""

    id: int
    name: str
    unit: str
    month: date
    reasons: Sequence[Reason]
    entries: int
    people: int
    state: State
    is_own: bool


@dataclass(frozen=True, slots=True)
class OddPage:
    """A list of what looks odd. `looked_at` is when the worker was through with all entries; None: not yet."""

    rows: Sequence[FindingRow]
    page: Page
    looked_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """What was made of a finding, by whom; an empty name is the worker, or somebody who is erased."""

    state: State
    words: str
    entries: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry that looks odd, with all reasons."""

    entry: Entry
    reasons: Sequence[Oddity]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One finding. `rows` are the entries that look odd now, at most `SHOWN` of `total`; a unit's sum has none.

    `out` are those that were taken out and can be put back. `others` look at it where the reader may not settle it.
    """

    row: FindingRow
    root: int
    helper_id: int | None
    rows: Sequence[EntryRow]
    total: int
    steps: Sequence[StepRow]
    out: Sequence[TakenRow]
    others: Sequence[str]


def odd_page(db: Session, me: int, which: str, at: At) -> OddPage:
    """What looks odd in the units of a coordinator, most entries first."""
    found = (
        select(HelpFinding, Unit.name, Person.name)
        .join(Unit, Unit.id == HelpFinding.unit_id)
        .outerjoin(Person, Person.id == HelpFinding.helper_id)
        .where(HelpFinding.state.in_(LISTS[which]), visible_units(me, Right.COORDINATE))
    )
    rows = page(db, found, (HelpFinding.entries, HelpFinding.id), at, newest_first=True)
    look = db.scalar(select(HelpLook.looked_at))
    whose = own_queries.concerned(db, [row[0] for row in rows.rows])
    listed = [_row(row, name, unit, is_own=me in whose[row.id]) for row, unit, name, *_marks in rows.rows]
    return OddPage(listed, rows, look)


def _row(row: HelpFinding, name: str | None, unit: str, *, is_own: bool) -> FindingRow:
    reasons = [Reason(Oddity(each["reason"]), each["entries"], each["days"]) for each in row.reasons]
    return FindingRow(
        row.id,
        name or "",
        unit,
        row.month,
        reasons,
        row.entries,
        row.people,
        State(row.state),
        is_own=is_own,
    )


def finding(db: Session, me: int, number: int) -> HelpFinding | None:
    """A finding in the units of a coordinator."""
    found = select(HelpFinding).join(Unit, Unit.id == HelpFinding.unit_id)
    return db.scalar(found.where(HelpFinding.id == number, visible_units(me, Right.COORDINATE)))


def finding_to_change(db: Session, me: int, number: int) -> HelpFinding | None:
    """The same, for whoever says what it was: of two who do at one moment, the second sees what the first said."""
    found = select(HelpFinding).join(Unit, Unit.id == HelpFinding.unit_id)
    mine = found.where(HelpFinding.id == number, visible_units(me, Right.COORDINATE))
    return db.scalar(mine.with_for_update(of=HelpFinding))


def odd_now(db: Session, row: HelpFinding) -> list[Odd]:
    """What looks odd in a finding's entries as they stand now, beside what was usual when the worker looked."""
    if row.helper_id is None:
        return []
    whose = look_queries.Whose(row.helper_id, row.unit_id, row.month)
    root = look_queries.roots_of(db, [row.unit_id])[row.unit_id]
    kept = db.get(HelpPeers, (root, row.month))
    peers = Peers.from_json(kept.measures) if kept else Peers()
    days = deadlines_of(row.month, look_queries.deadlines(db).get(row.month, ()))
    return odd(look_queries.entries_of(db, {whose}).get(whose, ()), peers, days)


def finding_page(db: Session, me: int, row: HelpFinding) -> FindingPage:
    """One finding with its entries and what was made of it."""
    unit = db.get_one(Unit, row.unit_id)
    person = db.get(Person, row.helper_id) if row.helper_id else None
    reasons: defaultdict[Entry, list[Oddity]] = defaultdict(list)
    for each in odd_now(db, row):
        for entry in each.entries:
            reasons[entry].append(each.reason)
    is_own = own_queries.is_own(db, row, me)
    ordered = sorted(reasons, key=lambda entry: (entry.given_on, entry.noted, entry.id))
    return FindingPage(
        _row(row, person.name if person else None, unit.name, is_own=is_own),
        int(unit.path.split("/")[1]),
        row.helper_id,
        [EntryRow(entry, reasons[entry]) for entry in ordered[:SHOWN]],
        len(ordered),
        _steps(db, row.id),
        taken_out(db, row),
        own_queries.who_else(db, row, unit) if is_own else (),
    )


def taken_out(db: Session, row: HelpFinding) -> list[TakenRow]:
    """The entries of a finding that were taken out, and are not back."""
    if row.helper_id is None:
        return []
    days = (row.month, first_of_next(row.month))
    found = taken_queries.of_month(db, row.helper_id, row.unit_id, days)
    return [each for each in found if each.put_back_at is None]


def _steps(db: Session, number: int) -> list[StepRow]:
    said = select(HelpFindingStep, Person.name).outerjoin(Person, Person.id == HelpFindingStep.by)
    rows = db.execute(said.where(HelpFindingStep.finding_id == number).order_by(HelpFindingStep.id))
    return [StepRow(State(step.state), step.words, step.entries, name or "", step.at) for step, name in rows]


def has_step(db: Session, client_id: str) -> bool:
    """Whether something was sent with this id already."""
    return db.scalar(select(HelpFindingStep.id).where(HelpFindingStep.client_id == client_id)) is not None
