"""What becomes of help when units are merged, when two accounts are one person's, when somebody is erased."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import JSON, String, select

from lms.db import Base
from lms.helping import actions, catalogue, counting, erasing, merging, models
from lms.helping.models import HelpDefinition, HelpEntry, HelperDay
from lms.people import moving
from lms.people import units as units_of_people
from lms.people.models import Unit
from lms.reach import help_queries
from lms.reach.rules import Period, Span
from tests.helping.world import DAY, certify, consultation, new_id

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast

YEAR = Period(Span.MONTHS, date(2026, 1, 1), date(2026, 12, 31))


def join(database: Database, cast: Cast, login: str, code: str) -> None:
    with database.writing() as db:
        certify(db, cast[login], since=date(2026, 1, 1))
        unit = db.get_one(Unit, cast.units[code])
        units_of_people.join(db, cast[login], unit, since=date(2026, 1, 1), by=None)


def log(database: Database, cast: Cast, login: str, people: int, *, on: date = DAY) -> int:
    with database.writing() as db:
        given = consultation(people, on=on, note="a note")
        return actions.log(db, cast[login], given, client_id=new_id(), today=DAY).unit_id


def consulted(database: Database, cast: Cast, *codes: str) -> list[int]:
    counting.count_new(database)
    units = [cast.units[code] for code in codes]
    with database.reading() as db:
        meant = catalogue.definitions(db, None, DAY)
        found = help_queries.of_units(db, units, YEAR, meant)
    return [found[unit]["consulted"].number for unit in units]


def test_help_before_a_merge_stays_with_the_unit_that_is_no_more(database: Database, cast: Cast) -> None:
    join(database, cast, "laura", "N-1")
    assert log(database, cast, "laura", 5) == cast.units["N-1"]
    with database.writing() as db:
        moving.merge(db, *(db.get_one(Unit, cast.units[code]) for code in ("N-1", "N-2")), by=None)
    assert consulted(database, cast, "N-1", "N-2", "N", "ALL") == [5, 0, 5, 5]


def test_two_accounts_of_one_person_have_all_help_together(database: Database, cast: Cast) -> None:
    join(database, cast, "laura", "N-1")
    join(database, cast, "otto", "S-1")
    log(database, cast, "laura", 5, on=date(2026, 11, 2))
    log(database, cast, "otto", 3)
    counting.count_new(database)
    with database.writing() as db:
        db.add(
            HelpDefinition(
                unit_id=cast.units["ALL"], code="x", version=1, titles={}, texts={}, kinds=[], audiences=[],
                counts="people", made_by=cast["otto"], made_at=db.scalars(select(HelpEntry.logged_at)).first(),
            )
        )  # fmt: skip
        db.flush()
        merging.move(db, cast["otto"], cast["laura"])
    with database.reading() as db:
        rows = db.scalars(select(HelpEntry).order_by(HelpEntry.people)).all()
        assert {(row.helper_id, row.logged_by) for row in rows} == {(cast["laura"], cast["laura"])}
        assert [row.unit_id for row in rows] == [cast.units["S-1"], cast.units["N-1"]]
        assert {row.person_id: row.last_on for row in db.scalars(select(HelperDay))} == {cast["laura"]: DAY}
        assert db.scalars(select(HelpDefinition.made_by)).one() == cast["laura"]


def test_who_is_erased_leaves_counts_and_no_words(database: Database, cast: Cast) -> None:
    join(database, cast, "laura", "N-1")
    log(database, cast, "laura", 5)
    with database.writing() as db:
        assert list(erasing.erase(db, cast["laura"])) == []
    with database.reading() as db:
        assert db.scalars(select(HelpEntry.note)).all() == [""]
    assert consulted(database, cast, "N-1", "ALL") == [5, 5]


# each text of each table of help: codes of lists, ids made by machines, words of a programme, scanned notes and reasons
TEXTS = {
    "help_entry": {"client_id", "kind", "audience", "service", "channel", "outcome", "note", "standing"},
    "help_taking": {"reason"},
    "help_taken": set(),
    "help_choice": {"field", "code", "names", "situation"},
    "help_definition": {"code", "titles", "texts", "kinds", "audiences", "counts"},
    "help_period": set(),
    "help_figure": {"kind", "audience"},
    "help_service_figure": {"service"},
    "helper_day": set(),
    "helpers_last": set(),
    "help_count": {"units"},
}
TABLES = [
    each.__table__
    for each in vars(models).values()
    if isinstance(each, type) and issubclass(each, Base) and each is not Base
]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_column_of_any_table_can_hold_a_citizen(table) -> None:
    """Texts are listed above; numbers are counts, moments and keys, which lead to accounts, units and rows of help."""
    texts = {column.name for column in table.columns if isinstance(column.type, (String, JSON))}
    assert texts == TEXTS[table.name]
    targets = {key.column.table.name for column in table.columns for key in column.foreign_keys}
    assert targets <= {"actor", "unit", "help_entry", "help_taking"}
