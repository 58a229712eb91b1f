"""Who is missing: filters as they stand in addresses, filters that are kept, and from which end a list is read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.clock import now
from lms.coordination.missing_queries import asked_for, chosen_people, desk_for
from lms.coordination.models import SavedFilter
from lms.coordination.people_rules import MOST_MEMBERS, End, Stand, days_asked, end_to_read
from lms.learning.models import Enrolment, EnrolmentRule, Group, GroupMember
from lms.people import actions
from lms.people.rules import Role
from tests.coordination.world import COURSE, add_many, count_all, give_certificate

PEOPLE = f"/coordination/people?course={COURSE}"


@pytest.fixture
def nora(cast):
    return cast.at_browser(cast.north)


def enrol(db, person, days) -> None:
    last = now() - timedelta(days=days)
    db.add(Enrolment(actor_id=person, course_id=COURSE, enrolled_at=last, last_at=last, last_lesson="helping"))


def test_stuck_says_since_when_and_where(database, cast, nora) -> None:
    with database.writing() as db:
        enrol(db, cast["laura"], 20)
    count_all(database)
    page = nora.get(f"{PEOPLE}&state=stuck&days=14").text
    assert "Laura" in page
    assert "at “" in page
    assert "Laura" not in nora.get(f"{PEOPLE}&state=stuck&days=30").text


def test_certificates_that_run_out_and_that_have(database, cast, nora) -> None:
    today = now().date()
    with database.writing() as db:
        soon, later, gone = add_many(db, cast.units["N-1"], 3)
        give_certificate(db, soon, until=today + timedelta(days=10))
        give_certificate(db, later, until=today + timedelta(days=40))
        give_certificate(db, gone, until=today - timedelta(days=1))
    count_all(database)
    soon_page = nora.get(f"{PEOPLE}&state=expiring&days=30").text
    assert "Person 00000" in soon_page
    assert "1 person</b>" in soon_page
    gone_page = nora.get(f"{PEOPLE}&state=expired").text
    assert "Person 00002" in gone_page
    assert "ran out on" in gone_page
    assert "1 person</b>" in gone_page


def test_a_passed_deadline_and_a_group(database, cast, nora) -> None:
    with database.writing() as db:
        ids = add_many(db, cast.units["N-2"], 3)
        due, by = now().date() - timedelta(days=1), cast["nora"]
        db.add(EnrolmentRule(unit_id=cast.units["N"], course_id=COURSE, due_on=due, made_by=by, made_at=now()))
        group = Group(unit_id=cast.units["N-2"], course_id=COURSE, name="Autumn", starts_on=due, made_by=by)
        group.ends_on, group.made_at = due + timedelta(days=9), now()
        db.add(group)
        db.flush()
        db.add(GroupMember(group_id=group.id, person_id=ids[0], joined_at=now()))
        number = group.id
    count_all(database)
    late = nora.get(f"{PEOPLE}&late=1").text
    assert "Laura" in late
    assert "Person 00001" in late
    assert "Person 00000" not in late  # her group's days win
    grouped = nora.get(f"{PEOPLE}&group={number}").text
    assert "Autumn" in grouped
    assert "1 person</b>" in grouped
    sid = cast.at_browser(cast.south)
    assert sid.get(f"{PEOPLE}&group={number}").status_code == 404


def test_a_filter_is_kept_shown_and_deleted(database, cast, nora) -> None:
    kept = nora.post(
        "/coordination/filters", {"name": "My stuck ones", "course": COURSE, "state": "stuck", "days": "9"}
    )
    assert kept.status_code == 303
    again = nora.post("/coordination/filters", {"name": "My stuck ones", "state": "stuck", "q": "Lapiņa & co"})
    page = nora.get(again.headers["Location"]).text
    assert "My stuck ones" in page
    assert "Delete this filter" in page
    with database.reading() as db:
        found = db.scalars(select(SavedFilter)).one()
        assert found.query == "q=Lapi%C5%86a+%26+co&state=stuck&days=14"
        number = found.id
    sid = cast.at_browser(cast.south)
    assert "My stuck ones" not in sid.get("/coordination/people").text
    assert sid.post(f"/coordination/filters/{number}/delete").status_code == 303
    assert "My stuck ones" in nora.get("/coordination/people").text
    nora.post(f"/coordination/filters/{number}/delete")
    assert "My stuck ones" not in nora.get("/coordination/people").text


@pytest.mark.parametrize(
    ("asks", "status"), [({"state": "nothing"}, 404), ({"unit": "S"}, 404), ({"course": "x"}, 404)]
)
def test_only_what_is_there_can_be_kept(database, nora, asks, status) -> None:
    assert nora.post("/coordination/filters", {"name": "x", **asks}).status_code == status
    with database.reading() as db:
        assert db.scalars(select(SavedFilter)).all() == []


def test_a_filter_without_a_name_is_not_kept(database, nora) -> None:
    page = nora.post("/coordination/filters", {"name": "  ", "state": "left"}, follow_redirects=True).text
    assert "give it a name" in page
    with database.reading() as db:
        assert db.scalars(select(SavedFilter)).all() == []


def test_nobody_keeps_filters_without_end(nora) -> None:
    for number in range(50):
        nora.post("/coordination/filters", {"name": f"n{number}", "state": "left"})
    assert (
        "you keep 50 already"
        in nora.post("/coordination/filters", {"name": "one more", "state": "left"}, follow_redirects=True).text
    )


def test_a_job_finds_the_same_people_as_the_page(database, cast, nora) -> None:
    with database.writing() as db:
        add_many(db, cast.units["N-1"], 7)
    count_all(database)
    with database.reading() as db:
        asked = asked_for(db, cast["nora"], {"course": COURSE, "state": "left", "unit": "N"})
        assert asked is not None
        assert asked.arguments == {"course": COURSE, "state": "left", "unit": "N"}
        desk = desk_for(db, cast["nora"], now().date(), asked.course)
        found = list(db.scalars(chosen_people(db, desk, asked)))
    assert len(found) == len(set(found)) == 8
    assert "8 people</b>" in nora.get(f"{PEOPLE}&state=left&unit=N").text


def test_a_provider_sees_people_and_changes_nothing(database, cast) -> None:
    with database.writing() as db:
        actions.grant_role(db, cast["tina"], Role.PROVIDER, unit=cast.units["N"], by=None)
        actions.grant_role(db, cast["otto"], Role.OWNER, unit=cast.units["N"], by=None)
    tina, otto = cast.at_browser("tina"), cast.at_browser("otto")
    page = tina.get(f"/coordination/people/{cast['laura']}").text
    assert "Laura Lapiņa" in page
    assert "Exempt from a course" not in page
    assert "Correct the name" not in page
    for path in ("exempt", "name", "allow", "exemptions/1/end"):
        assert tina.post(f"/coordination/people/{cast['laura']}/{path}").status_code == 403
    for path in ("people", "people.csv", f"people/{cast['laura']}"):
        assert otto.get(f"/coordination/{path}").status_code == 403


def test_from_which_end_a_list_is_read() -> None:
    many, plain = MOST_MEMBERS + 1, {"in_group": False, "is_late": False}
    assert end_to_read(MOST_MEMBERS, None, Stand.FAILED, **plain) is End.MEMBERS
    assert end_to_read(many, None, None, **plain) is End.NAMES
    assert end_to_read(many, many, Stand.LEFT, **plain) is End.NAMES
    assert end_to_read(many, 3, Stand.NOT_STARTED, **plain) is End.MEMBERS
    assert end_to_read(many, 3, Stand.FAILED, **plain) is End.FEW
    assert end_to_read(10, None, None, in_group=True, is_late=False) is End.FEW
    assert end_to_read(many, None, None, in_group=False, is_late=True) is End.MEMBERS


@pytest.mark.parametrize(
    ("given", "days"), [("", 14), ("30", 30), ("0", 14), ("366", 14), ("-3", 14), ("٣", 14), ("9" * 20, 14)]
)
def test_days_out_of_reach_become_the_usual_number(given, days) -> None:
    assert days_asked(given) == days
