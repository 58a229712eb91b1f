"""Materials for those who keep the list in order: trainers all, coordinators those shared from their units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.people.needs import needs
from lms.people.rules import Right
from lms.sharing import actions, queries
from lms.sharing.desk import bp
from lms.sharing.models import Material
from lms.web.asking import place_in_list
from lms.web.language import _
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/authoring/materials")
@needs(Right.AUTHOR)
def trainers_reports() -> ResponseReturnValue:
    """What was reported of any material."""
    return _reports(everywhere=True)


@bp.get("/coordination/materials")
@needs(Right.COORDINATE)
def units_reports() -> ResponseReturnValue:
    """What was reported of materials from one's units."""
    return _reports(everywhere=False)


def _reports(*, everywhere: bool) -> ResponseReturnValue:
    at = place_in_list()
    scope = queries.in_scope(current_user.actor, everywhere=everywhere)
    rows, page = queries.reports(reading(), scope, at)
    return render_template("sharing/reports.html", rows=rows, page=page, everywhere=everywhere)


@bp.post("/authoring/materials/<int:number>/decide")
@needs(Right.AUTHOR)
def trainers_decide(number: int) -> ResponseReturnValue:
    """Take a material off, or keep it although something was reported."""
    return _decide(number, everywhere=True)


@bp.post("/coordination/materials/<int:number>/decide")
@needs(Right.COORDINATE)
def units_decide(number: int) -> ResponseReturnValue:
    """The same for materials from one's units."""
    return _decide(number, everywhere=False)


def _decide(number: int, *, everywhere: bool) -> ResponseReturnValue:
    db, me = writing(), current_user.actor
    row = db.get(Material, number)
    if row is None or queries.may_keep(db, row, me, {Right.AUTHOR} if everywhere else {Right.COORDINATE}) == "":
        abort(404)
    reason = " ".join(request.form.get("reason", "").split())[:1000]
    if request.form.get("decision") == "keep":
        actions.settle(db, row, by=me)
        flash(_("Kept. What was reported is settled."))
    elif not reason:
        flash(_("Nothing was taken off yet: say why, because whoever shared it reads it."))
    else:
        actions.take_off(db, row, reason, by=me)
        flash(_("Taken off. Whoever shared it is told why."))
    return redirect(url_for("sharing.show", number=row.id), 303)
