"""A helper's hard questions: ask an expert, and read what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.consulting import actions, queries, question_actions, question_queries, rules, words
from lms.consulting.desk import bp
from lms.helping import catalogue, mandate_queries
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.ids import client_id
from lms.web.language import _, language, today
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue


@bp.get("/hard-questions")
@needs(Right.LEARN)
def questions() -> ResponseReturnValue:
    """What somebody asked the experts, and a form. `request` in the address is the request that it came from."""
    return _page({})


@bp.post("/hard-questions")
@needs(Right.LEARN)
def ask() -> ResponseReturnValue:
    """Ask an expert."""
    db, me = writing(), current_user.actor
    number = request.form.get("request", type=int)
    row = queries.by_id(db, number) if number else None
    known = {code for code, _title in question_queries.courses(db, language())}
    course = request.form.get("course", "")
    try:
        question_actions.ask(
            db, me, request.form.get("words", ""),
            service=row.service if row else request.form.get("service", "")[:40],
            client_id=client_id("client_id"),
            course=course if course in known else None,
            request=row.id if row is not None and row.taken_by == me else None,
            is_sure=bool(request.form.get("sure")),
        )  # fmt: skip
    except actions.BadRequest as bad:
        give_up()
        return _page(bad.problems), 422
    flash(_("Sent to the experts. You will be written to when one has answered."))
    return redirect(url_for("consulting.questions"), 303)


def _page(problems: Mapping[str, str]) -> str:
    db, me = reading(), current_user.actor
    at = place_in_list()
    number = request.values.get("request", type=int)
    row = queries.by_id(db, number) if number else None
    posts = mandate_queries.posts_of(db, me, today())
    return render_template(
        "consulting/questions.html",
        page=question_queries.own(db, me, at, today(), language()),
        courses=question_queries.courses(db, language()),
        lists=catalogue.catalogue(db, posts[0].root if posts else None, today()),
        of_request=row if row is not None and row.taken_by == me else None,
        problem=words.refusals(problems).get("words", ""),
        is_doubtful=problems.get("words") == "doubtful",
        typed=request.form,
        rules=rules,
        tongue=language(),
    )
