"""A Git host says that somebody pushed: `POST /hooks/git/NAME`. What it says is not read; the worker looks for itself.

So the same message a second time, or an old one, does no harm: it leads to a look that finds nothing new.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, request

from lms.people.needs import needs
from lms.people.rules import Right
from lms.repositories import actions, queries
from lms.repositories.rules import SIGNATURES, TOKEN, Cause, is_genuine, webhook_secret
from lms.web.security import exempt_from_origin_check
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.config import Settings

bp = Blueprint("repository_hooks", __name__, url_prefix="/hooks/git")
MOST_BYTES = 25 * 2**20  # what GitHub sends at most
PIECE = 2**16


@bp.post("/<remote>")
@exempt_from_origin_check
@needs(Right.ANYONE)
def pushed(remote: str) -> ResponseReturnValue:
    """Have the worker look at a repository because a signed message asks for it."""
    settings: Settings = current_app.config["LMS"]
    request.max_content_length = MOST_BYTES
    known = queries.repository(reading(), settings, remote)
    number = known.round if known else -1  # a name that nobody has is refused as a wrong signature is
    secret = webhook_secret(settings.secret_key, remote, number)
    headers = {each: request.headers[each] for each in (*SIGNATURES, TOKEN) if each in request.headers}
    if not is_genuine(headers, secret, lambda: _digest(secret)) or known is None:
        return {"error": "The signature is not right."}, 401
    actions.ask(writing(), remote, Cause.WEBHOOK)
    return {"accepted": True}, 202


def _digest(secret: str) -> str:
    """HMAC-SHA256 (RFC 2104) of the body, in hexadecimal digits; the body is never in memory as a whole."""
    total = hmac.new(secret.encode(), digestmod=hashlib.sha256)
    while piece := request.stream.read(PIECE):
        total.update(piece)
    return total.hexdigest()
