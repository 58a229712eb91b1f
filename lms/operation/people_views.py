"""The operator's pages about accounts: find them, give and end roles, sign out, send a link, close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.operation import actions, queries
from lms.operation.forms import ROLES, RoleForm
from lms.people import erasing
from lms.people import queries as people
from lms.people.needs import needs
from lms.people.rules import Right, Role
from lms.web.asking import place_in_list
from lms.web.language import _, lazy
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.people.models import Person

bp = Blueprint("operation", __name__, url_prefix="/operation")
KINDS = {
    "signed-up": lazy("Account made"),
    "signed-in": lazy("Signed in"),
    "signed-out-everywhere": lazy("Signed out everywhere"),
    "signed-out-by-operator": lazy("Signed out everywhere by an operator"),
    "email-proved": lazy("E-mail address proved"),
    "password-changed": lazy("Password changed"),
    "person-changed": lazy("Account corrected"),
    "role-granted": lazy("Role given"),
    "role-ended": lazy("Role ended"),
    "allowance-given": lazy("Attempts or time given"),
    "person-erased": lazy("Account deleted for good"),
    "exempted": lazy("Exempt from a course"),
    "certificate-name": lazy("Correction of a certificate decided"),
    "certificate-appeal": lazy("Appeal about a certificate decided"),
    "certificate-withdrawal": lazy("Certificate withdrawn"),
    "exemption-ended": lazy("Exemption ended"),
    "name-corrected": lazy("Name corrected by a coordinator"),
    "link-sent": lazy("Sign-in link sent by an operator"),
    "account-closed": lazy("Account closed"),
    "unit-added": lazy("Unit added"),
    "member-added": lazy("Added to a unit"),
    "member-left": lazy("Membership of a unit ended"),
    "unit-renamed": lazy("Unit renamed"),
    "unit-named": lazy("Unit given another name"),
    "unit-name-dropped": lazy("Other name of a unit taken away"),
    "unit-changed": lazy("Unit changed"),
    "unit-moved": lazy("Unit moved"),
    "unit-merged": lazy("Unit merged into another"),
    "unit-closed": lazy("Unit closed"),
    "unit-reopened": lazy("Unit opened again"),
    "join-code-made": lazy("Join code made"),
    "join-code-ended": lazy("Join code ended"),
    "asked-to-join": lazy("Asked to join a unit"),
    "join-accepted": lazy("Accepted into a unit"),
    "join-refused": lazy("Not accepted into a unit"),
    "sign-in-code-made": lazy("Slip with a sign-in code made"),
    "sign-in-code-used": lazy("Signed in with a slip"),
    "people-merged": lazy("Two accounts made one"),
    "people-kept-apart": lazy("Two accounts kept apart"),
    "courses-given": lazy("Courses given to a unit"),
    "courses-given-ended": lazy("Courses no longer given to a unit"),
    "group-made": lazy("Group made"),
    "group-ended": lazy("Group ended"),
    "put-into-group": lazy("Put into a group"),
    "taken-out-of-group": lazy("Taken out of a group"),
    "import-begun": lazy("Register sent"),
    "import-done": lazy("Register entered"),
    "import-stopped": lazy("Register stopped"),
    "print-begun": lazy("Printing begun"),
    "print-done": lazy("Printing done"),
    "print-stopped": lazy("Printing stopped"),
    "reminded": lazy("People reminded"),
    "reminder-cancelled": lazy("Reminder stopped"),
    "reminders-allowed": lazy("Wants reminders again"),
    "reminders-refused": lazy("Wants no reminders"),
    "announced": lazy("News announced"),
    "announcement-asked-again": lazy("Asked again to confirm news"),
    "announcement-corrected": lazy("News corrected"),
    "announcement-withdrawn": lazy("News withdrawn"),
    "consultant-named": lazy("Consultant named"),
    "consultant-ended": lazy("Consultant no longer"),
    "expert-named": lazy("Expert for hard questions named"),
    "expert-ended": lazy("Expert for hard questions no longer"),
    "prior-learning-asked": lazy("Recognition of earlier learning asked for"),
    "evidence-opened": lazy("Evidence of earlier learning opened"),
    "material-kept": lazy("Reported material kept"),
    "material-taken-off": lazy("Material taken off"),
    "pass-taken-back": lazy("Pass taken back"),
    "issuer-added": lazy("Issuer of certificates added"),
    "issuer-changed": lazy("Issuer of certificates changed"),
}


def said(kind: str) -> str:
    """What a line of the security log says; a kind that this page does not know says its own name."""
    return str(KINDS.get(kind, kind))


@bp.get("/people")
@needs(Right.OPERATE)
def search() -> ResponseReturnValue:
    """Find an account by name or login."""
    words = request.args.get("q", "").strip()[:200]
    page = queries.search_people(reading(), words, place_in_list())
    return render_template("operation/people.html", page=page, words=words, roles=ROLES)


@bp.get("/people/<int:person_id>")
@needs(Right.OPERATE)
def person(person_id: int) -> ResponseReturnValue:
    """One account."""
    return _page(person_id, RoleForm(formdata=None))


@bp.post("/people/<int:person_id>/roles")
@needs(Right.OPERATE)
def grant_role(person_id: int) -> ResponseReturnValue:
    """Give a role."""
    form = RoleForm()
    if form.validate():
        db = writing()
        _open_account(person_id)
        try:
            actions.grant(db, person_id, Role(form.role.data), form.unit.data or "", by=current_user.actor)
        except actions.NoSuchUnit:
            form.unit.errors = [_("No unit has this code. What you typed is kept; look the code up in Units.")]
        except actions.ScopeNotAllowed:
            form.unit.errors = [_("This role holds everywhere. Leave the unit empty.")]
        else:
            flash(_("Given. It holds from the next page on."))
            return _back(person_id)
    return _page(person_id, form), 422


@bp.post("/people/<int:person_id>/roles/<int:grant_id>/end")
@needs(Right.OPERATE)
def end_role(person_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role away."""
    try:
        actions.end_grant(writing(), person_id, grant_id, by=current_user.actor)
    except actions.WouldLockYouOut:
        problem = _("This is your own operator role. Nothing was changed: another operator can end it.")
        return _page(person_id, RoleForm(formdata=None), problem), 422
    except LookupError:
        abort(404)
    flash(_("Role ended."))
    return _back(person_id)


@bp.post("/people/<int:person_id>/sign-out")
@needs(Right.OPERATE)
def sign_out(person_id: int) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    db = writing()
    actions.sign_out(db, _account(person_id).id, by=current_user.actor)
    flash(_("Signed out everywhere."))
    return _back(person_id)


@bp.post("/people/<int:person_id>/link")
@needs(Right.OPERATE)
def send_link(person_id: int) -> ResponseReturnValue:
    """Send a link that signs in."""
    db = writing()
    try:
        actions.send_link(db, _open_account(person_id), by=current_user.actor)
    except actions.NoAddress:
        problem = _("This account has no e-mail address, so no letter was sent.")
        return _page(person_id, RoleForm(formdata=None), problem), 422
    flash(_("The letter is on its way. Its link is good for 15 minutes."))
    return _back(person_id)


@bp.post("/people/<int:person_id>/close")
@needs(Right.OPERATE)
def close(person_id: int) -> ResponseReturnValue:
    """Close an account."""
    db = writing()
    try:
        actions.close(db, _account(person_id), by=current_user.actor)
    except actions.WouldLockYouOut:
        problem = _("This is your own account. Nothing was changed: another operator can close it.")
        return _page(person_id, RoleForm(formdata=None), problem), 422
    flash(_("Account closed. What was learnt and the certificates stay."))
    return _back(person_id)


@bp.post("/people/<int:person_id>/erasure")
@needs(Right.OPERATE)
def erase(person_id: int) -> ResponseReturnValue:
    """Erase somebody who asked for it by letter."""
    if not request.form.get("sure"):
        problem = _("Nothing was changed: tick that the person asked for it.")
        return _page(person_id, RoleForm(formdata=None), problem), 422
    try:
        erasing.erase(writing(), current_app.extensions["lms_erasers"], person_id, by=current_user.actor)
    except erasing.HasRole:
        problem = _("Nothing was changed: this person has a role. End it first.")
        return _page(person_id, RoleForm(formdata=None), problem), 422
    flash(_("Everything that named this person is deleted."))
    return redirect(url_for("operation.search"), 303)


def _account(person_id: int) -> Person:
    found = people.person(reading(), person_id)
    if found is None:
        abort(404)
    return found


def _open_account(person_id: int) -> Person:
    """An account that is not closed; what is done to a closed one answers that it conflicts."""
    found = _account(person_id)
    if found.closed_at is not None:
        abort(409)
    return found


def _back(person_id: int) -> ResponseReturnValue:
    return redirect(url_for("operation.person", person_id=person_id), 303)


def _page(person_id: int, form: RoleForm, problem: str = "") -> str:
    page = queries.person(reading(), person_id, now())
    if page is None:
        abort(404)
    return render_template(
        "operation/person.html", page=page, form=form, problem=problem, roles=ROLES, Role=Role, said=said
    )
