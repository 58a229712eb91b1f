"""Who is most active: for those who answer for units; and the boards on which helpers stand who want to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.people.needs import needs
from lms.people.rules import Right
from lms.reach import actions, active_queries, board_queries, unit_queries, words
from lms.reach.desk import about, bp, period_asked, the_unit
from lms.reach.rules import Span, period_now
from lms.web.language import today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

boards = Blueprint("boards", __name__, url_prefix="/help/board")
MOST = (3, 5, 10)
ON_BOARD = 10


def criterion() -> str:
    """By what the address asks to compare helpers."""
    by = request.args.get("by", "people")
    if by not in words.CRITERIA:
        abort(404)
    return by


@bp.get("/units/<unit_code>/most-active")
@needs(Right.OVERSEE)
def best(unit_code: str) -> ResponseReturnValue:
    """The most active helpers of each unit right below a unit."""
    found, by, most = the_unit(unit_code), criterion(), request.args.get("most", MOST[0], type=int)
    if most not in MOST:
        abort(404)
    db, me = reading(), current_user.actor
    sees_names = unit_queries.has_right(db, me, found, Right.SEE_PEOPLE)
    page = active_queries.best_page(db, me, found, period_asked(found), by, most, sees_names=sees_names)
    return render_template(
        "reach/best.html",
        page=page,
        by=by,
        most=most,
        numbers=MOST,
        criteria=words.CRITERIA,
        moment=now(),
        sees_people=Right.SEE_PEOPLE in current_user.rights,
        **about(page.period),
    )


@boards.get("")
@needs(Right.LEARN)
def board() -> ResponseReturnValue:
    """The boards of the units that one belongs to, and whether one stands on them."""
    span = request.args.get("span", Span.QUARTER)
    period, by = period_now(Span(span) if span in words.SPANS else Span.QUARTER, today()), criterion()
    page = board_queries.board_page(
        reading(), current_user.actor, request.args.get("unit", ""), period, by, ON_BOARD, today()
    )
    return render_template("reach/board.html", page=page, by=by, criteria=words.CRITERIA, moment=now(), **about(period))


@boards.post("")
@needs(Right.LEARN)
def choose() -> ResponseReturnValue:
    """Stand on boards, or do not any more. Saying it twice changes nothing."""
    if request.form.get("wants") == "yes":
        actions.want_board(writing(), current_user.actor)
    else:
        actions.leave_board(writing(), current_user.actor)
    return redirect(url_for("boards.board"), 303)
