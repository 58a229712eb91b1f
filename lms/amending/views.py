"""The holder's requests about a certificate, and the coordinator's pages of requests, withdrawals and expiry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.amending import actions, queries
from lms.amending.forms import AppealForm, CorrectionForm, DecisionForm, WithdrawalForm
from lms.credentials.actions import NotValid
from lms.credentials.queries import facts_of
from lms.meetings import queries as meetings
from lms.meetings.desk import courses
from lms.people import queries as people
from lms.people.needs import needs
from lms.people.rules import Right
from lms.printable import MissingLetters, missing_letters
from lms.web.asking import place_in_list
from lms.web.ids import client_id
from lms.web.language import _, today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.credentials.models import Certificate

bp = Blueprint("amending", __name__, url_prefix="/certificates")


@bp.get("/<code>/correction")
@needs(Right.LEARN)
def correction(code: str) -> ResponseReturnValue:
    """What is printed, what the account says now, and a button that asks for it."""
    return _correction_page(_own(code), CorrectionForm())


@bp.post("/<code>/correction")
@needs(Right.LEARN)
def ask_correction(code: str) -> ResponseReturnValue:
    """Ask for the correction; somebody approves it."""
    form, db = CorrectionForm(), writing()
    row, person = _own(code), people.person(db, current_user.actor)
    if not form.validate() or person is None:
        return _correction_page(row, form), 422
    try:
        actions.ask_correction(db, row, person, reason=form.reason.data or "", client_id=client_id("request_id"))
    except (actions.NothingToCorrect, MissingLetters, NotValid):
        return _correction_page(row, form), 422
    flash(_("Your coordinator has been asked. You will be written to when it is decided."))
    return redirect(url_for("amending.correction", code=code), 303)


def _correction_page(row: Certificate, form: CorrectionForm) -> str:
    db = reading()
    person = people.person(db, current_user.actor)
    return render_template(
        "amending/correction.html",
        form=form,
        code=row.code,
        facts=facts_of(row),
        me=person,
        is_valid=row.revoked_at is None and row.superseded_by is None,
        waiting=queries.waiting(db, row.id, "name"),
        last=queries.last_answer(db, row.id, "name"),
        lacking=missing_letters(f"{person.name}{person.latin_name}") if person else (),
    )


@bp.get("/<code>/appeal")
@needs(Right.LEARN)
def appeal(code: str) -> ResponseReturnValue:
    """Why it was withdrawn, and a form that asks somebody else to look at it."""
    return _appeal_page(_own(code), AppealForm())


@bp.post("/<code>/appeal")
@needs(Right.LEARN)
def ask_appeal(code: str) -> ResponseReturnValue:
    """Ask to have the withdrawal taken back."""
    form, row = AppealForm(), _own(code)
    if not form.validate():
        return _appeal_page(row, form), 422
    try:
        actions.appeal(
            writing(), row, current_user.actor, reason=form.reason.data or "", client_id=client_id("request_id")
        )
    except NotValid:
        return _appeal_page(row, form), 422
    flash(_("Somebody else than who withdrew it will look at it. You will be written to when it is decided."))
    return redirect(url_for("amending.appeal", code=code), 303)


def _appeal_page(row: Certificate, form: AppealForm) -> str:
    db = reading()
    return render_template(
        "amending/appeal.html",
        form=form,
        code=row.code,
        facts=facts_of(row),
        is_withdrawn=row.revoked_at is not None,
        reason=row.revoked_reason,
        waiting=queries.waiting(db, row.id, "appeal"),
        last=queries.last_answer(db, row.id, "appeal"),
    )


def _own(code: str) -> Certificate:
    row = queries.own(reading(), current_user.actor, code)
    if row is None:
        abort(404)
    return row


@bp.get("/<code>/withdrawal")
@needs(Right.COORDINATE)
def withdrawal(code: str) -> ResponseReturnValue:
    """What would be withdrawn, and what that means."""
    return _withdrawal_page(_theirs(code), WithdrawalForm())


@bp.post("/<code>/withdrawal")
@needs(Right.COORDINATE)
def withdraw(code: str) -> ResponseReturnValue:
    """Withdraw a certificate of somebody in one's units."""
    form, row = WithdrawalForm(), _theirs(code)
    if not form.validate():
        return _withdrawal_page(row, form), 422
    by, reason = current_user.actor, form.reason.data or ""
    db = writing()
    mine = queries.in_scope(db, by, code, today())
    if mine is None:
        abort(404)
    actions.withdraw(db, mine, by=by, reason=reason, client_id=client_id("request_id"))
    flash(_("The certificate is withdrawn. Whoever checks it sees the reason; the holder was written to."))
    return redirect(url_for("credentials.show", code=code), 303)


def _withdrawal_page(row: Certificate, form: WithdrawalForm) -> str:
    is_over = row.revoked_at is not None or row.superseded_by is not None
    return render_template("amending/withdrawal.html", form=form, code=row.code, facts=facts_of(row), is_over=is_over)


def _theirs(code: str) -> Certificate:
    row = queries.in_scope(reading(), current_user.actor, code, today())
    if row is None:
        abort(404)
    return row


@bp.get("")
@needs(Right.COORDINATE)
def requests() -> ResponseReturnValue:
    """The requests that wait for the reader."""
    at = place_in_list()
    page = queries.requests(reading(), current_user.actor, today(), at)
    return render_template("amending/requests.html", page=page)


@bp.get("/requests/<int:number>")
@needs(Right.COORDINATE)
def decision(number: int) -> ResponseReturnValue:
    """One request, and two buttons."""
    return _decision_page(number, DecisionForm())


@bp.post("/requests/<int:number>")
@needs(Right.COORDINATE)
def decide(number: int) -> ResponseReturnValue:
    """Grant or refuse a request."""
    form, wanted = DecisionForm(), request.form.get("decision", "")
    if not form.validate() or wanted not in ("grant", "refuse"):
        return _decision_page(number, form), 422
    db = writing()
    asked = queries.request_in_scope(db, current_user.actor, number, today())
    if asked is None:
        abort(404)
    try:
        actions.decide(db, asked, by=current_user.actor, is_granted=wanted == "grant", answer=form.answer.data or "")
    except actions.AlreadyDecided:
        flash(_("Somebody has decided it meanwhile; that stands."))
    except actions.MayNotDecide:
        abort(403)
    except NotValid:
        flash(_("The certificate was withdrawn or replaced meanwhile; there is nothing left to correct."))
    else:
        flash(_("Decided. The holder was written to."))
    return redirect(url_for("amending.requests"), 303)


def _decision_page(number: int, form: DecisionForm) -> str:
    db, me = reading(), current_user.actor
    asked = queries.request_in_scope(db, me, number, today())
    row = queries.certificate_of(db, asked) if asked else None
    if asked is None or row is None:
        abort(404)
    shown = queries.request_row(db, me, asked, row)
    return render_template("amending/decision.html", form=form, row=shown, is_decided=bool(asked.decided_at))


@bp.get("/expiring")
@needs(Right.OVERSEE)
def expiring() -> ResponseReturnValue:
    """How many certificates end in each of the next months."""
    db, me = reading(), current_user.actor
    code, unit = request.args.get("unit", ""), None
    if code:
        found = meetings.unit_named(db, me, Right.OVERSEE, code)
        if isinstance(found, list):
            abort(404)
        unit = found
    below = meetings.children(db, me, unit) if unit else meetings.units_to_choose(db, me, Right.OVERSEE)
    page = queries.forecast(db, me, unit, today())
    return render_template("amending/expiring.html", page=page, unit=unit, titles=courses().titles, below=below)
