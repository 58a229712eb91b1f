"""`lms recount`: what was wrong is put right, and said."""

from __future__ import annotations

from sqlalchemy import select, update

from lms.clock import now
from lms.db import Database
from lms.figures import queries
from lms.figures.models import ANY, UnitFigure
from lms.people.models import Unit
from tests.cli.conftest import console, ready
from tests.cli.console import Console
from tests.figures.world import found

__all__ = ["console", "ready"]


def test_it_mends_what_is_wrong(ready: Console, database: Database) -> None:
    country = found(database, 1)
    with database.writing() as db:
        country.db = db
        for _ in range(5):
            country.join()
            country.enrol()
    first = ready("recount", "--json")
    assert first.code == 0, first.err
    assert first.json["people"] == len(country.people)
    assert first.json["units"] == 18
    assert first.json["differences"] > 0
    assert first.json.keys() == {"people", "units", "differences", "seconds"}

    assert ready("recount", "--check", "--json").json["differences"] == 0
    with database.writing() as db:
        db.execute(update(UnitFigure).where(UnitFigure.course_id == ANY).values(failed=7))
        wrong = len(db.scalars(select(UnitFigure.unit_id).where(UnitFigure.course_id == ANY)).all())
    looked = ready("recount", "--check", "--json")
    assert (looked.code, looked.json["differences"]) == (1, wrong)
    assert "put" in ready("recount", "--check").out, "looking changed nothing, and says what to do"

    mended = ready("recount")
    assert mended.code == 0
    assert f"{wrong} rows differed; now they are right." in mended.out
    assert "The figures were right." in ready("recount", "--check").out
    with database.reading() as db:
        root = db.scalars(select(Unit).where(Unit.code == "VN")).one()
        live = queries.as_of(db, [root], ANY, now().date())
        assert queries.figures(db, [root.id], ANY) == live
