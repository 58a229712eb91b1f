"""Who trained whom: one's own cascade, and the trainers of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, render_template, request
from flask_login import current_user

from lms.meetings import cascade_queries, queries
from lms.meetings.desk import bp, courses
from lms.meetings.people_queries import Scope, people_among
from lms.people import queries as people
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import today
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.people.models import Unit


@bp.get("/cascade")
@needs(Right.TEACH)
def cascade() -> ResponseReturnValue:
    """Whom I have trained, and whom they have."""
    offers, db, me = courses().offers, reading(), current_user.actor
    rows, page = cascade_queries.trained_people(db, me, me, offers, today(), place_in_list())
    found = cascade_queries.cascade(db, me, offers, today())
    return render_template("meetings/cascade.html", cascade=found, rows=rows, page=page, name="", person_id=me)


@bp.get("/attended")
@needs(Right.LEARN)
def attended() -> ResponseReturnValue:
    """The sessions that I was at, and who held them."""
    offered = courses()
    rows = cascade_queries.trained_by(reading(), current_user.actor, offered.offers)
    return render_template("meetings/attended.html", rows=rows, titles=offered.titles, name="")


@bp.get("/people/<int:person_id>")
@needs(Right.SEE_PEOPLE)
def trained_by(person_id: int) -> ResponseReturnValue:
    """The sessions that somebody in scope was at: who trained this person."""
    offered, db = courses(), reading()
    scope = Scope(current_user.actor, Right.SEE_PEOPLE, today())
    person = people.person(db, person_id)
    if person is None or person_id not in people_among(db, scope, [person_id]):
        abort(404)
    rows = cascade_queries.trained_by(db, person_id, offered.offers)
    return render_template("meetings/attended.html", rows=rows, titles=offered.titles, name=person.name)


@bp.get("/trainers")
@needs(Right.SEE_PEOPLE)
def trainers() -> ResponseReturnValue:
    """The trainers of a unit, with what counts."""
    offered, db, me, unit = courses(), reading(), current_user.actor, _unit()
    course = request.args.get("course", "")
    if course and course not in offered.titles:
        abort(404)
    page = cascade_queries.trainers(db, me, unit, offered.offers, today(), place_in_list(), course=course)
    below = queries.children(db, me, unit)
    if unit is None and len(below) == 1:
        below = queries.children(db, me, below[0]) or below
    trained = cascade_queries.trained_in(db, [each.id for each in below], offered.offers, today(), course=course)
    return render_template(
        "meetings/trainers.html", page=page, unit=unit, below=below, trained=trained, titles=offered.titles,
        course=course, nothing=cascade_queries.Trained(),
    )  # fmt: skip


@bp.get("/trainers/<int:person_id>")
@needs(Right.SEE_PEOPLE)
def trainer(person_id: int) -> ResponseReturnValue:
    """One trainer's cascade, as far as sessions were held in units of whoever asks."""
    offers, db, me = courses().offers, reading(), current_user.actor
    within = cascade_queries.in_scope(me)
    found = cascade_queries.cascade(db, person_id, offers, today(), within=within)
    person = people.person(db, person_id)
    if person is None or not found.sessions:
        abort(404)
    rows, page = cascade_queries.trained_people(db, me, person_id, offers, today(), place_in_list(), within=within)
    return render_template(
        "meetings/cascade.html", cascade=found, rows=rows, page=page, name=person.name, person_id=person_id
    )


def _unit() -> Unit | None:
    """The unit that the address names; a page that is not there if it is none of the reader's."""
    code = request.args.get("unit", "")
    if not code:
        return None
    unit = queries.unit_named(reading(), current_user.actor, Right.SEE_PEOPLE, code)
    if isinstance(unit, list):
        abort(404)
    return unit
