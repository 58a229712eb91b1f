"""The desk's first page: the sentence, who is missing, what needs her; several units side by side; owners."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.clock import now
from lms.people import actions
from lms.people.models import RoleGrant
from lms.people.rules import Role
from lms.rosters.models import ImportRun, JoinCode, JoinRequest, PossibleDuplicate
from tests.coordination.desk import aim_at, certify, count_statements, sentence
from tests.coordination.world import COURSE, add_many, count_all, give_certificate


@pytest.fixture
def nora(cast):
    return cast.at_browser(cast.north)


def test_the_desk_opens_with_the_sentence(database, cast, nora) -> None:
    with database.writing() as db:
        ids = add_many(db, cast.units["N-1"], 9)
        add_many(db, cast.units["S-1"], 5)
        for actor in ids[:2]:
            give_certificate(db, actor)
    count_all(database)
    page = nora.get("/coordination").text
    assert sentence(page) == "2 of 10 people in Unit N hold a certificate; 6 have not started."
    assert "Unit S" not in page
    assert "<b>1 unit with nobody.</b>" in page  # N-2 is said although nobody is in it
    assert "Done 2 + not done 8 + exempt 0 = registered 10." in page


def test_one_person_is_said_in_the_singular(database, nora) -> None:
    count_all(database)
    assert sentence(nora.get("/coordination").text) == "0 of 1 person in Unit N holds a certificate; 1 has not started."


def test_before_the_first_count_the_page_says_so(nora) -> None:
    page = nora.get("/coordination").text
    assert "Not counted yet" in page
    assert sentence(page) == "The people in Unit N are being counted for the first time."


def test_a_target_is_said_as_a_sentence_with_its_forecast(database, cast, nora) -> None:
    with database.writing() as db:
        ids = add_many(db, cast.units["N-1"], 99)
        for number in range(28):
            certify(db, ids[number], days_ago=1 + number % 14)
        aim_at(db, cast, "N", due=now().date() + timedelta(days=30))
    count_all(database)
    page = nora.get("/coordination").text
    expected = now().date() + timedelta(days=36)
    assert "28% of 100 people in Unit N are certified. 72 to go" in sentence(page)
    assert "that takes 2.4 a day. Today’s pace is 2 a day." in sentence(page)
    assert f"{expected.day} {expected:%B %Y}, 6 days late." in sentence(page)
    assert page.count('role="img"') == 2  # a wide drawing, and one of its own for phones
    assert "Yesterday: <b>2</b> became certified" in page


def test_every_number_opens_exactly_those_people(database, cast, nora) -> None:
    with database.writing() as db:
        for actor in add_many(db, cast.units["N-1"], 12)[:4]:
            give_certificate(db, actor)
    count_all(database)
    page = nora.get("/coordination").text
    doors = re.findall(r'<a href="(/coordination/people\?[^"]*)">(\d+)</a>', page)
    assert len(doors) >= 3
    for address, count in doors:
        listed = nora.get(address.replace("&amp;", "&")).text
        words = "1 person" if count == "1" else f"{count} people"
        assert f"<b>{words}</b>" in listed, address


def test_units_side_by_side(database, cast, nora) -> None:
    with database.writing() as db:
        actions.grant_role(db, cast["nora"], Role.COORDINATOR, unit=cast.units["S-1"], by=None)
        actions.grant_role(db, cast["nora"], Role.COORDINATOR, unit=cast.units["N-1"], by=None)
    count_all(database)
    page = nora.get("/coordination").text
    assert sentence(page).startswith("You look after 2 units side by side.")
    assert ">Unit N</a>" in page
    assert ">Unit S-1</a>" in page
    assert ">Unit N-1</a>" not in page  # it lies below Unit N


def test_a_role_everywhere_begins_at_the_roots(database, cast) -> None:
    with database.writing() as db:
        actions.grant_role(db, cast["otto"], Role.COORDINATOR, unit=None, by=None)
    count_all(database)
    assert "<h1>Unit ALL</h1>" in cast.at_browser("otto").get("/coordination").text


def test_owners_see_figures_and_no_doors_to_names(database, cast) -> None:
    with database.writing() as db:
        actions.grant_role(db, cast["otto"], Role.OWNER, unit=cast.units["N"], by=None)
        for actor in add_many(db, cast.units["N-1"], 6)[:3]:
            certify(db, actor, days_ago=3)
    count_all(database)
    otto = cast.at_browser("otto")
    for path in ("/coordination", "/coordination/units/N", "/coordination/units/N/courses", "/coordination/targets"):
        page = otto.get(path)
        assert page.status_code == 200, path
        assert "/coordination/people" not in page.text, path
        assert "/targets/new/" not in page.text, path
        assert "Person 0" not in page.text, path
    assert otto.get("/coordination/people").status_code == 403
    assert otto.get("/coordination/targets/new/N").status_code == 403
    assert "3 of 7" in sentence(otto.get("/coordination").text)


def test_what_needs_her_is_a_number_and_a_door(database, cast, nora) -> None:
    with database.writing() as db:
        north = add_many(db, cast.units["N-1"], 4)
        south = add_many(db, cast.units["S-1"], 2, name="South")
        certify(db, north[0], days_ago=3, until=now().date() + timedelta(days=10))
        certify(db, north[1], days_ago=3, until=now().date() + timedelta(days=100))
        certify(db, south[0], days_ago=3, until=now().date() + timedelta(days=10))
        for unit, asking in (("N-1", south[0]), ("S-1", north[0])):
            ask_to_join(db, cast, cast.units[unit], asking)
        for one, other in ((north[0], north[1]), (south[0], south[1])):
            db.add(PossibleDuplicate(person_id=one, other_id=other, reason="name", found_at=now()))
        for unit, rejected in (("N", 7), ("S", 70)):
            db.add(an_import(cast.units[unit], rejected))
    count_all(database)
    page = nora.get("/coordination").text
    assert "<b>One certificate</b> expires within 30 days." in page
    assert "<b>One person</b> asks to join." in page
    assert "<b>One pair of accounts</b> may be one person’s." in page
    assert "<b>7 rows</b> of the last imports were rejected." in page
    for door in re.findall(r'<p><b>One.*?href="([^"]*)"', page):
        assert nora.get(door.replace("&amp;", "&")).status_code == 200, door


def ask_to_join(db, cast, unit, person) -> None:
    code = JoinCode(
        code=f"code-{unit}",
        unit_id=unit,
        made_by=cast["nora"],
        created_at=now(),
        expires_at=now() + timedelta(days=9),
    )
    db.add(code)
    db.flush()
    db.add(JoinRequest(person_id=person, unit_id=unit, code_id=code.id, asked_at=now()))


def an_import(unit, rejected) -> ImportRun:
    return ImportRun(
        client_id=f"run-{unit}",
        kind="people",
        unit_id=unit,
        file_name="people.csv",
        digest="0" * 64,
        mapping={},
        options={},
        state="done",
        rejected=rejected,
        created_at=now(),
        ended_at=now(),
    )


def test_a_role_that_ended_opens_nothing(database, cast, nora) -> None:
    with database.writing() as db:
        grant = db.scalars(select(RoleGrant).where(RoleGrant.person_id == cast["nora"])).one()
        actions.end_role(db, grant.id, by=None)
    assert nora.get("/coordination").status_code == 403


def test_no_page_asks_more_when_there_are_more_people(database, cast, nora) -> None:
    paths = (
        "/coordination",
        "/coordination/units/N",
        "/coordination/units/N?sort=share",
        "/coordination/units/N/courses",
        "/coordination/units/N/lacking?gap=no-start&kind=unit",
        "/coordination/targets",
    )
    with database.writing() as db:
        aim_at(db, cast, "N")
        certify(db, add_many(db, cast.units["N-1"], 3)[0], days_ago=2)
    count_all(database)
    before = [count_statements(database, nora, path) for path in paths]
    with database.writing() as db:
        north = db.get_one(actions.Unit, cast.units["N"])
        for number in range(70):
            unit = actions.add_unit(db, kind="unit", code=f"N-1{number:02}", name=f"Unit {number}", parent=north)
            ids = add_many(db, unit.id, 4)
            certify(db, ids[0], days_ago=number % 20)
    count_all(database)
    after = [count_statements(database, nora, path) for path in paths]
    assert after == before
    assert max(after) <= 40


def test_a_course_that_is_not_there_is_a_page_that_is_not_there(nora) -> None:
    assert nora.get("/coordination?course=none").status_code == 404
    assert nora.get(f"/coordination?course={COURSE}").status_code == 200
