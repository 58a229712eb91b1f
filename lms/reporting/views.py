"""Pages of the reports: choose one, read it, print it, take it along as a file; and what the public may see."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from lms import jobs
from lms.clock import now
from lms.people.needs import needs
from lms.people.rules import Right
from lms.reporting import actions, public_queries, queries
from lms.reporting.files import BASES, STATES, csv_pieces, head, heading
from lms.reporting.making import path_of
from lms.reporting.months import of_year, read_months
from lms.reporting.offers import offered
from lms.web import failing
from lms.web.ids import client_id, new_id
from lms.web.language import language, speaking
from lms.web.transaction import database, reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from lms.people.models import Unit
    from lms.reporting.months import Months
    from lms.reporting.offers import Offer
    from lms.reporting.rules import Report

bp = Blueprint("reporting", __name__, url_prefix="/reports")
public = Blueprint("figures", __name__)
SHOWN = 200  # rows on the screen; every copy has them all
MOST_AT_ONCE = 5000  # people counted from dated facts while somebody waits
TYPES = {"csv": "text/csv", "json": "application/json"}


@bp.get("")
@needs(Right.OVERSEE)
def home() -> ResponseReturnValue:
    """All reports, and the files that were asked for."""
    return render_template(
        "reporting/home.html",
        reports=_offered(),
        units=queries.units_to_choose(reading(), current_user.actor, Right.OVERSEE),
        titles=queries.titles(reading(), language()),
        files=queries.files_of(reading(), current_user.actor),
        known={name: each.report for name, each in offered().items()},
        today=now().date(),
        months=of_year(now().date()),
    )


def _offered() -> list[Report]:
    reports = [each.report for each in offered().values()]
    return [each for each in reports if not each.has_names or Right.SEE_PEOPLE in current_user.rights]


@bp.get("/show")
@needs(Right.OVERSEE)
def choose() -> ResponseReturnValue:
    """From the form to the report's own address."""
    known = _offer(request.args.get("report", "units")).report
    asked = _asked(known)
    return redirect(url_for("reporting.report", report_id=known.id, **asked.arguments), 303)


@bp.get("/<report_id>")
@needs(Right.OVERSEE)
def report(report_id: str) -> ResponseReturnValue:
    """A report on the screen, ready for the printer; past days of large units are made by the worker."""
    offer = _offer(report_id)
    known, asked = offer.report, _asked(offer.report)
    is_large = _is_large(asked)
    rows = [] if is_large else list(islice(offer.rows(reading(), asked), SHOWN + 1))
    return render_template(
        "reporting/report.html",
        report=known,
        asked=asked,
        above=heading(reading(), offer, asked),
        head=head(known),
        rows=rows[:SHOWN],
        has_more=len(rows) > SHOWN,
        is_large=is_large,
        states=STATES,
        bases=BASES,
        arguments=asked.arguments,
        file_id=new_id(),
    )


@bp.get("/<report_id>.csv")
@needs(Right.OVERSEE)
def report_csv(report_id: str) -> ResponseReturnValue:
    """The whole report as CSV, sent while it is read."""
    offer = _offer(report_id)
    known = offer.report
    asked, tag, source = _asked(known), language(), database()
    if _is_large(asked):
        abort(404)
    above = heading(reading(), offer, asked)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - outlives the request

    def pieces() -> Iterator[bytes]:
        # a session of its own: this runs after the request's has been closed
        with app.app_context(), speaking(tag), source.reading() as db:
            yield from csv_pieces(known, above, offer.rows(db, asked))

    answer = Response(pieces(), mimetype="text/csv", direct_passthrough=True)
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(known, asked)}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/<report_id>/file")
@needs(Right.OVERSEE)
def make_file(report_id: str) -> ResponseReturnValue:
    """Have the worker make a file."""
    known = _offer(report_id).report
    asked, form = _asked(known), request.form.get("format", "xlsx")
    if form not in ("xlsx", "csv", "json"):
        abort(404)
    file_id = client_id("file_id")
    actions.ask_for_file(writing(), file_id, known.id, asked, form=form, language=language(), by=current_user.actor)
    return redirect(url_for("reporting.file", file_id=file_id), 303)


@bp.get("/files/<file_id>")
@needs(Right.OVERSEE)
def file(file_id: str) -> ResponseReturnValue:
    """How far a file is; the page looks again by itself until it is there."""
    found = queries.file_of(reading(), file_id, current_user.actor)
    if found is None:
        abort(404)
    is_under_way = found.state in ("waiting", "running")
    key = actions.job_key(found.id)
    return render_template(
        "reporting/file.html",
        file=found,
        is_under_way=is_under_way,
        trouble=jobs.troubles(reading(), [key]).get(key) if is_under_way else None,
        why=failing.why,
        report=offered()[found.report].report,
        is_there=found.state == "done" and path_of(current_app, found).exists(),
    )


@bp.post("/files/<file_id>/again")
@needs(Right.OVERSEE)
def again(file_id: str) -> ResponseReturnValue:
    """Have a file made that the worker failed to make."""
    found = queries.file_of(reading(), file_id, current_user.actor)
    if found is None:
        abort(404)
    jobs.try_again(writing(), actions.job_key(found.id))
    return redirect(url_for("reporting.file", file_id=file_id), 303)


@bp.get("/files/<file_id>/download")
@needs(Right.OVERSEE)
def download(file_id: str) -> ResponseReturnValue:
    """A finished file, if whoever asked for it still may see what is in it."""
    found = queries.file_of(reading(), file_id, current_user.actor)
    if found is None or found.report not in offered() or found.unit_id is None:
        abort(404)
    known = offered()[found.report].report
    if queries.unit_by_id(reading(), found.unit_id, current_user.actor, _right(known)) is None:
        abort(404)
    path = path_of(current_app, found)
    if found.state != "done" or not path.exists():
        abort(404)
    answer = send_file(path.resolve(), as_attachment=True, download_name=f"{known.id}-{found.as_of}.{found.format}")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@public.get("/figures")
@needs(Right.ANYONE)
def shown() -> ResponseReturnValue:
    """What everybody may know: rounded figures, if the operator publishes them."""
    if not current_app.config["LMS"].public_figures:
        abort(404)
    titles = queries.titles(reading(), language())
    course = request.args.get("course") or next(iter(titles), "")
    if course not in titles:
        abort(404)
    page = public_queries.public_page(reading(), course)
    return render_template("reporting/public.html", page=page, titles=titles, course=course)


def _offer(report_id: str) -> Offer:
    known = offered().get(report_id)
    if known is None:
        abort(404)
    if known.report.has_names and Right.SEE_PEOPLE not in current_user.rights:
        abort(403)
    return known


def _is_large(asked: queries.Asked) -> bool:
    """Whether it takes so long to count that the worker makes a file instead."""
    return asked.is_past and queries.size(reading(), asked.unit) > MOST_AT_ONCE


def _right(known: Report) -> Right:
    return Right.SEE_PEOPLE if known.has_names else Right.OVERSEE


def _asked(known: Report) -> queries.Asked:
    """What the address (or the form) asks for; a page that is not there if it is none of hers."""
    given, today = request.values, now().date()
    titles = queries.titles(reading(), language())
    course = given.get("course") or next(iter(titles), "")
    try:
        day = date.fromisoformat(given.get("as_of") or today.isoformat())
    except ValueError:
        day = today
    if course not in titles:
        abort(404)
    day = min(day, today) if known.has_past else today
    return queries.Asked(_unit(known), course, day, today, titles, _months(day) if known.has_months else None)


def _months(day: date) -> Months:
    """The months that the address names; the year of the day if it names none."""
    return read_months(request.values.get("since", ""), request.values.get("until", "")) or of_year(day)


def _unit(known: Report) -> Unit:
    code = request.values.get("unit", "")
    if code:
        unit = queries.unit_in_scope(reading(), code, current_user.actor, _right(known))
    else:
        unit = next(iter(queries.units_to_choose(reading(), current_user.actor, _right(known))), None)
    if unit is None:
        abort(404)
    return unit


def _file_name(known: Report, asked: queries.Asked) -> str:
    return f"{known.id}-{asked.day.isoformat()}"
