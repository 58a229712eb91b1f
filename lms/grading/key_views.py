"""Changed keys: what they would change, and grading again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms import jobs
from lms.grading import regrade_actions as actions
from lms.grading import regrade_queries as queries
from lms.grading.desk import bp
from lms.grading.rules import AT_WORK, State
from lms.learning.presentation import question_types
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web import failing
from lms.web.ids import client_id
from lms.web.language import _, language
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.grading.regrade_queries import KeyPage


@bp.get("/keys")
@needs(Right.AUTHOR)
def keys() -> ResponseReturnValue:
    """Questions whose key changed since people answered, all questions of a course, and what was graded again."""
    page = queries.keys_page(reading(), request.args.get("course", ""), language())
    return render_template("grading/keys.html", page=page, states=_states(), AT_WORK=AT_WORK)


def _states() -> dict[str, str]:
    return {
        State.LOOKING: _("looking what would change"),
        State.LOOKED: _("waits for your word"),
        State.WRITING: _("grading again"),
        State.DONE: _("done"),
        State.DROPPED: _("left as it was"),
    }


def _the_key(course_id: str, key: str) -> KeyPage:
    page = queries.key_page(reading(), course_id, key, question_types(), language())
    if page is None:
        abort(404)
    return page


@bp.get("/keys/<course_id>/<path:key>")
@needs(Right.AUTHOR)
def one_key(course_id: str, key: str) -> ResponseReturnValue:
    """One question: its key now and before."""
    return render_template("grading/key.html", page=_the_key(course_id, key))


@bp.post("/keys/<course_id>/<path:key>")
@needs(Right.AUTHOR)
def ask(course_id: str, key: str) -> ResponseReturnValue:
    """Have the worker find out what the key on offer would change. Nothing is graded yet."""
    page = _the_key(course_id, key)
    if page.is_by_person:
        abort(409)
    regrading_id = client_id("regrading_id")
    actions.ask(writing(), regrading_id, course_id, key, page.version, by=current_user.actor)
    return redirect(url_for("grading.regrading", regrading_id=regrading_id), 303)


@bp.get("/regradings/<regrading_id>")
@needs(Right.AUTHOR)
def regrading(regrading_id: str) -> ResponseReturnValue:
    """What would change, how far the worker is, what was changed."""
    page = queries.regrading_page(reading(), regrading_id, language())
    if page is None:
        abort(404)
    key, is_at_work = actions.job_key(regrading_id, page.state), page.state in AT_WORK
    trouble = jobs.troubles(reading(), [key]).get(key) if is_at_work else None
    about = {"is_at_work": is_at_work, "trouble": trouble, "why": failing.why}
    return render_template("grading/regrading.html", page=page, State=State, states=_states(), **about)


@bp.post("/regradings/<regrading_id>/again")
@needs(Right.AUTHOR)
def again(regrading_id: str) -> ResponseReturnValue:
    """Go on where the worker failed."""
    page = queries.regrading_page(reading(), regrading_id, language())
    if page is None:
        abort(404)
    jobs.try_again(writing(), actions.job_key(regrading_id, page.state))
    return redirect(url_for("grading.regrading", regrading_id=regrading_id), 303)


@bp.post("/regradings/<regrading_id>/confirm")
@needs(Right.AUTHOR)
def confirm(regrading_id: str) -> ResponseReturnValue:
    """Grade again, for real. Twice is once."""
    _known(regrading_id)
    if actions.confirm(writing(), regrading_id, by=current_user.actor):
        flash(_("The worker grades again now. You can leave this page."))
    return redirect(url_for("grading.regrading", regrading_id=regrading_id), 303)


@bp.post("/regradings/<regrading_id>/drop")
@needs(Right.AUTHOR)
def drop(regrading_id: str) -> ResponseReturnValue:
    """Leave every grade as it is."""
    _known(regrading_id)
    if actions.drop(writing(), regrading_id, by=current_user.actor):
        flash(_("Every grade stays as it is."))
    return redirect(url_for("grading.keys"), 303)


def _known(regrading_id: str) -> None:
    if queries.regrading_page(reading(), regrading_id, language()) is None:
        abort(404)
