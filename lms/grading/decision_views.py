"""Passes that grades alone would take away: a person decides about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.grading import actions, decision_queries
from lms.grading.desk import bp
from lms.grading.rules import LONGEST_REASON
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _, language
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/decisions")
@needs(Right.AUTHOR)
def decisions() -> ResponseReturnValue:
    """What waits for a decision, oldest first."""
    return _show()


def _show(problem: str = "", about: int = 0) -> str:
    at = place_in_list()
    page = decision_queries.decisions_page(reading(), at, language())
    return render_template("grading/decisions.html", page=page, problem=problem, about=about)


@bp.post("/decisions/<int:decision_id>")
@needs(Right.AUTHOR)
def decide(decision_id: int) -> ResponseReturnValue:
    """Keep a pass, or take it back where nothing hangs on it; with a reason."""
    what = request.form.get("what", "")
    reason = " ".join(request.form.get("reason", "").split())[:LONGEST_REASON]
    if what not in ("keep", "take-back"):
        abort(422)
    if not reason:
        return _show(_("Say why. It is kept with your name."), decision_id), 422
    try:
        is_new = actions.decide(writing(), decision_id, what, by=current_user.actor, reason=reason)  # type: ignore[arg-type]
    except actions.MayNotTakeBack:
        give_up()
        words = _("The course is complete, so the pass alone cannot be taken back. Keep it, or let it wait here.")
        return _show(words, decision_id), 409
    flash(_("Decided.") if is_new else _("Somebody decided about this before."))
    return redirect(url_for("grading.decisions"), 303)
