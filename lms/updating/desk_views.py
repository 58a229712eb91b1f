"""Updates for those who answer for them: trainers make them; trainers and coordinators see whom they reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.learning.course_views import lesson_card, published
from lms.learning.presentation import question_types, view_question
from lms.paging import At
from lms.people.needs import needs
from lms.people.rules import Right
from lms.spreadsheets import as_csv
from lms.updating import actions, desk_queries, files, forms, reach_queries, rules
from lms.updating.desk import bp
from lms.updating.models import CourseUpdate
from lms.web.asking import place_in_list
from lms.web.ids import client_id
from lms.web.language import _, language, today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from lms.updating.reach_queries import ReachPage


@bp.get("/authoring/updates")
@needs(Right.AUTHOR)
def desk() -> ResponseReturnValue:
    """All updates and whom they reached, and the courses that could have one."""
    rows = reach_queries.told_rows(reading(), None, today(), language())
    courses = desk_queries.courses(reading(), today(), language())
    return render_template("updating/desk.html", rows=rows, courses=courses)


@bp.get("/coordination/updates")
@needs(Right.OVERSEE)
def units_home() -> ResponseReturnValue:
    """The same for the people of whoever answers for units."""
    scope = reach_queries.scope_of(current_user.actor, everywhere=False)
    rows = reach_queries.told_rows(reading(), scope, today(), language())
    return render_template("updating/units.html", rows=rows)


@bp.get("/authoring/updates/<int:update_id>")
@needs(Right.AUTHOR)
def reach(update_id: int) -> ResponseReturnValue:
    """Whom an update reached, by district."""
    return _reach(update_id, everywhere=True)


@bp.get("/coordination/updates/<int:update_id>")
@needs(Right.OVERSEE)
def units_reach(update_id: int) -> ResponseReturnValue:
    """The same, of the units that somebody answers for."""
    return _reach(update_id, everywhere=False)


@bp.get("/authoring/updates/<int:update_id>.csv")
@needs(Right.AUTHOR)
def reach_csv(update_id: int) -> ResponseReturnValue:
    """The same as a file."""
    return _file(update_id, everywhere=True)


@bp.get("/coordination/updates/<int:update_id>.csv")
@needs(Right.OVERSEE)
def units_reach_csv(update_id: int) -> ResponseReturnValue:
    """The same as a file, of the units that somebody answers for."""
    return _file(update_id, everywhere=False)


def _reach(update_id: int, *, everywhere: bool) -> ResponseReturnValue:
    page = _page(update_id, place_in_list(), everywhere=everywhere)
    return render_template("updating/reach.html", page=page, everywhere=everywhere, FEWEST=rules.FEWEST)


def _page(update_id: int, at: At, *, everywhere: bool) -> ReachPage:
    """One page of the units below the unit that the address names, or of all."""
    db, code = reading(), request.args.get("unit", "")
    scope = reach_queries.scope_of(current_user.actor, everywhere=everywhere)
    update, unit = db.get(CourseUpdate, update_id), reach_queries.unit_asked(db, code, scope) if code else None
    if update is None or (code and unit is None):
        abort(404)
    return reach_queries.reach_page(db, update, unit, scope, today(), language(), at, everywhere=everywhere)


def _file(update_id: int, *, everywhere: bool) -> ResponseReturnValue:
    """All pages in one file: page by page as on the screen, so that it holds back what the screen does."""
    pages = [_page(update_id, At(), everywhere=everywhere)]
    while pages[-1].page.later:
        pages.append(_page(update_id, At(after=pages[-1].page.later), everywhere=everywhere))
    meaning: list[list[str]] = [[each] for each in files.notes(pages[0], now())]
    answer = Response(b"".join(as_csv(files.head(), [*files.rows(pages), [], *meaning])), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="update-{update_id}-{today():%Y-%m-%d}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/authoring/courses/<course_id>/updates")
@needs(Right.AUTHOR)
def new(course_id: str) -> ResponseReturnValue:
    """The lessons that differ from an older version; with `lesson` in the address, what to tell about one of them."""
    if "lesson" in request.args:
        return _form(course_id)
    page = desk_queries.choose_page(reading(), published(course_id), request.args.get("old", 0, type=int), today())
    return render_template("updating/choose.html", page=page, lesson_card=lesson_card)


def _form(
    course_id: str,
    *,
    words: Mapping[str, Mapping[str, str]] | None = None,
    problems: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    current = published(course_id)
    page = desk_queries.form_page(
        reading(), current, request.values.get("old", 0, type=int), request.values.get("lesson", ""), question_types(),
        today(),
    )  # fmt: skip
    if page is None:
        abort(404)
    items = [
        view_question(current.course, key, language(), seed=0, name=f"q{place}")
        for place, key in enumerate(page.questions)
    ]
    return render_template(
        "updating/new.html",
        page=page,
        items=items,
        lesson=lesson_card(current.course, page.lesson),
        words=words or {},
        problems=problems or {},
        longest=rules.LONGEST,
    ), status


@bp.post("/authoring/courses/<course_id>/updates")
@needs(Right.AUTHOR)
def tell(course_id: str) -> ResponseReturnValue:
    """Tell the holders of older certificates about a lesson."""
    current = published(course_id)
    words = forms.words_in(request.form, current.course.pages)
    problems = rules.problems(words, current.course.language)
    if problems:
        return _form(course_id, words=words, problems=problems, status=422)
    old, lesson = request.form.get("old", 0, type=int), request.form.get("lesson", "")
    page = desk_queries.form_page(reading(), current, old, lesson, question_types(), today())
    if page is None:
        abort(404)
    question = request.form.get("question", "")
    told = actions.Told(
        course_id, lesson, page.old.id, current.version,
        question if question in page.questions else next(iter(page.questions), ""),
        forms.spoken(words),
    )  # fmt: skip
    try:
        row = actions.tell(writing(), told, client_id=client_id("client_id"), by=current_user.actor)
    except actions.ToldAlready as already:
        flash(_("Holders are asked to read of this change already. End that first, to say it in other words."))
        return redirect(url_for("updating.reach", update_id=already.update), 303)
    flash(_("Holders find it on “My learning” from now on; a letter says so, within a week at most."))
    return redirect(url_for("updating.reach", update_id=row.id), 303)


@bp.post("/authoring/updates/<int:update_id>/end")
@needs(Right.AUTHOR)
def end(update_id: int) -> ResponseReturnValue:
    """Ask nobody else to read an update."""
    row = writing().get(CourseUpdate, update_id)
    if row is None:
        abort(404)
    actions.end(writing(), row, by=current_user.actor)
    flash(_("Nobody else is asked to read it. Those who have read it stay counted."))
    return redirect(url_for("updating.reach", update_id=row.id), 303)
