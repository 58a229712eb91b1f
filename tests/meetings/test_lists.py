"""Typed lists: how a line is read, whom it means, and that a big unit gives the same answers as a small one."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, event

from lms.figures.models import UnitFigure
from lms.meetings import people_queries as queries
from lms.meetings.people_queries import MANY, Scope
from lms.meetings.rules import nearest, read_code, read_lines, same_name, show_code
from lms.paging import At
from lms.people.models import Unit
from lms.people.rules import Right
from tests.meetings.world import add_person, hold, today


@pytest.mark.parametrize(
    ("typed", "who", "hours"),
    [
        ("Anna Liepa", "Anna Liepa", None),
        ("  12. Anna   Liepa ", "Anna Liepa", None),
        ("3) Anna Liepa; 2,5", "Anna Liepa", 2.5),
        ("Anna Liepa\t4", "Anna Liepa", 4),
        ("Anna Liepa, 4 h", "Anna Liepa", 4),
        ("Liepa, Anna", "Liepa, Anna", None),
        ("Liepa, Anna; 1.5", "Liepa, Anna", 1.5),
        ("LIE-7; 3", "LIE-7", 3),
        ("LIE-7;", "LIE-7", None),
        ("4711", "4711", None),
        ("Лусия Бергмане ; 0", "Лусия Бергмане", 0),
    ],
)
def test_how_a_line_is_read(typed, who, hours):
    (line,) = read_lines(f"\n{typed}\n\n")
    assert (line.number, line.who, line.hours, line.text) == (2, who, hours, typed.strip())


def test_names_alike():
    names = {1: ["anna liepa"], 2: ["janis krumins", "yanis"], 3: ["zane berzina"]}
    assert nearest("liepa ana", names) == [1]
    assert nearest("xyz", names) == []
    assert same_name("liepa, anna", ["anna liepa"])
    assert not same_name("anna", ["anna liepa"])


def test_a_code_is_read_as_it_is_printed():
    assert show_code("7K3M9D") == "7K3-M9D"
    assert read_code(" 7k3-m9d ") == "7K3M9D"


def test_a_big_unit_gives_the_same_answers(cast, database):
    with database.writing() as db:
        for place in range(30):
            add_person(db, f"Person {place:02} Liepa", cast.units["N-1" if place % 2 else "N-2"], code=f"P-{place}")
        add_person(db, "Person 03 Liepa", cast.units["S-1"])
        held = hold(db, cast["nora"], cast.units["N"], []).id
    lines = read_lines("Person 01 Liepa\nLiepa Person 02\nP-3\nPerson 04 Liep\nOtto Südsen\nLaura Lapina")

    def answers():
        with database.reading() as db:
            scope = Scope(cast["nora"], Right.TEACH, today(), db.get_one(Unit, cast.units["N"]))
            read = queries.read_people(db, scope, lines)
            names = [row.name for row in queries.members(db, scope, At(), session=held).rows]
            printed, has_more = queries.printed(db, scope)
        whom = [(each.person.name if each.person else None, each.near[0].name if each.near else None) for each in read]
        return whom, names, [row.name for row in printed], has_more

    small = answers()
    with database.writing() as db:
        db.add(UnitFigure(unit_id=cast.units["N"], course_id="", people=MANY + 1))
    assert answers() == small
    whom, names, printed, has_more = small
    assert [person for person, _near in whom] == [
        "Person 01 Liepa", "Person 02 Liepa", "Person 03 Liepa", None, None, "Laura Lapiņa"
    ]  # fmt: skip
    assert whom[3][1] == "Person 04 Liepa"
    assert (len(names), printed, has_more) == (31, names, False)


def test_a_printed_list_ends_somewhere(cast, database, monkeypatch):
    monkeypatch.setattr(queries, "MOST_PRINTED", 3)
    with database.writing() as db:
        for place in range(5):
            add_person(db, f"Person {place}", cast.units["N-2"])
        held = hold(db, cast["nora"], cast.units["N-2"], []).id
    page = cast.at_browser("nora").get(f"/sessions/{held}/print").text
    assert "Only the first 3 people stand on this list." in page
    assert "Person 2" in page
    assert "Person 3" not in page


def test_statements_do_not_grow_with_people(cast, database):
    with database.writing() as db:
        held = hold(db, cast["nora"], cast.units["N-1"], [add_person(db, "Person", cast.units["N-1"])]).id
    nora, paths = cast.at_browser("nora"), ("", f"/{held}", f"/{held}/attendance", f"/{held}/print", "/trainers", "/cascade")  # fmt: skip  # noqa: E501

    def count() -> list[int]:
        seen: list[str] = []
        found = []

        def note(*given) -> None:
            seen.append(given[2])

        event.listen(Engine, "before_cursor_execute", note)
        for path in paths:
            seen.clear()
            assert nora.get(f"/sessions{path}").status_code == 200
            found.append(len(seen))
        event.remove(Engine, "before_cursor_execute", note)
        return found

    few = count()
    with database.writing() as db:
        for place in range(70):
            someone = add_person(db, f"Person {place}", cast.units["N-1"], code=f"P{place}")
            hold(db, someone, cast.units["N-1"], [cast["laura"]])
    many = count()
    assert many == few, "the same statements"
    assert 0 < max(few) < 20
