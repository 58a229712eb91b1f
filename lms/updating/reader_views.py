"""What changed since a certificate, for those who hold it: what is new, one question, done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.content import queries as content
from lms.learning.presentation import in_language, question_types, reviewed, view_question
from lms.people.needs import needs
from lms.people.rules import Right
from lms.plugins import UnclearAnswer
from lms.updating import actions, queries
from lms.updating.desk import bp
from lms.web.ids import client_id
from lms.web.language import _, language, today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse
    from lms.learning.presentation import QuestionView
    from lms.updating.models import CourseUpdate


@bp.get("/updates")
@needs(Right.LEARN)
def home() -> ResponseReturnValue:
    """What somebody has not read yet, and what was read."""
    db, me = reading(), current_user.actor
    waiting = [queries.card(db, each, language()) for each in queries.waiting(db, me, today())]
    read = [queries.card(db, each, language()) for each in queries.read_by(db, me)]
    return render_template("updating/home.html", waiting=waiting, read=read)


@bp.get("/updates/<int:update_id>")
@needs(Right.LEARN)
def update(update_id: int) -> ResponseReturnValue:
    """What changed, why, and one question; `answer` in the address shows what was answered, and whether it is right."""
    row = _own(update_id)
    given = queries.answer(reading(), request.args.get("answer", ""), update_id, current_user.actor)
    item = _question(row, response=given.response) if given is not None else _question(row)
    return _page(row, item)


def _own(update_id: int) -> CourseUpdate:
    row = queries.for_reader(reading(), update_id, current_user.actor, today())
    if row is None:
        abort(404)
    return row


def _page(row: CourseUpdate, item: QuestionView | None) -> str:
    db, me = reading(), current_user.actor
    page = queries.page(db, row, me, language())
    left = [each for each in queries.waiting(db, me, today()) if each.id != row.id]
    return render_template("updating/update.html", page=page, item=item, left=left)


def _question(row: CourseUpdate, *, response: Any = None, invalid: str = "") -> QuestionView | None:
    """The question of an update; with a response also what it is worth."""
    if not row.question_key:
        return None
    course, key = _course(row), row.question_key
    review = reviewed(course, key, language(), response) if response is not None else None
    return view_question(
        course, key, language(), seed=row.id, name="q", response=response, review=review, invalid=invalid
    )


def _course(row: CourseUpdate) -> CompiledCourse:
    return content.version(reading(), row.new_version_id)


@bp.post("/updates/<int:update_id>")
@needs(Right.LEARN)
def answer(update_id: int) -> ResponseReturnValue:
    """Keep an answer, and show at once whether it is right, and why; where nothing is asked, note that it was read."""
    row, response, is_right = _own(update_id), None, None
    if row.question_key:
        question = in_language(_course(row), row.question_key, language())
        kind, invalid = question_types()[question.type], ""
        try:
            response = kind.read(question, request.form.to_dict(flat=False))
        except UnclearAnswer as unclear:
            invalid = _(str(unclear))
        if response is None:
            words = invalid or _("Nothing is chosen yet. Answer first, then press Check.")
            return _page(row, _question(row, invalid=words)), 422
        is_right = kind.grade(question, response).is_right
    key = client_id("answer_id")
    actions.keep_answer(writing(), row, current_user.actor, answer_id=key, response=response, is_right=is_right)
    if not row.question_key:
        flash(_("Noted: you are up to date with this lesson."))
        return redirect(url_for("updating.home"), 303)
    return redirect(url_for("updating.update", update_id=row.id, answer=key, _anchor="question"), 303)


@bp.app_template_global()
def updates_due() -> int:
    """How many updates wait for whoever reads a page."""
    if not current_user.is_authenticated:
        return 0
    return len(queries.waiting(reading(), current_user.actor, today()))
