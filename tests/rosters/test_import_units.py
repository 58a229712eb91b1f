"""Registers of units: parents in any order, closed lists, changes with history."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from lms.people import units
from lms.people.models import Unit, UnitName, UnitPlace
from lms.rosters import running
from tests.rosters.importing import Importer, as_csv, counts

HEAD = ("code", "name", "kind", "parent", "name:vi", "aliases", "lat", "lon", "closed")


def row(code, name, kind="team", parent="N", **more):
    return (code, name, kind, parent, *(more.get(key, "") for key in ("vi", "aliases", "lat", "lon", "closed")))


@pytest.fixture
def nora(cast, worker):
    return Importer(cast.at_browser("nora"), worker, cast.units["N"])


def unit(database, code):
    with database.reading() as db:
        return db.scalars(select(Unit).where(Unit.code == code)).one()


def test_units_come_in_whatever_the_order_and_a_second_run_changes_nothing(nora, database):
    rows = [
        row("N-3-1", "Bản Pa Khôm", parent="N-3", vi="Tổ bản Pa Khôm", aliases="Pa Khom; PK"),
        row("N-3", "District three", "district", lat="21.5", lon="103,25"),
    ]
    nora.bring_in(as_csv(rows, HEAD), "units")
    assert counts(database) == {"created": 2}
    district, team = unit(database, "N-3"), unit(database, "N-3-1")
    assert (district.kind, district.latitude, district.longitude) == ("district", 21.5, 103.25)
    assert team.path == f"{district.path}{team.id}/"
    with database.reading() as db:
        names = db.execute(select(UnitName.kind, UnitName.language, UnitName.name).where(UnitName.unit_id == team.id))
        assert sorted(names.all()) == [
            ("alias", "", "PK"),
            ("alias", "", "Pa Khom"),
            ("language", "vi", "Tổ bản Pa Khôm"),
        ]
        assert db.scalars(select(UnitPlace.path).where(UnitPlace.unit_id == team.id)).all() == [team.path]
    nora.bring_in(as_csv(rows, HEAD), "units")
    assert counts(database) == {"unchanged": 2}


def test_a_tenth_municipality_cannot_appear_by_a_typing_mistake(nora, database):
    with database.writing() as db:
        db.execute(update(Unit).where(Unit.code == "N").values(is_fixed=True))
    run = nora.bring_in(as_csv([row("N-10", "Unit N-11")], HEAD), "units")
    assert counts(database) == {"rejected": 1}
    assert "The list of units in Unit N is closed" in nora.outcomes(run)[0][3]


def test_what_hangs_in_the_air_is_left_out(nora, database):
    rows = [
        row("C1", "One", parent="C2"),
        row("C2", "Two", parent="C1"),
        row("S-9", "Not hers", parent="S"),
        row("D", "Below it", parent="S-9"),
        row("S-1", "Taken"),
        row("E", "Twice"),
        row("E", "Twice again"),
    ]
    run = nora.bring_in(as_csv(rows, HEAD), "units")
    assert counts(database) == {"created": 1, "rejected": 6}
    reasons = {(line[0], line[2]): line[3] for line in nora.outcomes(run)}
    assert "stand below itself" in reasons["2", "C1"]
    assert reasons["4", "S-9"].startswith("No unit here has the code S")
    assert reasons["5", "D"] == "The unit above, S-9, was left out (row 4). Correct that row first."
    assert "outside of yours" in reasons["6", "S-1"]
    assert "Row 7 has the same code" in reasons["8", "E"]


def test_units_are_renamed_moved_and_closed_with_history(nora, database):
    nora.bring_in(as_csv([row("N-3", "Three"), row("N-4", "Four")], HEAD), "units")
    with database.writing() as db:
        db.execute(update(Unit).where(Unit.code == "N-3").values(opened_on=None))
    rows = [row("N-3", "Number three", parent="N-4"), row("N-2", "Unit N-2", "unit", closed="2026-01-31")]
    nora.bring_in(as_csv(rows, HEAD), "units")
    assert counts(database) == {"updated": 2}
    moved = unit(database, "N-3")
    assert (moved.name, moved.parent_id) == ("Number three", unit(database, "N-4").id)
    assert unit(database, "N-2").closed_on is not None
    with database.reading() as db:
        assert db.scalars(select(UnitName.name).where(UnitName.unit_id == moved.id)).all() == ["Three"]


def test_a_unit_with_people_is_not_closed(nora, database):
    run = nora.bring_in(as_csv([row("N-1", "Unit N-1", "unit", closed="2026-01-31")], HEAD), "units")
    assert counts(database) == {"rejected": 1}
    assert "1 people and 0 open units" in nora.outcomes(run)[0][3]
    assert unit(database, "N-1").closed_on is None


def test_a_check_knows_the_units_that_the_file_itself_brings(nora, database, monkeypatch):
    monkeypatch.setattr(running.UnitsImport, "size", 2)
    rows = [row(f"N-9-{number}", f"Team {number}", parent="N-9") for number in range(5)]
    run = nora.send(as_csv([*rows, row("N-9", "Nine")], HEAD), "units")
    assert "Enter 6 rows" in nora.check(run)
    nora.enter(run)
    assert counts(database) == {"created": 6}


def test_a_refused_alias_tells_nothing_of_a_sibling_outside_of_the_run(nora, cast, database):
    with database.writing() as db:
        units.add_alias(db, db.get_one(Unit, cast.units["S"]), "Riverside", by=None)
        units.add_alias(db, db.get_one(Unit, cast.units["N-1"]), "Hillside", by=None)
    rows = [row("N", "Unit N", "", "", aliases="Riverside"), row("N-2", "Unit N-2", "", aliases="Hillside")]
    run = nora.bring_in(as_csv(rows, HEAD), "units")
    said = {line[0]: line[3] for line in nora.outcomes(run)}
    assert "outside of yours" in said["2"]
    assert "N-1" in said["3"]
    assert counts(database) == {"rejected": 2}
