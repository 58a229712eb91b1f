"""Libraries get a certificate, are warned and lose it; national helpers need a cascade of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from lms.accrediting import actions
from lms.accrediting.models import Accreditation
from lms.clock import now
from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.learning.models import RequirementFact
from lms.meetings import actions as meetings
from lms.people.models import Membership, Unit
from tests.meetings.world import add_person, certify, hold, today
from tests.packs import SMALL, publish

DAY = timedelta(days=1)
INDEX = "courses/first-aid/index.md"
RULES = """certificate:
  title: Password helper
  level: local
  organisations:
    title: Accredited library
    helpers: 2
    kinds: [library]
    mandate: {advise: Advise on passwords}
"""
NATIONAL = {
    "courses/national/index.md": """---
title: National helper
complete: {cascade: 2}
certificate: {title: National helper, level: national}
---
""",
    "courses/national/a.md": "# Read this\n\nText.\n",
}
PACK = {
    **SMALL,
    INDEX: SMALL[INDEX].replace("certificate: {title: Password helper, level: local, valid: 24 months}\n", RULES),
    **NATIONAL,
}


@pytest.fixture
def library(cast, database):
    """A library, and courses that rest on other people's certificates."""
    publish(database, PACK)
    with database.writing() as db:
        db.get(Unit, cast.units["N-1"]).kind = "library"
    return cast.units["N-1"]


def state(database):
    with database.reading() as db:
        return db.scalars(select(Accreditation)).one()


def test_a_library_is_certified_warned_and_lapses_by_itself(database, library, worker, cast):
    with database.writing() as db:
        first, second = (add_person(db, name, library) for name in ("Ada", "Bo"))
        certify(db, first, since=today())
        row = certify(db, second, since=today(), until=today() + 50 * DAY)
        actions.mind_certificate(db, row.id)
    worker.drain()
    known = state(database)
    assert (known.state, known.helpers, known.falls_on) == ("valid", 2, today() + 51 * DAY)
    with database.reading() as db:
        issued = db.get(Certificate, known.certificate_id)
        assert (issued.unit_id, issued.actor_id, issued.facts["kind"]) == (library, None, "organisation")
        assert issued.facts["title"] == "Accredited library"
        assert issued.facts["mandate"] == ["Advise on passwords"]
        code = issued.code
    page = cast.at_browser(cast.learner).get(f"/c/{code}")
    assert page.status_code == 200
    assert "Accredited library" in page.text
    for days, wanted in ((30, "warned"), (51, "warned"), (62, "none")):
        with time_machine.travel(now() + days * DAY):
            look(database, worker)
            assert state(database).state == wanted
    with database.reading() as db:
        gone = db.get(Certificate, known.certificate_id)
        assert gone.revoked_reason == "Too few of its people hold a valid certificate: 1 of 2."


def look(database, worker):
    with database.writing() as db:
        actions.ask_daily(db)
    worker.drain()


def test_who_leaves_is_missed_and_who_comes_brings_the_certificate_back(database, library, worker):
    with database.writing() as db:
        people = [add_person(db, name, library) for name in ("Ada", "Bo", "Cy")]
        rows = [certify(db, person, since=today()) for person in people[:2]]
        actions.mind_certificate(db, rows[0].id)
    worker.drain()
    first = state(database).certificate_id
    with database.writing() as db:
        left = db.scalars(select(Membership).where(Membership.person_id == people[0])).one()
        left.until = today() - DAY
    for days, wanted in ((1, "warned"), (31, "none")):
        with time_machine.travel(now() + days * DAY):
            look(database, worker)
            assert state(database).state == wanted
    with time_machine.travel(now() + 40 * DAY):
        with database.writing() as db:
            actions.mind_certificate(db, certify(db, people[2], since=today()).id)
        worker.drain()
        again = state(database)
    assert (again.state, again.number) == ("valid", 2)
    assert again.certificate_id != first


def test_a_unit_of_another_kind_gets_none(database, library, cast, worker):
    assert library
    with database.writing() as db:
        root = add_person(db, "Ada", cast.units["N"])
        actions.mind_certificate(db, certify(db, root, since=today()).id)
    worker.drain()
    with database.reading() as db:
        assert db.scalars(select(Accreditation)).all() == []


def test_a_national_helper_needs_people_who_are_certified(database, library, worker):
    with database.writing() as db:
        trainer = add_person(db, "Nat", library)
        certify(db, trainer, since=today() - 90 * DAY)
        trained = [add_person(db, name, library) for name in ("Ada", "Bo")]
        held = hold(db, trainer, library, [], on=today() - 30 * DAY)
        meetings.note_attendance(db, held, dict.fromkeys(trained, 2.0), by=trainer, today=today())
    worker.drain()
    assert noted(database, trainer) is None
    for count, person in enumerate(trained, 1):
        with database.writing() as db:
            actions.mind_certificate(db, certify(db, person, since=today()).id)
        worker.drain()
        assert noted(database, trainer) == count
    with database.writing() as db:
        meetings.end_attendance(db, held, [trained[0]], by=trainer)
    worker.drain()
    assert noted(database, trainer) == 1


def noted(database, trainer):
    with database.reading() as db:
        current = content.current(db, "national")
        assert current.course.complete.cascade == 2
        return db.scalar(
            select(RequirementFact.value).where(
                RequirementFact.actor_id == trainer, RequirementFact.course_id == "national"
            )
        )


def test_the_coordinator_sees_it(database, library, worker, cast):
    with database.writing() as db:
        actions.mind_certificate(db, certify(db, add_person(db, "Ada", library), since=today()).id)
    worker.drain()
    page = cast.at_browser(cast.north).get("/accreditation").text
    assert "Accredited library" in page
    assert "1 more person needed" in page
    assert "1 of 2 needed" in page
    assert "No organisation of yours" in cast.at_browser(cast.north).get("/accreditation?state=valid").text
