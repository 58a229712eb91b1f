"""What the worker runs for certificates: sealed, signed, listed, audited, looked after, printed."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from lms import jobs
from lms.accrediting import actions as accrediting
from lms.amending import actions as amending
from lms.badges import actions as badges
from lms.issuers.keyring import NoKey
from lms.presses import actions as presses
from lms.presses import making
from lms.recognising import actions as recognising
from lms.recognising.forgetting import forget_evidence
from lms.renewing import actions as renewing
from lms.sealing import actions as sealing
from lms.sealing import auditing, listing

if TYPE_CHECKING:
    from flask import Flask

    from lms.db import Database

log = logging.getLogger(__name__)


def handlers(app: Flask) -> dict[str, jobs.Handler]:
    """By job name."""
    return {
        amending.EXPIRING: amending.note_expiring,
        recognising.FORGET: partial(forget_evidence, app),
        renewing.DEAL: partial(renewing.deal_reviews, app.extensions["lms_question_types"]),
        renewing.WRITE: renewing.write_reviews,
        accrediting.JOB: accrediting.look,
        accrediting.DAILY: accrediting.look_daily,
        presses.JOB: partial(making.print_next, app),
        presses.FORGET: partial(making.forget, app),
        sealing.JOB: partial(seal, app),
        listing.JOB: partial(list_withdrawn, app),
        auditing.JOB: partial(audit, app),
        badges.JOB: partial(sign_badges, app),
    }


def seal(app: Flask, database: Database, task: jobs.Task) -> None:
    """Seal what was issued. Without a key it says so in the log; housekeeping asks again each minute."""
    with database.writing() as db:
        jobs.let_others_ask(db, task)
    try:
        sealing.seal_waiting(database, app.config["LMS"])
    except NoKey as problem:
        log.error("nothing can be sealed", extra={"problem": str(problem)})  # noqa: TRY400 - says it all


def list_withdrawn(app: Flask, database: Database, task: jobs.Task) -> None:
    """Write the signed list of withdrawn certificates. Without a key housekeeping asks again each minute."""
    try:
        listing.make_list(database, app.config["LMS"], task)
    except NoKey as problem:
        log.error("no list can be signed", extra={"problem": str(problem)})  # noqa: TRY400 - says it all


def sign_badges(app: Flask, database: Database, task: jobs.Task) -> None:
    """Sign badges and status lists. Without a key it says so in the log; housekeeping asks again each minute."""
    with database.writing() as db:
        jobs.let_others_ask(db, task)
    is_whole = bool(task.args.get("is_whole"))
    try:
        done = badges.sign_waiting(database, app.config["LMS"], is_whole=is_whole)
    except NoKey as problem:
        log.error("no badge can be signed", extra={"problem": str(problem)})  # noqa: TRY400 - says it all
        return
    if done.is_left:
        with database.writing() as db:
            badges.ask(db, has_changed=is_whole)


def audit(app: Flask, database: Database, _task: jobs.Task) -> None:
    """Look whether every certificate stands as it was sealed."""
    auditing.audit(database, app.config["LMS"])
