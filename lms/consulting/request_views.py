"""The desk of consultants: what is theirs, what they are asked to take, and what they do with a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.consulting import actions, noting, queries, rules, words
from lms.consulting.desk import bp
from lms.consulting.forms import meeting_day, number_in
from lms.helping import actions as helping
from lms.helping.rules import MOST_MINUTES, Outcome
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import _, language, show_date, today, zone
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from lms.consulting.models import Consultation


@bp.get("/requests")
@needs(Right.LEARN)
def home() -> ResponseReturnValue:
    """What waits for a consultant."""
    at = place_in_list()
    page = queries.desk(reading(), current_user.actor, today(), language(), at)
    return render_template("consulting/desk.html", page=page, words=words)


@bp.get("/requests/<int:number>")
@needs(Right.LEARN)
def look(number: int) -> ResponseReturnValue:
    """One request."""
    return _page(_seen(reading(), number))


@bp.post("/requests/<int:number>/take")
@needs(Right.LEARN)
def take(number: int) -> ResponseReturnValue:
    """Take a request."""
    db = writing()
    row = queries.by_id(db, number)
    if row is None:
        abort(404)
    try:
        actions.take(db, row, current_user.actor, today())
    except actions.NotYours:
        if row.suggested_to != current_user.actor:
            abort(404)
        flash(_("Only somebody with a valid certificate can take a request, and yours has ended."), "refused")
        return redirect(url_for("consulting.look", number=number), 303)
    except actions.TakenAlready:
        flash(_("Somebody else took it a moment before you. Nothing is left to do for you here."), "refused")
        return redirect(url_for("consulting.home"), 303)
    except actions.Over:
        flash(_("It was ended or taken back meanwhile."), "refused")
        return redirect(url_for("consulting.home"), 303)
    flash(_("It is yours. Below you see how to reach the asker."))
    return redirect(url_for("consulting.look", number=number), 303)


@bp.post("/requests/<int:number>/give-back")
@needs(Right.LEARN)
def give_back(number: int) -> ResponseReturnValue:
    """Say no, or give a request back."""
    db = writing()
    row = _seen(db, number)
    try:
        actions.give_back(db, row, current_user.actor, today())
    except actions.NotYours:
        flash(_("It is not yours any more."), "refused")
    else:
        flash(_("It goes to the next consultant."))
    return redirect(url_for("consulting.home"), 303)


@bp.post("/requests/<int:number>/answer")
@needs(Right.LEARN)
def answer(number: int) -> ResponseReturnValue:
    """Say that the asker was reached, and when they meet."""
    db = writing()
    row = _seen(db, number)
    try:
        day = meeting_day(request.form, today())
    except ValueError:
        last = show_date(today() + rules.MEETS_WITHIN)
        flash(_("Nothing was noted yet: choose a day from today to %(last)s, or none.", last=last), "refused")
        return redirect(url_for("consulting.look", number=number), 303)
    try:
        actions.answer(db, row, current_user.actor, day)
    except actions.NotYours:
        flash(_("It is not yours any more."), "refused")
        return redirect(url_for("consulting.home"), 303)
    return redirect(url_for("consulting.look", number=number), 303)


@bp.post("/requests/<int:number>/end")
@needs(Right.LEARN)
def end(number: int) -> ResponseReturnValue:
    """End a request, and note the help in the same tap unless the tick was taken away."""
    db = writing()
    row = _seen(db, number)
    outcome = request.form.get("outcome", "")
    if row.taken_by != current_user.actor:
        flash(_("It is not yours any more."), "refused")
        return redirect(url_for("consulting.home"), 303)
    if outcome not in set(Outcome):
        abort(404)
    try:
        actions.end(db, row, Outcome(outcome), request.form.get("note", ""), by=current_user.actor)
    except actions.BadRequest as bad:
        give_up()
        return _page(_seen(reading(), number), words.refusals(bad.problems)["note"]), 422
    except actions.Over:
        flash(_("It was ended or taken back meanwhile."), "refused")
        return redirect(url_for("consulting.look", number=number), 303)
    if request.form.get("noted"):
        _note(db, row)
    return redirect(url_for("consulting.look", number=number), 303)


@bp.post("/requests/<int:number>/note")
@needs(Right.LEARN)
def note(number: int) -> ResponseReturnValue:
    """Note the help that a request came to, where that was not done when it ended."""
    db = writing()
    _note(db, _seen(db, number))
    return redirect(url_for("consulting.look", number=number), 303)


def _note(db: Session, row: Consultation) -> None:
    minutes = number_in(request.form, "minutes", most=MOST_MINUTES)
    on = (row.ended_at.astimezone(zone()).date()) if row.ended_at else today()
    try:
        noting.note_help(db, row, current_user.actor, on=on, today=today(), minutes=minutes)
    except helping.NotCertified:
        flash(_("Help can be noted once you have a certificate."), "refused")
    except helping.NoUnit:
        flash(_("You did not belong to a unit on that day. Ask your coordinator to enter you."), "refused")
    except (helping.BadHelp, helping.NotYours, actions.NotYours):
        flash(_("It could not be noted. Note it by hand under “Note help”."), "refused")
    else:
        flash(_("Noted as help given, once."))


def _seen(db: Session, number: int) -> Consultation:
    """A request that the reader sees; who comes late, from a letter or a list of some time ago, is told so."""
    row = queries.by_id(db, number)
    if row is None:
        abort(404)
    if not queries.may_see(db, row, current_user.actor, today()):
        if not queries.could_see(db, row, current_user.actor, today()):
            abort(404)
        flash(_("Somebody else has it now, or it has ended. Nothing is left to do for you there."), "refused")
        abort(redirect(url_for("consulting.home"), 303))
    return row


def _page(row: Consultation, problem: str = "") -> str:
    return render_template(
        "consulting/request.html",
        page=queries.request_page(reading(), row, current_user.actor, today(), language()),
        me=current_user.actor,
        words=words,
        rules=rules,
        problem=problem,
        typed=request.form,
        today=today(),
        days=current_app.config["LMS"].contact_days,
    )


@bp.app_template_global()
def requests_waiting() -> int:
    """How many requests wait for the reader."""
    return queries.waiting_for(reading(), current_user.actor) if current_user.is_authenticated else 0
