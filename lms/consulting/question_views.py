"""A helper's hard questions: ask experts and read what was answered; and answer what is asked of oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.consulting import actions, expert_queries, queries, question_actions, question_queries, rules, words
from lms.consulting.desk import bp
from lms.helping import catalogue, mandate_queries
from lms.people.actions import TooOften, count_try
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.ids import client_id
from lms.web.language import _, language, today
from lms.web.transaction import database, give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from lms.consulting.models import Consultation, HardQuestion

MOST_A_DAY = 30  # questions of one person


@bp.get("/hard-questions")
@needs(Right.LEARN)
def questions() -> ResponseReturnValue:
    """What somebody asked the experts, and a form. `request` in the address is the request that it came from."""
    return _page({})


@bp.post("/hard-questions")
@needs(Right.LEARN)
def ask() -> ResponseReturnValue:
    """Ask an expert."""
    _slow_down()
    db, me = writing(), current_user.actor
    of_request = _own_request(db)
    known = {code for code, _title in question_queries.courses(db, language())}
    course = request.form.get("course", "")
    posts = mandate_queries.posts_of(db, me, today())
    new = question_actions.NewQuestion(
        request.form.get("words", ""),
        of_request.service if of_request else request.form.get("service", "")[:40],
        of_request.unit_id if of_request else next((each.id for each in posts), None),
        course if course in known else None,
        of_request.id if of_request else None,
        is_sure=bool(request.form.get("sure")),
    )
    try:
        row = question_actions.ask(db, me, new, client_id=client_id("client_id"), today=today())
    except actions.BadRequest as bad:
        give_up()
        return _page(bad.problems), 422
    flash(_sent_to([name for _id, name in expert_queries.asked_of(db, {row.id}).get(row.id, ())]))
    return redirect(url_for("consulting.questions"), 303)


def _slow_down() -> None:
    """Each question is a letter to several people, and anybody can make an account."""
    try:
        count_try(database(), "hard question", str(current_user.actor), limit=MOST_A_DAY, seconds=86400)
    except TooOften:
        abort(429)


def _sent_to(names: list[str]) -> str:
    if names:
        return _("Sent to %(names)s. You will be written to when it is answered.", names=", ".join(names))
    return _("Sent to the trainers: no expert is named for this near you. You will be written to when it is answered.")


def _own_request(db: Session) -> Consultation | None:
    """The request that a question came from, if this person has taken it."""
    number = request.values.get("request", type=int)
    row = queries.by_id(db, number) if number else None
    return row if row is not None and row.taken_by == current_user.actor else None


def _page(problems: Mapping[str, str]) -> str:
    db, me = reading(), current_user.actor
    posts = mandate_queries.posts_of(db, me, today())
    return render_template(
        "consulting/questions.html",
        page=question_queries.own(db, me, place_in_list(), today(), language()),
        to_answer=expert_queries.load(db, me),
        courses=question_queries.courses(db, language()),
        lists=catalogue.catalogue(db, posts[0].root if posts else None, today()),
        of_request=_own_request(db),
        problem=words.refusals(problems).get("words", ""),
        is_doubtful=problems.get("words") == "doubtful",
        typed=request.form,
        rules=rules,
        tongue=language(),
    )


@bp.get("/hard-questions/to-me")
@needs(Right.LEARN)
def to_me() -> ResponseReturnValue:
    """What is put to somebody who is named expert: waiting, or answered."""
    is_open = request.args.get("which") != "answered"
    page = question_queries.put_to(reading(), current_user.actor, place_in_list(), today(), language(), is_open=is_open)
    return render_template("consulting/to_me.html", page=page, is_open=is_open)


@bp.get("/hard-questions/to-me/<int:number>")
@needs(Right.LEARN)
def one_to_me(number: int) -> ResponseReturnValue:
    """One question that was put to this expert."""
    return _one(_put_to_me(reading(), number))


@bp.post("/hard-questions/to-me/<int:number>")
@needs(Right.LEARN)
def answer_one(number: int) -> ResponseReturnValue:
    """Answer a question that was put to this expert."""
    db = writing()
    row = _put_to_me(db, number)
    if not expert_queries.is_expert(db, current_user.actor, today()):
        abort(404)  # what was answered stays to be read, and is changed by who is expert now
    try:
        text, over = request.form.get("answer", ""), request.form.get("over", "")
        question_actions.answer(db, row, text, by=current_user.actor, over=over)
    except actions.BadRequest as bad:
        give_up()
        return _one(_put_to_me(reading(), number), words.refusals(bad.problems)["answer"]), 422
    flash(_("Answered. The helper is written to."))
    return redirect(url_for("consulting.to_me"), 303)


def _put_to_me(db: Session, number: int) -> HardQuestion:
    row = expert_queries.put_to(db, current_user.actor, number)
    if row is None:
        abort(404)
    return row


def _one(row: HardQuestion, problem: str = "") -> str:
    db, me = reading(), current_user.actor
    return render_template(
        "consulting/one_to_me.html",
        page=question_queries.question_page(db, row, today(), language()),
        may_answer=expert_queries.is_expert(db, me, today()),
        problem=problem,
        typed=request.form,
        rules=rules,
    )
