"""Courses given to units and to groups, from the coordinator's desk to the trainee's page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from lms.clock import now
from lms.coordination.group_queries import groups as listed
from lms.learning.assignment_actions import GroupFull, put_into_group
from lms.learning.models import EnrolmentRule, Group, GroupMember
from lms.paging import At
from tests.contracts.world import earn_certificate
from tests.coordination.world import add_many
from tests.rosters.test_slips import on_register

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast, Visitor

DUE = (now() + timedelta(days=30)).date()


def make_group(nora: Visitor, **more: str) -> str:
    """A group of the north; the address of its page."""
    form = {"unit": "N", "course": "first-aid", "name": "Autumn", "starts": str(now().date()), "ends": str(DUE)}
    made = nora.post("/coordination/groups", {**form, **more})
    assert made.status_code == 303, made.text
    return str(made.location)


def test_a_course_is_given_with_a_deadline_and_ended(cast: Cast, database: Database) -> None:
    nora, laura = cast.at_browser("nora"), cast.at_browser("laura")
    given = nora.post("/coordination/enrolment", {"unit": "N", "courses": "first-aid", "due": str(DUE)})
    assert given.status_code == 303, given.text
    assert "0 of" in nora.get("/coordination/enrolment").text
    page = laura.get("/my-learning").text
    assert "Courses for you" in page
    assert f"by {DUE.day} {DUE:%B}" in page
    assert "Everybody in Unit N takes this course" in laura.get("/courses/first-aid").text
    assert "Courses for you" not in cast.at_browser("otto").get("/my-learning").text
    with database.reading() as db:
        rule = db.scalars(select(EnrolmentRule.id)).one()
    assert cast.at_browser("sid").post(f"/coordination/enrolment/{rule}/end").status_code == 404
    nora.post(f"/coordination/enrolment/{rule}/end")
    assert "Courses for you" not in laura.get("/my-learning").text


def test_a_unit_that_is_not_hers_is_refused_and_what_was_typed_stays(cast: Cast, database: Database) -> None:
    nora = cast.at_browser("nora")
    refused = nora.post("/coordination/enrolment", {"unit": "N-9", "courses": "first-aid", "due": str(DUE)})
    assert refused.status_code == 422
    assert "None of your open units has this code" in refused.text
    assert "N-1 (Unit N-1) and N-2 (Unit N-2)" in refused.text
    assert 'value="N-9"' in refused.text
    assert str(DUE) in refused.text
    south = nora.post("/coordination/enrolment", {"unit": "S-1", "courses": "first-aid"})
    assert south.status_code == 422
    assert "Unit S" not in south.text
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(EnrolmentRule)) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"courses": ""}, "Choose at least one of the courses"),
        ({"due": "2020-01-01"}, "This day is over"),
        ({"due": "soon"}, "Choose a day in the calendar"),
        ({"unit": ""}, "This is needed"),
    ],
)
def test_what_a_rule_needs(cast: Cast, wrong: dict[str, str], said: str) -> None:
    form = {"unit": "N", "courses": "first-aid", "due": str(DUE), **wrong}
    refused = cast.at_browser("nora").post("/coordination/enrolment", form)
    assert refused.status_code == 422
    assert said in refused.text


def test_a_new_deadline_takes_the_place_of_the_old_one(cast: Cast, database: Database) -> None:
    nora = cast.at_browser("nora")
    for due in (DUE, DUE + timedelta(days=3), DUE + timedelta(days=3)):
        nora.post("/coordination/enrolment", {"unit": "N", "courses": "first-aid", "due": str(due)})
    with database.reading() as db:
        live = select(EnrolmentRule.due_on).where(EnrolmentRule.ended_at.is_(None))
        assert db.scalars(live).all() == [DUE + timedelta(days=3)]


def test_from_a_pasted_list_to_a_groups_progress(cast: Cast, database: Database) -> None:
    on_register(database, cast, "Đặng Thị Hà", code="R-7")
    on_register(database, cast, "Anna Ozola", unit="N-1")
    nora = cast.at_browser("nora")
    group = make_group(nora)
    assert "Nobody is in it yet" in nora.get(group).text
    unclear = nora.post(f"{group}/people", {"people": "R-7\nAnna Ozolla\nOtto Südsen\nlaura"})
    assert unclear.status_code == 422
    assert "Line 2: Anna Ozolla" in unclear.text
    assert "Anna Ozola (Unit N-1)" in unclear.text
    assert "Line 3" in unclear.text
    assert "R-7\nAnna Ozolla" in unclear.text
    assert "Nobody is in it yet" in nora.get(group).text
    for _ in range(2):
        assert nora.post(f"{group}/people", {"people": "1. r-7\nozola anna\n\nlaura"}).status_code == 303
    page = nora.get(group).text
    assert "<b>0 of 3</b> people are done" in page
    laura = cast.at_browser("laura")
    assert "With the group Autumn" in laura.get("/courses/first-aid").text
    earn_certificate(laura)
    page = nora.get(group).text
    assert "<b>1 of 3</b> people are done" in page
    assert "1 of 3" in nora.get("/coordination/groups").text
    nora.post(f"{group}/people/{cast['laura']}/out")
    assert "Laura" not in nora.get(group).text


def test_members_of_the_unit_are_ticked_and_nobody_else(cast: Cast, database: Database) -> None:
    nora = cast.at_browser("nora")
    group = make_group(nora)
    page = nora.get(f"{group}/tick").text
    assert re.findall(r'name="person" value="(\d+)"', page) == [str(cast["laura"])]
    assert nora.post(f"{group}/tick", {"person": [str(cast["laura"]), str(cast["otto"])]}).status_code == 303
    with database.reading() as db:
        assert db.scalars(select(GroupMember.person_id)).all() == [cast["laura"]]
    assert "is in the group" in nora.get(f"{group}/tick").text


def test_an_ended_group_gives_nothing_any_more(cast: Cast) -> None:
    nora, laura = cast.at_browser("nora"), cast.at_browser("laura")
    group = make_group(nora)
    nora.post(f"{group}/people", {"people": "laura"})
    assert "Courses for you" in laura.get("/my-learning").text
    nora.post(f"{group}/end")
    assert "Courses for you" not in laura.get("/my-learning").text
    assert "Autumn" not in nora.get("/coordination/groups").text
    assert "Autumn" in nora.get("/coordination/groups?show=ended").text


def test_another_coordinators_group_is_not_there(cast: Cast) -> None:
    group = make_group(cast.at_browser("nora"))
    sid = cast.at_browser("sid")
    assert sid.get(group).status_code == 404
    assert sid.get(f"{group}/tick").status_code == 404
    for path in ("people", "tick", "end", f"people/{cast['laura']}/out"):
        assert sid.post(f"{group}/{path}", {"people": "otto", "person": str(cast["otto"])}).status_code == 404
    assert "Autumn" not in sid.get("/coordination/groups").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends": "2020-01-01"}, "The last day lies before the first"),
        ({"starts": "2020-01-01", "ends": "2020-01-02"}, "This day is over"),
        ({"starts": ""}, "Choose a day"),
        ({"name": " "}, "This is needed"),
        ({"course": "nothing"}, "Choose one of the courses"),
        ({"unit": "S"}, "None of your open units"),
    ],
)
def test_what_a_group_needs(cast: Cast, wrong: dict[str, str], said: str) -> None:
    form = {"unit": "N", "course": "first-aid", "name": "A", "starts": str(now().date()), "ends": str(DUE), **wrong}
    refused = cast.at_browser("nora").post("/coordination/groups", form)
    assert refused.status_code == 422
    assert said in refused.text


def test_a_group_has_an_end_of_room(cast: Cast, database: Database) -> None:
    nora = cast.at_browser("nora")
    make_group(nora)
    with database.writing() as db:
        people = add_many(db, cast.units["N-1"], 501)
    with database.writing() as db:
        group = db.scalars(select(Group)).one()
        put_into_group(db, group, people[:499], by=cast["nora"])
        with pytest.raises(GroupFull) as full:
            put_into_group(db, group, people, by=cast["nora"])
    assert full.value.room == 1
    assert "Person 00003" in nora.get("/coordination/groups/1").text
    with database.reading() as db:
        assert len(listed(db, cast["nora"], At(), ended=False).rows) == 1
