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
from lms.people import moving
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


def certified_library(database, library, worker):
    """A library with the certificate that two of its people bring it; the people and the certificate's row id."""
    with database.writing() as db:
        people = [add_person(db, name, library) for name in ("Ada", "Bo")]
        rows = [certify(db, person, since=today()) for person in people]
        actions.mind_certificate(db, rows[0].id)
    worker.drain()
    return people, state(database).certificate_id


def test_a_library_that_becomes_part_of_another_holds_nothing_by_its_old_name(database, library, worker, cast):
    _people, first = certified_library(database, library, worker)
    with database.writing() as db:
        other = db.get(Unit, cast.units["N-2"])
        other.kind = "library"
        moving.merge(db, db.get(Unit, library), other, by=None)
    with time_machine.travel(now() + DAY):
        look(database, worker)
        with database.reading() as db:
            gone = db.get(Certificate, first)
            rows = {row.unit_id: row.state for row in db.scalars(select(Accreditation))}
        assert gone.revoked_reason == "The organisation was closed, or became part of another one."
        assert rows == {library: "none", cast.units["N-2"]: "valid"}  # the people came to the other one
        page = cast.at_browser(cast.north).get("/accreditation").text
        assert (page.count('<tr><th scope="row">'), "Unit N-2" in page) == (1, True)


def test_a_library_where_certified_people_come_gets_its_certificate(database, library, worker, cast):
    with database.writing() as db:
        for name in ("Ada", "Bo"):
            certify(db, add_person(db, name, cast.units["N"]), since=today())
    look(database, worker)
    with database.reading() as db:
        assert db.scalars(select(Accreditation)).all() == []
    with database.writing() as db:
        for membership in db.scalars(select(Membership).where(Membership.unit_id == cast.units["N"])):
            membership.unit_id = library
    with time_machine.travel(now() + DAY):
        look(database, worker)
    assert state(database).state == "valid"


def test_the_certificate_of_a_renamed_library_is_corrected(database, library, worker):
    _people, first = certified_library(database, library, worker)
    with database.writing() as db:
        db.get(Unit, library).name = "Library on the Hill"
    for _ in range(2):
        with time_machine.travel(now() + DAY):
            look(database, worker)
    known = state(database)
    with database.reading() as db:
        old, new = db.get(Certificate, first), db.get(Certificate, known.certificate_id)
        assert (known.state, old.superseded_by, new.valid_until) == ("valid", new.id, old.valid_until)
        assert (new.facts["holder"], new.basis) == ("Library on the Hill", "correction")
        assert len(db.scalars(select(Certificate).where(Certificate.unit_id == library)).all()) == 2
