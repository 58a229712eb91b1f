"""Bringing standings and figures up to date: of everybody, or of those who changed."""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, delete, select

from lms.clock import now
from lms.figures import turns
from lms.figures.changed import Changed, count_again
from lms.figures.counted_queries import changes, digest_of_courses, digest_of_units, units, waiting
from lms.figures.fact_queries import kinds
from lms.figures.models import Count, Standing, UnitDay, UnitFigure, UnitTally
from lms.figures.rules import State
from lms.figures.storing import drop, put
from lms.figures.whole import Counting, Difference, figures_of_all, tally_differences
from lms.people.touching import forget_changes, touch_by_calendar, touch_chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.figures.rules import Kind
    from lms.figures.turns import Turn

MOST_ROWS = 2000  # in one transaction: some 20 ms of the write lock
MOST_CHANGES = 20_000  # when more wait, counting everybody is quicker
MOST_PEOPLE = 200  # counted again in one transaction
PATIENCE = 180  # seconds to wait for whoever else counts
EVERYTHING = 1 << 62


class Busy(RuntimeError):
    """Somebody else has been counting for minutes."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """What a whole count found: how many people and units there are, and how many rows were not as they should be."""

    people: int
    units: int
    differences: int


def recount(database: Database, *, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Count everybody anew and put right what differs; how many rows did. Raises `Busy`."""
    return recount_all(database, on_progress=on_progress).differences


def recount_all(database: Database, *, on_progress: Callable[[int, int], None] | None = None) -> Recounted:
    """As `recount`, and how many people and units were counted. `on_progress` gets people counted, and all.

    What differs is written piece by piece, so that nobody waits; who reads meanwhile sees old and new side by side.
    """
    turn = _wait_for_turn(database)
    try:
        with _few_collections():
            return _count_everybody(turn, on_progress)
    finally:
        turn.end()


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python look for circles of garbage less often: millions of small values make none, and looking takes longer.

    Measured on 212,761 people: a third of the time of a whole count.
    """
    usual = gc.get_threshold()
    gc.set_threshold(500_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _count_everybody(turn: Turn, on_progress: Callable[[int, int], None] | None) -> Recounted:
    moment = now()

    def tell(done: int, people: int) -> None:
        turn.keep()
        if on_progress is not None:
            on_progress(done, people)

    with turn.database.at_one_moment() as db:
        seen = [change for change, _person in changes(db, EVERYTHING)]
        courses, differences = kinds(db, moment.date()), 0
        digest = digest_of_courses(courses), digest_of_units(db, moment.date())
        counting = Counting(db, courses, moment.date(), tell)
        for difference in counting.differences():
            differences += len(difference)
            _write(turn, difference, is_partial=True)
    for start in range(0, len(seen), MOST_ROWS):
        with turn.writing() as db:
            forget_changes(db, seen[start : start + MOST_ROWS])
    turn.end(
        whole_at=moment,
        differences=differences,
        day=moment.date(),
        courses=digest[0],
        units=digest[1],
        is_partial=False,
    )
    return Recounted(counting.people, counting.units, differences)


def _write(turn: Turn, difference: Difference, **noted: Any) -> None:
    for start in range(0, len(difference.drops), MOST_ROWS):
        with turn.writing(**noted) as db:
            drop(db, difference.model, difference.drops[start : start + MOST_ROWS])
    for start in range(0, len(difference.puts), MOST_ROWS):
        with turn.writing(**noted) as db:
            put(db, difference.model, difference.puts[start : start + MOST_ROWS])


def check(database: Database, *, on_progress: Callable[[int, int], None] | None = None) -> Recounted:
    """As `recount_all`, but only look. Changes that are not counted yet are differences, too."""
    with _few_collections(), database.at_one_moment() as db:
        today = now().date()
        tell = on_progress or (lambda _done, _people: None)
        counting = Counting(db, kinds(db, today), today, tell)
        differences = sum(len(difference) for difference in counting.differences())
    return Recounted(counting.people, counting.units, differences)


def _wait_for_turn(database: Database) -> Turn:
    until = time.monotonic() + PATIENCE
    while (turn := turns.take(database)) is None:
        if time.monotonic() > until:
            raise Busy
        time.sleep(0.5)
    return turn


def count_changes(database: Database, *, limit: int = MOST_CHANGES) -> int:
    """Count those again who changed, and add that to the units above them; how many people were counted.

    With more than `limit` changes, after a cut-off count and after a change of the courses, everybody is counted.
    While somebody else counts, nothing happens.
    """
    today = now().date()
    with database.reading() as db:
        state, wait = _look(db, today), waiting(db, limit + 1)
    if state.is_fresh and not wait:
        return 0
    if state.needs_everybody or wait > limit:
        return recount_all(database).people
    turn = turns.take(database)
    if turn is None:
        return 0
    try:
        return _count_the_changed(turn, today)
    finally:
        turn.end()


@dataclass(frozen=True, slots=True)
class _State:
    """What the last count knew, against what is."""

    needs_everybody: bool
    is_fresh: bool


def _look(db: Session, today: date) -> _State:
    last = db.execute(select(Count.whole_at, Count.is_partial, Count.courses, Count.units, Count.day)).first()
    if last is None or last.whole_at is None or last.is_partial:
        return _State(needs_everybody=True, is_fresh=False)
    if last.courses != digest_of_courses(kinds(db, today)):
        return _State(needs_everybody=True, is_fresh=False)
    return _State(needs_everybody=False, is_fresh=last.day == today and last.units == digest_of_units(db, today))


def _count_the_changed(turn: Turn, today: date) -> int:
    moment, counted = now(), 0
    with turn.database.reading() as db:
        last = db.execute(select(Count.day, Count.units)).one()
        courses, shape = kinds(db, today), digest_of_units(db, today)
    if last.day is None or last.day < today:
        with turn.writing(day=today) as db:
            _touch_by_calendar(db, last.day or today, today)
    while people := _count_some(turn, courses, today):
        counted += people
    if last.units != shape:
        _tally_again(turn, today, shape)
    turn.end(changes_at=moment)
    return counted


def _touch_by_calendar(db: Session, after: date, today: date) -> None:
    """Have those counted again whom the calendar alone moves: memberships begin and end, certificates expire."""
    touch_by_calendar(db, after, today)
    expired = select(Standing.person_id).where(Standing.state == State.CERTIFIED, Standing.valid_until < today)
    touch_chosen(db, expired)


def _count_some(turn: Turn, courses: Mapping[str, Kind], today: date) -> int:
    """Count the few hundred people again whose changes wait longest, in one transaction; how many there were."""
    with turn.database.at_one_moment() as db:
        wait = changes(db, 4 * MOST_PEOPLE)
        if not wait:
            return 0
        people = set(list(dict.fromkeys(person for _change, person in wait))[:MOST_PEOPLE])
        changed = count_again(db, sorted(people), courses, today)
    with turn.writing() as db:
        _save(db, changed)
        forget_changes(db, [change for change, person in wait if person in people])
    return len(people)


def _save(db: Session, changed: Changed) -> None:
    for difference in (changed.standings, changed.paths):
        drop(db, difference.model, difference.drops)
        put(db, difference.model, difference.puts)
    for model, sums in ((UnitFigure, changed.figures), (UnitDay, changed.days), (UnitTally, changed.tallies)):
        put(db, model, [(*key, *numbers) for key, numbers in sums.items()], adding=True)
        numbers = [column for column in model.__table__.columns if isinstance(column.type, Integer)]
        counts = [column == 0 for column in numbers if not column.primary_key]
        units = {key[0] for key in sums}
        db.execute(delete(model).where(model.unit_id.in_(units), *counts))


def _tally_again(turn: Turn, today: date, shape: str) -> None:
    """Tally all units anew: the trees have changed."""
    with turn.database.at_one_moment() as db:
        known = units(db, today)
        for difference in tally_differences(db, known, figures_of_all(db, known)):
            _write(turn, difference)
    with turn.writing(units=shape):
        pass
