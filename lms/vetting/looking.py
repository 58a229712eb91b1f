"""The worker's look at new entries of help: what is odd in them is listed, what is not any more is taken off the list.

It judges whole months of the helpers who noted something since, so that running it twice changes nothing.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms import jobs
from lms.clock import now
from lms.db import insert_once
from lms.vetting import look_queries as queries
from lms.vetting.models import HelpFinding, HelpFindingStep, HelpLook, HelpPeers
from lms.vetting.rules import Odd, Oddity, Peers, State, deadlines, odd, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.vetting.look_queries import UnitMonth, Whose

JOB = "look_at_help"
PIECE = 10_000  # entries looked at before what they showed is written
MOST_AT_ONCE = 500  # helpers' months in one transaction
OVERLAP = 1000  # entries that may have been on their way when newer ones were seen
ONLY = 1  # the id of the one row


def ask_daily(db: Session) -> None:
    """See to it that the next night's look is asked for; the first one is asked for now."""
    if db.get(HelpLook, ONLY) is None:
        jobs.enqueue(db, JOB, {}, dedupe=JOB)
    tomorrow = datetime.combine(now().date() + timedelta(days=1), time(), UTC)
    jobs.enqueue(db, JOB, {}, run_at=tomorrow, dedupe=f"{JOB}/{tomorrow.date()}")


def ask_now(db: Session) -> None:
    """Ask for a look as soon as the worker has time."""
    jobs.enqueue(db, JOB, {}, dedupe=JOB)


def look(database: Database, _task: jobs.Task | None = None) -> None:
    """Look at what was noted and undone since the last look."""
    began = now()
    with database.writing() as db:
        insert_once(db, HelpLook, {"id": ONLY, "last_id": 0, "looked_at": None})
    with database.reading() as db:
        before, newest = db.get_one(HelpLook, ONLY), queries.newest(db)
        view = _View(database, queries.deadlines(db))
        undone = queries.undone_since(db, before.looked_at) if before.looked_at else set()
        less = queries.units_undone_since(db, before.looked_at) if before.looked_at else set()
    _judge(view, undone)
    after, months = max(0, before.last_id - OVERLAP), {(view.root(unit), month) for unit, month in less}
    while after < newest:
        until = min(after + PIECE, newest)
        with database.reading() as db:
            whose, units = queries.touched(db, after, until)
        _judge(view, whose)
        months |= {(view.root(unit), month) for unit, month in units}
        _through(database, until)
        after = until
    for root, month in sorted(months):
        _judge_units(database, root, month)
    with database.writing() as db:
        db.execute(update(HelpLook).values(looked_at=began))


def _through(database: Database, until: int) -> None:
    with database.writing() as db:
        db.execute(update(HelpLook).where(HelpLook.last_id < until).values(last_id=until))


class _View:
    """What entries are compared with, counted once in each look."""

    def __init__(self, database: Database, deadlines: dict[date, list[date]]) -> None:
        self.database = database
        self._deadlines = deadlines
        self._roots: dict[int, int] = {}
        self._peers: dict[tuple[int, date], Peers] = {}

    def root(self, unit: int) -> int:
        """The top of a unit's tree."""
        if unit not in self._roots:
            self.know({unit})
        return self._roots[unit]

    def know(self, units: Iterable[int]) -> None:
        """Read the tops of many units at once."""
        unknown = set(units) - self._roots.keys()
        if unknown:
            with self.database.reading() as db:
                self._roots |= queries.roots_of(db, unknown)

    def peers(self, unit: int, month: date) -> Peers:
        """What is usual in a unit's tree in a month."""
        key = (self.root(unit), month)
        if key not in self._peers:
            with self.database.reading() as db:
                self._peers[key] = queries.peers(db, *key)
            _keep(self.database, *key, self._peers[key])
        return self._peers[key]

    def deadlines(self, month: date) -> Sequence[date]:
        """The days around which a month's entries are noted in a hurry."""
        return deadlines(month, self._deadlines.get(month, ()))


def _keep(database: Database, root: int, month: date, peers: Peers) -> None:
    with database.writing() as db:
        row = db.get(HelpPeers, (root, month)) or HelpPeers(root_id=root, month=month)
        row.measures, row.counted_at = peers.as_json(), now()
        db.add(row)


def _judge(view: _View, whose: Iterable[Whose]) -> None:
    ordered = sorted(whose)
    view.know(each.unit for each in ordered)
    for start in range(0, len(ordered), MOST_AT_ONCE):
        piece = set(ordered[start : start + MOST_AT_ONCE])
        with view.database.reading() as db:
            entries = queries.entries_of(db, piece)
        found = {
            key: odd(entries.get(key, ()), view.peers(key.unit, key.month), view.deadlines(key.month)) for key in piece
        }
        with view.database.writing() as db:
            listed = queries.listed(db, piece)
            for key in sorted(piece):
                _list(db, listed.get(key), key, found[key])


def _list(db: Session, row: HelpFinding | None, key: Whose, found: Sequence[Odd]) -> None:
    entries = {each.id: each for one in found for each in one.entries}
    reasons = [{"reason": str(each.reason), "entries": len(each.entries), "days": each.days} for each in found]
    people, newest = sum(each.people for each in entries.values()), max(entries, default=0)
    _put(db, row, HelpFinding(
        helper_id=key.helper, unit_id=key.unit, month=key.month, reasons=reasons, entries=len(entries), people=people,
        newest_id=newest,
    ))  # fmt: skip


def _put(db: Session, row: HelpFinding | None, found: HelpFinding) -> None:
    """List what was found. What was settled opens again when there is more; what is gone goes unless somebody spoke."""
    if row is None:
        if found.entries:
            found.state, found.found_at = State.OPEN, now()
            db.add(found)
        return
    if not found.entries:
        if row.state == State.OPEN and not _has_steps(db, row.id):
            db.delete(row)
        return
    is_more = found.newest_id > row.newest_id
    row.reasons, row.entries, row.people, row.newest_id = found.reasons, found.entries, found.people, found.newest_id
    if is_more and row.state != State.OPEN:
        row.state, row.found_at = State.OPEN, now()
        db.add(_step(row, ""))


def _has_steps(db: Session, finding: int) -> bool:
    return db.scalar(select(HelpFindingStep.id).where(HelpFindingStep.finding_id == finding).limit(1)) is not None


def _step(row: HelpFinding, words: str) -> HelpFindingStep:
    return HelpFindingStep(
        client_id=str(uuid.uuid4()), finding_id=row.id, state=row.state, words=words, entries=row.entries, by=None,
        at=now(),
    )  # fmt: skip


def _judge_units(database: Database, root: int, month: date) -> None:
    """Units whose sums lie far above those of their kind, and those whose tallies are too round."""
    with database.reading() as db:
        by_kind = queries.unit_months(db, root, month)
        every = queries.units_listed(db, root, month)  # also those of which nothing stands any more
    found: dict[int, tuple[UnitMonth, list[Oddity]]] = {}
    for sums in by_kind.values():
        usual = spread(Counter(each.people for each in sums))
        for each in sums:
            is_many = usual is not None and usual.is_far_above(each.people)
            reasons = [Oddity.UNIT_MANY] * is_many + [Oddity.UNIT_ROUND] * each.is_round
            if reasons:
                found[each.unit] = (each, reasons)
    every |= {each.unit for sums in by_kind.values() for each in sums}
    ordered = sorted(every)
    for start in range(0, len(ordered), MOST_AT_ONCE):
        piece = ordered[start : start + MOST_AT_ONCE]
        with database.writing() as db:
            listed = queries.listed_units(db, month, piece)
            for unit in piece:
                _list_unit(db, listed.get(unit), unit, month, found.get(unit))


def _list_unit(
    db: Session, row: HelpFinding | None, unit: int, month: date, found: tuple[UnitMonth, list[Oddity]] | None
) -> None:
    if found is None and row is None:
        return
    sums, reasons = found or (None, [])
    counts = {
        Oddity.UNIT_MANY: sums.entries if sums else 0,
        Oddity.UNIT_ROUND: sums.tens if sums else 0,
    }
    _put(db, row, HelpFinding(
        helper_id=None,
        unit_id=unit,
        month=month,
        reasons=[{"reason": str(each), "entries": counts[each], "days": 0} for each in reasons],
        entries=max((counts[each] for each in reasons), default=0),
        people=sums.people if sums else 0,
        newest_id=sums.newest if sums else 0,
    ))  # fmt: skip
