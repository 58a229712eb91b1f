"""Pages of reminders: say no with one press; what went out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import current_user

from lms.integrations.stopping import person_of
from lms.people import queries as people
from lms.people.actions import allow_reminders
from lms.people.needs import needs
from lms.people.rules import Right
from lms.reminding import actions, queries
from lms.web.security import exempt_from_origin_check
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("reminding", __name__, url_prefix="/reminders")


@bp.get("")
@needs(Right.COORDINATE)
def home() -> ResponseReturnValue:
    """The last reminders of one's units, and what became of them."""
    return render_template("reminding/home.html", rows=queries.reminders(reading(), current_user.actor))


@bp.post("/<reminder_id>/cancel")
@needs(Right.COORDINATE)
def cancel(reminder_id: str) -> ResponseReturnValue:
    """Stop a reminder of one's own."""
    db = writing()
    found = queries.reminder(db, reminder_id)
    if found is None or found.made_by != current_user.actor:
        abort(404)
    actions.cancel(db, found, by=current_user.actor)
    return redirect(url_for("reminding.home"), 303)


@bp.get("/stop/<token>")
@needs(Right.ANYONE)
def stop(token: str) -> ResponseReturnValue:
    """The page behind the link in each reminder: a button that ends them, or begins them again."""
    person = person_of(token)
    found = people.person(reading(), person) if person is not None else None
    if found is None:
        abort(404)
    return render_template("reminding/stop.html", token=token, reminds=found.reminds)


@bp.post("/stop/<token>")
@exempt_from_origin_check  # the token proves whose reminders end; mail programs press this button (RFC 8058)
@needs(Right.ANYONE)
def stop_post(token: str) -> ResponseReturnValue:
    """End reminders, with one press."""
    return _set(token, is_allowed=False)


@bp.post("/start/<token>")
@needs(Right.ANYONE)
def start_post(token: str) -> ResponseReturnValue:
    """Let reminders come again."""
    return _set(token, is_allowed=True)


def _set(token: str, *, is_allowed: bool) -> ResponseReturnValue:
    person = person_of(token)
    if person is None:
        abort(404)
    allow_reminders(writing(), person, is_allowed=is_allowed)
    return redirect(url_for("reminding.stop", token=token), 303)
