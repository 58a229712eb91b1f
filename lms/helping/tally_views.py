"""A unit's tally of a month: on the screen, and the paper form that goes before it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.credentials.codes import code as qr_code
from lms.helping import actions, tally_actions, tally_forms, tally_pages, tally_queries, tally_words, words
from lms.helping.tally_rules import is_too_old, read_month
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _, language, ngettext, today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from lms.people.models import Unit

bp = Blueprint("tallies", __name__, url_prefix="/help/tally")


def here(db: Session, unit_id: int, month: str) -> tuple[Unit, date]:
    """The unit and the month of the address; a page that is not there if it is none of hers, or is still to come."""
    unit, first = tally_queries.unit_in_scope(db, current_user.actor, unit_id, today()), read_month(month)
    if unit is None or first is None or month != f"{first:%Y-%m}" or first > today():
        abort(404)
    return unit, first


@bp.get("")
@needs(Right.LEARN)
def home() -> ResponseReturnValue:
    """Choose a unit and a month; the code of a paper form leads straight on."""
    db, said = reading(), " ".join(request.args.get("unit", "").split())
    code, _space, month = said.rpartition(" ")
    if first := read_month(month) if code else None:
        unit = tally_queries.units_by_code(db, current_user.actor, {code}, today()).get(code)
        if unit is not None and first <= today():
            return redirect(url_for("tallies.month", unit_id=unit.id, month=f"{first:%Y-%m}"), 303)
    page = tally_queries.units_page(db, current_user.actor, said, today())
    return render_template("helping/tally_home.html", page=page, said=said, months=tally_pages.months(today()))


@bp.get("/<int:unit_id>/<month>")
@needs(Right.LEARN)
def month(unit_id: int, month: str) -> ResponseReturnValue:
    """What a unit's tally of a month says, box by box, and who entered what."""
    return _page(*here(reading(), unit_id, month), typed={})


@bp.post("/<int:unit_id>/<month>")
@needs(Right.LEARN)
def enter(unit_id: int, month: str) -> ResponseReturnValue:
    """Let the boxes that were changed on the page say what was typed."""
    db = writing()
    unit, first = here(db, unit_id, month)
    wanted, wrong = tally_forms.read_boxes(request.form)
    if wrong:
        return _page(unit, first, typed=request.form, status=422)
    try:
        changes = tally_actions.enter(db, current_user.actor, unit, first, wanted, today=today())
    except actions.BadHelp:
        return _page(unit, first, typed=request.form, status=422)
    number = sum(made != "unchanged" for made in changes.values())
    flash(ngettext("%(num)s number entered.", "%(num)s numbers entered.", number) if number else _("Nothing changed."))
    kind = request.form.get("kind", "")
    kept = kind if kind in words.KINDS else None
    return redirect(url_for("tallies.month", unit_id=unit.id, month=month, kind=kept), 303)


@bp.post("/undo/<entry_id>")
@needs(Right.LEARN)
def undo(entry_id: str) -> ResponseReturnValue:
    """Take back one entry of a tally."""
    db = writing()
    entry = tally_queries.tally(db, entry_id)
    if entry is None or tally_queries.unit_in_scope(db, current_user.actor, entry.unit_id, today()) is None:
        abort(404)
    tally_actions.take_back(current_user.actor, entry)
    flash(_("Undone. It stays in the list, crossed out."))
    return redirect(url_for("tallies.month", unit_id=entry.unit_id, month=f"{entry.given_on:%Y-%m}"), 303)


@bp.get("/<int:unit_id>/<month>/paper")
@needs(Right.LEARN)
def paper(unit_id: int, month: str) -> ResponseReturnValue:
    """The form to print: a box for the strokes of each service, audience and kind."""
    unit, first = here(reading(), unit_id, month)
    book = tally_queries.book(reading(), unit, first, today())
    path = url_for("tallies.month", unit_id=unit.id, month=month)
    qr = qr_code(current_app.config["LMS"].url.rstrip("/") + path)
    return render_template(
        "helping/tally_paper.html",
        book=book,
        kinds=words.KINDS,
        tongue=language(),
        code=f"{unit.code} {month}",
        qr_size=qr.side,
        qr_path=qr.lines(),
    )


def _page(unit: Unit, first: date, *, typed: Mapping[str, str], status: int = 200) -> ResponseReturnValue:
    at = place_in_list()
    db = reading()
    book = tally_queries.book(db, unit, first, today())
    kind = typed.get("kind", "") or request.args.get("kind", "")
    is_old = is_too_old(first, today())
    return render_template(
        "helping/tally.html",
        book=book,
        kind=kind,
        groups=tally_pages.groups(book, kind, language(), typed),
        entered=tally_queries.entered(db, unit.id, first, at),
        kinds=words.KINDS,
        months=tally_pages.months(today()),
        said=partial(words.said, book.lists, language()),
        words=words,
        is_old=is_old,
        wrong=tally_words.wrong_number() if status >= 400 and not is_old else "",
    ), status
