"""Pages of targets: the list of them, a new one, an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.coordination import target_actions as actions
from lms.coordination import target_queries as queries
from lms.coordination.desk import bp, courses_on_offer, desk_with, titles_of
from lms.coordination.kinds import RULES
from lms.coordination.queries import unit_by_code
from lms.coordination.target_forms import TargetForm
from lms.coordination.unit_queries import rights_at
from lms.people.kinds import counted, kind_words
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from lms.people.models import Unit

WORDS = {"kind_words": kind_words, "counted_kind": counted, "rules": RULES}


@bp.get("/targets")
@needs(Right.OVERSEE)
def targets() -> ResponseReturnValue:
    """The targets in scope, or those of one unit."""
    courses = courses_on_offer()
    unit = _unit(reading(), request.args["unit"], Right.OVERSEE) if request.args.get("unit") else None
    return render_template(
        "coordination/targets.html",
        page=queries.listed(reading(), current_user.actor, unit, place_in_list(), now().date()),
        may_set=unit is not None and Right.COORDINATE in rights_at(reading(), current_user.actor, unit),
        chosen={"unit": unit.code if unit else None},
        titles=titles_of(courses),
        offers=desk_with(courses).courses,
        **WORDS,
    )


@bp.get("/targets/new/<unit_code>")
@needs(Right.COORDINATE)
def new_target(unit_code: str) -> ResponseReturnValue:
    """The form of a new target of a unit."""
    unit = _unit(reading(), unit_code)
    return _form_page(unit, _form(unit, formdata=None))


@bp.post("/targets/new/<unit_code>")
@needs(Right.COORDINATE)
def set_target(unit_code: str) -> ResponseReturnValue:
    """Set a target."""
    unit = _unit(reading(), unit_code)
    form = _form(unit)
    if not form.validate():
        return _form_page(unit, form), 422
    db = writing()
    unit = _unit(db, unit_code)
    counts, rule = form.counted
    new = actions.NewTarget(
        unit.id, form.course.data, counts, rule, (form.share.data or 0) / 100, form.due.data or now().date()
    )
    actions.set_target(db, new, by=current_user.actor)
    flash(_("The target is set. From now on this page says how it stands."))
    return redirect(url_for("coordination.unit", unit_code=unit.code, course=form.course.data), 303)


@bp.post("/targets/<int:target_id>/end")
@needs(Right.COORDINATE)
def end_target(target_id: int) -> ResponseReturnValue:
    """End a target."""
    db = writing()
    target = queries.to_end(db, current_user.actor, target_id)
    if target is None:
        abort(404)
    actions.end_target(db, target)
    flash(_("The target is ended. Its people and their certificates stay as they are."))
    return redirect(url_for("coordination.targets"), 303)


def _unit(db: Session, code: str, right: Right = Right.COORDINATE) -> Unit:
    """The unit with this code; a page that is not there if she has no such right in it."""
    unit = unit_by_code(db, current_user.actor, code, right)
    if unit is None:
        abort(404)
    return unit


def _form(unit: Unit, **values: object) -> TargetForm:
    return TargetForm(titles_of(courses_on_offer()), queries.kinds_below(reading(), unit), now().date(), **values)


def _form_page(unit: Unit, form: TargetForm) -> str:
    return render_template("coordination/target.html", page=queries.new_page(reading(), unit), form=form)
