"""The periods that a programme reports on: opened, and closed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms import jobs
from lms.people.needs import needs
from lms.people.rules import Right
from lms.reach import actions, closed_queries, home_queries
from lms.reach.desk import bp
from lms.reach.rules import months, overlapping
from lms.web import failing
from lms.web.language import _, today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from lms.helping.models import HelpPeriod
    from lms.people.models import Unit


@bp.get("/periods")
@needs(Right.COORDINATE)
def periods() -> ResponseReturnValue:
    """All periods of the programmes in which somebody has units; who coordinates all of one closes them."""
    return _page()


@bp.post("/periods")
@needs(Right.COORDINATE)
def open_period() -> ResponseReturnValue:
    """Open a period of whole months."""
    root = _root(request.form.get("unit", type=int) or 0)
    given = months(request.form.get("since", ""), request.form.get("until", ""))
    if given is None:
        return _page(_("Write two months as 2026-01 and 2026-03: the first one, and the same or a later one."))
    try:
        actions.open_period(writing(), root, given, today())
    except actions.NotBegun:
        return _page(_("This period is still to come. Open it when its first month has begun."))
    return redirect(url_for("reach.periods"), 303)


@bp.post("/periods/<int:period_id>/close")
@needs(Right.COORDINATE)
def close_period(period_id: int) -> ResponseReturnValue:
    """Close a period for good."""
    period = _period(period_id)
    try:
        actions.close_period(writing(), period, current_user.actor, today())
    except actions.StillRunning:
        return _page(_("This period still runs. Close it after its last day; until then help is still given in it."))
    return redirect(url_for("reach.periods"), 303)


@bp.post("/periods/<int:period_id>/remove")
@needs(Right.COORDINATE)
def remove_period(period_id: int) -> ResponseReturnValue:
    """Take away an open period, which may have been mistyped."""
    period = _period(period_id)
    try:
        actions.remove_period(writing(), period)
    except actions.Closed:
        return _page(_("This period is closed, and stays with its figures for good."))
    flash(_("The period is removed. No help that was noted hangs on it."))
    return redirect(url_for("reach.periods"), 303)


def _period(period_id: int) -> HelpPeriod:
    """A period of a programme that the reader coordinates as a whole, to be written."""
    period = closed_queries.period(writing(), period_id)
    if period is None:
        abort(404)
    _root(period.unit_id)
    return period


def _root(unit: int) -> int:
    """A tree that the reader coordinates as a whole; else a page that is not there."""
    if unit not in {each.id for each in _roots()}:
        abort(404)
    return unit


def _roots() -> list[Unit]:
    return list(home_queries.roots(reading(), current_user.actor, Right.COORDINATE))


def _page(problem: str = "") -> ResponseReturnValue:
    roots, tops = _roots(), home_queries.tops(reading(), current_user.actor)
    named = {each.id: each for each in (*roots, *tops)}
    rows = closed_queries.periods_of(reading(), list(named))
    keys = {row[0].id: actions.job_key(row[0].id) for row in rows if row[0].closed_at and not row.frozen_at}
    found = jobs.troubles(reading(), list(keys.values()))
    failed = {period: found[key] for period, key in keys.items() if key in found}
    own = {each.id for each in roots}
    about = {"roots": roots, "own": own, "named": named, "rows": rows, "failed": failed, "why": failing.why}
    about["closes_from"] = actions.closes_from
    about["beside"] = _beside([row[0] for row in rows])
    page = render_template("reach/periods.html", **about, problem=problem, today=today(), given=request.form)
    return page, 422 if problem else 200


def _beside(periods: Sequence[HelpPeriod]) -> dict[int, list[HelpPeriod]]:
    """The periods that share months with each one."""
    known = {each.id: each for each in periods}
    found = overlapping({each.id: (each.unit_id, each.first_day, each.last_day) for each in periods})
    return {one: [known[each] for each in others] for one, others in found.items()}
