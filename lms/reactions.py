"""One table: which event is answered by what. The worker runs it; every answer bears being run twice."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from lms import certificate_jobs, jobs
from lms.accrediting import actions as accrediting
from lms.accrediting.letters import organisation_lapsed, organisation_warned
from lms.amending import actions as amending
from lms.amending.letters import certificate_decided, certificate_expiring
from lms.analysis import actions as analysis
from lms.authoring import fetching
from lms.badges import actions as badges
from lms.clock import now
from lms.consulting import letters as consulting_letters
from lms.consulting import minding as consulting
from lms.coordination import target_actions as targets
from lms.coordination.reminding_job import choose_reminded
from lms.coordination.target_queries import to_note
from lms.events import (
    EVENTS,
    AttemptSubmitted,
    AttendanceNoted,
    CertificateChanged,
    CertificateIssued,
    CertificateRequestDecided,
    ConsultationMoved,
    CourseCompleted,
    CoursePublished,
    HardQuestionAnswered,
    HardQuestionAsked,
    HelpPointEnding,
    HelpPutBack,
    HelpTakenOut,
    JoinDecided,
    MaterialTakenOff,
    MistakeReported,
    OrganisationLapsed,
    OrganisationWarned,
    RecognitionAnswered,
    RoleHandedOver,
    WorkGraded,
)
from lms.exchange import reading as exchange
from lms.figures import actions as figures
from lms.finding import looking as finding
from lms.finding.notices import point_ending
from lms.grading import regrade_actions as regrading
from lms.helping import counting as helping
from lms.helping import letters as helping_letters
from lms.integrations import letters, mail
from lms.integrations.stopping import stop_token
from lms.learning import actions as learning
from lms.news import rounds as news
from lms.news.sending import send_news, write_news
from lms.people import actions as people
from lms.people import erasing
from lms.quiz import queries as quizzes
from lms.quiz.rules import is_late
from lms.reach import actions as reach
from lms.reach import closing
from lms.recognising import actions as recognising
from lms.recognising.letters import recognition_answered
from lms.reminding import actions as reminding
from lms.reminding.sending import send_reminders
from lms.renewing import actions as renewing
from lms.renewing.letters import reviews_due
from lms.reporting.making import make_report
from lms.repositories import actions as repositories
from lms.rosters import import_jobs
from lms.rosters.join_letters import join_decided
from lms.sealing import actions as sealing
from lms.sealing import auditing, listing
from lms.sharing.letters import material_taken_off
from lms.updating import actions as updating
from lms.updating.letters import updates_due
from lms.vetting import looking as vetting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask
    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.db import Database
    from lms.integrations.mail import Letter
    from lms.plugins import QuestionType

log = logging.getLogger(__name__)
COUNT_EVERY = 10  # seconds
UNSENT_LASTS = timedelta(days=30)
# what somebody waits for who has just pushed: it may not stand behind work that takes minutes
URGENT = frozenset({repositories.JOB})
# what is short and must not wait either: answers to events, and the seals that some of them ask for
PROMPT = frozenset({"event", sealing.JOB})
# each lane of a worker does its own jobs one after the other; figures may not grow old behind what takes minutes
LANES: tuple[frozenset[str], ...] = (URGENT, PROMPT, frozenset({"count"}), frozenset())
ANALYSE_EVERY = 600  # seconds
# event -> the letters it asks for: the kind of letter, and what the letter needs to know
LETTERS: dict[type, tuple[tuple[str, Callable[[Any], int]], ...]] = {
    CertificateIssued: (("certificate_issued", lambda event: event.certificate),),
    CertificateRequestDecided: (("certificate_decided", lambda event: event.request),),
    RecognitionAnswered: (("recognition_answered", lambda event: event.step),),
    OrganisationWarned: (("organisation_warned", lambda event: event.accreditation),),
    OrganisationLapsed: (("organisation_lapsed", lambda event: event.accreditation),),
    MaterialTakenOff: (("material_taken_off", lambda event: event.material),),
    MistakeReported: (("mistake_reported", lambda event: event.report),),
    RoleHandedOver: (
        ("role_given", lambda event: event.given),
        ("role_handed_over", lambda event: event.ended),
    ),
    WorkGraded: (("work_graded", lambda event: event.grade),),
    JoinDecided: (("join_decided", lambda event: event.request),),
    HelpTakenOut: (("help_taken_out", lambda event: event.taking),),
    HelpPutBack: (("help_put_back", lambda event: event.taking),),
    HelpPointEnding: (("point_ending", lambda event: event.point),),
    ConsultationMoved: (
        ("consultation_moved", lambda event: event.step),
        ("consultation_answered", lambda event: event.step),
    ),
    HardQuestionAsked: (("hard_question_asked", lambda event: event.question),),
    HardQuestionAnswered: (("hard_question_answered", lambda event: event.question),),
}
# event -> the job that it may ask for, and what asks for it where it is needed
JOBS: dict[type, tuple[tuple[str, Callable[[Session, Any], None]], ...]] = {
    CoursePublished: ((regrading.COMPARE, lambda db, event: regrading.mind_published(db, event.course)),),
    AttemptSubmitted: ((regrading.REGRADE_LATE, lambda db, event: regrading.mind_late(db, event.attempt)),),
    CourseCompleted: ((renewing.DEAL, lambda db, event: renewing.mind_completed(db, event.enrolment)),),
    CertificateIssued: (
        (sealing.JOB, lambda db, _event: sealing.ask(db)),
        (badges.JOB, lambda db, _event: badges.ask_new(db)),
        (accrediting.JOB, lambda db, event: accrediting.mind_certificate(db, event.certificate)),
        (finding.JOB, lambda db, event: finding.mind_certificate(db, event.certificate)),
        (renewing.DEAL, lambda db, event: renewing.mind_certified(db, event.certificate)),
    ),
    CertificateChanged: (
        (sealing.JOB, lambda db, _event: sealing.ask(db)),
        (badges.JOB, lambda db, _event: badges.ask(db, has_changed=True)),
        (listing.JOB, lambda db, _event: listing.ask(db)),
        (accrediting.JOB, lambda db, event: accrediting.mind_certificate(db, event.certificate)),
        (finding.JOB, lambda db, event: finding.mind_certificate(db, event.certificate)),
    ),
    AttendanceNoted: ((accrediting.JOB, lambda db, event: accrediting.mind_session(db, event.session)),),
}
WRITERS: dict[str, Callable[[Database, Settings, str, int], Letter | list[Letter] | None]] = {
    "sign_in_link": letters.sign_in_link,
    "welcome": letters.welcome,
    "certificate_issued": letters.certificate_issued,
    "mistake_reported": letters.mistake_reported,
    "role_given": letters.role_given,
    "role_handed_over": letters.role_handed_over,
    "listed": letters.listed,
    "certificate_decided": certificate_decided,
    "certificate_expiring": certificate_expiring,
    "recognition_answered": recognition_answered,
    "organisation_warned": organisation_warned,
    "organisation_lapsed": organisation_lapsed,
    "reviews_due": partial(reviews_due, stop_token),
    "material_taken_off": material_taken_off,
    "updates_due": partial(updates_due, stop_token),
    "work_graded": letters.work_graded,
    "join_decided": join_decided,
    "help_taken_out": helping_letters.help_taken_out,
    "help_put_back": helping_letters.help_put_back,
    "point_ending": point_ending,
    "consultation_moved": consulting_letters.consultation_moved,
    "consultation_answered": consulting_letters.consultation_answered,
    "hard_question_asked": consulting_letters.hard_question_asked,
    "hard_question_answered": consulting_letters.hard_question_answered,
    "asked_month": consulting_letters.asked_month,
}


def handlers(app: Flask) -> Mapping[str, jobs.Handler]:
    """What the worker runs, by job name."""
    return {
        "event": answer,
        "letter": partial(write_letter, app),
        "deliver": partial(deliver, app),
        "housekeeping": partial(keep_house, app.config["LMS"].time_zone),
        "close_attempt": partial(close_attempt, app),
        "count": count,
        analysis.JOB: partial(analyse, app),
        "note_targets": note_targets,
        erasing.JOB: partial(delete_files, app),
        "import": partial(import_jobs.import_file, app),
        "forget_import": partial(import_jobs.forget_import, app),
        "find_duplicates": import_jobs.find_duplicates,
        "report": partial(make_report, app),
        exchange.JOB: partial(exchange.read_kept, app),
        regrading.REGRADE: partial(regrading.regrade, app),
        regrading.REGRADE_LATE: partial(regrading.regrade_late, app),
        regrading.COMPARE: partial(regrading.compare_keys, app),
        repositories.JOB: partial(fetching.look, app),
        reminding.CHOOSE: choose_reminded,
        reminding.SEND: partial(send_reminders, app),
        **certificate_jobs.handlers(app),
        **_of_helpers(app),
    }


def _of_helpers(app: Flask) -> dict[str, jobs.Handler]:
    zone = app.config["LMS"].time_zone
    return {
        updating.WRITE: partial(updating.write_updates, zone),
        finding.JOB: partial(finding.look, zone),
        finding.DAILY: partial(finding.look_daily, zone),
        consulting.JOB: partial(consulting.mind, app),
        consulting.MONTHLY: partial(consulting.tell_month, zone),
        reach.JOB: closing.close,
        vetting.JOB: vetting.look,
        news.WRITE: partial(write_news, app),
        news.SEND: partial(send_news, app),
    }


def answer(database: Database, task: jobs.Task) -> None:
    """Ask for the letters and the work that an event calls for."""
    kind = EVENTS[task.args["kind"]]
    fact = kind(**task.args["fact"])
    with database.writing() as db:
        for letter, subject in LETTERS.get(kind, ()):
            jobs.enqueue(db, "letter", {"kind": letter, "person": subject(fact)})
        for _job, ask in JOBS.get(kind, ()):
            ask(db, fact)
        jobs.finish(db, task)


def write_letter(app: Flask, database: Database, task: jobs.Task) -> None:
    """Write a letter and send it; several become a job each, so that a refused one is tried again alone."""
    settings: Settings = app.config["LMS"]
    with app.test_request_context(base_url=settings.url):
        written = WRITERS[task.args["kind"]](database, settings, f"letter-{task.key}", int(task.args["person"]))
    if isinstance(written, list):
        with database.writing() as db:
            for each in written:
                jobs.enqueue(db, "deliver", asdict(each))
            jobs.finish(db, task)
    elif written is not None:
        mail.send(settings, written)


def deliver(app: Flask, _database: Database, task: jobs.Task) -> None:
    """Send a letter that is written already."""
    mail.send(app.config["LMS"], mail.Letter(**task.args))


def delete_files(app: Flask, database: Database, task: jobs.Task) -> None:
    """Delete files that were handed in by somebody who is erased now."""
    for name in task.args["files"]:
        (app.config["LMS"].home / "uploads" / name).unlink(missing_ok=True)
    with database.writing() as db:
        jobs.finish(db, task)


def close_attempt(app: Flask, database: Database, task: jobs.Task) -> None:
    """Hand in what somebody had answered when the time was over."""
    types: Mapping[str, QuestionType] = app.extensions["lms_question_types"]
    with database.writing() as db:
        attempt = quizzes.attempt(db, task.args["attempt"], task.args["actor"])
        if attempt is not None and attempt.submitted_at is None and is_late(now(), attempt.deadline_at):
            learning.submit_quiz(db, attempt, types, by="time")
        jobs.finish(db, task)


def keep_house(zone: str, database: Database, task: jobs.Task) -> None:
    """Have each overdue attempt closed, by a job of its own: one that cannot be graded holds up no other."""
    with database.writing() as db:
        for attempt in quizzes.overdue(db, now()):
            args = {"attempt": attempt.id, "actor": attempt.actor_id}
            jobs.enqueue(db, "close_attempt", args, dedupe=f"close_attempt/{attempt.id}")
        _next_housekeeping(db)
        people.forget_tries(db)
        jobs.forget_dead(db, "deliver", now() - UNSENT_LASTS)
        _see_to_counting(db)
        _next_analysis(db)
        if to_note(db, now().date(), most=1):
            jobs.enqueue(db, "note_targets", {}, dedupe="note_targets")
        sealing.ask(db)
        listing.ask_daily(db)
        auditing.ask_nightly(db)
        badges.ask(db)
        accrediting.ask_daily(db)
        finding.ask_daily(db, zone)
        amending.ask_expiring(db)
        recognising.ask_forgetting(db)
        vetting.ask_daily(db)
        renewing.ask_to_write(db)
        news.ask_to_write(db)
        consulting.ask_minding(db)
        updating.ask_to_write(db)
        jobs.finish(db, task)


def schedule_housekeeping(database: Database) -> None:
    """See to it that the house is kept each minute from now on, and that changes are counted."""
    with database.writing() as db:
        waiting = select(jobs.Job.id).where(jobs.Job.name == "housekeeping", jobs.Job.state == "waiting")
        if db.scalar(waiting.limit(1)) is None:
            _next_housekeeping(db)
        _see_to_counting(db)


def count(database: Database, task: jobs.Task) -> None:
    """Bring the figures up to date, and again in a few seconds."""
    figures.count_changes(database)
    helping.count_new(database)
    with database.writing() as db:
        _next_count(db)
        jobs.finish(db, task)


def analyse(app: Flask, database: Database, task: jobs.Task) -> None:
    """Count new answers and how courses fare; what takes longer goes on in a job of its own, so that others get in."""
    types: Mapping[str, QuestionType] = app.extensions["lms_question_types"]
    analysis.count_courses(database, is_asked=bool(task.args.get("is_asked")))
    is_left = analysis.count_answers(database, types)
    with database.writing() as db:
        if is_left:
            jobs.enqueue(db, analysis.JOB, {})
        jobs.finish(db, task)


def note_targets(database: Database, task: jobs.Task) -> None:
    """Once a day, note how far targets are that count units: nothing else says how far they were."""
    with database.writing() as db:
        if targets.note_day(db, now().date()):
            jobs.enqueue(db, "note_targets", {})
        jobs.finish(db, task)


def _see_to_counting(db: Session) -> None:
    """A count that failed waits longer and longer; until it is tried again, the next one is asked for here."""
    soon = now() + timedelta(minutes=1)
    waiting = select(jobs.Job.id).where(jobs.Job.name == "count", jobs.Job.state == "waiting", jobs.Job.run_at <= soon)
    if db.scalar(waiting.limit(1)) is None:
        _next_count(db)


def _next_count(db: Session) -> None:
    turn = int(now().timestamp() // COUNT_EVERY) + 1
    at = datetime.fromtimestamp(turn * COUNT_EVERY, UTC)
    jobs.enqueue(db, "count", {}, run_at=at, dedupe=f"count/{turn}")


def _next_analysis(db: Session) -> None:
    turn = int(now().timestamp() // ANALYSE_EVERY) + 1
    at = datetime.fromtimestamp(turn * ANALYSE_EVERY, UTC)
    jobs.enqueue(db, analysis.JOB, {}, run_at=at, dedupe=f"{analysis.JOB}/{turn}")


def _next_housekeeping(db: Session) -> None:
    minute = int(now().timestamp() // 60) + 1
    at = datetime.fromtimestamp(minute * 60, UTC)
    jobs.enqueue(db, "housekeeping", {}, run_at=at, dedupe=f"housekeeping/{minute}")
