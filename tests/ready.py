"""People who have done everything for a certificate but hand in their exam: the last fact is one POST away."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, insert, select

from lms.clock import now
from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.learning.models import LessonRead
from lms.people import actions
from lms.people.session import open_session
from lms.quiz import actions as quiz
from lms.quiz.models import Answer, Attempt, QuestionGrade
from tests.cast import Visitor
from tests.contracts.world import RIGHT, begin_exam

if TYPE_CHECKING:
    from flask import Flask

    from lms.db import Database

COURSE, QUESTIONS = "first-aid", 4


@dataclass(frozen=True)
class Ready:
    """One of them: the cookie of a session, and the attempt whose answers are all right."""

    person: int
    cookie: str
    attempt: str

    @property
    def path(self) -> str:
        """Where the exam is handed in."""
        return f"/attempts/{self.attempt}/submit"


def right_responses(app: Flask, database: Database) -> dict[str, Any]:
    """What one person answered in the browser, by question: all of it right."""
    with app.test_request_context(), database.writing() as db:
        token = open_session(db, actions.sign_up(db, actions.NewPerson("First", "first", ""), "").id)
    browser = Visitor(app)
    browser.browser.set_cookie("lms", _cookie(app, token), domain="localhost")
    attempt = begin_exam(browser)
    for number in range(1, QUESTIONS + 1):
        page = browser.get(f"/attempts/{attempt}/{number}").text
        answer = next(answer for stem, answer in RIGHT.items() if stem in page)
        browser.post(f"/attempts/{attempt}/{number}", {"answer": answer, "answer_id": str(uuid.uuid4())})
    with database.reading() as db:
        rows = db.execute(select(Answer.question_key, Answer.response).where(Answer.attempt_id == attempt))
        return {row.question_key: row.response for row in rows}


def get_ready(app: Flask, database: Database, names: range, responses: Mapping[str, Any]) -> list[Ready]:
    """So many people with all lessons read and all questions answered, in one transaction."""
    made = []
    with app.test_request_context(), database.writing() as db:
        current = content.current(db, COURSE)
        assert current is not None
        exam, moment = current.course.quizzes[current.course.exam], now()
        reads: list[dict[str, Any]] = []
        answers: list[dict[str, Any]] = []
        for name in names:
            person = actions.sign_up(db, actions.NewPerson(f"Person {name}", f"ready{name}", ""), "").id
            cookie = _cookie(app, open_session(db, person))
            attempt = quiz.start_attempt(
                db, person, current.course, current.version, exam, attempt_id=str(uuid.uuid4()), language="en"
            )
            made.append(Ready(person, cookie, attempt.id))
            fact = {"actor_id": person, "course_id": COURSE, "at": moment}
            reads += [{**fact, "lesson_id": lesson.id} for lesson in current.course.lessons]
            given = {"attempt_id": attempt.id, "made_at": moment, "received_at": moment}
            answers += [
                {**given, "id": str(uuid.uuid4()), "question_key": key, "response": responses[key]}
                for key in attempt.questions
            ]
        db.execute(insert(LessonRead), reads)
        db.execute(insert(Answer), answers)
    return made


def _cookie(app: Flask, token: str) -> str:
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return str(signer.dumps({"_user_id": token, "_fresh": True, "_permanent": True}))


def assert_exactly_once(database: Database, people: list[Ready], *, seconds: float) -> float:
    """Each has one certificate, graded once, issued so soon after handing in; the longest time that took."""
    attempts = [each.attempt for each in people]
    wanted = set(attempts)
    handed_in = select(Attempt.id, Certificate.issued_at, Attempt.submitted_at, Certificate.id)
    issued = handed_in.join(Certificate, Certificate.actor_id == Attempt.actor_id).where(
        Certificate.course_id == COURSE
    )
    with database.reading() as db:
        rows = [row for row in db.execute(issued) if row[0] in wanted]
        assert sorted(row[0] for row in rows) == sorted(attempts), "one certificate each"
        assert db.scalar(select(func.count()).select_from(Certificate)) == len(people)
        assert db.scalar(select(func.count()).select_from(QuestionGrade)) == len(people) * QUESTIONS
    waits = [(issued_at - submitted_at).total_seconds() for _, issued_at, submitted_at, _ in rows]
    assert 0 <= max(waits) <= seconds
    return max(waits)
