"""The coordinator's pages as she opens them: figures, doors, filters, one person, what she may give."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event, select

from lms.clock import now
from lms.learning.models import Enrolment
from lms.people import actions
from lms.people.rules import Role
from tests.coordination.world import COURSE, add_many, give_certificate


@pytest.fixture
def nora(cast):
    return cast.at_browser(cast.north)


def enrol(database, actor) -> None:
    with database.writing() as db:
        db.add(Enrolment(actor_id=actor, course_id=COURSE, enrolled_at=now(), last_at=now()))


def sentence(page: str) -> str:
    found = re.search(r'<p class="sentence">(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]*>", "", found.group(1)) if found else ""


def test_the_desk_opens_with_the_sentence(database, cast, nora) -> None:
    with database.writing() as db:
        ids = add_many(db, cast.units["N-1"], 9)
        add_many(db, cast.units["S-1"], 5)
        for actor in ids[:2]:
            give_certificate(db, actor)
    page = nora.get("/coordination").text
    assert sentence(page) == "2 of 10 people in Unit N hold a certificate; 6 have not started."
    assert "Unit S" not in page
    assert "0 · nobody yet" in page  # N-2 is a row although nobody is in it


def test_one_person_is_said_in_the_singular(nora) -> None:
    assert sentence(nora.get("/coordination").text) == "0 of 1 person in Unit N holds a certificate; 1 has not started."


def test_a_unit_with_nobody_says_what_to_do(nora) -> None:
    page = nora.get("/coordination?unit=N-2").text
    assert sentence(page) == "Nobody is a member of Unit N-2 yet."
    assert "added by the operator" in page


def test_every_number_opens_exactly_those_people(database, cast, nora) -> None:
    with database.writing() as db:
        for actor in add_many(db, cast.units["N-1"], 12)[:4]:
            give_certificate(db, actor)
    page = nora.get("/coordination?show=all").text
    doors = re.findall(r'<a href="(/coordination/people\?[^"]*)">(\d+)</a>', page)
    assert len(doors) >= 8
    for address, count in doors:
        listed = nora.get(address.replace("&amp;", "&")).text
        words = "1 person" if count == "1" else f"{count} people"
        assert f'<p role="status"><b>{words}</b>' in listed, address


def test_units_side_by_side(database, cast, nora) -> None:
    with database.writing() as db:
        actions.grant_role(db, cast["nora"], Role.COORDINATOR, unit=cast.units["S-1"], by=None)
    page = nora.get("/coordination").text
    assert "in your units" in sentence(page)
    assert ">Unit N</a>" in page
    assert ">Unit S-1</a>" in page
    assert "All your units" in nora.get("/coordination?unit=S-1").text


def test_a_role_that_ended_opens_nothing(database, cast, nora) -> None:
    with database.writing() as db:
        grant = db.scalars(select(actions.RoleGrant).where(actions.RoleGrant.person_id == cast["nora"])).one()
        actions.end_role(db, grant.id, by=None)
    assert nora.get("/coordination").status_code == 403


def count_statements(database, visitor, path) -> int:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        assert visitor.get(path).status_code == 200
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)
