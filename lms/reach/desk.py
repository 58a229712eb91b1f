"""The desk of help itself: its blueprints, and what an address names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, request
from flask_login import current_user

from lms.people.rules import Right
from lms.reach import closed_queries, unit_queries, words
from lms.reach.rules import TOTAL, Period, Span, months, period_now
from lms.web.language import today
from lms.web.transaction import reading

if TYPE_CHECKING:
    from lms.people.models import Unit

bp = Blueprint("reach", __name__, url_prefix="/coordination/help")
IN_ADDRESS = ("span", "since", "until", "closed")  # what names a period


def the_unit(code: str, right: Right = Right.OVERSEE) -> Unit:
    """The unit with this code; a page that is not there if its figures are not the reader's to see."""
    found = unit_queries.unit_by_code(reading(), current_user.actor, code, right)
    if found is None:
        abort(404)
    return found


def period_asked(unit: Unit) -> Period:
    """The period that the address names: `span`, with `since` and `until` for months, `closed` for a closed one."""
    span, given = request.args.get("span", ""), request.args
    if given.get("closed"):
        return _closed(unit, given.get("closed", type=int) or 0)
    if span == Span.MONTHS:
        found = months(given.get("since", ""), given.get("until", ""))
        if found is not None:
            return found
    return period_now(Span(span) if span in {Span.MONTH, Span.QUARTER} else Span.YEAR, today())


def _closed(unit: Unit, period_id: int) -> Period:
    found = closed_queries.closed_period(reading(), unit_queries.root_of(unit), period_id)
    if found is None:
        abort(404)
    return closed_queries.as_period(found[0])


def in_address(period: Period) -> dict[str, str]:
    """A period as addresses name it."""
    if period.span is Span.CLOSED:
        return {"closed": str(period.id)}
    if period.span is Span.MONTHS:
        return {"span": period.span, "since": f"{period.first:%Y-%m}", "until": f"{period.last:%Y-%m}"}
    return {"span": period.span.value}


def about(period: Period) -> dict[str, object]:
    """What all pages with a period need to speak of it."""
    return {
        "TOTAL": TOTAL,
        "Span": Span,
        "spans": words.SPANS,
        "period": period,
        "in_words": words.in_words,
        "address": in_address(period),
        "are_no_months": request.args.get("span") == Span.MONTHS and period.span is not Span.MONTHS,
    }
