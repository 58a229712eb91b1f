"""The queue, and one answer after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.grading import actions, queries
from lms.grading.desk import asked_in, bp, waited
from lms.grading.rules import LONGEST_COMMENT, LONGEST_REASON, BadPoints, count_words, read_points
from lms.people.needs import needs
from lms.people.rules import Right
from lms.quiz.grading import GradedMeanwhile, NewGrade
from lms.quiz.rubrics import worth
from lms.web.asking import place_in_list
from lms.web.ids import client_id
from lms.web.language import _, language
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.grading.queries import AnswerPage


@bp.get("")
@needs(Right.AUTHOR)
def home() -> ResponseReturnValue:
    """What waits, oldest first."""
    at = place_in_list()
    page = queries.queue_page(reading(), asked_in(), at, current_user.actor, now(), language())
    return render_template("grading/home.html", page=page, waited=waited)


@bp.get("/graded")
@needs(Right.AUTHOR)
def graded() -> ResponseReturnValue:
    """What people have graded, newest first, to be looked at or corrected."""
    at = place_in_list()
    rows, earlier, later = queries.graded_rows(reading(), at, language())
    return render_template("grading/graded.html", rows=rows, earlier=earlier, later=later)


@bp.post("/next")
@needs(Right.AUTHOR)
def next_one() -> ResponseReturnValue:
    """Take the next answer that nobody else grades."""
    return _to_next(request.form.get("after", 0, type=int))


def _to_next(after: int) -> ResponseReturnValue:
    asked = asked_in()
    found = queries.next_waiting(writing(), asked, after, current_user.actor, now())
    if found is None:
        flash(_("That was the last one here. What you left for later, and what others grade just now, still waits."))
        return redirect(url_for("grading.home", course=asked.course or None, question=asked.question or None), 303)
    actions.take(writing(), found, by=current_user.actor)
    return redirect(_address(found), 303)


def _address(grade_id: int) -> str:
    """The page of an answer; what the queue was narrowed to travels along."""
    asked = asked_in()
    return url_for("grading.answer", grade_id=grade_id, course=asked.course or None, question=asked.question or None)


@bp.post("/<int:grade_id>/take")
@needs(Right.AUTHOR)
def take(grade_id: int) -> ResponseReturnValue:
    """Take this very answer."""
    _the_answer(grade_id)
    actions.take(writing(), grade_id, by=current_user.actor)
    return redirect(_address(grade_id), 303)


@bp.post("/<int:grade_id>/later")
@needs(Right.AUTHOR)
def later(grade_id: int) -> ResponseReturnValue:
    """Leave this one and take the next."""
    actions.put_back(writing(), grade_id, by=current_user.actor)
    return _to_next(grade_id)


def _the_answer(grade_id: int) -> AnswerPage:
    page = queries.answer_page(reading(), grade_id, current_user.actor, now(), language())
    if page is None:
        abort(404)
    return page


@bp.get("/<int:grade_id>")
@needs(Right.AUTHOR)
def answer(grade_id: int) -> ResponseReturnValue:
    """One answer, the question, the rubric."""
    page = _the_answer(grade_id)
    if page.grade_id != grade_id:
        return redirect(_address(page.grade_id), 303)
    return _show(page)


def _show(page: AnswerPage, **more: Any) -> str:
    text = page.response if isinstance(page.response, str) else ""
    kept = page.past[0].comment if page.is_graded and page.past else ""
    typed = {f"points-{which}": f"{points:g}" for which, points in enumerate(page.chosen)}
    values: dict[str, Any] = {
        "typed": {"comment": kept, "reason": "", **typed},
        "wrong": frozenset(),
        "problem": "",
        "name": "",
        "theirs": None,
        "asks_sure": False,
        "client_id": client_id("client_id"),
        **more,
    }
    return render_template(
        "grading/answer.html", page=page, text=text, words=count_words(text), asked=asked_in(), waited=waited, **values
    )


def _typed() -> dict[str, str]:
    return {name: value for name, value in request.form.items() if name.startswith("points-")} | {
        "comment": request.form.get("comment", "").replace("\r\n", "\n").strip()[:LONGEST_COMMENT],
        "reason": " ".join(request.form.get("reason", "").split())[:LONGEST_REASON],
    }


@bp.post("/<int:grade_id>")
@needs(Right.AUTHOR)
def grade(grade_id: int) -> ResponseReturnValue:
    """Keep a grade and go to the next answer."""
    page, typed = _the_answer(grade_id), _typed()
    try:
        points = read_points(page.criteria, typed)
    except BadPoints as bad:
        return _show(page, typed=typed, wrong=bad.which, problem=_("Some points are missing.")), 422
    if page.is_graded and page.grade_id == grade_id and not typed["reason"]:
        words = _("Say why you correct this grade. It is kept with your name.")
        return _show(page, typed=typed, wrong=frozenset({"reason"}), problem=words), 422
    new = NewGrade(
        score=worth(page.criteria, points),
        by=current_user.actor,
        client_id=client_id("client_id"),
        criteria=points,
        comment=typed["comment"],
        reason=typed["reason"],
    )
    try:
        actions.grade(writing(), grade_id, new, is_sure="sure" in request.form)
    except GradedMeanwhile:
        give_up()
        return _show(_the_answer(grade_id), typed=typed, theirs=_the_answer(grade_id).past[0]), 409
    except actions.WouldLosePass:
        give_up()
        return _show(_the_answer(grade_id), typed=typed, asks_sure=True), 409
    flash(_("Kept. The trainee will be told.") if not page.is_graded else _("Corrected. The earlier grade is kept."))
    return redirect(url_for("grading.graded"), 303) if page.is_graded else _to_next(grade_id)


@bp.post("/<int:grade_id>/keep")
@needs(Right.AUTHOR)
def keep(grade_id: int) -> ResponseReturnValue:
    """Somebody else was first, and her grade stays."""
    page = _the_answer(grade_id)
    try:
        points = read_points(page.criteria, _typed())
        actions.keep_first(writing(), grade_id, by=current_user.actor, score=worth(page.criteria, points))
    except BadPoints:
        abort(422)
    flash(_("The first grade stays. Yours is in the record."))
    return _to_next(grade_id)


@bp.post("/<int:grade_id>/name")
@needs(Right.AUTHOR)
def show_name(grade_id: int) -> ResponseReturnValue:
    """Whose answer it is, once somebody needs to know; the record says who asked. What was typed stays."""
    page = _the_answer(grade_id)
    actions.note_named(writing(), grade_id, by=current_user.actor)
    return _show(page, typed=_typed(), name=queries.name_of(reading(), page.actor) or _("a visitor without an account"))
