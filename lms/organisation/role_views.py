"""Who holds which role in a unit: give one, end one, hand one over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user

from lms.organisation import actions, queries
from lms.organisation.desk import bp, here, refusal
from lms.organisation.forms import ROLES, LoginForm, RoleForm
from lms.organisation.rules import roles_to_give
from lms.people.actions import TooOften, count_try
from lms.people.needs import needs
from lms.people.rules import Right, Role
from lms.people.units import UnitClosed
from lms.web.asking import place_in_list
from lms.web.language import _
from lms.web.transaction import database, give_up, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.organisation.pages import RoleRow
    from lms.people.models import Unit

TRIES_AN_HOUR = 60


@bp.get("/<int:unit_id>/roles")
@needs(Right.ORGANISE)
def roles(unit_id: int) -> ResponseReturnValue:
    """The roles in a unit."""
    unit = here(reading(), unit_id)
    return _roles_page(unit, RoleForm(_to_give(unit), formdata=None))


def _to_give(unit: Unit) -> tuple[Role, ...]:
    return roles_to_give(queries.held(reading(), current_user.actor), unit.path)


@bp.post("/<int:unit_id>/roles")
@needs(Right.ORGANISE)
def give(unit_id: int) -> ResponseReturnValue:
    """Give somebody a role in a unit."""
    form, problem = RoleForm(_to_give(here(reading(), unit_id))), ""
    if form.validate() and _may_try(form):
        db = writing()
        try:
            role, login = Role(form.role.data), form.login.data or ""
            person = actions.give_role(db, current_user.actor, here(db, unit_id), role, login)
        except actions.NoSuchPerson:
            form.login.errors = [_nobody()]
            give_up()
        except (actions.NotAllowed, UnitClosed) as error:
            problem = refusal(error)
            give_up()
        else:
            flash(_("Given: %(name)s holds this role from now on.", name=person.name))
            return _on(unit_id)
    return _roles_page(here(reading(), unit_id), form, problem), 422


def _may_try(form: LoginForm) -> bool:
    """Whether somebody may ask for yet another account: names of accounts cannot be found out by trying."""
    try:
        count_try(database(), "role-login", str(current_user.actor), limit=TRIES_AN_HOUR, seconds=3600)
    except TooOften:
        form.login.errors = [_("You have tried many names in this hour. What you typed is kept; please try later.")]
        return False
    return True


def _nobody() -> str:
    return _(
        "No open account has this user name, or has confirmed this address. What you typed is kept; ask the person to "
        "sign up and to confirm the address first."
    )


@bp.post("/<int:unit_id>/roles/<int:grant_id>/end")
@needs(Right.ORGANISE)
def end(unit_id: int, grant_id: int) -> ResponseReturnValue:
    """End a role."""
    db = writing()
    try:
        actions.end_role(db, current_user.actor, here(db, unit_id), grant_id)
    except LookupError:
        abort(404)
    except actions.NotAllowed as error:
        give_up()
        unit = here(reading(), unit_id)
        return _roles_page(unit, RoleForm(_to_give(unit), formdata=None), refusal(error)), 422
    flash(_("Role ended."))
    return _on(unit_id)


@bp.get("/<int:unit_id>/roles/<int:grant_id>/hand-over")
@needs(Right.ORGANISE)
def hand_over_page(unit_id: int, grant_id: int) -> ResponseReturnValue:
    """To whom a role shall go."""
    unit, role = _role(unit_id, grant_id)
    return _hand_over_page(unit, role, LoginForm(formdata=None))


@bp.post("/<int:unit_id>/roles/<int:grant_id>/hand-over")
@needs(Right.ORGANISE)
def hand_over(unit_id: int, grant_id: int) -> ResponseReturnValue:
    """Let a role go to somebody else."""
    (unit, role), form, problem = _role(unit_id, grant_id), LoginForm(), ""
    if form.validate() and _may_try(form):
        db = writing()
        try:
            person = actions.hand_over(db, current_user.actor, here(db, unit_id), grant_id, form.login.data or "")
        except actions.NoSuchPerson:
            form.login.errors = [_nobody()]
        except actions.SamePerson:
            form.login.errors = [_("This person holds the role already. Nothing was changed: name somebody else.")]
        except actions.NotAllowed as error:
            problem = refusal(error)
        else:
            flash(_("Handed over: %(name)s holds the role from now on. Both get a letter.", name=person.name))
            return _on(unit_id)
        give_up()
    return _hand_over_page(unit, role, form, problem), 422


def _role(unit_id: int, grant_id: int) -> tuple[Unit, RoleRow]:
    db = reading()
    unit = here(db, unit_id)
    role = queries.role(db, current_user.actor, unit, grant_id)
    if role is None:
        abort(404)
    return unit, role


def _on(unit_id: int) -> ResponseReturnValue:
    """On to the roles, or home for whoever has just given away the right to see them."""
    db = writing()
    if queries.unit_in_scope(db, current_user.actor, unit_id) is None:
        return redirect(url_for("learning.home"), 303)
    return redirect(url_for("organisation.roles", unit_id=unit_id), 303)


def _roles_page(unit: Unit, form: RoleForm, problem: str = "") -> str:
    page = queries.roles_page(reading(), current_user.actor, unit, place_in_list())
    return render_template("organisation/roles.html", page=page, form=form, problem=problem, roles=ROLES)


def _hand_over_page(unit: Unit, role: RoleRow, form: LoginForm, problem: str = "") -> str:
    above = queries.above(reading(), current_user.actor, unit)
    return render_template(
        "organisation/hand_over.html", unit=unit, above=above, role=role, form=form, problem=problem, roles=ROLES
    )
