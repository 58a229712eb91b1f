"""The job that deletes evidence whose time is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms import jobs
from lms.clock import now
from lms.recognising import actions, rules

if TYPE_CHECKING:
    from flask import Flask

    from lms.db import Database


def forget_evidence(app: Flask, database: Database, task: jobs.Task) -> None:
    """Delete evidence so many days after the decision as the settings say, some at a time."""
    before = rules.forget_before(now(), app.config["LMS"].evidence_days)
    with database.writing() as db:
        if actions.forget(db, before):
            jobs.enqueue(db, actions.FORGET, {})
        jobs.finish(db, task)
