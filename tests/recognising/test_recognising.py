"""Evidence is sent, looked at, recognised once, counted apart, and deleted after its time and with the person."""

from __future__ import annotations

import io
import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from lms.clock import now
from lms.content import queries as content
from lms.credentials import actions as credentials
from lms.credentials import queries as certificates
from lms.credentials.facts import Assessment
from lms.credentials.models import Certificate
from lms.figures import actions as figures
from lms.figures import queries as counted
from lms.learning.earning import earned
from lms.people import erasing, merging
from lms.people.models import Person, SecurityEvent
from lms.recognising import actions, queries
from lms.recognising.models import Recognition, RecognitionFile, RecognitionOutcome, RecognitionStep
from lms.recognising.rules import State
from tests.packs import SMALL, publish

INDEX = "courses/first-aid/index.md"
PRIOR = {**SMALL, INDEX: SMALL[INDEX].replace("certificate:", "prior_learning: [a diploma, a letter]\ncertificate:")}
PAGE = "/courses/first-aid/prior-learning"
DESK = "/certificates/prior-learning"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)
TEXTS = {"text-0": "At the library course of 2024", "text-1": "Every Tuesday at our desk"}


@pytest.fixture
def offered(database, cast):
    publish(database, PRIOR)
    return cast


def paper(name="diploma.png", content=PNG):
    return {"file": (io.BytesIO(content), name)}


def send(person, files=None, **more):
    data = {**TEXTS, "request_id": str(uuid.uuid4()), **(paper() if files is None else files), **more}
    return person.post(PAGE, data, content_type="multipart/form-data")


def decide(person, number, decision, desk=DESK, **more):
    data = {"decision": decision, "answer_id": str(uuid.uuid4()), **more}
    return person.post(f"{desk}/{number}", data)


ALL = {"shown-0": "1", "shown-1": "1"}


def rows(database, model):
    with database.reading() as db:
        return db.scalars(select(model)).all()


def test_a_course_that_does_not_offer_it_has_no_such_page(cast):
    laura = cast.at_browser(cast.learner)
    assert laura.get(PAGE).status_code == 404
    assert "I know this already" not in laura.get("/courses/first-aid").text


def test_evidence_is_recognised_by_somebody_else_once(database, offered):
    laura, nora = offered.at_browser(offered.learner), offered.at_browser(offered.north)
    assert "I know this already" in laura.get("/courses/first-aid").text
    assert "a diploma" in laura.get(PAGE).text
    once = str(uuid.uuid4())
    for _ in range(2):  # sent twice, asked once
        assert send(laura, request_id=once).status_code == 303
    assert len(rows(database, Recognition)) == len(rows(database, RecognitionFile)) == 1
    assert "Waits to be looked at" in laura.get(PAGE).text
    assert "Laura Lapiņa" in nora.get(DESK).text
    assert "sent evidence of earlier learning" in nora.get("/coordination").text
    assert "Every Tuesday at our desk" in nora.get(f"{DESK}/1").text
    (file,) = rows(database, RecognitionFile)
    with nora.post(f"{DESK}/1/files/{file.id}") as shown:
        assert (shown.data, shown.mimetype) == (PNG, "image/png")
        assert "sandbox" in shown.headers["Content-Security-Policy"]
    with laura.post(f"/prior-learning/1/files/{file.id}") as shown:
        assert shown.data == PNG
    assert decide(nora, 1, "approve", **{"shown-0": "1"}).status_code == 409  # half a certificate is none
    assert not rows(database, Certificate)
    for _ in range(2):
        assert decide(nora, 1, "approve", **ALL).status_code == 303
    (made,) = rows(database, Certificate)
    facts = certificates.facts_of(made)
    assert (made.basis, made.completion_key, facts.basis) == ("prior-learning", "recognition/1", "prior-learning")
    assert [each.text for each in facts.outcomes] == ["Keep passwords", "Help others"]
    assert facts.assessment == Assessment("evidence")
    public = laura.get(f"/c/{made.code}").text
    assert "Recognised on evidence of earlier learning" in public
    assert "Recognition of prior learning (evidence reviewed)" in public
    assert made.code in laura.get(PAGE).text
    assert "valid certificate of this course" in send(laura, x="").text or len(rows(database, Recognition)) == 1
    with database.reading() as db:
        kinds = {row.kind for row in db.scalars(select(SecurityEvent))}
        (asked,) = db.scalars(select(Recognition))
        assert (asked.decided_by, asked.version_id) == (offered["nora"], made.version_id)
    assert {"prior-learning-asked", "evidence-opened", "prior-learning-approved"} <= kinds


def test_more_is_asked_for_and_sent_and_then_declined(database, offered, worker, settings):
    with database.writing() as db:
        db.get_one(Person, offered["laura"]).proved_email = "laura@example.org"
    laura, tina = offered.at_browser(offered.learner), offered.at_browser(offered.trainer)
    send(laura)
    desk = "/authoring/prior-learning"
    assert decide(tina, 1, "more", desk).status_code == 422  # without words
    assert decide(tina, 1, "more", desk, words="Who signed it?").status_code == 303
    page = laura.get(PAGE).text
    assert "Who signed it?" in page
    assert "Tina Teacher" in page
    assert send(laura, files={}, words="The director did.").status_code == 303  # what was sent before still counts
    assert "The director did." in tina.get(f"{desk}/1").text
    decide(tina, 1, "decline", desk, words="The course was another one.")
    worker.drain()
    letters = "".join(each.read_text() for each in settings.outbox.glob("*"))
    assert letters.count("Subject: About your earlier learning") == 2
    assert send(laura).status_code == 303  # other evidence, a new request
    assert [row.state for row in rows(database, Recognition)] == ["declined", "waiting"]


def test_what_is_wrong_is_said_and_words_are_kept(database, offered, settings):
    laura = offered.at_browser(offered.learner)
    bad = send(laura, files=paper("diploma.pdf"))
    assert bad.status_code == 422
    assert "not what its name says" in bad.text
    assert "Every Tuesday at our desk" in bad.text
    assert "cannot be taken" in send(laura, files=paper("a.exe", b"MZ")).text
    assert "at least one file" in send(laura, files={}).text
    assert "A sentence or two" in send(laura, **{"text-0": " "}).text
    assert not rows(database, Recognition)
    assert not list((settings.home / "uploads").glob("*"))


def test_nobody_decides_about_themselves_or_about_strangers(database, offered):
    with database.writing() as db:
        current = content.current(db, "first-aid")
        texts = {"keep": "a", "help": "b"}
        own = actions.ask(db, offered["nora"], current, actions.Sent("n", texts))
        actions.ask(db, offered["otto"], current, actions.Sent("o", texts))
        with pytest.raises(actions.MayNotDecide):
            actions.decide(db, own, actions.Answer("a", State.APPROVED, offered["nora"], "", ["keep", "help"]))
    nora = offered.at_browser(offered.north)
    assert "Otto" not in nora.get(DESK).text
    assert nora.get(f"{DESK}/2").status_code == decide(nora, 2, "approve", **ALL).status_code == 404
    laura = offered.at_browser(offered.learner)
    assert laura.get(f"{DESK}/2").status_code == 403
    assert laura.post("/prior-learning/2/withdraw").status_code == 404
    assert not rows(database, Certificate)


def test_who_is_certified_already_is_told_so(database, offered, settings):
    laura, nora = offered.at_browser(offered.learner), offered.at_browser(offered.north)
    send(laura)
    with database.writing() as db:
        current = content.current(db, "first-aid")
        made = credentials.issue(db, earned(db, db.get_one(Person, offered["laura"]), current))
    refused = decide(nora, 1, "approve", **ALL)
    assert refused.status_code == 409
    assert made.code in refused.text
    laura.post("/prior-learning/1/withdraw")
    assert "You hold a valid certificate" in laura.get(PAGE).text
    send(laura)
    assert [row.state for row in rows(database, Recognition)] == ["withdrawn"]
    assert len(list((settings.home / "uploads").glob("*"))) == 1  # what was not taken is not kept


def test_two_who_approve_at_once_issue_one_certificate(database, offered):
    send(offered.at_browser(offered.learner))
    problems: list[Exception] = []
    start = threading.Barrier(2)

    def approve(by):
        start.wait()
        try:
            with database.writing() as db:
                answer = actions.Answer(by, State.APPROVED, offered[by], "", ["keep", "help"])
                actions.decide(db, db.scalars(select(Recognition)).one(), answer)
        except actions.AlreadyClosed as problem:
            problems.append(problem)

    both = [threading.Thread(target=approve, args=(by,)) for by in ("nora", "tina")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(problems) == 1
    assert len(rows(database, Certificate)) == 1


def approved(database, cast, login="laura"):
    with database.writing() as db:
        texts = {"keep": "a", "help": "b"}
        sent = actions.Sent(f"ask-{login}", texts, [(f"file-{login}", "diploma.png", 9)], "From me")
        row = actions.ask(db, cast[login], content.current(db, "first-aid"), sent)
        actions.decide(db, row, actions.Answer(f"a-{login}", State.APPROVED, cast["tina"], "Well done", texts))
        return row.certificate_id


def test_it_is_counted_apart_now_and_again(database, offered):
    certificate = approved(database, offered)
    unit = offered.units["N"]

    def found():
        figures.count_changes(database)
        with database.reading() as db:
            return counted.figures(db, [unit], "first-aid")[unit]

    figures.recount(database)
    kept = found()
    assert (kept.registered, kept.certified, kept.recognised, kept.left) == (1, 1, 1, 0)
    nora = offered.at_browser(offered.north)
    assert "1 of them by earlier learning" in nora.get("/coordination/units/N?course=first-aid").text
    assert "by earlier learning" in nora.get("/coordination/people?course=first-aid").text
    assert "Certified by earlier learning" in nora.get("/coordination/people.csv?course=first-aid").text
    report = nora.get("/reports/units.csv?unit=N&course=first-aid").text
    assert "Of them by earlier learning" in report
    with database.writing() as db:
        person = db.get_one(Person, offered["laura"])
        old = db.get_one(Certificate, certificate)
        facts = certificates.facts_of(old)
        credentials.correct(db, old, facts, key="correction/1/1")
        figures_of = db.scalars(select(Certificate.basis).order_by(Certificate.id)).all()
        assert figures_of == ["prior-learning", "prior-learning"]  # a corrected name keeps the mark
        credentials.issue(db, earned(db, person, content.current(db, "first-aid")))
        actions.touch(db, person.id)
    kept = found()
    assert (kept.certified, kept.recognised) == (1, 0)  # completed besides: earned here
    assert figures.recount(database) == 0


def test_evidence_goes_after_its_time_and_the_decision_stays(database, offered, worker, settings):
    (settings.home / "uploads").mkdir()
    (settings.home / "uploads" / "file-laura").write_bytes(PNG)
    approved(database, offered)
    for days, left in ((settings.evidence_days - 1, 1), (settings.evidence_days + 1, 0)):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            with database.writing() as db:
                actions.ask_forgetting(db)
            worker.drain()
        assert len(rows(database, RecognitionFile)) == left
    assert not (settings.home / "uploads" / "file-laura").exists()
    assert not rows(database, RecognitionOutcome)
    assert sorted((row.kind, row.words) for row in rows(database, RecognitionStep)) == [
        ("approved", "Well done"),
        ("sent", ""),
    ]
    assert "its time is over" in offered.at_browser(offered.trainer).get("/authoring/prior-learning/1").text


def test_it_goes_with_the_person(app, database, offered):
    approved(database, offered)
    with database.writing() as db:
        erasing.erase(db, app.extensions["lms_erasers"], offered["laura"], by=offered["laura"])
    assert not rows(database, RecognitionFile)
    assert {row.words for row in rows(database, RecognitionStep)} == {""}


def test_two_who_are_one_keep_one_open_request(app, database, offered):
    with database.writing() as db:
        current, texts = content.current(db, "first-aid"), {"keep": "a", "help": "b"}
        for login in ("laura", "otto"):
            actions.ask(db, offered[login], current, actions.Sent(login, texts))
        merging.merge(db, app.extensions["lms_movers"], offered["otto"], offered["laura"], by=offered["omar"])
    with database.reading() as db:
        count = select(func.count()).where(Recognition.actor_id == offered["laura"])
        assert db.scalar(count) == 2
        assert queries.open_request(db, offered["laura"], "first-aid").client_id == "laura"


def test_a_programme_counts_what_was_recognised(database, offered):
    programme = "---\ntitle: Whole\ncourses: [first-aid]\ncertificate: Whole helper\n---\n\nAll.\n"
    publish(database, {**PRIOR, "courses/whole/index.md": programme})
    approved(database, offered)
    assert {row.course_id for row in rows(database, Certificate)} == {"first-aid", "whole"}
