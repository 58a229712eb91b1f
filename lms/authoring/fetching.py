"""Repositories at work: the worker's job, and the line in the record of steps that each look leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lms import jobs
from lms.authoring.steps import FETCHED, note_step
from lms.clock import now
from lms.repositories import actions, queries
from lms.repositories.pulling import Asked, NoSuchRepository, Result, Site, pull
from lms.repositories.rules import Cause, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.db import Database
    from lms.plugins import QuestionType

PAUSES = (10, 60, 600)  # seconds until a look that failed is tried again


def site_of(database: Database, settings: Settings, types: Mapping[str, QuestionType]) -> Site:
    """This installation, as looks at repositories need it."""
    return Site(database, settings, types, note)


def note(db: Session, result: Result) -> None:
    """Write down what a look changed or could not change."""
    if result.outcome is not Outcome.NOTHING:
        note_step(
            db, FETCHED, pack=result.name, by=result.asked.by, cause=result.asked.cause, outcome=result.outcome,
            before=result.before, after=result.after, courses=list(result.courses),
        )  # fmt: skip


def look(app: Flask, database: Database, task: jobs.Task) -> None:
    """Look at a repository because a button, a webhook, a save or the clock asks for it."""
    settings: Settings = app.config["LMS"]
    name, cause = str(task.args["name"]), Cause(task.args["cause"])
    with database.writing() as db:
        jobs.let_others_ask(db, task)  # a push that comes while this look is under way needs one of its own
        if cause is Cause.CLOCK:
            _ask_later(db, settings, name)
    site = site_of(database, settings, app.extensions["lms_question_types"])
    try:
        result = pull(site, name, Asked(cause, task.args["by"]))
    except NoSuchRepository:
        return
    attempt = int(task.args["attempt"])
    is_worth_it = result.outcome in (Outcome.FAILED, Outcome.UNPUSHED) and cause is not Cause.CLOCK
    if is_worth_it and attempt < len(PAUSES):
        at = now() + timedelta(seconds=PAUSES[attempt])
        with database.writing() as db:
            actions.ask(db, name, cause, by=task.args["by"], attempt=attempt + 1, at=at)


def schedule_looks(database: Database, settings: Settings) -> None:
    """See to it that each repository is looked at every so often, if the settings say so."""
    if settings.pull_minutes:
        with database.writing() as db:
            for known in queries.repositories(db, settings):
                _ask_later(db, settings, known.remote.name)


def _ask_later(db: Session, settings: Settings, name: str) -> None:
    if settings.pull_minutes:
        at = now() + timedelta(minutes=settings.pull_minutes)
        actions.ask(db, name, Cause.CLOCK, at=at)
