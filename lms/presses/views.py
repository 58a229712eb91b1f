"""Pages of print jobs: what would be printed, start it, watch it, stop it, take the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user

from lms.meetings import queries as meetings
from lms.meetings.desk import courses
from lms.people.needs import needs
from lms.people.rules import Right
from lms.presses import actions, queries
from lms.presses.actions import NotNow
from lms.presses.forms import DESIGN_WORDS, CertificatesForm, StatementsForm
from lms.presses.making import folder
from lms.presses.rules import Kind, Order, State, file_name
from lms.spreadsheets import as_csv
from lms.web import failing
from lms.web.asking import place_in_list
from lms.web.ids import client_id
from lms.web.language import _, lazy, listing, today
from lms.web.transaction import database, give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask.typing import ResponseReturnValue

    from lms.people.models import Unit
    from lms.presses.queries import Run
    from lms.printing.statement_rules import StatementPart

    PrintForm: TypeAlias = CertificatesForm | StatementsForm

bp = Blueprint("presses", __name__, url_prefix="/prints")
STATES = {
    State.WAITING: lazy("The papers are being chosen"),
    State.RUNNING: lazy("The files are being made"),
    State.DONE: lazy("Ready to be printed"),
    State.STOPPED: lazy("Stopped"),
    State.REFUSED: lazy("Not printed"),
}
KINDS = {Kind.CERTIFICATES: lazy("Certificates"), Kind.STATEMENTS: lazy("Yearly statements")}


@bp.get("")
@needs(Right.COORDINATE)
def home() -> ResponseReturnValue:
    """What was printed in one's units, the newest first."""
    page = queries.runs(reading(), current_user.actor, place_in_list())
    return render_template("presses/home.html", page=page, titles=courses().titles, **_words())


@bp.get("/new/<any(certificates, statements):what>")
@needs(Right.COORDINATE)
def new(what: str) -> ResponseReturnValue:
    """Choose what to print; once a unit is named, see how many papers that makes before anything is made."""
    form = _form(Kind(what))
    if "unit" not in request.args:
        form.order.data = Order.UNIT.value
        return _new_page(form, Kind(what))
    unit = _unit_of(form) if form.validate() else None
    if unit is None:
        return _new_page(form, Kind(what)), 422
    count = queries.count(reading(), form.wanted(unit.id), _parts(), today())
    return _new_page(form, Kind(what), count, unit)


@bp.post("/new/<any(certificates, statements):what>")
@needs(Right.COORDINATE)
def start(what: str) -> ResponseReturnValue:
    """Have it printed; a form that is sent twice starts one print job."""
    form, me, key = _form(Kind(what)), current_user.actor, client_id("print_id")
    unit = _unit_of(form) if form.validate() else None
    if unit is None:
        return _new_page(form, Kind(what)), 422
    wanted, days = form.wanted(unit.id), current_app.config["LMS"].print_days
    papers = queries.count(reading(), wanted, _parts(), today()).papers
    try:
        made = actions.start(writing(), key, wanted, papers=papers, days=days, by=me, today=today())
    except NotNow:
        abort(404)  # somebody else's form had this id: nothing of theirs is shown
    return redirect(url_for("presses.run", print_id=made), 303)


@bp.get("/<int:print_id>")
@needs(Right.COORDINATE)
def run(print_id: int) -> ResponseReturnValue:
    """How far a print job is, and its files."""
    page = queries.run_page(reading(), _run(print_id))
    days = current_app.config["LMS"].print_days
    return render_template("presses/run.html", page=page, run=page.run, days=days, titles=courses().titles, **_words())


@bp.post("/<int:print_id>/stop")
@needs(Right.COORDINATE)
def stop(print_id: int) -> ResponseReturnValue:
    """Make no further file."""
    _run(print_id)
    try:
        actions.stop(writing(), print_id, by=current_user.actor)
    except NotNow:
        give_up()
    else:
        flash(_("Stopped. The files that are ready stay here."))
    return redirect(url_for("presses.run", print_id=print_id), 303)


@bp.post("/<int:print_id>/on")
@needs(Right.COORDINATE)
def go_on(print_id: int) -> ResponseReturnValue:
    """Make the files that are missing, after a stop or a failure."""
    _run(print_id)
    try:
        actions.go_on(writing(), print_id, by=current_user.actor)
    except NotNow:
        give_up()
    return redirect(url_for("presses.run", print_id=print_id), 303)


@bp.get("/<int:print_id>/<int:number>.pdf")
@needs(Right.COORDINATE)
def file(print_id: int, number: int) -> ResponseReturnValue:
    """A file that is ready."""
    found = _run(print_id)
    name = file_name(found.wanted.kind, number, found.wanted.year)
    path = folder(current_app, print_id) / name
    if not queries.made_file(reading(), print_id, number) or not path.exists():
        abort(404)
    answer = send_file(path.resolve(), as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/<int:print_id>/index.csv")
@needs(Right.COORDINATE)
def index(print_id: int) -> ResponseReturnValue:
    """Where each sheet is: file, place in it, unit, name, number of the certificate."""
    found, source = _run(print_id), database()
    wanted = found.wanted
    head = [_("File"), _("Place"), _("Unit"), _("Name"), _("Certificate")]

    def rows() -> Iterator[list[str]]:
        # a session of its own: this runs after the request's has been closed
        with source.reading() as db:
            for number, place, sheet in queries.index(db, print_id):
                name = file_name(wanted.kind, number, wanted.year)
                yield [name, str(place), sheet.unit, sheet.name, sheet.code]

    answer = Response(as_csv(head, rows()), mimetype="text/csv", direct_passthrough=True)
    answer.headers["Content-Disposition"] = f'attachment; filename="prints-{print_id}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _run(print_id: int) -> Run:
    found = queries.run_of(reading(), current_user.actor, print_id)
    if found is None:
        abort(404)
    return found


def _form(kind: Kind) -> PrintForm:
    if kind is Kind.STATEMENTS:
        return StatementsForm(today(), formdata=request.values)
    offered = courses()
    certified = {name for name, course in offered.on_offer.items() if course.certificate is not None}
    titles = {name: title for name, title in offered.titles.items() if name in certified}
    return CertificatesForm(titles, formdata=request.values)


def _unit_of(form: PrintForm) -> Unit | None:
    """The unit that was typed, or what to type instead."""
    found = meetings.unit_named(reading(), current_user.actor, Right.COORDINATE, form.unit.data or "")
    if not isinstance(found, list):
        return found
    near = [f"{unit.name} ({unit.code})" for unit in found]
    hint = _("Did you mean %(units)s?", units=listing(near)) if near else _("Choose one from the list, by its code.")
    form.unit.errors = [_("None of your units has this code or name. %(hint)s", hint=hint)]
    return None


def _new_page(form: PrintForm, kind: Kind, count: queries.Count | None = None, unit: Unit | None = None) -> str:
    return render_template(
        "presses/new.html",
        form=form,
        kind=kind,
        kinds=KINDS,
        Kind=Kind,
        count=count,
        unit=unit,
        units=meetings.units_to_choose(reading(), current_user.actor, Right.COORDINATE),
        days=current_app.config["LMS"].print_days,
    )


def _parts() -> tuple[StatementPart, ...]:
    parts: tuple[StatementPart, ...] = current_app.extensions["lms_statement_parts"]
    return parts


def _words() -> Mapping[str, object]:
    words = {"states": STATES, "kinds": KINDS, "designs": DESIGN_WORDS, "State": State, "Kind": Kind}
    return {**words, "failed_words": failing.FAILED, "why": failing.why}
