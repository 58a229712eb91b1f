"""Pages of the organisation: find units, look at one, change it. Moving and roles have files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.organisation import actions, goal_views, queries, role_views
from lms.organisation.desk import back, bp, here, refusal
from lms.organisation.forms import ROLES, NameForm, PlaceForm, UnitForm
from lms.people import units
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.people.models import Unit

__all__ = ["bp", "goal_views", "role_views"]
REFUSED = (
    actions.NotAllowed,
    units.CodeTaken,
    units.SameName,
    units.ListIsFixed,
    units.UnitClosed,
    units.TooDeep,
    units.NotEmpty,
)


@bp.get("")
@needs(Right.ORGANISE)
def home() -> ResponseReturnValue:
    """The highest units, or what was searched."""
    words = request.args.get("q", "").strip()[:200]
    page = queries.home(reading(), current_user.actor, words, place_in_list())
    return render_template("organisation/home.html", page=page)


@bp.get("/<int:unit_id>")
@needs(Right.ORGANISE)
def unit(unit_id: int) -> ResponseReturnValue:
    """One unit and what is below it."""
    return _unit_page(here(reading(), unit_id))


def _unit_page(unit: Unit, problem: str = "") -> str:
    page = queries.unit_page(reading(), current_user.actor, unit, place_in_list())
    return render_template("organisation/unit.html", page=page, roles=ROLES, problem=problem)


@bp.get("/<int:unit_id>/new")
@needs(Right.ORGANISE)
def new(unit_id: int) -> ResponseReturnValue:
    """The form for a unit below this one."""
    return _new_page(here(reading(), unit_id), UnitForm(formdata=None))


@bp.post("/<int:unit_id>/new")
@needs(Right.ORGANISE)
def create(unit_id: int) -> ResponseReturnValue:
    """Add a unit below this one."""
    form, problem = UnitForm(), ""
    if form.validate():
        db = writing()
        kind, code, name = form.kind.data or "", form.code.data or "", form.name.data or ""
        try:
            added = actions.create(db, current_user.actor, here(db, unit_id), kind=kind, code=code, name=name)
        except REFUSED as error:
            problem = refusal(error)
            give_up()
        else:
            flash(_("Added: %(unit)s.", unit=added.name))
            return back(unit_id)
    return _new_page(here(reading(), unit_id), form, problem), 422


def _new_page(unit: Unit, form: UnitForm, problem: str = "") -> str:
    db = reading()
    above, kinds = queries.above(db, current_user.actor, unit), queries.kinds_below(db, unit)
    return render_template("organisation/new.html", unit=unit, above=above, kinds=kinds, form=form, problem=problem)


@bp.get("/<int:unit_id>/edit")
@needs(Right.ORGANISE)
def edit(unit_id: int) -> ResponseReturnValue:
    """What may be changed of a unit."""
    return _edit_page(here(reading(), unit_id))


@bp.post("/<int:unit_id>/rename")
@needs(Right.ORGANISE)
def rename(unit_id: int) -> ResponseReturnValue:
    """Give a unit another name, kind or code."""
    form, problem = UnitForm(), ""
    if form.validate():
        db = writing()
        kind, code, name = form.kind.data or "", form.code.data or "", form.name.data or ""
        try:
            actions.rename(db, current_user.actor, here(db, unit_id), name=name, kind=kind, code=code)
        except REFUSED as error:
            problem = refusal(error)
            give_up()
        else:
            flash(_("Changed. A name that was in use before is kept in the history."))
            return back(unit_id)
    return _edit_page(here(reading(), unit_id), unit_form=form, problem=problem), 422


@bp.post("/<int:unit_id>/place")
@needs(Right.ORGANISE)
def place(unit_id: int) -> ResponseReturnValue:
    """Say where a unit is, and whether the list below it is complete."""
    form = PlaceForm()
    if form.validate():
        db, by = writing(), current_user.actor
        unit = here(db, unit_id)
        units.place(db, unit, form.latitude.data, form.longitude.data, by=by)
        units.change(db, unit, kind=unit.kind, code=unit.code, is_fixed=form.is_fixed.data, by=by)
        flash(_("Changed."))
        return back(unit_id)
    return _edit_page(here(reading(), unit_id), place_form=form), 422


@bp.post("/<int:unit_id>/names")
@needs(Right.ORGANISE)
def add_name(unit_id: int) -> ResponseReturnValue:
    """Give a unit a name in a language, or an alias."""
    form, problem = NameForm(), ""
    if form.validate():
        db, by, name = writing(), current_user.actor, form.name.data or ""
        unit = here(db, unit_id)
        try:
            if form.language.data:
                units.name_in(db, unit, form.language.data, name, by=by)
            else:
                units.add_alias(db, unit, name, by=by)
        except units.SameName as error:
            problem = refusal(error)
            give_up()
        else:
            flash(_("Added: the unit is found by this name too."))
            return redirect(url_for("organisation.edit", unit_id=unit_id), 303)
    return _edit_page(here(reading(), unit_id), name_form=form, problem=problem), 422


@bp.post("/<int:unit_id>/names/<int:name_id>/drop")
@needs(Right.ORGANISE)
def drop_name(unit_id: int, name_id: int) -> ResponseReturnValue:
    """Take a name away."""
    db = writing()
    try:
        units.drop_name(db, here(db, unit_id), name_id, by=current_user.actor)
    except LookupError:
        abort(404)
    flash(_("Taken away."))
    return redirect(url_for("organisation.edit", unit_id=unit_id), 303)


def _edit_page(
    unit: Unit,
    *,
    unit_form: UnitForm | None = None,
    place_form: PlaceForm | None = None,
    name_form: NameForm | None = None,
    problem: str = "",
) -> str:
    place = {"latitude": unit.latitude, "longitude": unit.longitude, "is_fixed": unit.is_fixed}
    return render_template(
        "organisation/edit.html",
        page=queries.edit_page(reading(), current_user.actor, unit),
        unit_form=unit_form or UnitForm(formdata=None, name=unit.name, kind=unit.kind, code=unit.code),
        place_form=place_form or PlaceForm(formdata=None, **place),
        name_form=name_form or NameForm(formdata=None),
        problem=problem,
    )


@bp.post("/<int:unit_id>/close")
@needs(Right.ORGANISE)
def close(unit_id: int) -> ResponseReturnValue:
    """Close a unit in which nobody is any more."""
    db = writing()
    try:
        actions.close(db, current_user.actor, here(db, unit_id))
    except REFUSED as error:
        give_up()
        return _unit_page(here(reading(), unit_id), refusal(error)), 422
    flash(_("Closed. What was counted in it before stays as it was."))
    return back(unit_id)


@bp.post("/<int:unit_id>/reopen")
@needs(Right.ORGANISE)
def reopen(unit_id: int) -> ResponseReturnValue:
    """Open a closed unit again."""
    db = writing()
    try:
        actions.reopen(db, current_user.actor, here(db, unit_id))
    except REFUSED as error:
        give_up()
        return _unit_page(here(reading(), unit_id), refusal(error)), 422
    flash(_("Open again, from today on. Its people are not back by themselves; add them again."))
    return back(unit_id)
