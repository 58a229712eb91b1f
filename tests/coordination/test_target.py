"""Targets: set, counted, ended; in scope only."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from lms import jobs
from lms.clock import now
from lms.coordination.models import Target, TargetDay
from lms.coordination.target_queries import growth_of
from lms.learning.models import Exemption
from lms.people import actions
from lms.people.models import Unit
from lms.people.rules import Role
from tests.coordination.desk import aim_at, certify
from tests.coordination.world import COURSE, add_many, count_all

TODAY = now().date()
SOON = (TODAY + timedelta(days=30)).isoformat()
GOOD = {"course": COURSE, "counts": "person", "share": "100", "due": SOON}


@pytest.fixture
def nora(cast):
    return cast.at_browser(cast.north)


def running(database) -> list[Target]:
    with database.reading() as db:
        return list(db.scalars(select(Target).where(Target.ended_at.is_(None)).order_by(Target.id)))


def test_a_target_is_set_once_however_often_it_is_sent(database, cast, nora) -> None:
    count_all(database)
    for _ in range(2):
        answer = nora.post("/coordination/targets/new/N", GOOD)
        assert answer.status_code == 303
    (target,) = running(database)
    assert (target.unit_id, target.counts, target.share) == (cast.units["N"], "person", 1.0)
    page = nora.get(answer.location).text
    assert "The target is set." in page
    assert "0% of 1 person in Unit N is certified." in page.replace("<b>", "").replace("</b>", "")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"share": "0"}, "Write a whole number from 1 to 100."),
        ({"share": "101"}, "Write a whole number from 1 to 100."),
        ({"share": "all"}, "Write a whole number from 1 to 100."),
        ({"share": ""}, "Write a whole number from 1 to 100."),
        ({"due": "soon"}, "Choose a day in the calendar"),
        ({"due": ""}, "Choose a day in the calendar"),
        ({"due": "2020-01-01"}, "This day is over."),
        ({"course": "none"}, "Choose one of the courses."),
        ({"counts": "planet:whole"}, "Choose one of the ways to count."),
        ({"counts": "unit:never"}, "Choose one of the ways to count."),
    ],
)
def test_a_wrong_target_is_explained_and_what_was_typed_is_kept(database, nora, wrong, words) -> None:
    count_all(database)
    answer = nora.post("/coordination/targets/new/N", {**GOOD, "share": "77", **wrong})
    assert answer.status_code == 422
    assert words in answer.text
    assert "share" in wrong or 'value="77"' in answer.text
    assert running(database) == []


def test_units_count_when_one_half_or_all_of_their_members_did(database, cast, nora) -> None:
    """Ten communes: with nobody, with one of four, two of four, four of four certified."""
    with database.writing() as db:
        north = db.get_one(Unit, cast.units["N"])
        for number, certified in enumerate((None, None, None, 0, 1, 1, 2, 2, 4, 4)):
            unit = actions.add_unit(db, kind="commune", code=f"C{number}", name=f"Commune {number}", parent=north)
            if certified is not None:
                for actor in add_many(db, unit.id, 4)[:certified]:
                    certify(db, actor, days_ago=3)
    count_all(database)
    for rule, done in (("one", 6), ("half", 4), ("whole", 2)):
        answer = nora.post("/coordination/targets/new/N", {**GOOD, "counts": f"commune:{rule}", "share": "90 %"})
        assert answer.status_code == 303, rule
        page = nora.get("/coordination/targets").text
        # whoever has nobody is registered and not done
        assert f"Done {done} + not done {10 - done} + exempt 0 = registered 10." in page, rule
        assert f"<b>{done}</b> of 10 communes in Unit N done: {done}0%." in page, rule


def test_done_and_not_done_and_exempt_are_all(database, cast, nora) -> None:
    whole = "Done 3 + not done 5 + exempt 2 = registered 10."
    with database.writing() as db:
        ids = add_many(db, cast.units["N-1"], 9)
        for actor in ids[:3]:
            certify(db, actor, days_ago=3)
        for actor in ids[4:6]:
            db.add(an_exemption(cast, actor))
        aim_at(db, cast, "N", share=0.8)
    count_all(database)
    page = nora.get("/coordination/targets").text
    assert whole in page
    assert "<b>50%</b> of 10 people in Unit N: 3 certified, 2 exempt." in page
    assert "<b>3</b> to go" in page


def an_exemption(cast, actor) -> Exemption:
    return Exemption(person_id=actor, course_id=COURSE, reason="On leave", approved_by=cast["nora"], approved_at=now())


def test_a_target_is_ended_and_stays_in_the_books(database, cast, nora) -> None:
    with database.writing() as db:
        target = aim_at(db, cast, "N").id
    assert nora.post(f"/coordination/targets/{target}/end").status_code == 303
    assert running(database) == []
    with database.reading() as db:
        assert db.get_one(Target, target).ended_at is not None
    assert "No target is running." in nora.get("/coordination/targets").text
    assert nora.post(f"/coordination/targets/{target}/end").status_code == 404


def test_targets_of_others_are_neither_seen_nor_set_nor_ended(database, cast, nora) -> None:
    with database.writing() as db:
        target = aim_at(db, cast, "S").id
        aim_at(db, cast, "ALL")
    count_all(database)
    page = nora.get("/coordination/targets").text
    assert "Unit S" not in page
    assert "Unit ALL" not in page
    assert nora.get("/coordination/targets?unit=S").status_code == 404
    assert nora.get("/coordination/targets/new/S").status_code == 404
    assert nora.post("/coordination/targets/new/S", GOOD).status_code == 404
    assert nora.post(f"/coordination/targets/{target}/end").status_code == 404
    assert len(running(database)) == 2


def test_who_only_looks_sees_targets_and_no_buttons(database, cast) -> None:
    with database.writing() as db:
        actions.grant_role(db, cast["otto"], Role.OWNER, unit=cast.units["N"], by=None)
        target = aim_at(db, cast, "N").id
    count_all(database)
    otto = cast.at_browser("otto")
    page = otto.get("/coordination/targets?unit=N").text
    assert "Target: 100%" in page
    assert "End this target" not in page
    assert "Set a target" not in page
    assert otto.post(f"/coordination/targets/{target}/end").status_code == 403


def test_many_targets_are_paged(database, cast, nora) -> None:
    with database.writing() as db:
        for number in range(30):
            aim_at(db, cast, "N", due=TODAY + timedelta(days=number))
    count_all(database)
    page = nora.get("/coordination/targets").text
    assert page.count("<article") == 12
    later = page.split('href="/coordination/targets?after=')[1].split('"')[0]
    assert nora.get(f"/coordination/targets?after={later}").text.count("<article") == 12


def test_units_have_a_pace_from_a_note_a_day(database, cast, nora, worker) -> None:
    with database.writing() as db:
        north = db.get_one(Unit, cast.units["N"])
        communes = []
        for number in range(20):
            unit = actions.add_unit(db, kind="commune", code=f"C{number}", name=f"Commune {number}", parent=north)
            communes.append(add_many(db, unit.id, 1)[0])
        target = aim_at(db, cast, "N", counts="commune", rule="whole", due=TODAY + timedelta(days=30)).id
    first = now().date()
    for day in range(9):
        with time_machine.travel(now() + timedelta(days=day), tick=False):
            with database.writing() as db:
                certify(db, communes[day], days_ago=0)
            count_all(database)
            for _ in range(2):  # the house is kept many times a day
                with database.writing() as db:
                    jobs.enqueue(db, "housekeeping", {})
                worker.drain()
            page = nora.get("/coordination/targets").text
            assert ("can be said from" in page) == (day < 7), day
            assert (f"<b>{day}</b> more" in page) == (0 < day < 7), day
            tells_on = first + timedelta(days=7)
            assert (f"can be said from {tells_on.day} {tells_on:%B %Y} on" in page) == (day < 7)
    with database.reading() as db:
        notes = db.scalars(select(TargetDay).where(TargetDay.target_id == target).order_by(TargetDay.day)).all()
    assert [note.done for note in notes] == list(range(1, 10))
    assert "Today’s pace is <b>1 a day</b>." in page
    assert "<b>11</b> to go" in page


def test_a_day_without_a_note_began_as_the_one_before() -> None:
    noted = {TODAY - timedelta(days=5): 10, TODAY - timedelta(days=2): 16, TODAY: 15}
    assert growth_of(noted, TODAY) == [0, 0, 6, 0, -1]
    assert growth_of({}, TODAY) == []
