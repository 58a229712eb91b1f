"""The coordinator's pages of help points: the list, an entry, its poster, what was said on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.credentials.codes import code
from lms.finding import actions, desk_queries, forms, queries, rules, score, words
from lms.finding.rules import State
from lms.finding.views import here_and_now
from lms.helping.rules import Channel
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from lms.finding.models import HelpPoint
    from lms.finding.pages import EditPage
    from lms.people.models import Unit

bp = Blueprint("points", __name__, url_prefix="/coordination/help/points")


@bp.get("")
@needs(Right.COORDINATE)
def home() -> ResponseReturnValue:
    """The help points of one's units."""
    asked, chosen = " ".join(request.args.get("q", "").split())[:100], request.args.get("state", "")
    if chosen and chosen not in desk_queries.CHOSEN:
        abort(404)
    at = place_in_list()
    page = desk_queries.desk(reading(), current_user.actor, asked, chosen, at, here_and_now().date())
    return render_template("finding/desk.html", page=page, words=words)


@bp.get("/<unit_code>")
@needs(Right.COORDINATE)
def edit(unit_code: str) -> ResponseReturnValue:
    """One entry."""
    return _edit(unit_code)


@bp.post("/<unit_code>")
@needs(Right.COORDINATE)
def save(unit_code: str) -> ResponseReturnValue:
    """Write an entry, and show it to the public or keep it back."""
    db = writing()
    unit, day = _unit(db, unit_code), here_and_now().date()
    entry, wrong = forms.read_entry(request.form)
    services = words.Services(db, [int(unit.path.split("/")[1])], day).names
    problems: dict[str, Any] = {**wrong, **rules.problems(entry, services, words.tongues(), Channel)}
    if problems:
        said = {field: words.problem(field, problem) for field, problem in problems.items()}
        return _edit(unit_code, problems=said, status=422)
    state = State.HIDDEN if request.form.get("state") == State.HIDDEN else State.PUBLIC
    point = actions.write(db, unit, entry, state=state, by=current_user.actor, today=day)
    flash(_told(point))
    return redirect(url_for("points.edit", unit_code=unit.code), 303)


@bp.post("/<unit_code>/state")
@needs(Right.COORDINATE)
def change_state(unit_code: str) -> ResponseReturnValue:
    """Show an entry, or take it away, without changing what it says."""
    point, state = _point(writing(), unit_code), request.form.get("state", "")
    if state not in {State.PUBLIC, State.HIDDEN}:
        abort(400)
    actions.change_state(point, State(state), by=current_user.actor)
    flash(_told(point))
    return redirect(url_for("points.edit", unit_code=unit_code), 303)


@bp.get("/<unit_code>/poster")
@needs(Right.COORDINATE)
def poster(unit_code: str) -> ResponseReturnValue:
    """A sheet of A4 for the wall, with the QR code of the question."""
    db = reading()
    unit, point = _unit(db, unit_code), _point(db, unit_code)
    address = _outside(url_for("finding.said", unit_code=unit.code, t=point.token))
    qr, about = code(address), queries.point_page(db, point, unit, here_and_now())
    page = {"unit": unit, "point": point, "about": about, "qr_size": qr.side, "qr_path": qr.lines()}
    return render_template("finding/poster.html", **page, find=_outside(url_for("finding.find")), words=words)


@bp.post("/<unit_code>/code")
@needs(Right.COORDINATE)
def change_code(unit_code: str) -> ResponseReturnValue:
    """Make a new QR code, when the old one was misused."""
    actions.change_code(_point(writing(), unit_code))
    flash(_("The old QR code leads nowhere now. Print the poster again and hang it up."))
    return redirect(url_for("points.poster", unit_code=unit_code), 303)


@bp.post("/<unit_code>/tally")
@needs(Right.COORDINATE)
def tally(unit_code: str) -> ResponseReturnValue:
    """Type in what was said on paper in a month."""
    point = _point(writing(), unit_code)
    month = forms.read_month(request.form.get("month", ""), here_and_now().date())
    counts = score.read_tally(request.form)
    if month is None or counts is None:
        wrong = {"tally": _("Choose a month of the last two years, and write whole numbers up to 5,000.")}
        return _edit(unit_code, problems=wrong, status=422)
    try:
        actions.tally(writing(), point, month, counts, by=current_user.actor, moment=here_and_now())
    except actions.AlreadyCounted:
        wrong = {"tally": _("This month is counted already, and a figure that was shown does not change.")}
        return _edit(unit_code, problems=wrong, status=422)
    flash(_("Noted. It counts from next Monday."))
    return redirect(url_for("points.edit", unit_code=unit_code), 303)


def _edit(unit_code: str, *, problems: Mapping[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    db, moment = reading(), here_and_now()
    page, day = desk_queries.edit_page(db, _unit(db, unit_code), moment), moment.date()
    is_tally = "tally" in (problems or {})
    return render_template(
        "finding/edit.html",
        page=page,
        typed=request.form if problems and not is_tally else None,
        tallied=request.form if is_tally else {},
        problems=problems or {},
        services=words.Services(db, [page.root], day).names,
        words=words,
        written=rules.written,
        month=_month_to_type(page, day),
    ), status


def _month_to_type(page: EditPage, day: date) -> date:
    """The last month that is over, until it was typed in; then this one."""
    this = day.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    return this if any(month == last for month, *_counts in page.months) else last


def _unit(db: Session, unit_code: str) -> Unit:
    unit = desk_queries.unit_by_code(db, current_user.actor, unit_code)
    if unit is None:
        abort(404)
    return unit


def _point(db: Session, unit_code: str) -> HelpPoint:
    point = desk_queries.point_of(db, _unit(db, unit_code))
    if point is None:
        abort(404)
    return point


def _outside(path: str) -> str:
    return f"{current_app.config['LMS'].url.rstrip('/')}{path}"


def _told(point: HelpPoint) -> str:
    if point.state != State.PUBLIC:
        return _("Kept. The public does not see it.")
    if point.stands_until is None:
        return _("Kept. The public sees it as soon as somebody here holds a valid certificate.")
    return _("Kept. The public sees it now.")
