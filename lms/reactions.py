"""One table: which event is answered by what. The worker runs it; every answer bears being run twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from lms import jobs
from lms.clock import now
from lms.events import EVENTS, CertificateIssued, MistakeReported
from lms.integrations import letters, mail
from lms.learning import actions as learning
from lms.quiz import queries as quizzes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask

    from lms.config import Settings
    from lms.db import Database
    from lms.integrations.mail import Letter
    from lms.plugins import QuestionType

# event -> the letters it asks for: the kind of letter, and what the letter needs to know
LETTERS: dict[type, tuple[tuple[str, Callable[[Any], int]], ...]] = {
    CertificateIssued: (("certificate_issued", lambda event: event.certificate),),
    MistakeReported: (("mistake_reported", lambda event: event.report),),
}
WRITERS: dict[str, Callable[[Database, Settings, str, int], Letter | list[Letter] | None]] = {
    "sign_in_link": letters.sign_in_link,
    "welcome": letters.welcome,
    "certificate_issued": letters.certificate_issued,
    "mistake_reported": letters.mistake_reported,
}


def handlers(app: Flask) -> Mapping[str, jobs.Handler]:
    """What the worker runs, by job name."""
    settings: Settings = app.config["LMS"]

    def event(database: Database, task: jobs.Task) -> None:
        kind = EVENTS[task.args["kind"]]
        fact = kind(**task.args["fact"])
        with database.writing() as db:
            for letter, subject in LETTERS.get(kind, ()):
                args = {"kind": letter, "person": subject(fact)}
                jobs.enqueue(db, "letter", args, dedupe=f"{letter}/{task.id}")

    def letter(database: Database, task: jobs.Task) -> None:
        with app.test_request_context(base_url=settings.url):
            written = WRITERS[task.args["kind"]](database, settings, f"letter-{task.id}", int(task.args["person"]))
        for each in written if isinstance(written, list) else [written]:
            if each is not None:
                mail.send(settings, each)

    def close_overdue(database: Database, task: jobs.Task) -> None:
        types: Mapping[str, QuestionType] = app.extensions["lms_question_types"]
        with database.writing() as db:
            for attempt in quizzes.overdue(db, now()):
                learning.submit_quiz(db, attempt, types, by="time")
        schedule_housekeeping(database, task)

    return {"event": event, "letter": letter, "housekeeping": close_overdue}


def schedule_housekeeping(database: Database, task: jobs.Task | None = None) -> None:
    """See to it that overdue attempts are closed each minute."""
    minute = int(now().timestamp() // 60) + 1
    with database.writing() as db:
        if task is None and db.scalar(select(jobs.Job.id).where(jobs.Job.name == "housekeeping").limit(1)):
            return
        jobs.enqueue(
            db, "housekeeping", {}, run_at=datetime.fromtimestamp(minute * 60, UTC), dedupe=f"housekeeping/{minute}"
        )
