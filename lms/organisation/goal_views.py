"""Moving a unit and merging it into another: choose where to, see what goes with it, do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, flash, render_template, request
from flask_login import current_user

from lms.organisation import actions, queries
from lms.organisation.desk import back, bp, here, refusal
from lms.organisation.forms import ROLES
from lms.people import moving, units
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import _
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

REFUSED = (
    actions.NotAllowed,
    moving.InsideItself,
    units.ListIsFixed,
    units.SameName,
    units.TooDeep,
    units.UnitClosed,
)


@bp.get("/<int:unit_id>/move")
@needs(Right.ORGANISE)
def move_page(unit_id: int) -> ResponseReturnValue:
    """Choose below which unit this one shall stand, and see what goes with it."""
    return _page(unit_id, "move")


@bp.post("/<int:unit_id>/move")
@needs(Right.ORGANISE)
def move(unit_id: int) -> ResponseReturnValue:
    """Move a unit."""
    return _go(unit_id, "move")


@bp.get("/<int:unit_id>/merge")
@needs(Right.ORGANISE)
def merge_page(unit_id: int) -> ResponseReturnValue:
    """Choose into which unit this one shall merge, and see what goes with it."""
    return _page(unit_id, "merge")


@bp.post("/<int:unit_id>/merge")
@needs(Right.ORGANISE)
def merge(unit_id: int) -> ResponseReturnValue:
    """Merge a unit into another."""
    return _go(unit_id, "merge")


def _go(unit_id: int, what: str) -> ResponseReturnValue:
    db, by = writing(), current_user.actor
    unit, code = here(db, unit_id), request.form.get("to", "")[:60]
    goal = queries.by_code(db, by, code)
    if goal is None:
        give_up()
        return _page(unit_id, what, _("No open unit of yours has this code. Nothing was changed: search for it.")), 422
    try:
        if what == "move":
            actions.move(db, by, unit, goal)
        else:
            actions.merge(db, by, unit, goal, current_app.extensions["lms_followers"])
    except REFUSED as error:
        give_up()
        return _page(unit_id, what, refusal(error)), 422
    if what == "move":
        flash(_("Moved: from today on, %(unit)s stands below %(goal)s.", unit=unit.name, goal=goal.name))
        return back(unit_id)
    flash(_("Merged: from today on, %(unit)s is part of %(goal)s.", unit=unit.name, goal=goal.name))
    return back(goal.id)


def _page(unit_id: int, what: str, problem: str = "") -> str:
    db = reading()
    words = request.values.get("to", "").strip()[:200]
    page = queries.goal_page(db, current_user.actor, here(db, unit_id), words)
    return render_template("organisation/goal.html", page=page, what=what, problem=problem, roles=ROLES)
