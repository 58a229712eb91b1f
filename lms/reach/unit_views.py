"""The help of a unit: on the screen, and as files."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, abort, render_template, request
from flask_login import current_user

from lms.helping.catalogue import text_of, title_of
from lms.people.needs import needs
from lms.people.rules import Right
from lms.reach import closed_queries, files, home_queries, unit_queries, words
from lms.reach.desk import IN_ADDRESS, about, bp, period_asked, the_unit
from lms.spreadsheets import as_csv, write_xlsx
from lms.web.language import language, today
from lms.web.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from lms.people.models import Unit
    from lms.reach.pages import HelpPage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("")
@needs(Right.OVERSEE)
def home() -> ResponseReturnValue:
    """The one unit at the top of the scope, or several to choose from."""
    units, given = _highest(), {name: request.args[name] for name in IN_ADDRESS if name in request.args}
    if len(units) == 1:
        return _shown(units[0].code)
    return render_template("reach/home.html", units=units, given=given)


def _highest() -> Sequence[Unit]:
    """The units to begin with; where the address names a closed period, those of its programme."""
    units = home_queries.highest(reading(), current_user.actor)
    if not request.args.get("closed"):
        return units
    period = closed_queries.period(reading(), request.args.get("closed", type=int) or 0)
    return [unit for unit in units if period is not None and unit_queries.root_of(unit) == period.unit_id] or abort(404)


@bp.get("/units/<unit_code>")
@needs(Right.OVERSEE)
def unit(unit_code: str) -> ResponseReturnValue:
    """The help of a unit in a period, and the units right below it compared."""
    return _shown(unit_code)


def _shown(unit_code: str) -> ResponseReturnValue:
    page, tongue = _page(unit_code), language()
    return render_template(
        "reach/unit.html",
        page=page,
        named=words.named(page.shown.definitions, tongue),
        title_of=partial(title_of, language=tongue),
        text_of=partial(text_of, language=tongue),
        service_named=partial(words.service_named, page.lists, tongue=tongue),
        as_of=files.as_of(page),
        sees_people=Right.SEE_PEOPLE in current_user.rights,
        **about(page.period),
    )


@bp.get("/units/<unit_code>.csv")
@needs(Right.OVERSEE)
def unit_csv(unit_code: str) -> ResponseReturnValue:
    """The same rows as CSV; what they mean stands below them."""
    page, tongue = _page(unit_code), language()
    meaning: list[list[str | int]] = [[each] for each in files.notes(page, tongue)]
    return _file(
        b"".join(as_csv(files.head(page, tongue), [*files.rows(page), [], *meaning])), "text/csv", f"{_name(page)}.csv"
    )


@bp.get("/units/<unit_code>.xlsx")
@needs(Right.OVERSEE)
def unit_xlsx(unit_code: str) -> ResponseReturnValue:
    """The same rows as XLSX; what they mean stands above them."""
    page, tongue = _page(unit_code), language()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "help.xlsx"
        write_xlsx(path, page.unit.code, files.notes(page, tongue), files.head(page, tongue), files.rows(page))
        return _file(path.read_bytes(), XLSX, f"{_name(page)}.xlsx")


def _page(unit_code: str) -> HelpPage:
    found, sort = the_unit(unit_code), request.args.get("sort", "")
    try:
        return unit_queries.help_page(reading(), current_user.actor, found, period_asked(found), sort, today())
    except KeyError:
        abort(404)


def _name(page: HelpPage) -> str:
    return f"help-{page.period.first:%Y-%m}-{page.period.last:%Y-%m}"


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
