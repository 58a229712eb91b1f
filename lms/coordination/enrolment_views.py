"""Courses for everybody in a unit, also for who comes later, with a deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.coordination import enrolment_queries as queries
from lms.coordination.desk import bp, courses_on_offer, titles_of
from lms.coordination.enrolment_forms import RuleForm
from lms.coordination.queries import unit_by_code
from lms.learning import assignment_actions as actions
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _, listing
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from wtforms import Field

    from lms.people.models import Unit


@bp.get("/enrolment")
@needs(Right.COORDINATE)
def enrolments() -> ResponseReturnValue:
    """Which courses are given to whom, and a form that gives more."""
    form = _form(formdata=None)
    form.unit.data = request.args.get("unit", "")[:60]
    return _page(form)


@bp.post("/enrolment")
@needs(Right.COORDINATE)
def give_courses() -> ResponseReturnValue:
    """Give courses to a unit."""
    form = _form()
    if not form.validate() or unit_or_complaint(form.unit) is None:
        return _page(form), 422
    unit = unit_by_code(writing(), current_user.actor, form.unit.data or "")
    if unit is None:
        abort(404)
    actions.give_courses(writing(), unit.id, form.courses.data or [], form.due.data, by=current_user.actor)
    flash(_("Given to everybody in %(unit)s and below, also to who comes later.", unit=unit.name))
    return redirect(url_for("coordination.enrolments"), 303)


@bp.post("/enrolment/<int:rule_id>/end")
@needs(Right.COORDINATE)
def end_rule(rule_id: int) -> ResponseReturnValue:
    """End a rule."""
    rule = queries.rule_in_scope(writing(), current_user.actor, rule_id)
    if rule is None:
        abort(404)
    actions.end_rule(writing(), rule, by=current_user.actor)
    flash(_("Ended. Whoever has begun goes on, and nothing that was done is lost."))
    return redirect(url_for("coordination.enrolments"), 303)


def unit_or_complaint(field: Field) -> Unit | None:
    """The unit whose code was typed; none, and then the field says what to do."""
    unit = unit_by_code(reading(), current_user.actor, field.data or "")
    if unit is not None and unit.closed_on is None:
        return unit
    near = queries.near_units(reading(), current_user.actor, field.data or "")
    said = _("None of your open units has this code. What you typed is kept.")
    if near:
        named = listing([f"{each.code} ({each.name})" for each in near])
        said = f"{said} {_('Did you mean %(units)s?', units=named)}"
    field.errors = [said]
    return None


def _form(**values: object) -> RuleForm:
    return RuleForm(titles_of(courses_on_offer()), now().date(), **values)


def _page(form: RuleForm) -> str:
    return render_template(
        "coordination/enrolment.html",
        page=queries.rules(reading(), current_user.actor, place_in_list()),
        form=form,
        titles=titles_of(courses_on_offer()),
        today=now().date(),
    )
