"""Renew a certificate by a fresh exam; review what was learned, two minutes at a time; how much is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.content import queries as content
from lms.credentials import queries as credentials
from lms.learning.course_views import card, lesson_card, published
from lms.learning.presentation import in_language, question_types, reviewed, view_question
from lms.people.needs import needs
from lms.people.rules import Right
from lms.plugins import UnclearAnswer
from lms.quiz.actions import MayNotStart
from lms.renewing import actions, queries, renewal_queries, rest_queries
from lms.renewing.rules import A_SITTING, FEWEST
from lms.web.ids import client_id
from lms.web.language import _, language, today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from lms.credentials.models import Certificate
    from lms.learning.course_views import LessonCard
    from lms.learning.presentation import QuestionView
    from lms.renewing.models import ReviewCard
    from lms.renewing.renewal_queries import RenewalPage

bp = Blueprint("renewing", __name__)


def _own(db: Session, code: str) -> tuple[Certificate, RenewalPage]:
    """A certificate of whoever asks, and its page; of others' nothing is said."""
    row = credentials.row_by_code(db, code)
    page = None
    if row is not None and row.actor_id == current_user.actor:
        page = renewal_queries.renewal_page(db, row, today(), now())
    if row is None or page is None:
        abort(404)
    return row, page


@bp.get("/certificates/<code>/renewal")
@needs(Right.LEARN)
def renewal(code: str) -> ResponseReturnValue:
    """What a renewal asks, and what the last fresh exam came to."""
    _row, page = _own(reading(), code)
    return render_template("renewing/renewal.html", page=page)


@bp.post("/certificates/<code>/renewal")
@needs(Right.LEARN)
def renew(code: str) -> ResponseReturnValue:
    """Begin the fresh exam, or come back to it."""
    db = writing()
    row, page = _own(db, code)
    wanted = request.form.get("course", row.course_id)
    part = next((each for each in page.parts if each.course.course.id == wanted and not each.is_done), None)
    if part is None or not part.may_begin:
        return render_template("renewing/renewal.html", page=page), 409
    current = published(part.course.course.id)
    try:
        attempt = actions.begin_renewal(db, row, current, attempt_id=client_id("attempt_id"), language=language())
    except MayNotStart:
        return render_template("renewing/renewal.html", page=page), 409
    return redirect(url_for("quizzes.question", attempt_id=attempt.id, number=1), 303)


@bp.get("/reviews")
@needs(Right.LEARN)
def review() -> ResponseReturnValue:
    """The next question of a sitting, or what comes back and when."""
    db, me, moment = reading(), current_user.actor, now()
    found, done = queries.reviews(db, me, moment), _done()
    if not found.due or done >= A_SITTING:
        coming = [] if found.due else rest_queries.coming(db, me, moment, question_types())
        return render_template("renewing/rest.html", due=len(found.due), coming=coming, card=card, done=done)
    row, current = found.due[0]
    item = _view(row, current)
    return render_template("renewing/review.html", **_values(row, current, item, done, len(found.due)))


def _done() -> int:
    """How many questions of this sitting are answered."""
    given = request.values.get("done", "")
    return min(int(given), A_SITTING) if given.isdecimal() and len(given) < 3 else 0


def _view(row: ReviewCard, current: content.Current, invalid: str = "") -> QuestionView:
    seed = row.id + int(row.due_at.timestamp())  # mixed anew each time: the place of an answer is not what is learned
    return view_question(current.course, row.question_key, language(), seed=seed, name="q", invalid=invalid)


def _values(row: ReviewCard, current: content.Current, item: QuestionView, done: int, due: int) -> dict[str, object]:
    return {
        "row": row,
        "course": card(current.course),
        "item": item,
        "done": done,
        "amount": min(A_SITTING, done + due),
        "lesson": _lesson_of(current, row.question_key),
    }


def _lesson_of(current: content.Current, key: str) -> LessonCard | None:
    found = (each for each in (*current.course.lessons, *current.course.aside) if key in each.questions)
    lesson = next(found, None)
    return lesson_card(current.course, lesson) if lesson is not None else None


@bp.post("/reviews/<int:card_id>")
@needs(Right.LEARN)
def answer(card_id: int) -> ResponseReturnValue:
    """Keep an answer, and show at once whether it is right, and why."""
    db = writing()
    row = queries.card(db, card_id, current_user.actor)
    current = queries.askable(db, row) if row is not None else None
    if row is None or current is None:
        abort(404)
    question = in_language(current.course, row.question_key, language())
    kind, invalid, response = question_types()[question.type], "", None
    try:
        response = kind.read(question, request.form.to_dict(flat=False))
    except UnclearAnswer as unclear:
        invalid = _(str(unclear))
    if response is None:
        again = _view(row, current, invalid or _("Nothing is chosen yet. Answer first, then press Check."))
        due = len(queries.reviews(db, current_user.actor, now()).due)
        return render_template("renewing/review.html", **_values(row, current, again, _done(), due)), 422
    given = actions.Given(client_id("answer_id"), response, kind.grade(question, response).is_right, current.version)
    actions.keep_answer(db, row, given)
    known = queries.answer(db, given.id, current_user.actor)
    if known is None:  # answered meanwhile in another window
        return redirect(url_for("renewing.review", done=_done()), 303)
    return redirect(url_for("renewing.answered", answer_id=known.id, done=min(_done() + 1, A_SITTING)), 303)


@bp.get("/reviews/answers/<answer_id>")
@needs(Right.LEARN)
def answered(answer_id: str) -> ResponseReturnValue:
    """What was answered, whether it is right, and why."""
    db = reading()
    known = queries.answer(db, answer_id, current_user.actor)
    if known is None:
        abort(404)
    current = content.Current(known.version_id, content.version(db, known.version_id))
    key = known.question_key
    item = view_question(
        current.course, key, language(), seed=0, name="q", response=known.response,
        review=reviewed(current.course, key, language(), known.response),
    )  # fmt: skip
    found, done = queries.reviews(db, current_user.actor, now()), _done()
    return render_template(
        "renewing/answered.html",
        course=card(current.course),
        item=item,
        done=done,
        amount=min(A_SITTING, done + len(found.due)),
        next_at=found.next_at,
        lesson=_lesson_of(current, key),
    )


@bp.get("/authoring/analysis/<course_id>/kept")
@needs(Right.AUTHOR)
def kept(course_id: str) -> ResponseReturnValue:
    """How much of a course is kept, by months since its completion."""
    current = published(course_id)
    rows = queries.retention(reading(), course_id)
    return render_template("renewing/kept.html", course=card(current.course), rows=rows, FEWEST=FEWEST)


@bp.app_template_global()
def reviews_due() -> int:
    """How many questions wait for whoever reads a page."""
    if not current_user.is_authenticated:
        return 0
    return len(queries.reviews(reading(), current_user.actor, now()).due)


@bp.app_template_global()
def may_renew_now(page: credentials.CertificatePage) -> bool:
    """Whether a page of one's own certificate offers its renewal."""
    return page.actor is not None and credentials.may_renew(page, today())
