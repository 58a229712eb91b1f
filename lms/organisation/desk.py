"""What the pages of the organisation share: the blueprint, the unit of the address, what a refusal says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, url_for
from flask_login import current_user

from lms.organisation import actions, queries
from lms.people import moving, units
from lms.web.language import _, ngettext, number
from lms.web.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from lms.people.models import Unit

bp = Blueprint("organisation", __name__, url_prefix="/organisation")


def here(db: Session, unit_id: int) -> Unit:
    """The unit of the address; a page that is not there if it is none of hers."""
    unit = queries.unit_in_scope(db, current_user.actor, unit_id)
    if unit is None:
        abort(404)
    return unit


def back(unit_id: int) -> ResponseReturnValue:
    """On to the page of the unit."""
    return redirect(url_for("organisation.unit", unit_id=unit_id), 303)


def refusal(error: Exception) -> str:
    """What happened, what is kept, what to do, for each reason why a change to a unit is refused."""
    if isinstance(error, units.SameName):
        name, code = error.args
        if queries.by_code(reading(), current_user.actor, code) is None:  # beside the highest unit that she sees
            return _(
                "A unit right beside it, which is not among yours, is called so. Nothing was changed: choose a name by "
                "which people can tell the two apart, or ask whoever answers for the unit above."
            )
        return _(
            "%(unit)s (%(code)s) right beside it has this name already, or had it. Nothing was changed: use that unit, "
            "or choose a name by which people can tell the two apart.",
            unit=name,
            code=code,
        )
    if isinstance(error, units.NotEmpty):
        people = ngettext("%(num)s person", "%(num)s people", error.people, num=number(error.people))
        below = ngettext("%(num)s open unit", "%(num)s open units", error.units, num=number(error.units))
        return _(
            "%(people)s and %(units)s are still inside. Nothing was changed: move them first, or merge this unit into "
            "another.",
            people=people,
            units=below,
        )
    return next(words() for kind, words in REASONS.items() if isinstance(error, kind))


REASONS: dict[type[Exception], Callable[[], str]] = {
    actions.NotAllowed: lambda: _(
        "This is for whoever answers for the unit above. Nothing was changed: ask there, or ask the operator."
    ),
    units.CodeTaken: lambda: _("Another unit has this code. What you typed is kept; choose another code."),
    units.ListIsFixed: lambda: _(
        "The list of units below that one is marked as complete. Nothing was changed: if it is not complete after all, "
        "take the mark away first."
    ),
    units.UnitClosed: lambda: _("That unit is closed. Nothing was changed: choose an open one."),
    units.TooDeep: lambda: _("The tree would have too many levels. Nothing was changed: choose a place higher up."),
    moving.InsideItself: lambda: _(
        "A unit cannot lie inside itself. Nothing was changed: choose a unit outside of it."
    ),
}
