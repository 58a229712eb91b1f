"""What somebody who knows a course already sends, adds, opens again and takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.content import queries as content
from lms.learning.course_views import card, published
from lms.people.actions import record
from lms.people.needs import needs
from lms.people.rules import Right
from lms.recognising import actions, queries, rules
from lms.recognising.desk import bp
from lms.recognising.forms import texts_in, too_many
from lms.web.ids import client_id
from lms.web.language import _, language, lazy, today
from lms.web.received import (
    LONGEST_NAME,
    MOST_BYTES,
    BadUpload,
    drop_files,
    is_what_it_says,
    keep_file,
    read_files,
    sent_file,
)
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue
    from werkzeug.datastructures import FileStorage

    from lms.content.compiled import CompiledCourse
    from lms.recognising.models import Recognition

ROOM_FOR_FIELDS = 1024 * 1024
_AGAINST = {
    actions.AlreadyCertified: lazy("You hold a valid certificate of this course already. Nothing was sent."),
    actions.TooMany: lazy("You have asked for this course several times. Talk with your coordinator first."),
    actions.AlreadyClosed: lazy("It was decided meanwhile. Nothing was added."),
}


@bp.get("/courses/<course_id>/prior-learning")
@needs(Right.LEARN)
def ask(course_id: str) -> ResponseReturnValue:
    """What is asked of who knows the course already; where a request stands."""
    return _page(published(course_id))


@bp.post("/courses/<course_id>/prior-learning")
@needs(Right.LEARN)
def send(course_id: str) -> ResponseReturnValue:
    """Send evidence: a new request, or more for the one that is open."""
    request.max_content_length = rules.MOST_AT_ONCE * MOST_BYTES + ROOM_FOR_FIELDS
    current, me = published(course_id), current_user.actor
    row = queries.open_request(reading(), me, course_id)
    if current.course.prior_learning is None and row is None:
        abort(404)
    if queries.sent_as(reading(), me, client_id("request_id")) is not None:
        return redirect(url_for("recognising.ask", course_id=course_id), 303)
    course = current.course if row is None else content.version(reading(), row.version_id)
    texts, known = texts_in(request.form, course), queries.files(reading(), row) if row is not None else []
    sent = request.files.getlist("file")
    try:
        files = _read(sent, len(known))
    except BadUpload as bad:
        return _page(current, typed=texts, problem=str(bad)), 422
    finally:
        for each in sent:
            each.close()
    lacking = rules.lacks(course, texts, len(files) + len(known))
    if lacking:
        return _page(current, typed=texts, lacking=lacking), 422
    words = request.form.get("words", "").strip()[: rules.LONGEST]
    kept = [(keep_file(read), name[-LONGEST_NAME:], len(read)) for name, read in files]
    return _keep(current, row, actions.Sent(client_id("request_id"), texts, kept, words))


def _read(sent: Sequence[FileStorage], known: int) -> Sequence[tuple[str, bytes]]:
    given = [file for file in sent if file.filename]
    problem = too_many(len(given), known)
    if problem:
        raise BadUpload(problem)
    files = read_files(given, rules.KINDS, MOST_BYTES)
    wrong = next((name for name, sent in files if not is_what_it_says(name, sent)), None)
    if wrong is not None:
        raise BadUpload(_("%(name)s is not what its name says. Save it anew, and send it again.", name=wrong))
    return files


def _keep(current: content.Current, row: Recognition | None, sent: actions.Sent) -> ResponseReturnValue:
    db = writing()
    try:
        if row is None:
            actions.ask(db, current_user.actor, current, sent)
        else:
            actions.send_more(db, db.get_one(type(row), row.id), sent)
    except (actions.AlreadyCertified, actions.TooMany, actions.AlreadyClosed) as against:
        drop_files(name for name, _called, _size in sent.files)
        flash(_AGAINST[type(against)])
    else:
        flash(_("Sent. You will be written to when somebody has looked at it."))
    return redirect(url_for("recognising.ask", course_id=current.course.id), 303)


def _page(
    current: content.Current,
    *,
    typed: Mapping[str, str] | None = None,
    lacking: Sequence[str] = (),
    problem: str = "",
) -> str:
    db, me = reading(), current_user.actor
    row = queries.last_request(db, me, current.course.id)
    if current.course.prior_learning is None and row is None:
        abort(404)
    asked = queries.request(db, row, language(), today()) if row is not None else None
    return render_template(
        "recognising/ask.html",
        card=card(current.course),
        offer=current.course.prior_learning,
        asked=asked,
        held=queries.valid_code(db, me, current.course.id, today()),
        fields=_fields(asked.course if asked and asked.state in rules.OPEN else current.course),
        typed=typed if typed is not None else asked.texts if asked and asked.state in rules.OPEN else {},
        lacking=lacking,
        problem=problem,
        State=rules.State,
        OPEN=rules.OPEN,
        KINDS=sorted(rules.KINDS),
        most_files=rules.MOST_AT_ONCE,
        most_bytes=MOST_BYTES,
        longest=rules.LONGEST,
        days=current_app.config["LMS"].evidence_days,
    )


def _fields(course: CompiledCourse) -> list[tuple[str, str]]:
    """Each outcome that is asked for, and its words in the reader's language."""
    page = card(course).page
    return [(name, page.outcomes.get(name, "")) for name in rules.outcomes_asked(course)]


@bp.post("/prior-learning/<int:number>/withdraw")
@needs(Right.LEARN)
def withdraw(number: int) -> ResponseReturnValue:
    """Take one's own request back."""
    db = writing()
    row = queries.own(db, current_user.actor, number)
    if row is None:
        abort(404)
    try:
        actions.withdraw(db, row, client_id=client_id("request_id"))
    except actions.AlreadyClosed:
        flash(_("It was decided meanwhile; that stands."))
    else:
        flash(_("Taken back. You can ask again at any time."))
    return redirect(url_for("recognising.ask", course_id=row.course_id), 303)


@bp.post("/prior-learning/<int:number>/files/<evidence_id>")
@needs(Right.LEARN)
def own_file(number: int, evidence_id: str) -> ResponseReturnValue:
    """A file that somebody sent, for themselves. Each opening is written down, so it is a POST."""
    row = queries.own(reading(), current_user.actor, number)
    file = next((each for each in queries.files(reading(), row) if each.id == evidence_id), None) if row else None
    response = sent_file(file.id, file.name) if file is not None else None
    if response is None:
        abort(404)
    record(writing(), "own-file-opened", current_user.actor, current_user.actor, upload=evidence_id)
    return response


@bp.app_template_global()
def prior_learning_state(course_id: str) -> str:
    """Where the reader's last request for a course stands, as `rules.State`; empty if there is none."""
    row = queries.last_request(reading(), current_user.actor, course_id) if current_user.is_authenticated else None
    return row.state if row is not None else ""
