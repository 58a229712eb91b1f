"""Two people who may be one: a list, both side by side, and a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.people.merging import MayNotMerge
from lms.people.needs import needs
from lms.people.rules import Right
from lms.rosters import duplicates_actions as actions
from lms.rosters import duplicates_queries as queries
from lms.rosters.duplicates_rules import Reason
from lms.web.asking import place_in_list
from lms.web.language import _, lazy
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("duplicates", __name__, url_prefix="/rosters/duplicates")
REASONS: dict[str, str] = {
    Reason.CODE: lazy("the same code"),
    Reason.EMAIL: lazy("the same e-mail"),
    Reason.PHONE: lazy("the same telephone number"),
    Reason.NAME: lazy("nearly the same name"),
    Reason.CLAIM: lazy("one says that the entry is theirs"),
    Reason.JOIN: lazy("one asks to join where the other is on the register"),
}
WHY_NOT: dict[str, str] = {
    "same": lazy("This is one account already."),
    "closed": lazy("One of the two accounts was closed in the meantime."),
    "roles": lazy("The account that would end has a role here. Ask the operator to end the role first."),
}


@bp.get("")
@needs(Right.COORDINATE)
def home() -> ResponseReturnValue:
    """Pairs that wait for a decision."""
    at = place_in_list()
    page = queries.questions(reading(), current_user.actor, now().date(), at)
    return render_template("rosters/duplicates.html", page=page, reasons=REASONS)


@bp.get("/<int:question_id>")
@needs(Right.COORDINATE)
def compare(question_id: int) -> ResponseReturnValue:
    """Both side by side."""
    return _compare_page(question_id, "")


@bp.post("/<int:question_id>")
@needs(Right.COORDINATE)
def decide(question_id: int) -> ResponseReturnValue:
    """The same person, or two people."""
    decision, db, actor = request.form.get("decision", ""), writing(), current_user.actor
    question = queries.question(db, actor, now().date(), question_id)
    if question is None:
        abort(404)
    if decision == "same":
        try:
            name = actions.same(db, current_app.extensions["lms_movers"], question, by=actor)
        except MayNotMerge as refused:
            give_up()
            return _compare_page(question_id, WHY_NOT[refused.reason]), 422
        flash(_("One account now: %(name)s. Everything that both did is kept there.", name=name))
    elif decision == "different":
        actions.different(db, question, by=actor)
        flash(_("Noted: two people. You will not be asked about them again."))
    else:
        abort(400)
    return redirect(url_for("duplicates.home"), 303)


def _compare_page(question_id: int, problem: str) -> str:
    page = queries.compare(reading(), current_user.actor, now().date(), question_id)
    if page is None:
        abort(404)
    return render_template("rosters/duplicate.html", page=page, reasons=REASONS, problem=problem)
