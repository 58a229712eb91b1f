"""Who trained whom in a unit, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, render_template, request
from flask_login import current_user

from lms.helping import figure_queries as helping
from lms.people.needs import needs
from lms.people.rules import Right
from lms.reach import cascade_queries, unit_queries
from lms.reach.desk import bp, in_address, period_asked, the_unit
from lms.reach.rules import ACTIVE_DAYS, FEWEST
from lms.web.asking import place_in_list
from lms.web.language import today
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/units/<unit_code>/cascade")
@needs(Right.SEE_PEOPLE)
def cascade(unit_code: str) -> ResponseReturnValue:
    """Trainers, whom they trained, how many of these are certified and active."""
    found, days = the_unit(unit_code, Right.SEE_PEOPLE), request.args.get("days", ACTIVE_DAYS[0], type=int)
    if days not in ACTIVE_DAYS:
        abort(404)
    db, me = reading(), current_user.actor
    return render_template(
        "reach/cascade.html",
        unit=found,
        above=unit_queries.above(db, me, found),
        page=cascade_queries.cascade_page(db, me, found, days, today(), place_in_list()),
        counted_at=helping.counted_at(db),
        days=days,
        address=in_address(period_asked(found)),  # stays chosen for the other tabs
        choices=ACTIVE_DAYS,
        fewest=FEWEST,
    )
