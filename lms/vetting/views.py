"""The pages on what looks odd, and on samples to call back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.helping import catalogue
from lms.helping import words as help_words
from lms.people.needs import needs
from lms.people.rules import Right
from lms.vetting import actions, forms, queries, sample_queries, words
from lms.vetting.rules import Result
from lms.web.asking import place_in_list
from lms.web.ids import client_id
from lms.web.language import _, language, lazy, ngettext, today
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from lms.vetting.models import HelpFinding, HelpSample

bp = Blueprint("vetting", __name__, url_prefix="/coordination/help")
REFUSED: Mapping[type[Exception], str] = {
    actions.Own: lazy("These are your own entries: somebody else has to look at them."),
    actions.NoReason: lazy("Write why the entries are taken out; the reason stays beside them."),
    actions.NothingChosen: lazy("Choose at least one entry that is taken out."),
    actions.Personal: lazy("The words hold a number, an address or a link. Please write them without."),
}


@bp.get("/odd")
@needs(Right.COORDINATE)
def home() -> ResponseReturnValue:
    """What looks odd in one's units; `list` says what of it: open, asked, settled."""
    which = request.args.get("list", "open")
    which = which if which in queries.LISTS else "open"
    page = queries.odd_page(reading(), current_user.actor, which, place_in_list())
    return render_template("vetting/home.html", page=page, which=which, words=words)


@bp.get("/odd/<int:number>")
@needs(Right.COORDINATE)
def finding(number: int) -> ResponseReturnValue:
    """One of them, with its entries, why they are listed, and what to do."""
    return _finding_page(_finding(number))


@bp.post("/odd/<int:number>")
@needs(Right.COORDINATE)
def settle(number: int) -> ResponseReturnValue:
    """Say what it was."""
    state, said = forms.read_state(request.form.get("state", "")), request.form.get("words", "").strip()
    row, db = _finding(number), writing()
    if state is None:
        return _finding_page(row, _("Choose what it was."))
    if len(said) > actions.LONGEST:
        return _finding_page(row, _("The words may have 500 characters."))
    mine = queries.finding_to_change(db, current_user.actor, number)
    if mine is None:
        abort(404)
    try:
        taken = actions.settle(db, mine, current_user.actor, state, said, client_id("step_id"))
    except tuple(REFUSED) as error:
        return _finding_page(row, str(REFUSED[type(error)]))
    if taken:
        flash(ngettext("%(num)s entry is taken out.", "%(num)s entries are taken out.", taken))
    else:
        flash(_("It is noted."))
    return redirect(url_for("vetting.home"), 303)


@bp.post("/odd/<int:number>/put-back")
@needs(Right.COORDINATE)
def put_back(number: int) -> ResponseReturnValue:
    """Let entries stand again that were taken out."""
    chosen, said = forms.read_entries(request.form.getlist("entry")), request.form.get("words", "").strip()
    row, db = _finding(number), writing()
    if len(said) > actions.LONGEST:
        return _finding_page(row, _("The words may have 500 characters."))
    mine = queries.finding_to_change(db, current_user.actor, number)
    if mine is None:
        abort(404)
    try:
        back = actions.put_back(db, mine, current_user.actor, chosen, said, client_id("step_id"))
    except tuple(REFUSED) as error:
        return _finding_page(row, str(REFUSED[type(error)]))
    if back:
        flash(ngettext("%(num)s entry counts again.", "%(num)s entries count again.", back))
    return redirect(url_for("vetting.finding", number=number), 303)


@bp.get("/samples")
@needs(Right.COORDINATE)
def samples() -> ResponseReturnValue:
    """The samples of one's units, and a form to draw another."""
    return _samples_page({})


@bp.post("/samples")
@needs(Right.COORDINATE)
def draw() -> ResponseReturnValue:
    """Draw entries to call back."""
    asked, db = forms.read_draw(request.form), writing()
    wrong = dict(asked.wrong)
    unit = sample_queries.unit_to_draw(db, current_user.actor, asked.unit)
    if unit is None:
        wrong["unit"] = "missing"
    if wrong or unit is None or asked.first is None or asked.last is None:
        return _samples_page(wrong)
    try:
        made = actions.draw(db, current_user.actor, unit, (asked.first, asked.last), asked.size, client_id("sample_id"))
    except actions.NothingToDraw:
        return _samples_page({"first": "empty"})
    return redirect(url_for("vetting.sample", number=made.id), 303)


@bp.get("/samples/<int:number>")
@needs(Right.COORDINATE)
def sample(number: int) -> ResponseReturnValue:
    """One sample: whom to call about what, what they said, and what that says of all entries."""
    page = sample_queries.sample_page(reading(), _sample(number))
    lists = catalogue.catalogue(reading(), page.root, page.row.sample.last_day)
    return render_template(
        "vetting/sample.html", page=page, words=words, help_words=help_words, lists=lists, tongue=language()
    )


@bp.post("/samples/<int:number>/<int:place>")
@needs(Right.COORDINATE)
def note(number: int, place: int) -> ResponseReturnValue:
    """Note what calling back said of one entry; an empty result takes it back."""
    given = request.form.get("result", "")
    result = Result(given) if given in set(Result) else None
    mine = sample_queries.sample(writing(), current_user.actor, number)
    try:
        if mine is None or not actions.note_result(writing(), mine, place, current_user.actor, result):
            abort(404)
    except actions.Own as error:
        flash(str(REFUSED[type(error)]))
    return redirect(url_for("vetting.sample", number=number, _anchor=f"e{place}"), 303)


def _finding(number: int) -> HelpFinding:
    row = queries.finding(reading(), current_user.actor, number)
    if row is None:
        abort(404)
    return row


def _sample(number: int) -> HelpSample:
    row = sample_queries.sample(reading(), current_user.actor, number)
    if row is None:
        abort(404)
    return row


def _finding_page(row: HelpFinding, problem: str = "") -> ResponseReturnValue:
    db = reading()
    page = queries.finding_page(db, current_user.actor, row)
    lists = catalogue.catalogue(db, page.root, row.month)
    return render_template(
        "vetting/finding.html",
        page=page,
        problem=problem,
        given=request.form,
        words=words,
        help_words=help_words,
        lists=lists,
        tongue=language(),
        LONGEST=actions.LONGEST,
        SETTLES=forms.SETTLES,
    ), 422 if problem else 200


def _samples_page(wrong: Mapping[str, str]) -> ResponseReturnValue:
    db = reading()
    rows, page = sample_queries.samples(db, current_user.actor, place_in_list())
    return render_template(
        "vetting/samples.html",
        rows=rows,
        page=page,
        wrong=wrong,
        given=request.form,
        units=sample_queries.units_to_draw(db, current_user.actor),
        today=today(),
        forms=forms,
    ), 422 if wrong else 200
