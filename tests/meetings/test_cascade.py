"""Who trained whom: counted from the sessions of certified trainers, step by step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.content.models import PublishedCourse
from lms.learning.models import Enrolment
from lms.meetings import cascade_queries as queries
from lms.meetings.models import Attendance
from lms.meetings.rules import Offer, entitling
from lms.paging import At
from lms.people.models import Unit
from tests.meetings.world import COURSE, OFFERS, add_person, certify, hold, noon, today

DAY = timedelta(days=1)
AGO = today() - 100 * DAY


@pytest.fixture
def north(cast):
    return cast.units["N-1"]


def people(db, count, unit, name="Person"):
    return [add_person(db, f"{name} {number}", unit) for number in range(count)]


def test_moldova_43_national_trainers_train_250_local_ones(north, database):
    assert north, "the course is published"
    regions = {"North": 100, "Centre": 80, "South": 70}
    with database.writing() as db:
        top = Unit(path="", kind="country", code="MD", name="Moldova")
        db.add(top)
        db.flush()
        top.path = f"/{top.id}/"
        units = {}
        for name in regions:
            unit = Unit(parent_id=top.id, path="", kind="region", code=f"MD-{name}", name=name)
            db.add(unit)
            db.flush()
            unit.path = f"{top.path}{unit.id}/"
            units[name] = unit.id
        national = [add_person(db, f"National {number}") for number in range(43)]
        for trainer in national:
            certify(db, trainer, since=AGO)
        local = {name: people(db, count, units[name], name) for name, count in regions.items()}
        everybody = [(name, person) for name, group in local.items() for person in group]
        for place, trainer in enumerate(national):
            for name in regions:
                mine = [person for where, person in everybody[place::43] if where == name]
                if mine:
                    hold(db, trainer, units[name], mine, on=AGO + place % 60 * DAY)
        hold(db, national[0], units["South"], local["South"][:3], on=AGO + 70 * DAY)  # some come twice
        for name in regions:
            certify(db, local[name][0], since=AGO + 80 * DAY)
        db.flush()
        found = queries.trained_in(db, [top.id, *units.values()], OFFERS, today())
        cascades = [queries.cascade(db, trainer, OFFERS, today()) for trainer in national]
    assert {name: found[units[name]].people for name in regions} == regions
    assert found[top.id] == queries.Trained(trainers=43, sessions=found[top.id].sessions, people=250, certified=3)
    assert sum(each.steps[0].people for each in cascades) == 250 + 3, "three were trained by two"


def test_steps_of_a_cascade(database, north):
    with database.writing() as db:
        first, second, third = people(db, 3, None, "Trainer")
        for trainer in (first, second, third):
            certify(db, trainer, since=AGO)
        last = people(db, 4, north)
        hold(db, first, north, [second, third, last[0]], on=AGO)
        hold(db, second, north, [last[0], last[1]], on=AGO + DAY)
        hold(db, third, north, [last[1], last[2]], on=AGO + 2 * DAY)
        certify(db, last[2], since=AGO + 9 * DAY)
        found = queries.cascade(db, first, OFFERS, today())
    assert found.steps == (queries.Step(1, 3, 2), queries.Step(2, 2, 1)), "each person at the nearest step"
    assert (found.people, found.certified, found.sessions, found.idle) == (5, 3, 1, 0)


def test_two_who_train_each_other_end_the_cascade(database, north):
    with database.writing() as db:
        one, other, learner = people(db, 3, north)
        certify(db, one, since=AGO)
        certify(db, other, since=AGO)
        for _ in range(3):
            hold(db, one, north, [other, one], on=AGO)
            hold(db, other, north, [one, learner], on=AGO)
        found = queries.cascade(db, one, OFFERS, today())
    assert found.steps == (queries.Step(1, 1, 1), queries.Step(2, 1, 0)), "nobody is in one's own cascade"


def test_whom_somebody_trained_before_is_not_in_it(database, north):
    with database.writing() as db:
        first, second, learner = people(db, 3, north)
        certify(db, first, since=AGO)
        certify(db, second, since=AGO)
        hold(db, second, north, [learner], on=AGO)
        hold(db, first, north, [second], on=AGO + DAY)
        assert queries.cascade(db, first, OFFERS, today()).steps == (queries.Step(1, 1, 1),)


@pytest.mark.parametrize(
    ("facts", "does"),
    [
        ({"since": AGO}, True),
        ({"since": AGO + DAY}, False),
        ({"since": AGO - 9 * DAY, "until": AGO}, True),
        ({"since": AGO - 9 * DAY, "until": AGO - DAY}, False),
        ({"since": AGO - 9 * DAY, "revoked": AGO}, False),
        ({"since": AGO - 9 * DAY, "revoked": AGO + DAY}, True),
        ({"since": AGO - 9 * DAY, "course": "gardens"}, False),
        ({"since": AGO - 9 * DAY, "course": "masters"}, True),
    ],
)
def test_only_a_certificate_on_that_day_counts(database, north, facts, does):
    offers = {**OFFERS, "gardens": Offer(True, "local"), "masters": Offer(True, "national")}
    with database.writing() as db:
        for name in ("gardens", "masters"):
            db.add(PublishedCourse(id=name, pack="elsewhere"))
        db.flush()
        trainer, learner = people(db, 2, north)
        certify(db, trainer, **facts)
        hold(db, trainer, north, [learner], on=AGO)
        found = queries.cascade(db, trainer, offers, today())
        (session,) = queries.trained_by(db, learner, offers)
    assert (found.people, found.sessions, found.idle) == ((1, 1, 0) if does else (0, 1, 1))
    assert session.counts is does


def test_a_replaced_certificate_counts_until_it_was_replaced(database, north):
    with database.writing() as db:
        trainer, early, late = people(db, 3, north)
        old = certify(db, trainer, since=AGO)
        new = certify(db, trainer, since=AGO + 10 * DAY, revoked=AGO + 20 * DAY)
        old.superseded_by = new.id
        hold(db, trainer, north, [early], on=AGO + 5 * DAY)
        hold(db, trainer, north, [late], on=AGO + 30 * DAY)
        assert queries.cascade(db, trainer, OFFERS, today()).people == 1
        assert [each.counts for each in queries.trained_by(db, late, OFFERS)] == [False]


def test_what_was_cancelled_or_taken_back_does_not_count(database, north):
    with database.writing() as db:
        trainer, learner, other = people(db, 3, north)
        certify(db, trainer, since=AGO)
        hold(db, trainer, north, [learner]).cancelled_at = noon(today())
        held = hold(db, trainer, north, [other])
        db.scalars(select(Attendance).where(Attendance.session_id == held.id)).one().ended_at = noon(today())
        assert queries.cascade(db, trainer, OFFERS, today()).people == 0
        assert queries.trained_by(db, learner, OFFERS) == queries.trained_by(db, other, OFFERS) == []


def test_a_course_without_certificate_is_taught_by_who_completed_it(database, north):
    offers = {COURSE: Offer(gives_certificate=False)}
    with database.writing() as db:
        trainer, stranger, learner = people(db, 3, north)
        done = {"enrolled_at": noon(AGO), "last_at": noon(AGO), "completed_at": noon(AGO)}
        db.add(Enrolment(actor_id=trainer, course_id=COURSE, **done))
        hold(db, trainer, north, [learner], on=AGO)
        hold(db, stranger, north, [learner], on=AGO)
        assert queries.cascade(db, trainer, offers, today()).people == 1
        assert queries.cascade(db, stranger, offers, today()).people == 0


def test_whose_certificate_entitles():
    offers = {
        "local": Offer(True, "local"),
        "plain": Offer(True),
        "masters": Offer(True, "national"),
        "path": Offer(True, "local", ("plain", "local")),
    }
    assert entitling("local", offers) == {"local", "masters", "path"}
    assert entitling("plain", offers) == {"plain", "masters", "path"}
    assert entitling("masters", offers) == {"masters"}
    assert entitling("gone", offers) == {"gone"}


def test_the_list_of_a_unit_counts_what_the_coordinator_may_see(cast, database):
    n1, s1 = cast.units["N-1"], cast.units["S-1"]
    with database.writing() as db:
        a, b = people(db, 2, None, "Trainer")
        certify(db, a, since=AGO)
        hold(db, a, n1, people(db, 3, n1), on=AGO)
        hold(db, a, s1, people(db, 5, s1), on=AGO)
        hold(db, b, n1, people(db, 2, n1), on=AGO)
    with database.reading() as db:
        found = queries.trainers(db, cast["nora"], None, OFFERS, today(), At())
        nothing = queries.trainers(db, cast["laura"], None, OFFERS, today(), At())
    assert [(row.name, row.trained.people) for row in found.rows] == [("Trainer 0", 3), ("Trainer 1", 0)]
    assert found.total.people == 3
    assert nothing.rows == []
