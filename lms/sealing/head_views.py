"""The heads of the chain, for whoever wants to keep them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, abort, jsonify, request

from lms.people.needs import needs
from lms.people.rules import Right
from lms.sealing import heads_file, queries
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("heads", __name__)


@bp.get("/verify/heads")
@needs(Right.ANYONE)
def heads() -> ResponseReturnValue:
    """The signed heads of the last 400 days with seals, oldest first; `?before=2026-01-31` for earlier ones."""
    asked = request.args.get("before", "")
    try:
        before = date.fromisoformat(asked) if asked else None
    except ValueError:
        abort(400)
    found = queries.heads(reading(), before)
    answer = jsonify(heads=[heads_file.said(head) for head in reversed(found)])
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
