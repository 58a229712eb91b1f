"""Pages of the operator's desk: health, jobs, units, security log, outbox. People have a file of their own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms import jobs as queue
from lms.clock import now
from lms.discovery import enabled_plugins
from lms.figures.queries import counted_at
from lms.operation import actions, outbox, queries
from lms.operation.forms import MemberForm, UnitForm
from lms.operation.health import examine, settings_in_force, versions
from lms.operation.people_views import bp, said
from lms.people import units as tree
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.config import Settings

__all__ = ["bp", "letters"]
letters = Blueprint("outbox", __name__, url_prefix="/outbox")
STATES = ("dead", "waiting")


def _settings() -> Settings:
    settings: Settings = current_app.config["LMS"]
    return settings


@bp.get("")
@needs(Right.OPERATE)
def home() -> ResponseReturnValue:
    """Is everything in order, and with which settings."""
    settings, db = _settings(), reading()
    disk = shutil.disk_usage(settings.home)
    return render_template(
        "operation/home.html",
        findings=list(examine(settings, db, thorough=False)),
        counts=queries.counts(db),
        counted_at=counted_at(db),
        store=queries.store(db),
        disk=disk,
        publications=queries.publications(db),
        plugins=enabled_plugins(settings.plugins),
        settings=settings_in_force(settings),
        versions=versions(),
    )


@bp.get("/jobs")
@needs(Right.OPERATE)
def jobs() -> ResponseReturnValue:
    """Work that failed for good, or that waits."""
    state = request.args.get("state", STATES[0])
    if state not in STATES:
        abort(404)
    return render_template(
        "operation/jobs.html", page=queries.jobs(reading(), state, place_in_list()), state=state, moment=now()
    )


@bp.post("/jobs/<int:job_id>/again")
@needs(Right.OPERATE)
def run_again(job_id: int) -> ResponseReturnValue:
    """Try a failed job again."""
    db = writing()
    if queries.job(db, job_id) is None:
        abort(404)
    queue.revive(db, job_id)
    flash(_("Run again: the worker takes this job next."))
    return redirect(url_for("operation.jobs"), 303)


@bp.get("/log")
@needs(Right.OPERATE)
def log() -> ResponseReturnValue:
    """What happened to accounts and rights."""
    return render_template("operation/log.html", page=queries.log(reading(), place_in_list()), said=said)


@bp.get("/units")
@needs(Right.OPERATE)
def units() -> ResponseReturnValue:
    """The organisation tree."""
    member = MemberForm(formdata=None, since=now().date())
    return _units_page(UnitForm(formdata=None), member)


@bp.post("/units")
@needs(Right.OPERATE)
def add_unit() -> ResponseReturnValue:
    """Add a unit to the tree."""
    form = UnitForm()
    if form.validate():
        new = actions.NewUnit(*(item.data or "" for item in (form.kind, form.code, form.name, form.parent)))
        try:
            unit = actions.add_unit(writing(), new, by=current_user.actor)
        except actions.NoSuchUnit:
            form.parent.errors = [_no_unit()]
        except tree.CodeTaken:
            form.code.errors = [_("Another unit has this code. What you typed is kept; choose another code.")]
        except tree.SameName as error:
            form.name.errors = [_other_unit(*error.args)]
        except (tree.ListIsFixed, tree.UnitClosed, tree.TooDeep):
            form.parent.errors = [
                _("This unit takes none below it: it is closed, or its list is marked as complete. Choose another one.")
            ]
        else:
            flash(_("Added: %(unit)s.", unit=unit.name))
            return redirect(url_for("operation.units"), 303)
    return _units_page(form, MemberForm(formdata=None, since=now().date())), 422


@bp.post("/units/members")
@needs(Right.OPERATE)
def add_member() -> ResponseReturnValue:
    """Make somebody a member of a unit."""
    form = MemberForm()
    if form.validate() and form.since.data:
        code, login = form.unit.data or "", form.login.data or ""
        try:
            person = actions.add_member(writing(), code, login, since=form.since.data, by=current_user.actor)
        except actions.NoSuchUnit:
            form.unit.errors = [_no_unit()]
        except tree.UnitClosed:
            form.unit.errors = [_("This unit is closed. What you typed is kept; choose an open one.")]
        except actions.NoSuchPerson:
            form.login.errors = [
                _("No account has this e-mail or user name. What you typed is kept; look it up in People.")
            ]
        else:
            flash(_("Added: %(name)s is a member of %(code)s.", name=person.name, code=code))
            return redirect(url_for("operation.units"), 303)
    return _units_page(UnitForm(formdata=None), form), 422


def _other_unit(name: str, code: str) -> str:
    return _("Beside it, %(unit)s (%(code)s) has this name. What you typed is kept.", unit=name, code=code)


def _no_unit() -> str:
    return _("No unit has this code. What you typed is kept; the table shows the codes.")


def _units_page(form: UnitForm, member: MemberForm) -> str:
    page = queries.units(reading(), place_in_list(), now().date())
    return render_template("operation/units.html", page=page, form=form, member=member)


@letters.get("")
@needs(Right.OPERATE)
def listed() -> ResponseReturnValue:
    """Letters that no mail server took, newest first."""
    page = outbox.letters(_settings(), request.args.get("page", 1, type=int))
    server = urlsplit(_settings().smtp_url).hostname
    return render_template("operation/outbox.html", page=page, server=server)


@letters.get("/<name>")
@needs(Right.OPERATE)
def letter(name: str) -> ResponseReturnValue:
    """One letter, with links that can be followed."""
    found = outbox.letter(_settings(), name)
    if found is None:
        abort(404)
    return render_template("operation/letter.html", letter=found)
