"""Another system says that somebody did what a course asks for outside of this site: `POST /hooks/actions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, request

from lms.clock import now
from lms.content import queries as content
from lms.integrations import actions_webhook_rules as rules
from lms.learning import outside, outside_queries
from lms.learning.outside_rules import Source
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.security import exempt_from_origin_check
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("hooks", __name__, url_prefix="/hooks")
MOST_BYTES = 16 * 1024


@bp.post("/actions")
@exempt_from_origin_check
@needs(Right.ANYONE)
def take_action() -> ResponseReturnValue:
    """Keep what a signed message says; the same message a second time changes nothing."""
    secret = current_app.config["LMS"].actions_secret
    if not secret:
        abort(404)
    request.max_content_length = MOST_BYTES
    body = request.get_data()
    at, signed = request.headers.get("X-Handrail-Time", ""), request.headers.get("X-Handrail-Signature", "")
    try:
        rules.check(secret, at, signed, body, moment=now().timestamp())
        message = rules.read(body)
    except rules.NotGenuine as problem:
        return {"error": f"The {problem} is not right."}, 401
    except rules.NotUnderstood as problem:
        return {"error": str(problem)}, 422
    return _keep(message)


def _keep(message: rules.Message) -> ResponseReturnValue:
    current = content.current(reading(), message.course)
    if current is None or message.action not in current.course.complete.actions:
        return {"error": "No course on offer with this id asks for this action."}, 422
    person = outside_queries.person_known_as(reading(), code=message.code, email=message.email)
    if person is None:
        return {"error": "Nobody has this code or proved address."}, 422
    db = writing()
    if not outside.is_new(db, message.id):
        return {"kept": False, "reason": "This id was taken before."}
    if message.done:
        outside.say(db, person, current, message.action, Source.WEBHOOK)
    else:
        outside.take_back(db, person, current, message.action, Source.WEBHOOK)
    return {"kept": True}
