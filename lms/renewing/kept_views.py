"""What is kept in units, for those who answer for them: on the screen and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_login import current_user

from lms.content import queries as content
from lms.people.needs import needs
from lms.people.rules import Right
from lms.renewing import kept_queries as queries
from lms.renewing.rules import FEWEST
from lms.spreadsheets import as_csv
from lms.web.asking import place_in_list
from lms.web.language import _, language, speaking, today
from lms.web.transaction import database, reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask.typing import ResponseReturnValue

    from lms.people.models import Unit

bp = Blueprint("kept", __name__)


@bp.get("/kept")
@needs(Right.OVERSEE)
def units() -> ResponseReturnValue:
    """How much of a course is kept in a unit, and in the units right below it compared."""
    titles, unit = _titles(), _unit()
    course = _course(titles)
    page = None
    if unit is not None and course:
        at = place_in_list()
        page = queries.kept_page(reading(), current_user.actor, unit, course, today(), at)
    return render_template(
        "renewing/kept_units.html",
        page=page,
        course=course,
        titles=titles,
        units=queries.units_to_choose(reading(), current_user.actor),
        FEWEST=FEWEST,
    )


@bp.get("/kept.csv")
@needs(Right.OVERSEE)
def units_csv() -> ResponseReturnValue:
    """The same rows as CSV, sent while they are read: one line for each unit and span of months."""
    unit, course = _unit(), _course(_titles())
    if unit is None or not course:
        abort(404)
    me, day, tag, source = current_user.actor, today(), language(), database()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - outlives the request

    def pieces() -> Iterator[bytes]:
        # a session of its own: this runs after the request's has been closed
        with app.app_context(), speaking(tag), source.reading() as db:
            yield from as_csv(_head(), _lines(queries.kept_rows(db, me, unit, course, day)))

    answer = Response(pieces(), mimetype="text/csv", direct_passthrough=True)
    answer.headers["Content-Disposition"] = f'attachment; filename="kept-{day.isoformat()}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _head() -> list[str]:
    return [
        *(_("Code"), _("Unit"), _("Months since, from"), _("Months since, to")),
        *(_("People"), _("Answers"), _("Right"), _("Interval from"), _("Interval to")),
    ]


def _lines(rows: Iterator[queries.KeptRow]) -> Iterator[list[object]]:
    """Where too few people answered, only the unit and the months are said."""
    for row in rows:
        for kept in row.spans:
            line = [row.unit.code, row.unit.name, kept.since, kept.until]
            if kept.share is None or kept.low is None or kept.high is None:
                yield [*line, None, None, None, None, None]
            else:
                yield [
                    *line,
                    *(kept.people, kept.asked, round(kept.share, 4), round(kept.low, 4), round(kept.high, 4)),
                ]


def _titles() -> dict[str, str]:
    """The courses that questions can come back from: a programme has none of its own."""
    return {
        each.course.id: (each.course.pages.get(language()) or each.course.pages[each.course.language]).title
        for each in content.catalogue(reading())
        if not each.course.courses
    }


def _course(titles: Mapping[str, str]) -> str:
    """The course that the address names, else the first one; a page that is not there if it is none."""
    course = request.args.get("course") or next(iter(titles), "")
    if course and course not in titles:
        abort(404)
    return course


def _unit() -> Unit | None:
    """The unit that the address names, else the highest one; a page that is not there if it is not hers."""
    code = request.args.get("unit", "")
    unit = queries.unit_asked(reading(), current_user.actor, code)
    if code and unit is None:
        abort(404)
    return unit
