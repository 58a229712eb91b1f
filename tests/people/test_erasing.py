"""Somebody is erased: what names them is gone everywhere, sums stay, and others lose nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from lms.amending.models import CertificateRequest
from lms.clock import now
from lms.content import queries as content
from lms.credentials.actions import issue
from lms.credentials.models import Certificate
from lms.db import Base
from lms.learning.earning import earned
from lms.learning.models import Enrolment, MistakeReport
from lms.people.models import Membership, Person, PersonName, SecurityEvent
from lms.quiz.erasing import without_texts
from lms.quiz.models import Answer, Attempt, Upload
from tests.cast import PASSWORD, Visitor
from tests.packs import SMALL, publish

NAME = "Laura Lapiņa"
SECRET = "My grandmother's maiden name"


@pytest.fixture
def certificate(database, cast):
    """Laura has learnt, handed something in, reported a mistake and earned a certificate."""
    publish(database, SMALL)
    laura = cast["laura"]
    with database.writing() as db:
        db.get_one(Person, laura).email = "laura@example.org"
        db.add(PersonName(person_id=laura, name="Laura Zaķe", until=now()))
        current = content.current(db, "first-aid")
        row = issue(db, earned(db, db.get_one(Person, laura), current))
        db.add(Enrolment(actor_id=laura, course_id="first-aid", source="self", enrolled_at=now(), last_at=now()))
        asked = {"client_id": "r", "certificate_id": row.id, "kind": "name", "asked_by": laura, "asked_at": now()}
        db.add(CertificateRequest(**asked, holder="Laura Zaķe", reason=SECRET))
        attempt = {"id": "a-1", "actor_id": laura, "course_id": "first-aid", "quiz_id": "first-aid-exam", "number": 1}
        db.add(
            Attempt(
                **attempt, version_id=current.version, language="en", seed=1, questions=[], marked=[],
                started_at=now(), outcomes={},
            )
        )  # fmt: skip
        db.flush()
        for number, response in enumerate((SECRET, ["b"], {"files": [{"id": "f-1", "name": SECRET}]})):
            db.add(
                Answer(
                    id=f"r-{number}", attempt_id="a-1", question_key=f"q-{number}", response=response,
                    made_at=now(), received_at=now(),
                )
            )  # fmt: skip
        db.add(
            Upload(
                id="f-1", attempt_id="a-1", question_key="q-2", name=f"{SECRET}.pdf", media_type="application/pdf",
                size=3, received_at=now(),
            )
        )  # fmt: skip
        return row.code


def everything(database):
    """All that any table holds, as one text."""
    with database.reading() as db:
        return "\n".join(
            str(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in db.execute(text(f"select * from {table.name}"))
        )


def test_nothing_that_names_them_is_left(database, cast, certificate, worker, settings):
    upload = settings.home / "uploads" / "f-1"
    upload.parent.mkdir(parents=True, exist_ok=True)
    upload.write_bytes(b"pdf")
    laura = cast.at_browser(cast.learner)
    laura.post("/courses/first-aid/mistakes/long-passwords", {"text": SECRET})
    worker.drain()
    before = everything(database)
    assert all(words in before for words in (NAME, "Zaķe", SECRET, "laura@example.org"))
    assert laura.post("/account/erasure", {"current": "wrong", "sure": "y"}).status_code == 422
    assert laura.post("/account/erasure", {"current": PASSWORD}).status_code == 422
    answer = laura.post("/account/erasure", {"current": PASSWORD, "sure": "y"})
    assert (answer.status_code, answer.location) == (303, "/")
    worker.drain()
    after = everything(database)
    assert [words for words in (NAME, "Laura", "Zaķe", SECRET, "laura") if words in after] == []
    assert not upload.exists()
    assert laura.get("/my").status_code in (302, 303, 404)
    assert Visitor(cast.app).post("/sign-in", {"login": "laura", "password": PASSWORD}).status_code == 422
    page = Visitor(cast.app).get(f"/c/{certificate}")
    assert (page.status_code, "was erased" in page.text) == (410, True)
    assert Visitor(cast.app).get(f"/c/{certificate}/certificate.pdf").status_code in (404, 410)


def test_the_sums_stay(database, cast, certificate):
    assert certificate
    cast.at_browser(cast.learner).post("/account/erasure", {"current": PASSWORD, "sure": "y"})
    with database.reading() as db:
        me = cast["laura"]
        assert db.scalars(select(Membership.id).where(Membership.person_id == me)).all()
        assert db.scalars(select(Enrolment.id).where(Enrolment.actor_id == me)).all()
        row = db.scalars(select(Certificate).where(Certificate.actor_id == me)).one()
        assert (row.facts, row.salt) == ({}, "")
        mine = select(SecurityEvent.kind).where(SecurityEvent.subject_id == me).order_by(SecurityEvent.id)
        assert db.scalars(mine).all()[-1] == "person-erased"
        assert db.scalars(select(MistakeReport.id)).all() == []


def test_who_has_a_role_hands_it_over_first(database, cast):
    nora = cast.at_browser(cast.north)
    assert "Hand it over" in nora.get("/account/erasure").text
    assert nora.post("/account/erasure", {"current": PASSWORD, "sure": "y"}).status_code == 422
    with database.reading() as db:
        assert db.get(Person, cast["nora"]).name == "Nora North"


def test_the_desks_go_on_without_them(cast, certificate):
    assert certificate
    cast.at_browser(cast.learner).post("/account/erasure", {"current": PASSWORD, "sure": "y"})
    nora, omar = cast.at_browser(cast.north), cast.at_browser(cast.operator)
    assert nora.get("/coordination/people").status_code == 200
    assert nora.get(f"/coordination/people/{cast['laura']}").status_code == 404
    assert nora.get("/certificates").status_code == 200
    assert omar.get("/operation/people").status_code == 200
    assert cast.at_browser(cast.trainer).get("/authoring").status_code == 200


def test_an_operator_erases_who_asks_by_letter(cast, database, certificate):
    assert certificate
    omar, path = cast.at_browser(cast.operator), f"/operation/people/{cast['laura']}"
    assert omar.post(f"{path}/erasure").status_code == 422
    assert omar.post(f"/operation/people/{cast['nora']}/erasure", {"sure": "1"}).status_code == 422  # has a role
    assert omar.post(f"{path}/erasure", {"sure": "1"}).status_code == 303
    assert omar.get(path).status_code == 404
    assert NAME not in everything(database)


def test_what_is_left_of_a_response():
    assert without_texts({"gaps": ["a word", 3, True], "at": None}) == {"gaps": ["", 3, True], "at": None}
