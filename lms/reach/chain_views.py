"""From training to help: the chain of a unit, and the places that have no helper."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import abort, render_template, request
from flask_login import current_user

from lms.helping.catalogue import title_of
from lms.people.kinds import kind_words
from lms.people.needs import needs
from lms.people.rules import Right
from lms.reach import chain_queries, gap_queries, unit_queries
from lms.reach.desk import about, bp, in_address, period_asked, the_unit
from lms.reach.rules import ACTIVE_DAYS
from lms.web.asking import place_in_list
from lms.web.language import language, today
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/units/<unit_code>/chain")
@needs(Right.OVERSEE)
def chain(unit_code: str) -> ResponseReturnValue:
    """Registered, trained, certified, active, and whom they helped."""
    found, days = the_unit(unit_code), request.args.get("days", ACTIVE_DAYS[0], type=int)
    if days not in ACTIVE_DAYS:
        abort(404)
    page = chain_queries.chain_page(reading(), current_user.actor, found, period_asked(found), days, today())
    return render_template(
        "reach/chain.html",
        page=page,
        choices=ACTIVE_DAYS,
        title_of=partial(title_of, language=language()),
        sees_people=Right.SEE_PEOPLE in current_user.rights,
        **about(page.period),
    )


@bp.get("/units/<unit_code>/gaps")
@needs(Right.OVERSEE)
def gaps(unit_code: str) -> ResponseReturnValue:
    """The units below that have no valid helper today."""
    found, db = the_unit(unit_code), reading()
    kinds = gap_queries.kinds(db, found)
    kind = request.args.get("kind") or gap_queries.leading(kinds)
    rows, page = gap_queries.without(db, found, kind, place_in_list())
    return render_template(
        "reach/gaps.html",
        unit=found,
        above=unit_queries.above(db, current_user.actor, found),
        kinds=kinds,
        kind=kind,
        rows=rows,
        page=page,
        counted_at=gap_queries.counted_at(db),
        kind_words=kind_words,
        address=in_address(period_asked(found)),  # stays chosen for the other tabs
        sees_people=Right.SEE_PEOPLE in current_user.rights,
    )
