"""The coordinator's page of organisations and their certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from lms.accrediting import queries
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import lazy
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("accrediting", __name__, url_prefix="/accreditation")
STATES = {
    "valid": lazy("Certified"),
    "warned": lazy("Warned"),
    "none": lazy("Not yet certified"),
}


@bp.get("")
@needs(Right.OVERSEE)
def home() -> ResponseReturnValue:
    """Which organisations hold a certificate, which may lose it, and what the others lack."""
    state = request.args.get("state", "")
    if state and state not in STATES:
        abort(404)
    at = place_in_list()
    page = queries.accreditations(reading(), current_user.actor, at, state=state)
    return render_template("accrediting/home.html", page=page, state=state, states=STATES)
