"""Many values as one parameter: found on both databases, and looked up in an index."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select, text
from sqlalchemy.dialects import sqlite

from lms.among import among, among_given, on_path
from lms.helping import mandate_queries
from lms.people.models import Person, Unit


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("given", ["values", "parameter"])
def test_words_and_numbers_are_found(database, given) -> None:
    names = {"laura", "nora", "'; --", 'a "b"', "Žaneta"}
    with database.reading() as db:
        known = dict(db.execute(select(Person.id, Person.user_name).where(Person.user_name.in_(names))).all())
        if given == "values":
            by_name = select(Person.id).where(among(Person.user_name, names))
            by_id = select(Person.id).where(among(Person.id, [*known, -1]), among(Person.user_name, names))
            found = [set(db.scalars(by_name)), set(db.scalars(by_id)), set(db.scalars(by_id.where(Person.id < 0)))]
        else:
            by_name = select(Person.id).where(among_given(Person.user_name))
            found = [set(db.scalars(by_name, {"given": each})) for each in (names, sorted(names), ())]
    assert known
    assert found == [set(known), set(known), set()]


@pytest.mark.parametrize("column", [Person.code, Person.id, Person.phone])
def test_sqlite_looks_them_up(database, column) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("a question about SQLite's plans")
    asked = select(Person.id).where(among_given(column), Person.closed_at.is_(None)).order_by(Person.id)
    with database.reading() as db:
        statement = f"explain query plan {asked.compile(dialect=sqlite.dialect(paramstyle='named'))}"
        plan = " ".join(row[3] for row in db.execute(text(statement), {"given": "[]"}))
    assert "SEARCH person" in plan
    assert "SCAN person" not in plan


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("path", ["/1/", "/1/3/2/", "/7/"])
def test_ids_in_a_path_are_found(database, path) -> None:
    found = select(Unit.id).where(on_path(Unit.id, literal(path)))
    with database.reading() as db:
        known = set(db.scalars(select(Unit.id)))
        assert set(db.scalars(found)) == known & {int(each) for each in path.strip("/").split("/")}


def test_sqlite_looks_up_who_stands_behind_help(database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("a question about SQLite's plans")
    asked = mandate_queries._STAND.compile(dialect=sqlite.dialect(paramstyle="named"))
    with database.reading() as db:
        plan = [
            row[3] for row in db.execute(text(f"explain query plan {asked}"), {**asked.params, "day": "2026-11-22"})
        ]
    assert any("certificate" in step and "actor_id" in step for step in plan)
    assert any("certificate" in step and "unit_id" in step for step in plan)
    assert not any(step.startswith("SCAN certificate") for step in plan)
