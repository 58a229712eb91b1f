"""Who need not take a course: giving an exemption with its reason, and ending it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, url_for
from flask_login import current_user

from lms.coordination.desk import bp, courses_on_offer, titles_of
from lms.coordination.person_forms import ExemptionForm
from lms.coordination.person_views import must_be_mine, person_page
from lms.learning import exemptions
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import _
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/people/<int:person_id>/exempt")
@needs(Right.COORDINATE)
def exempt(person_id: int) -> ResponseReturnValue:
    """Free somebody from a course; whoever sends this approves it. Sending it twice frees once."""
    courses = courses_on_offer()
    form = ExemptionForm().offer(list(titles_of(courses).items()))
    must_be_mine(reading(), person_id)
    if not form.validate():
        return person_page(person_id, courses, freeing=form), 422
    db = writing()
    must_be_mine(db, person_id)
    try:
        exemptions.exempt(db, person_id, form.course.data, reason=form.reason.data or "", by=current_user.actor)
    except exemptions.AlreadyExempt:
        flash(_("This person is exempt from that course already; the first reason stays."))
    else:
        flash(_("Exempt from now on. The figures follow within a minute."))
    return redirect(url_for("coordination.person", person_id=person_id, _anchor="exemptions"), 303)


@bp.post("/people/<int:person_id>/exemptions/<int:exemption_id>/end")
@needs(Right.COORDINATE)
def end_exemption(person_id: int, exemption_id: int) -> ResponseReturnValue:
    """End an exemption: the course is expected of the person again."""
    db = writing()
    must_be_mine(db, person_id)
    if exemptions.end_exemption(db, person_id, exemption_id, by=current_user.actor):
        flash(_("The exemption has ended. The figures follow within a minute."))
    else:
        abort(404)
    return redirect(url_for("coordination.person", person_id=person_id, _anchor="exemptions"), 303)
