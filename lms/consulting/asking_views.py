"""What anybody does without an account: ask for help, see how it stands, take it back, say how it ended."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, url_for

from lms.consulting import actions, place_queries, queries, rules, words
from lms.consulting.desk import asking
from lms.consulting.forms import asked_in
from lms.people.actions import TooOften, check_tries, count_try
from lms.people.needs import needs
from lms.people.rules import Right
from lms.people.short_codes import read_code
from lms.web.ids import client_id
from lms.web.language import NAMES, _, language, ngettext, today
from lms.web.transaction import database, give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy import Select

    from lms.consulting.models import Consultation

HOUR = 3600
MOST_AN_HOUR = 30  # from one address: a library asks for many
GUESS, MOST_GUESSES = "request code", 60
MOST_TO_ONE = 5  # requests a day that name the same contact
TRAP = "website"  # a field that nobody sees; what fills in every field fills it in, too


@asking.get("/ask")
@needs(Right.ANYONE)
def home() -> ResponseReturnValue:
    """Choose a place, then say what is needed. `code` opens a request that was sent before."""
    if request.args.get("code"):
        row = _guessed(request.args["code"])
        if row is not None:
            return redirect(url_for("asking.state", ask_code=row.code), 303)
        return _places(_("There is no request with this code. Look at it again: it has ten signs.")), 404
    unit = request.args.get("unit", type=int)
    return _places() if unit is None else _form(unit)


@asking.post("/ask")
@needs(Right.ANYONE)
def send() -> ResponseReturnValue:
    """Keep a request; the answer is the page on which one sees how it stands."""
    unit = request.form.get("unit", type=int) or 0
    if request.form.get(TRAP):
        return _form(unit, {TRAP: _("Leave this field empty, please: it is there to stop machines.")})
    asked = asked_in(request.form, unit)
    _slow_down("ask", request.remote_addr or "", MOST_AN_HOUR, HOUR)
    for each in () if rules.problems(asked) else rules.ways(asked.contact):
        _slow_down("ask contact", _sealed(each), MOST_TO_ONE, 24 * HOUR)
    try:
        row = actions.ask(writing(), asked, client_id=client_id("client_id"), today=today())
    except actions.NoPlace:
        return _places(_("Nobody answers requests at this place yet. Choose another place near you.")), 422
    except actions.BadRequest as bad:
        give_up()
        return _form(unit, words.refusals(bad.problems), is_doubtful=bad.problems.get("words") == "doubtful")
    return redirect(url_for("asking.state", ask_code=row.code, new=1), 303)


@asking.get("/ask/<ask_code>")
@needs(Right.ANYONE)
def state(ask_code: str) -> ResponseReturnValue:
    """How a request stands."""
    page = queries.asked_page(reading(), _by_code(ask_code), today(), language())
    return render_template(
        "consulting/asked.html",
        page=page,
        is_new=bool(request.args.get("new")),
        words=words,
        rules=rules,
        State=rules.State,
        days=current_app.config["LMS"].contact_days,
        address=current_app.config["LMS"].url.rstrip("/") + url_for("asking.state", ask_code=page.row.code),
    )


@asking.post("/ask/<ask_code>/withdraw")
@needs(Right.ANYONE)
def withdraw(ask_code: str) -> ResponseReturnValue:
    """Take a request back."""
    row = _by_code(ask_code)
    db = writing()
    try:
        actions.withdraw(db, db.get_one(type(row), row.id))
    except actions.Over:
        flash(_("It was ended meanwhile; that stands."))
    else:
        flash(_("Taken back. How to reach you is deleted."))
    return redirect(url_for("asking.state", ask_code=row.code), 303)


@asking.post("/ask/<ask_code>/solved")
@needs(Right.ANYONE)
def say(ask_code: str) -> ResponseReturnValue:
    """Say whether it was solved."""
    row = _by_code(ask_code)
    db = writing()
    try:
        actions.say(db, db.get_one(type(row), row.id), is_solved=request.form.get("solved") == "yes")
    except actions.Over:
        flash(_("You can say it when somebody has answered."))
    else:
        flash(_("Thank you. That helps us to help others."))
    return redirect(url_for("asking.state", ask_code=row.code), 303)


def _by_code(typed: str) -> Consultation:
    row = _guessed(typed)
    if row is None:
        abort(404)
    return row


def _guessed(typed: str) -> Consultation | None:
    """The request of a code. Who guessed too often is refused before looking, or going on would pay."""
    address = request.remote_addr or ""
    try:
        check_tries(database(), GUESS, address, limit=MOST_GUESSES, seconds=HOUR)
    except TooOften:
        abort(429)
    row = queries.by_code(reading(), read_code(typed))
    if row is None:
        _slow_down(GUESS, address, MOST_GUESSES, HOUR)
    return row


def _sealed(contact: str) -> str:
    """A contact under the site's key: there are so few telephone numbers that a plain digest would tell it."""
    return hmac.new(current_app.config["LMS"].secret_key.encode(), contact.encode(), hashlib.sha256).hexdigest()


def _slow_down(what: str, key: str, limit: int, seconds: int) -> None:
    """Floods are stopped, and guessing stays hopeless and cheap. What is counted is a digest of the key."""
    if not key:
        return
    try:
        count_try(database(), what, key, limit=limit, seconds=seconds)
    except TooOften:
        abort(429)


def _places(problem: str = "") -> str:
    sought = request.args.get("place", "").strip()[:200]
    in_latin: Callable[[str], Select[int]] = current_app.extensions["lms_units_in_latin"]
    found = place_queries.named(reading(), sought, in_latin(sought)) if sought else ()
    return render_template("consulting/places.html", sought=sought, places=found, problem=problem)


def _form(unit: int, problems: Mapping[str, str] | None = None, *, is_doubtful: bool = False) -> ResponseReturnValue:
    page = queries.ask_page(reading(), unit, today())
    if page is None:
        return _places(_("Nobody answers requests at this place yet. Choose another place near you.")), 404
    days = current_app.config["LMS"].contact_days
    return render_template(
        "consulting/ask.html",
        page=page,
        services=[(each.code, each.name(language())) for each in page.lists.services],
        typed=request.form,
        problems=problems or {},
        is_doubtful=is_doubtful,
        words=words,
        rules=rules,
        trap=TRAP,
        tongue=language(),
        tongues=NAMES,
        kept=ngettext(
            "It is deleted %(num)s day after your request has ended.",
            "It is deleted %(num)s days after your request has ended.",
            days,
        ),
    ), 422 if problems else 200
