"""Tallies from a file, and the file to fill in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, render_template, request
from flask_login import current_user

from lms.helping import catalogue, tally_import, tally_pages, tally_queries, tally_reading, tally_words
from lms.helping.rules import Channel, Outcome
from lms.helping.tally_files import FIELDS, ColumnsMissing
from lms.helping.tally_rules import read_month
from lms.helping.words import KINDS
from lms.people.actions import TooOften, count_try
from lms.people.needs import needs
from lms.people.rules import Right
from lms.spreadsheets import as_csv, write_xlsx
from lms.tables import Unreadable
from lms.web import table_words
from lms.web.language import _, language, listing, today
from lms.web.transaction import database, reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flask.typing import ResponseReturnValue

    from lms.helping.catalogue import Catalogue
    from lms.people.models import Unit

bp = Blueprint("tally_files", __name__, url_prefix="/help/tally")
MOST_AN_HOUR = 60  # files of one person
MOST_SHOWN = 200  # rows that were left out
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/file")
@needs(Right.LEARN)
def home() -> ResponseReturnValue:
    """Where a file is sent, and where the file to fill in comes from."""
    return _page()


@bp.post("/file")
@needs(Right.LEARN)
def bring_in() -> ResponseReturnValue:
    """Bring a file in, or only look what it would change."""
    may_enter = tally_queries.units_page(reading(), current_user.actor, "", today())
    if not (may_enter.own or may_enter.is_wide):  # nobody else's files are worth the work of reading them
        return _page(status=422)
    file, is_look = request.files.get("file"), request.form.get("what") == "look"
    if file is None or not file.filename:
        return _page(_("Choose a file."), status=422)
    _slow_down()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"tallies{Path(file.filename).suffix[:8].lower()}"
        file.save(path)
        by, person = None if is_look else current_user.actor, current_user.actor
        who = tally_import.Importer(by, person, today())
        try:
            brought = tally_import.bring_in(database(), tally_reading.lines_of(path), who)
        except Unreadable as error:
            return _page(table_words.sentence(error.reason, error.values), status=422)
        except ColumnsMissing as error:
            return _page(tally_words.missing(error), status=422)
    return render_template(
        "helping/tally_brought.html",
        brought=brought,
        is_look=is_look,
        file_name=file.filename,
        rejected=[(row, tally_words.reason(key, given)) for row, key, given in brought.rejected[:MOST_SHOWN]],
    )


def _slow_down() -> None:
    """A file may keep this machine busy for long, even where nothing comes of it."""
    try:
        count_try(database(), "tally file", str(current_user.actor), limit=MOST_AN_HOUR, seconds=3600)
    except TooOften:
        abort(429)


def _page(problem: str = "", *, status: int = 200) -> ResponseReturnValue:
    months = tally_pages.months(today())
    page = tally_queries.units_page(reading(), current_user.actor, "", today())
    return render_template(
        "helping/tally_file.html",
        problem=problem,
        months=months,
        is_open=bool(page.own or page.is_wide),
        columns=[(field, tally_words.COLUMNS[field]) for field in FIELDS],
    ), status


@bp.get("/file-to-fill-in.csv")
@needs(Right.LEARN)
def template_csv() -> ResponseReturnValue:
    """The file to fill in, as CSV."""
    month = _month()
    answer = Response(as_csv(FIELDS, _rows(month, *_units())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="tally-{month:%Y-%m}.csv"'
    return answer


@bp.get("/file-to-fill-in.xlsx")
@needs(Right.LEARN)
def template_xlsx() -> ResponseReturnValue:
    """The same as a workbook, with the codes above the columns."""
    month = _month()
    units, lists = _units()
    services = [f"{each.code} ({each.name(language())})" for each in lists.services]
    notes = [
        _("Write a number of people (for visits, of visits) where you counted; leave other rows empty."),
        _("service, if it was told: %(codes)s", codes=listing(services)),
        _(
            "channel: %(channels)s. outcome: %(outcomes)s",
            channels=listing(list(Channel)),
            outcomes=listing(list(Outcome)),
        ),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tally.xlsx"
        write_xlsx(path, _("Tally"), notes, FIELDS, _rows(month, units, lists))
        answer = Response(path.read_bytes(), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="tally-{month:%Y-%m}.xlsx"'
    return answer


def _month() -> date:
    """The month that is asked for, else the last whole one."""
    return read_month(request.args.get("month", "")) or tally_pages.months(today())[1]


def _units() -> tuple[Sequence[Unit], Catalogue]:
    """The units to fill in, and the lists of their programme."""
    units = tally_queries.units_to_fill_in(reading(), current_user.actor, today())
    root = int(units[0].path.split("/")[1]) if units else None
    return units, catalogue.catalogue(reading(), root, today())


def _rows(month: date, units: Sequence[Unit], lists: Catalogue) -> list[tuple[str, ...]]:
    return [
        (unit.code, f"{month:%Y-%m}", str(kind), audience.code, "", "", "", "", "")
        for unit in units
        for kind in KINDS
        for audience in lists.audiences
    ]
