"""The coordinator's pages of help asked for: the queue, one request, who answers, and how long it takes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.consulting import (
    actions,
    consultant_actions,
    consultant_queries,
    naming_queries,
    queries,
    queue_queries,
    rules,
    words,
)
from lms.consulting.desk import bp
from lms.consulting.forms import skills_in
from lms.consulting.queue_queries import Which
from lms.helping import catalogue
from lms.helping.rules import Outcome
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import NAMES, _, language, today
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from lms.consulting.models import Consultation

DAYS = 90


def _late() -> datetime:
    return now() - timedelta(hours=current_app.config["LMS"].consultant_hours)


@bp.get("/coordination/help/requests")
@needs(Right.COORDINATE)
def queue() -> ResponseReturnValue:
    """What waits in her units."""
    asked = request.args.get("which", "")
    which = Which(asked) if asked in set(Which) else Which.OPEN
    page = queue_queries.queue(reading(), current_user.actor, which, _late(), place_in_list(), today(), language())
    hours = current_app.config["LMS"].consultant_hours
    return render_template("consulting/queue.html", page=page, words=words, Which=Which, hours=hours)


@bp.get("/coordination/help/times")
@needs(Right.COORDINATE)
def times() -> ResponseReturnValue:
    """How long requests took, by unit."""
    db, units = reading(), naming_queries.units(reading(), current_user.actor, Right.COORDINATE)
    chosen = request.args.get("unit", type=int) or (units[0].id if units else 0)
    unit = naming_queries.unit(db, current_user.actor, Right.COORDINATE, chosen)
    if unit is None:
        abort(404)
    rows = queue_queries.times(db, unit, now() - timedelta(days=DAYS))
    return render_template("consulting/times.html", unit=unit, rows=rows, words=words, days=DAYS)


@bp.get("/coordination/help/requests/<int:number>")
@needs(Right.COORDINATE)
def oversee(number: int) -> ResponseReturnValue:
    """One request of her units."""
    return _page(_in_scope(number))


@bp.post("/coordination/help/requests/<int:number>/assign")
@needs(Right.COORDINATE)
def assign(number: int) -> ResponseReturnValue:
    """Give a request to a consultant."""
    _in_scope(number)
    db, person = writing(), request.form.get("person", type=int) or 0
    row = queries.in_scope(db, current_user.actor, number)
    if row is None:
        abort(404)
    try:
        actions.assign(db, row, person, by=current_user.actor, today=today())
    except actions.NotYours:
        flash(_("This person does not answer for this place. Choose somebody from the list."), "refused")
    except actions.Over:
        flash(_("It was ended or taken back meanwhile."), "refused")
    else:
        flash(_("Assigned. The consultant is written to."))
    return redirect(url_for("consulting.oversee", number=number), 303)


@bp.post("/coordination/help/requests/<int:number>/end")
@needs(Right.COORDINATE)
def end_for(number: int) -> ResponseReturnValue:
    """End a request that nobody can answer, or that is none."""
    outcome = request.form.get("outcome", "")
    db = writing()
    row = queries.in_scope(db, current_user.actor, number)
    if row is None or outcome not in set(Outcome):
        abort(404)
    try:
        actions.end(db, row, Outcome(outcome), request.form.get("note", ""), by=current_user.actor)
    except actions.BadRequest as bad:
        give_up()
        return _page(_in_scope(number), words.refusals(bad.problems)["note"]), 422
    except actions.Over:
        flash(_("It was ended or taken back meanwhile."), "refused")
    return redirect(url_for("consulting.oversee", number=number), 303)


@bp.post("/coordination/help/requests/<int:number>/settle")
@needs(Right.COORDINATE)
def settle(number: int) -> ResponseReturnValue:
    """Settle what an asker says was not solved: open it anew, or note that it was seen."""
    db = writing()
    row = queries.in_scope(db, current_user.actor, number)
    if row is None or not queue_queries.is_unhappy(db, row):
        abort(404)
    try:
        if request.form.get("how") == "anew":
            actions.reopen(db, row, by=current_user.actor, today=today())
        else:
            actions.settle(db, row, by=current_user.actor)
    except actions.Over:
        flash(_("It cannot be opened anew: how to reach the asker is deleted."), "refused")
    return redirect(url_for("consulting.oversee", number=number), 303)


def _in_scope(number: int) -> Consultation:
    row = queries.in_scope(reading(), current_user.actor, number)
    if row is None:
        abort(404)
    return row


def _page(row: Consultation, problem: str = "") -> str:
    db = reading()
    return render_template(
        "consulting/oversee.html",
        page=queries.request_page(db, row, 0, today(), language()),
        is_unhappy=queue_queries.is_unhappy(db, row),
        can_reopen=queue_queries.can_reopen(db, row),
        choices=queue_queries.choices(db, row, today()) if row.state in rules.LIVE else (),
        words=words,
        rules=rules,
        problem=problem,
        typed=request.form,
    )


@bp.get("/coordination/help/consultants")
@needs(Right.COORDINATE)
def consultants() -> ResponseReturnValue:
    """Who answers in her units, and naming somebody."""
    return _consultants()


@bp.post("/coordination/help/consultants")
@needs(Right.COORDINATE)
def name() -> ResponseReturnValue:
    """Name a consultant, or change what one answers for."""
    db = writing()
    person, unit = (request.form.get(field, type=int) or 0 for field in ("person", "unit"))
    found = naming_queries.unit(db, current_user.actor, Right.COORDINATE, unit)
    root = int(found.path.split("/")[1]) if found else None
    skills = skills_in(request.form, catalogue.catalogue(db, root, today()))
    try:
        consultant_actions.name(db, person, unit, skills, by=current_user.actor, today=today())
    except consultant_actions.MayNotName:
        give_up()
        problem = _("Only somebody of your units with a valid certificate can be named, for a unit of yours.")
        return _consultants(problem), 422
    flash(_("Named. Requests from there will be suggested from now on."))
    return redirect(url_for("consulting.consultants"), 303)


@bp.post("/coordination/help/consultants/<int:number>/end")
@needs(Right.COORDINATE)
def end_consultant(number: int) -> ResponseReturnValue:
    """Let somebody answer no more."""
    db = writing()
    row = consultant_queries.own_consultant(db, current_user.actor, number)
    if row is None:
        abort(404)
    consultant_actions.end(db, row, by=current_user.actor, today=today())
    flash(_("Ended. What this person has taken stays with them until it is ended or given back."))
    return redirect(url_for("consulting.consultants"), 303)


def _consultants(problem: str = "") -> str:
    db, actor = reading(), current_user.actor
    sought = request.args.get("q", "").strip()[:200]
    units = naming_queries.units(db, actor, Right.COORDINATE)
    root = int(units[0].path.split("/")[1]) if units else None
    lists = catalogue.catalogue(db, root, today())
    return render_template(
        "consulting/consultants.html",
        page=consultant_queries.in_scope(db, actor, today(), place_in_list()),
        sought=sought,
        people=consultant_queries.nameable(db, actor, sought, today()),
        units=units,
        services={each.code: each.name(language()) for each in lists.services},
        problem=problem,
        words=words,
        rules=rules,
        tongues=NAMES,
    )
