"""A code leads to a unit: whoever has it may ask to become a member; a coordinator makes codes and decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.people.actions import TooOften, check_tries, count_try
from lms.people.needs import needs
from lms.people.rules import Right
from lms.people.short_codes import read_code
from lms.rosters import claims, duplicates_queries
from lms.rosters import join_actions as actions
from lms.rosters import join_queries as queries
from lms.rosters.duplicates_rules import Reason
from lms.rosters.join_forms import ClaimForm, CodeForm
from lms.rosters.qr import square
from lms.web.asking import place_in_list
from lms.web.language import _, language, languages, ngettext, speaking
from lms.web.transaction import database, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.people.models import Unit

joining = Blueprint("joining", __name__)
bp = Blueprint("joins", __name__, url_prefix="/rosters/join")
HOUR = 3600
MOST_GUESSES = 60  # wrong codes an hour from one address


@joining.get("/join")
@needs(Right.ANYONE)
def ask_code() -> ResponseReturnValue:
    """Type the code from a sheet."""
    typed = request.args.get("code", "").strip()
    code = read_code(typed)
    if code:
        return redirect(url_for("joining.invitation", join_code=code), 303)
    return render_template("rosters/join_code.html", typed=typed, is_wrong=bool(typed)), 404 if typed else 200


@joining.get("/join/<join_code>")
@needs(Right.ANYONE)
def invitation(join_code: str) -> ResponseReturnValue:
    """The unit's name, and a button that asks to become a member."""
    exact = read_code(join_code)
    if exact and exact != join_code:
        return redirect(url_for("joining.invitation", join_code=exact), 301)
    actor = current_user.actor if current_user.is_authenticated else None
    _refuse_guessers()
    found = queries.invitation(reading(), exact, actor, now()) if exact else None
    if found is None:
        _slow_down("join code")
        return render_template("rosters/join_code.html", typed=join_code, is_wrong=True), 404
    return render_template("rosters/join_invitation.html", page=found, code=exact)


@joining.post("/join/<join_code>")
@needs(Right.LEARN)
def ask_to_join(join_code: str) -> ResponseReturnValue:
    """Ask to become a member; a coordinator decides."""
    _slow_down("join", str(current_user.actor))
    try:
        actions.ask_to_join(writing(), read_code(join_code), current_user.actor)
    except actions.NotInForce:
        return render_template("rosters/join_code.html", typed=join_code, is_wrong=True), 404
    flash(_("Asked. The coordinator decides; you can begin to learn now."))
    return redirect(url_for("joining.invitation", join_code=read_code(join_code)), 303)


@joining.get("/join/register")
@needs(Right.LEARN)
def claim() -> ResponseReturnValue:
    """Say that an entry of a register is mine."""
    return render_template("rosters/join_claim.html", form=ClaimForm(formdata=None), is_sent=False)


@joining.post("/join/register")
@needs(Right.LEARN)
def claim_post() -> ResponseReturnValue:
    """Put the claim before a coordinator; the page says the same whether there is such an entry or not."""
    form = ClaimForm()
    if not form.validate():
        return render_template("rosters/join_claim.html", form=form, is_sent=False), 422
    _slow_down("claim", str(current_user.actor))
    claims.claim_by_code(writing(), current_user.actor, form.code.data or "", form.contact.data or "")
    return render_template("rosters/join_claim.html", form=form, is_sent=True)


def _slow_down(what: str, key: str = "") -> None:
    """Guessing is hopeless; this keeps it cheap for us too."""
    try:
        if key:
            count_try(database(), what, key, limit=20, seconds=HOUR)
        else:
            count_try(database(), what, request.remote_addr or "", limit=MOST_GUESSES, seconds=HOUR)
    except TooOften:
        abort(429)


def _refuse_guessers() -> None:
    """Answer no code, right or wrong, to an address that has tried many wrong ones. A right one alone never counts."""
    try:
        check_tries(database(), "join code", request.remote_addr or "", limit=MOST_GUESSES, seconds=HOUR)
    except TooOften:
        abort(429)


@bp.get("")
@needs(Right.COORDINATE)
def home() -> ResponseReturnValue:
    """The other ways in: choose a unit; who waits."""
    db, actor = reading(), current_user.actor
    words = request.args.get("q", "").strip()[:200]
    return render_template(
        "rosters/join_home.html",
        words=words,
        units=queries.units_named(db, actor, words),
        requests=queries.count_requests(db, actor),
        questions=duplicates_queries.count_questions(db, actor, now().date()),
    )


@bp.get("/units/<unit_code>")
@needs(Right.COORDINATE)
def unit(unit_code: str) -> ResponseReturnValue:
    """The ways into one unit."""
    page = queries.ways_in(reading(), _unit(unit_code), now())
    return render_template("rosters/join_unit.html", page=page, form=CodeForm(formdata=None))


@bp.post("/units/<unit_code>/codes")
@needs(Right.COORDINATE)
def make_code(unit_code: str) -> ResponseReturnValue:
    """Make a join code of a unit."""
    form = CodeForm()
    if not form.validate():
        return render_template(
            "rosters/join_unit.html", page=queries.ways_in(reading(), _unit(unit_code), now()), form=form
        ), 422
    found = queries.unit_by_code(writing(), current_user.actor, unit_code)
    if found is None:
        abort(404)
    code = actions.make_code(writing(), found.id, by=current_user.actor, days=int(form.days.data))
    return redirect(url_for("joins.sheet", code_id=code.id), 303)


@bp.post("/codes/<int:code_id>/end")
@needs(Right.COORDINATE)
def end_code(code_id: int) -> ResponseReturnValue:
    """End a join code."""
    found = queries.code_in_scope(writing(), current_user.actor, code_id)
    if found is None:
        abort(404)
    code, owner = found
    actions.end_code(writing(), code, by=current_user.actor)
    flash(_("The code %(code)s has ended. Requests made with it stay.", code=code.code))
    return redirect(url_for("joins.unit", unit_code=owner.code), 303)


@bp.get("/codes/<int:code_id>/sheet")
@needs(Right.COORDINATE)
def sheet(code_id: int) -> ResponseReturnValue:
    """A sheet to hang up: QR code, address, code and three steps, in the unit's languages."""
    found = queries.code_in_scope(reading(), current_user.actor, code_id)
    if found is None:
        abort(404)
    code, owner = found
    address = f"{_site()}{url_for('joining.invitation', join_code=code.code)}"
    return render_template(
        "rosters/join_sheet.html",
        code=code,
        unit=owner,
        is_over=code.ended_at is not None or code.expires_at <= now(),
        qr=square(address),
        texts=[(tag, _steps(tag)) for tag in _languages(owner)],
    )


def _languages(owner: Unit) -> list[str]:
    """The languages of a unit that the screens can speak, at most two; else the reader's own."""
    spoken = [tag for tag in queries.languages_below(reading(), owner) if tag in languages()]
    return spoken[:2] or [language()]


def _steps(tag: str) -> list[str]:
    """What to do, in a language."""
    with speaking(tag):
        return [
            _("Scan the square with a phone, or open %(address)s and type the code.", address=f"{_site()}/join"),
            _("Sign in. Here for the first time? Make an account: a name and a password are enough."),
            _("Press “Ask to join”. The coordinator says yes; you can begin to learn at once."),
        ]


def _site() -> str:
    return str(current_app.config["LMS"].url).rstrip("/")


@bp.get("/requests")
@needs(Right.COORDINATE)
def requests() -> ResponseReturnValue:
    """Who asks to join."""
    code = request.args.get("unit", "")
    page = queries.requests(reading(), current_user.actor, now().date(), _unit(code) if code else None, place_in_list())
    return render_template("rosters/join_requests.html", page=page, most=actions.MOST_AT_ONCE)


@bp.post("/requests")
@needs(Right.COORDINATE)
def decide() -> ResponseReturnValue:
    """Accept or refuse one request, those ticked, or all that the page knew of."""
    code, what = request.form.get("unit", ""), request.form.get("what", "")
    narrowed = _unit(code) if code else None
    one = what.partition("/")[2]
    chosen = [int(each) for each in [one or "", *request.form.getlist("request")] if each.isdecimal()]
    is_all, accept = what == "accept-all", what.startswith("accept")
    if not chosen and not is_all:
        flash(_("Nobody was ticked, so nothing changed. Tick the people first."))
        return redirect(url_for("joins.requests", unit=code or None), 303)
    ids = queries.waiting_ids(
        writing(),
        current_user.actor,
        narrowed,
        chosen=None if is_all else (chosen[:1] if one else chosen[: actions.MOST_AT_ONCE]),
        until=request.form.get("last", 0, type=int) if is_all else None,
        most=actions.MOST_AT_ONCE,
    )
    count = actions.decide(writing(), ids, by=current_user.actor, accept=accept)
    if count < len(ids):
        left = len(ids) - count
        flash(
            ngettext(
                "%(num)s request was left as it is: the unit is closed, or somebody decided a moment earlier.",
                "%(num)s requests were left as they are: the units are closed, or somebody decided a moment earlier.",
                left,
            )
        )
    flash(
        ngettext("%(num)s person is a member now.", "%(num)s people are members now.", count)
        if accept
        else ngettext("%(num)s request is refused.", "%(num)s requests are refused.", count)
    )
    return redirect(url_for("joins.requests", unit=code or None), 303)


@bp.post("/requests/<int:request_id>/compare")
@needs(Right.COORDINATE)
def compare(request_id: int) -> ResponseReturnValue:
    """Put somebody who asks to join beside an entry of the register with the same name."""
    db, today = writing(), now().date()
    entry = request.form.get("entry", 0, type=int)
    person = queries.person_who_asks(db, current_user.actor, request_id, entry, today)
    if person is None:
        abort(404)
    claims.ask(db, person, entry, Reason.JOIN)
    question = duplicates_queries.question_about(db, current_user.actor, today, person, entry)
    if question is None:
        flash(_("These two were compared before and are two people."))
        return redirect(url_for("joins.requests"), 303)
    return redirect(url_for("duplicates.compare", question_id=question), 303)


def _unit(code: str) -> Unit:
    """A unit of this coordinator, or a page that says there is none."""
    found = queries.unit_by_code(reading(), current_user.actor, code)
    if found is None:
        abort(404)
    return found
