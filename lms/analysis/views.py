"""What answers tell, on the trainer's desk: exams, questions, how people fare in courses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for

from lms.analysis import actions, files, queries
from lms.analysis.course_pages import MOST_WRONG
from lms.analysis.course_sums import AWAY
from lms.analysis.queries import SORTS, Chosen
from lms.analysis.rules import FEWEST, SHOWN_FROM, Flag
from lms.analysis.spreads import THIRDS
from lms.analysis.words import LABELS, NOT_SAID, choice_in_words, said
from lms.authoring.desk import folders
from lms.learning.presentation import question_types
from lms.people.needs import needs
from lms.people.rules import Right
from lms.spreadsheets import as_csv
from lms.web.language import _, language, number
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.analysis.course_pages import CoursePage
    from lms.analysis.files import Table
    from lms.analysis.queries import QuizPage
    from lms.analysis.reliability import Reliability

bp = Blueprint("analysis", __name__, url_prefix="/authoring/analysis")
OF_QUIZ = {"exam": files.exam_table, "questions": files.question_table, "choices": files.choice_table}
OF_COURSE = {"lessons": files.lesson_table, "practice": files.practice_table}


@bp.app_template_global()
def not_said(found: Reliability) -> str:
    """Why nothing is said about reliability."""
    return str(NOT_SAID[found.reason]) % {"least": number(FEWEST)} if found.reason else ""


def _is_on_disk(pack: str) -> bool:
    return any(folder.name == pack for folder in folders())


@bp.get("")
@needs(Right.AUTHOR)
def home() -> ResponseReturnValue:
    """Every course with exams: how many took them, how they ended, how far one can trust it."""
    return render_template("analysis/home.html", courses=queries.home_page(reading(), question_types(), language()))


def _course_page(course_id: str) -> CoursePage:
    page = queries.course_page(reading(), course_id, question_types(), language())
    if page is None:
        abort(404)
    return page


@bp.get("/<course_id>")
@needs(Right.AUTHOR)
def course(course_id: str) -> ResponseReturnValue:
    """How people fare in a course: where they stop, what takes long, what goes wrong."""
    page = _course_page(course_id)
    return render_template(
        "analysis/course.html",
        page=page,
        is_on_disk=_is_on_disk(page.pack),
        FEWEST=FEWEST,
        SHOWN_FROM=SHOWN_FROM,
        MOST_WRONG=MOST_WRONG,
        AWAY=AWAY.days,
    )


@bp.post("/<course_id>")
@needs(Right.AUTHOR)
def count_again(course_id: str) -> ResponseReturnValue:
    """Have everything about a course counted anew."""
    _course_page(course_id)
    actions.ask_for_count(writing(), course_id)
    flash(_("Everything about this course is being counted again. Look again in a minute."))
    return redirect(url_for("analysis.course", course_id=course_id), 303)


def _chosen() -> Chosen:
    """What the address asks for; what makes no sense is a page that is not there."""
    given = request.args
    sort, flag = given.get("sort", "place"), given.get("flag", "")
    version = given.get("version", 0, type=int)
    if sort not in SORTS or flag not in {"", "any", *Flag} or not 0 <= version < 2**31:
        abort(404)
    return Chosen(version, given.get("language", "")[:20], flag, sort, given.get("order") == "falling")


def _quiz_page(course_id: str, quiz_id: str) -> QuizPage:
    page = queries.quiz_page(reading(), course_id, quiz_id, question_types(), language(), _chosen())
    if page is None:
        abort(404)
    return page


def _shown(page: QuizPage) -> dict[str, Any]:
    """What both pages of a quiz need."""
    chosen, first = page.chosen, page.versions[0].id
    kept = {
        "version": chosen.version if chosen.version != first else None,
        "language": chosen.language or None,
    }
    title, spoken = queries.title_of(page.course, language())
    return {
        "page": page,
        "kept": kept,
        "said": said,
        "course_title": title,
        "course_language": spoken,
        "is_on_disk": _is_on_disk(page.pack),
        "FEWEST": FEWEST,
        "SHOWN_FROM": SHOWN_FROM,
    }


@bp.get("/<course_id>/<path:quiz_id>")
@needs(Right.AUTHOR)
def quiz(course_id: str, quiz_id: str) -> ResponseReturnValue:
    """A quiz: how far one can trust it, and every question in figures and words."""
    page = _quiz_page(course_id, quiz_id)
    return render_template("analysis/quiz.html", LABELS=LABELS, SORTS=SORTS, **_shown(page))


@bp.get("/<course_id>/questions/<path:key>")
@needs(Right.AUTHOR)
def question(course_id: str, key: str) -> ResponseReturnValue:
    """One question: who chose what, in each language."""
    quiz_id, _sign, name = key.rpartition("#")
    page = _quiz_page(course_id, quiz_id)
    row = page.question(name)
    if row is None:
        abort(404)
    return render_template(
        "analysis/question.html", row=row, choice_in_words=choice_in_words, THIRDS=THIRDS, **_shown(page)
    )


@bp.get("/<course_id>/files/<of_course>")
@needs(Right.AUTHOR)
def course_file(course_id: str, of_course: str) -> ResponseReturnValue:
    """The tables of a course page for a spreadsheet."""
    if of_course not in OF_COURSE:
        abort(404)
    return _csv(OF_COURSE[of_course](_course_page(course_id)), f"{course_id}-{of_course}")


@bp.get("/<course_id>/files/<of_quiz>/<path:quiz_id>")
@needs(Right.AUTHOR)
def quiz_file(course_id: str, of_quiz: str, quiz_id: str) -> ResponseReturnValue:
    """The tables of a quiz for a spreadsheet, filtered as the page is."""
    if of_quiz not in OF_QUIZ:
        abort(404)
    return _csv(OF_QUIZ[of_quiz](_quiz_page(course_id, quiz_id)), f"{course_id}-{of_quiz}")


def _csv(table: Table, name: str) -> Response:
    head, rows = table
    answer = Response(as_csv(head, rows), mimetype="text/csv", direct_passthrough=True)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return answer
