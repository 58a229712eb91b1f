"""Names are corrected, certificates withdrawn and given back; holders are written to before the end."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from lms.amending import actions, queries, rules
from lms.amending.models import CertificateRequest, ExpiryNotice
from lms.clock import now
from lms.content import queries as content
from lms.credentials import actions as credentials_actions
from lms.credentials import erasing as credentials_erasing
from lms.credentials import merging
from lms.credentials import queries as credentials
from lms.credentials.actions import issue
from lms.credentials.models import Certificate
from lms.jobs import Job
from lms.learning.earning import earned
from lms.people.actions import grant_role
from lms.people.models import Membership, Person
from lms.people.rules import Role
from tests.packs import SMALL, publish

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("left", "written", "due"),
    [(61, (), None), (60, (), 60), (31, (60,), None), (30, (60,), 30), (8, (), 30), (7, (60, 30), 7), (0, (7,), None),
     (-1, (), None), (3, (), 7)],
)  # fmt: skip
def test_when_a_holder_is_written_to(left, written, due):
    assert rules.stage(left, written) == due


@pytest.fixture
def code(database, cast):
    """Laura's certificate."""
    publish(database, SMALL)
    with database.writing() as db:
        current = content.current(db, "first-aid")
        row = issue(db, earned(db, db.get_one(Person, cast["laura"]), current))
        return row.code


def rename(database, cast, name):
    with database.writing() as db:
        db.get_one(Person, cast["laura"]).name = name


def new_id():
    return {"request_id": str(uuid.uuid4())}


def state(database, code):
    with database.reading() as db:
        return credentials.certificate(db, code, now().date())


def test_a_name_is_corrected_by_a_new_certificate(database, cast, code):
    laura, nora = cast.at_browser(cast.learner), cast.at_browser(cast.north)
    assert "Both are the same" in laura.get(f"/certificates/{code}/correction").text
    rename(database, cast, "Laura Ozoliņa")
    once = new_id()
    for _ in range(2):  # sent twice, asked once
        assert laura.post(f"/certificates/{code}/correction", {"reason": "Married", **once}).status_code == 303
    assert laura.post(f"/certificates/{code}/correction", new_id()).status_code == 303
    assert "has not decided yet" in laura.get(f"/certificates/{code}/correction").text
    page = nora.get("/certificates").text
    assert page.count("Laura Ozoliņa") == 1
    with database.reading() as db:
        number = db.scalars(select(CertificateRequest.id)).one()
    assert cast.at_browser(cast.south).get(f"/certificates/requests/{number}").status_code == 404
    assert "Married" in nora.get(f"/certificates/requests/{number}").text
    assert nora.post(f"/certificates/requests/{number}", {"decision": "grant"}).status_code == 303
    old = state(database, code)
    assert old.state == "superseded"
    new = state(database, old.replaced_by)
    assert (new.facts.holder, new.basis, new.state) == ("Laura Ozoliņa", "correction", "valid")
    assert new.valid_until == old.valid_until
    again = nora.post(f"/certificates/requests/{number}", {"decision": "refuse"}, follow_redirects=True)
    assert "decided it meanwhile" in again.text
    assert state(database, code).replaced_by == new.code


def test_a_refused_name_stays_and_the_holder_is_told(database, cast, code):
    rename(database, cast, "Laura Ozoliņa")
    laura, nora = cast.at_browser(cast.learner), cast.at_browser(cast.north)
    laura.post(f"/certificates/{code}/correction", new_id())
    assert nora.post("/certificates/requests/1", {"decision": "nothing"}).status_code == 422
    nora.post("/certificates/requests/1", {"decision": "refuse", "answer": "Show me your passport."})
    assert state(database, code).state == "valid"
    assert "Show me your passport." in laura.get(f"/certificates/{code}/correction").text


def test_a_name_that_cannot_be_printed_is_caught_before(database, cast, code):
    rename(database, cast, "劳拉")
    laura = cast.at_browser(cast.learner)
    assert "We cannot print 劳, 拉" in laura.get(f"/certificates/{code}/correction").text
    assert laura.post(f"/certificates/{code}/correction", new_id()).status_code == 422


def test_nobody_asks_about_the_certificate_of_another(cast, code):
    otto = cast.at_browser(cast.other)
    for page in ("correction", "appeal"):
        assert otto.get(f"/certificates/{code}/{page}").status_code == 404
        assert otto.post(f"/certificates/{code}/{page}", {"reason": "Mine"}).status_code == 404
    assert cast.at_browser(cast.south).get(f"/certificates/{code}/withdrawal").status_code == 404
    assert cast.at_browser(cast.south).post(f"/certificates/{code}/withdrawal", {"reason": "No"}).status_code == 404


def test_who_withdrew_cannot_decide_about_the_appeal(database, cast, code):
    laura, nora = cast.at_browser(cast.learner), cast.at_browser(cast.north)
    assert nora.post(f"/certificates/{code}/withdrawal", {"reason": ""}).status_code == 422
    nora.post(f"/certificates/{code}/withdrawal", {"reason": "The exam was taken by another person.", **new_id()})
    known = state(database, code)
    assert (known.state, known.revoked_reason) == ("revoked", "The exam was taken by another person.")
    assert "taken by another person" in laura.get(f"/c/{code}").text
    assert laura.post(f"/certificates/{code}/appeal", {"reason": ""}).status_code == 422
    laura.post(f"/certificates/{code}/appeal", {"reason": "It was me.", **new_id()})
    with database.reading() as db:
        number = db.scalars(select(CertificateRequest.id).where(CertificateRequest.kind == "appeal")).one()
    assert "somebody else decides" in nora.get(f"/certificates/requests/{number}").text
    assert nora.post(f"/certificates/requests/{number}", {"decision": "grant"}).status_code == 403
    assert state(database, code).state == "revoked"
    with database.writing() as db:
        asked = db.get_one(CertificateRequest, number)
        actions.decide(db, asked, by=cast["sid"], is_granted=True, answer="")
    assert state(database, code).state == "valid"


def test_holders_are_written_to_60_30_and_7_days_before(database, cast, code, worker):
    with database.writing() as db:
        row = db.scalars(select(Certificate).where(Certificate.code == code)).one()
        end = row.valid_until
        db.get_one(Person, cast["laura"]).proved_email = "laura@example.org"
    letters = []
    for left in (61, 60, 59, 30, 7, 1):
        with time_machine.travel(now() + (end - now().date() - left * DAY), tick=False):
            with database.writing() as db:
                actions.ask_expiring(db)
            with database.reading() as db:
                asked = db.scalar(select(Job.id).where(Job.name == actions.EXPIRING))
            worker.drain()
            letters.append(asked is not None)
    assert letters == [False, True, False, True, True, False]


def test_a_coordinator_sees_what_ends_when(database, cast, code):
    with database.reading() as db:
        row = db.scalars(select(Certificate).where(Certificate.code == code)).one()
        end = row.valid_until
        assert queries.forecast(db, cast["sid"], None, end).total == 0
        found = queries.forecast(db, cast["nora"], None, end - 5 * DAY)
        assert (found.total, found.courses) == (1, ["first-aid"])
        assert found.numbers == {(end.replace(day=1), "first-aid"): 1}
        assert queries.forecast(db, cast["nora"], None, end + DAY).has_expired == 1
    assert "No certificate of your people ends" in cast.at_browser(cast.north).get("/certificates/expiring").text
    with time_machine.travel(now() + 600 * DAY):
        page = cast.at_browser(cast.north).get("/certificates/expiring?unit=N-1")
        assert "ends in the next twelve months" in page.text
        assert cast.at_browser(cast.north).get("/certificates/expiring?unit=S-1").status_code == 404


def ask_as_laura(database, cast, code):
    rename(database, cast, "Laura Ozoliņa")
    cast.at_browser(cast.learner).post(f"/certificates/{code}/correction", new_id())


def test_nobody_decides_about_an_own_request(database, cast, code):
    with database.writing() as db:
        grant_role(db, cast["laura"], Role.COORDINATOR, unit=cast.units["N"], by=None)
    ask_as_laura(database, cast, code)
    laura = cast.at_browser(cast.learner)
    assert "Laura Ozoliņa" not in laura.get("/certificates").text.partition("<main")[2]
    assert laura.post("/certificates/requests/1", {"decision": "grant"}).status_code == 404
    with database.writing() as db, pytest.raises(actions.MayNotDecide):
        actions.decide(db, db.get_one(CertificateRequest, 1), by=cast["laura"], is_granted=True, answer="")
    assert cast.at_browser(cast.north).post("/certificates/requests/1", {"decision": "grant"}).status_code == 303


def test_who_left_is_answered_by_the_last_units_coordinator(database, cast, code):
    ask_as_laura(database, cast, code)
    with database.writing() as db:
        for membership in db.scalars(select(Membership).where(Membership.person_id == cast["laura"])):
            membership.since, membership.until = now().date() - 9 * DAY, now().date() - DAY
    nora = cast.at_browser(cast.north)
    assert "Laura Ozoliņa" in nora.get("/certificates").text
    assert cast.at_browser(cast.south).get("/certificates/requests/1").status_code == 404
    assert nora.get(f"/certificates/{code}/withdrawal").status_code == 404  # answering is all that is left to her
    with database.writing() as db:
        db.add(Membership(person_id=cast["laura"], unit_id=cast.units["S-1"], since=now().date()))
    assert nora.get("/certificates/requests/1").status_code == 404
    assert "Laura Ozoliņa" in cast.at_browser(cast.south).get("/certificates").text


def waiting(database, cast, login):
    with database.reading() as db:
        return len(db.scalars(queries.waiting_requests(cast[login], now().date())).all())


def test_what_waits_is_counted_for_who_can_decide_it(database, cast, code):
    ask_as_laura(database, cast, code)
    assert [waiting(database, cast, login) for login in ("nora", "sid", "laura")] == [1, 0, 0]
    nora = cast.at_browser(cast.north)
    assert "asks for a corrected certificate" in nora.get("/coordination").text
    nora.post("/certificates/requests/1", {"decision": "refuse"})
    assert "asks for a corrected certificate" not in nora.get("/coordination").text
    nora.post(f"/certificates/{code}/withdrawal", {"reason": "Another person sat the exam.", **new_id()})
    cast.at_browser(cast.learner).post(f"/certificates/{code}/appeal", {"reason": "It was me.", **new_id()})
    assert waiting(database, cast, "nora") == 0  # she withdrew it
    assert "somebody else decides" in nora.get("/certificates").text
    with database.writing() as db:
        grant_role(db, cast["otto"], Role.COORDINATOR, unit=cast.units["N"], by=None)
    assert waiting(database, cast, "otto") == 1
    with database.writing() as db:
        db.get_one(Person, cast["nora"]).merged_into_id = cast["otto"]  # two accounts of one coordinator
    assert waiting(database, cast, "otto") == 0
    with database.writing() as db:
        asked = db.scalars(select(CertificateRequest).where(CertificateRequest.kind == "appeal")).one()
        with pytest.raises(actions.MayNotDecide):
            actions.decide(db, asked, by=cast["otto"], is_granted=True, answer="")
        db.get_one(Person, cast["nora"]).merged_into_id = None
    assert waiting(database, cast, "otto") == 1
    with database.writing() as db:
        credentials_erasing.erase(db, cast["laura"])
    assert waiting(database, cast, "otto") == 0
    assert db_row(database, code).revoked_reason == ""


def db_row(database, code):
    with database.reading() as db:
        return db.scalars(select(Certificate).where(Certificate.code == code)).one()


def test_two_who_withdraw_at_once_leave_the_first_reason(database, cast, code):
    ready, told = threading.Barrier(2), []

    def withdraw(by, reason):
        with database.writing() as db:
            row = queries.in_scope(db, cast["nora"], code, now().date())
            if database.engine.dialect.name == "postgresql":
                ready.wait(10)
            actions.withdraw(db, row, by=by, reason=reason, client_id=str(uuid.uuid4()))

    threads = [
        threading.Thread(target=withdraw, args=each) for each in ((cast["nora"], "First"), (cast["sid"], "Second"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as db:
        told = db.scalars(select(CertificateRequest).where(CertificateRequest.kind == "withdrawal")).all()
    assert [each.reason for each in told] == [db_row(database, code).revoked_reason]


def test_a_withdrawal_that_is_sent_again_after_the_appeal_withdraws_nothing(database, cast, code):
    once = {"reason": "A mistake of mine.", **new_id()}
    nora = cast.at_browser(cast.north)
    nora.post(f"/certificates/{code}/withdrawal", once)
    with database.writing() as db:
        credentials_actions.reinstate(db, db.scalars(select(Certificate)).one())
    assert nora.post(f"/certificates/{code}/withdrawal", once).status_code == 303
    assert state(database, code).state == "valid"


def test_a_corrected_certificate_is_not_told_of_twice(database, cast, code):
    end = db_row(database, code).valid_until
    with database.writing() as db:
        db.add(ExpiryNotice(certificate_id=db.scalars(select(Certificate.id)).one(), days=60, at=now()))
    ask_as_laura(database, cast, code)
    cast.at_browser(cast.north).post("/certificates/requests/1", {"decision": "grant"})
    with database.reading() as db:
        assert queries.expiring(db, end - 50 * DAY, 9) == []
        assert len(queries.expiring(db, end - 20 * DAY, 9)) == 1


@pytest.mark.usefixtures("code")
def test_of_two_accounts_certificates_only_the_longer_is_to_be_renewed(database, cast):
    with database.writing() as db:
        row = db.scalars(select(Certificate)).one()
        end = row.valid_until
        other = issue(db, earned(db, db.get_one(Person, cast["otto"]), content.current(db, "first-aid")))
        other.valid_until = end + 90 * DAY
        db.flush()
        merging.move(db, cast["otto"], cast["laura"])
    with database.reading() as db:
        assert queries.expiring(db, end - 20 * DAY, 9) == []
        assert queries.forecast(db, cast["nora"], None, end - 20 * DAY).total == 1
        assert queries.forecast(db, cast["nora"], None, end + DAY).has_expired == 0
        assert len(queries.expiring(db, end + 70 * DAY, 9)) == 1
