"""The trainer's desk of hard questions: answer, mark where the answer belongs; and what people ask for by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.consulting import actions, month_queries, question_actions, question_queries, rules, words
from lms.consulting.desk import experts
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _, language, today, zone
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from lms.consulting.models import HardQuestion


@experts.get("/authoring/hard-questions")
@needs(Right.AUTHOR)
def home() -> ResponseReturnValue:
    """What helpers ask: waiting, or answered."""
    at = place_in_list()
    is_open, course = request.args.get("which") != "answered", request.args.get("course", "")[:120]
    page = question_queries.of_trainers(reading(), at, today(), language(), is_open=is_open, course=course)
    courses = question_queries.courses(reading(), language())
    return render_template("consulting/experts.html", page=page, is_open=is_open, course=course, courses=courses)


@experts.get("/authoring/hard-questions/<int:number>")
@needs(Right.AUTHOR)
def look(number: int) -> ResponseReturnValue:
    """One question. `course` in the address is the course in which a place is chosen."""
    return _page(_question(reading(), number))


@experts.post("/authoring/hard-questions/<int:number>/answer")
@needs(Right.AUTHOR)
def answer(number: int) -> ResponseReturnValue:
    """Answer a question."""
    db = writing()
    row = _question(db, number)
    try:
        text, over = request.form.get("answer", ""), request.form.get("over", "")
        question_actions.answer(db, row, text, by=current_user.actor, over=over)
    except actions.BadRequest as bad:
        give_up()
        return _page(_question(reading(), number), words.refusals(bad.problems)["answer"]), 422
    flash(_("Answered. The helper is written to."))
    return redirect(url_for("experts.look", number=number), 303)


@experts.post("/authoring/hard-questions/<int:number>/mark")
@needs(Right.AUTHOR)
def mark(number: int) -> ResponseReturnValue:
    """Mark the place in a course where the answer belongs."""
    db = writing()
    row = _question(db, number)
    course = request.form.get("course", "")
    try:
        question_actions.mark(db, row, course, request.form.get("place", ""), by=current_user.actor)
    except question_actions.NoSuchPlace:
        flash(_("The course has no such place any more. Choose another one."), "refused")
    else:
        flash(_("Marked. Whoever writes there sees it; the text itself is unchanged."))
    known = {code for code, _title in question_queries.courses(db, language())}
    return redirect(url_for("experts.look", number=number, course=course if course in known else None), 303)


@experts.post("/authoring/hard-questions/marks/<int:number>/done")
@needs(Right.AUTHOR)
def settle(number: int) -> ResponseReturnValue:
    """Say that the course has the answer now."""
    db = writing()
    row = question_queries.mark(db, number)
    if row is None:
        abort(404)
    question_actions.settle(row, by=current_user.actor)
    return redirect(url_for("experts.look", number=row.question_id), 303)


@experts.get("/authoring/asked")
@needs(Right.AUTHOR)
def asked() -> ResponseReturnValue:
    """What people asked for in a month, by district."""
    month = _month()
    page = month_queries.asked_in(reading(), month, zone(), language())
    later = rules.month_after(month)
    return render_template(
        "consulting/months.html",
        page=page,
        earlier=rules.month_before(month),
        later=later if later <= today() else None,
        fewest=rules.FEWEST,
    )


def _month() -> date:
    try:
        return rules.month_of(request.args["month"])
    except (KeyError, ValueError):
        return rules.month_before(today())


def _question(db: Session, number: int) -> HardQuestion:
    row = question_queries.question(db, number)
    if row is None:
        abort(404)
    return row


def _page(row: HardQuestion, problem: str = "") -> str:
    db = reading()
    chosen = request.args.get("course") or row.course_id or ""
    return render_template(
        "consulting/expert.html",
        page=question_queries.question_page(db, row, today(), language()),
        courses=question_queries.courses(db, language()),
        places=question_queries.places_in(db, chosen) if chosen else None,
        typed=request.form,
        problem=problem,
        rules=rules,
    )


@experts.app_template_global()
def hard_questions_at(course_id: str, lesson: str, keys: Sequence[str]) -> Sequence[HardQuestion]:
    """What helpers asked whose answer belongs to this lesson or these questions, for whoever writes."""
    if Right.AUTHOR not in current_user.rights:
        return ()
    return question_queries.open_marks(reading(), course_id, lesson, keys)
