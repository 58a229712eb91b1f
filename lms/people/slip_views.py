"""Sign in with a code from a slip of paper, and then choose a way to sign in of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user

from lms.clock import now
from lms.people import actions, merging, queries, slip_actions
from lms.people.actions import TooOften, count_try
from lms.people.forms import OwnDoorForm, SlipForm
from lms.people.needs import needs
from lms.people.rules import Right
from lms.people.views import BY_LINK, begin_session, has_come_by_link
from lms.web.language import _
from lms.web.transaction import database, give_up, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.people.models import Person

bp = Blueprint("slip_sign_in", __name__)
HOUR = 3600


@bp.get("/sign-in/code")
@needs(Right.ANYONE)
def ask() -> ResponseReturnValue:
    """Ask for the code on a slip."""
    return render_template("people/slip.html", form=SlipForm(formdata=None))


@bp.post("/sign-in/code")
@needs(Right.ANYONE)
def use() -> ResponseReturnValue:
    """Sign in with the code, or join what it stands for with the account that is signed in."""
    form = SlipForm()
    if not form.validate():
        return render_template("people/slip.html", form=form), 422
    _slow_down()
    db, me = writing(), current_user.actor if current_user.is_authenticated else None
    try:
        person = slip_actions.use_code(db, form.code.data or "", secret=current_app.config["LMS"].secret_key)
        if me is not None and form.mine.data == "mine" and me != person.id:
            merging.merge(db, current_app.extensions["lms_movers"], person.id, me, by=me)
            flash(_("Joined: what your coordinator knows of you now belongs to this account."))
            return redirect(url_for("learning.my_learning"), 303)
    except (slip_actions.CodeSpent, merging.MayNotMerge):
        give_up()
        form.code.errors = [
            _("This code does not open anything. Check each letter; a code works once and for 30 days.")
        ]
        return render_template("people/slip.html", form=form), 422
    begin_session(person, is_shared=form.shared.data)
    session[BY_LINK] = now().timestamp()
    return redirect(url_for("slip_sign_in.own_door"), 303)


@bp.get("/account/own-sign-in")
@needs(Right.LEARN)
def own_door() -> ResponseReturnValue:
    """Choose a user name and a password, so that no slip is needed next time."""
    return _own_door_page(OwnDoorForm(formdata=None, needs_name=_needs_name(_me())))


@bp.post("/account/own-sign-in")
@needs(Right.LEARN)
def choose_door() -> ResponseReturnValue:
    """Keep them. Only for whoever has just come by a code or a link: a screen left open is not enough."""
    if not has_come_by_link():
        return redirect(url_for("people.account", _anchor="password"), 303)
    form = OwnDoorForm(needs_name=_needs_name(_me()))
    if not form.validate():
        return _own_door_page(form), 422
    password_hash = actions.hash_password(form.password.data or "")
    db = writing()
    person = _me()
    try:
        if _needs_name(person):
            slip_actions.choose_user_name(db, person, form.user_name.data or "")
    except actions.NameTaken:
        give_up()
        form.user_name.errors = [_("Somebody has this user name. Add a number or your town.")]
        return _own_door_page(form), 422
    actions.set_password(db, person, password_hash, but=current_user.session_id)
    flash(_("Kept. From now on you sign in with your name and password."))
    return redirect(url_for("learning.my_learning"), 303)


def _own_door_page(form: OwnDoorForm) -> str:
    return render_template("people/own_door.html", form=form, me=_me(), may_choose=has_come_by_link())


def _needs_name(person: Person) -> bool:
    """Whether somebody has no name yet to sign in with."""
    return not person.user_name and not person.proved_email


def _me() -> Person:
    person = queries.person(reading(), current_user.actor)
    if person is None:
        abort(403)
    return person


def _slow_down() -> None:
    """Some rooms of people behind one address come through; a machine that guesses does not."""
    try:
        count_try(database(), "slip", request.remote_addr or "", limit=200, seconds=HOUR)
    except TooOften:
        abort(429)
