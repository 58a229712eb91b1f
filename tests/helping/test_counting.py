"""Figures of help equal what plain Python adds up from the entries, whatever happened in between."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from lms.clock import now
from lms.figures.actions import recount
from lms.helping import catalogue, counting, figure_queries
from lms.helping.models import HelpEntry, HelperDay, HelpersLast, HelpFigure
from lms.people import moving
from lms.people.models import Unit
from lms.reach import help_queries
from lms.reach.rules import Period, Span
from tests.helping.world import DAY, new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.db import Database
    from tests.cast import Cast

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 30)
AUTUMN = Period(Span.MONTHS, FIRST, LAST)
LEAVES = ("N-1", "N-2", "S-1", "N")


def some_entries(db: Session, cast: Cast, chance: random.Random, number: int) -> None:
    people = [cast[login] for login in ("laura", "otto", "tina", "nora")]
    for _ in range(number):
        is_tally = chance.random() < 0.1
        db.add(
            HelpEntry(
                client_id=new_id(), helper_id=None if is_tally else chance.choice(people),
                unit_id=cast.units[chance.choice(LEAVES)], given_on=DAY - timedelta(days=chance.randrange(80)),
                kind=chance.choice(["training", "consultation", "visit"]),
                audience=chance.choice(["citizen", "business"]), service=chance.choice(["health", "work"]),
                people=chance.randrange(1, 9), is_tally=is_tally, logged_by=cast["nora"], logged_at=now(),
                standing=chance.choice(["covered", "covered", "lapsed"]),
            )
        )  # fmt: skip


def undo_some(db: Session, chance: random.Random, share: float) -> None:
    for row in db.scalars(select(HelpEntry).where(HelpEntry.undone_at.is_(None)).order_by(HelpEntry.id)).all():
        if chance.random() < share:
            row.undone_at = now()


def added_up(db: Session) -> dict[int, Counter[tuple[str, bool]]]:
    """People by unit, of the tree as it is now: kind and whether apart."""
    paths = {row.id: row.path for row in db.execute(select(Unit.id, Unit.path))}
    found: dict[int, Counter[tuple[str, bool]]] = {unit: Counter() for unit in paths}
    for row in db.scalars(select(HelpEntry).where(HelpEntry.undone_at.is_(None))):
        for unit in map(int, paths[row.unit_id].strip("/").split("/")):
            found[unit][row.kind, row.standing != "covered"] += row.people
    return found


def assert_true(database: Database) -> None:
    with database.reading() as db:
        expected = added_up(db)
        cells = figure_queries.cells(db, list(expected), FIRST, LAST)
        last = {row.helper_id: row.given_on for row in db.scalars(_live())}
        days = {row.person_id: row.last_on for row in db.scalars(select(HelperDay))}
    shown: dict[int, Counter[tuple[str, bool]]] = {unit: Counter() for unit in expected}
    for cell in cells:
        shown[cell.unit][cell.kind, cell.is_apart] += cell.people
    assert shown == expected
    assert days == last


def _live():
    live = (HelpEntry.undone_at.is_(None), HelpEntry.helper_id.is_not(None))
    return select(HelpEntry).where(*live).order_by(HelpEntry.given_on)


@pytest.mark.parametrize("seed", range(3))
def test_figures_follow_whatever_happens(database: Database, cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    for _round in range(4):
        with database.writing() as db:
            some_entries(db, cast, chance, 40)
        with database.writing() as db:
            undo_some(db, chance, 0.2)
        counting.count_new(database)
        assert_true(database)
    assert counting.recount(database) == 0


def test_a_unit_that_moves_takes_its_help_along(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        some_entries(db, cast, random.Random(5), 60)
    counting.count_new(database)
    with database.writing() as db:
        moving.move(db, db.get_one(Unit, cast.units["N-1"]), db.get_one(Unit, cast.units["S"]), by=None)
    assert counting.count_new(database) == 0
    assert_true(database)


def test_a_recount_finds_and_mends_what_is_wrong(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        some_entries(db, cast, random.Random(6), 60)
    counting.count_new(database)
    with database.writing() as db:
        row = db.scalars(select(HelpFigure)).first()
        assert row is not None
        row.people += 3
        gone = db.scalars(select(HelperDay)).first()
        db.delete(gone)
    assert counting.recount(database) == 2
    assert_true(database)


def test_who_was_active_when_is_known_above(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        some_entries(db, cast, random.Random(7), 30)
    counting.count_new(database)
    recount(database)
    counting.count_last_days(database)
    with database.reading() as db:
        days = {row.person_id: row.last_on for row in db.scalars(select(HelperDay))}
        north = dict(
            db.execute(
                select(HelpersLast.last_on, HelpersLast.helpers).where(HelpersLast.unit_id == cast.units["N"])
            ).all()
        )
        both = dict(
            db.execute(
                select(HelpersLast.last_on, HelpersLast.helpers).where(HelpersLast.unit_id == cast.units["ALL"])
            ).all()
        )
    assert north == {days[cast["laura"]]: 1}
    assert both == dict(Counter(days[cast[login]] for login in ("laura", "otto")))


def test_a_past_moment_shows_what_was_known_then(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        some_entries(db, cast, random.Random(8), 30)
    then = now()
    with database.reading() as db:
        before = added_up(db)[cast.units["ALL"]]
    with database.writing() as db:
        some_entries(db, cast, random.Random(9), 30)
        undo_some(db, random.Random(1), 0.5)
    with database.reading() as db:
        found = figure_queries.cells(db, [cast.units["ALL"]], FIRST, LAST, as_of=then)
    shown: Counter[tuple[str, bool]] = Counter()
    for cell in found:
        shown[cell.kind, cell.is_apart] += cell.people
    assert shown == before


def test_a_past_moment_of_many_units_is_asked_for_at_once(database: Database, cast: Cast) -> None:
    """The entries may be three million: what one of them is asked for is found for all."""
    with database.writing() as db:
        some_entries(db, cast, random.Random(8), 30)
        rows = db.scalars(select(HelpEntry)).all()
        expected = {
            cast.units["N"]: sum(row.people for row in rows if row.unit_id != cast.units["S-1"]),
            cast.units["S"]: sum(row.people for row in rows if row.unit_id == cast.units["S-1"]),
            cast.units["N-1"]: sum(row.people for row in rows if row.unit_id == cast.units["N-1"]),
        }
    asked: list[str] = []
    with database.reading() as db:
        connection = db.connection()
        event.listen(connection, "before_cursor_execute", lambda *about: asked.append(about[2]))
        found = figure_queries.cells(db, list(expected), FIRST, LAST, as_of=now())
    assert len(asked) == 1
    shown: Counter[int] = Counter()
    for cell in found:
        shown[cell.unit] += cell.people
    assert shown == expected


def test_definitions_count_people_or_entries(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        some_entries(db, cast, random.Random(10), 50)
        rows = [row for row in db.scalars(select(HelpEntry)) if row.standing == "covered"]
        visits = sum(row.people if row.is_tally else 1 for row in rows if row.kind == "visit")
        trained = sum(row.people for row in rows if row.kind == "training")
        by_tally = sum(row.people for row in rows if row.kind == "training" and row.is_tally)
    counting.count_new(database)
    top = cast.units["ALL"]
    with database.reading() as db:
        meant = catalogue.definitions(db, top, DAY)
        found = help_queries.of_units(db, [top], AUTUMN, meant)[top]
        months = help_queries.by_month(db, top, AUTUMN, meant)
    assert (found["visited"].number, found["trained"].number, found["trained"].tallied) == (
        visits, trained, by_tally,
    )  # fmt: skip
    assert sum(each["trained"].number for each in months.values()) == trained
    assert all(month.day == 1 for month in months)


def test_a_visit_counts_once_however_many_were_met_and_a_tally_of_visits_by_its_strokes() -> None:
    [visited] = [each for each in catalogue.DEFINITIONS if each.code == "visited"]
    noted = figure_queries.Cell(1, FIRST, "visit", "citizen", is_apart=False, is_tally=False, people=30, entries=4)
    tallied = figure_queries.Cell(1, FIRST, "visit", "citizen", is_apart=False, is_tally=True, people=17, entries=1)
    found = figure_queries.add_up([noted, tallied], [visited])
    assert found["visited"] == figure_queries.Helped(number=21, apart=0, tallied=17)


def test_who_comes_to_be_counted_elsewhere_is_active_there(database: Database, cast: Cast) -> None:
    """No entry is new when people are counted for the first time, or move: the days above them change all the same."""
    with database.writing() as db:
        some_entries(db, cast, random.Random(11), 30)
    counting.count_new(database)
    recount(database)
    assert counting.count_new(database) == 0
    with database.reading() as db:
        active = dict(db.execute(select(HelpersLast.unit_id, HelpersLast.helpers)).all())
    assert active[cast.units["N"]] == 1
