"""Pages of bringing people and units in: send a file, say which column is what, see the difference, let it run."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms import encodings
from lms.people.needs import needs
from lms.people.rules import Right
from lms.people.units import UnitClosed
from lms.rosters import lookup_queries, run_actions, run_queries
from lms.rosters.columns import FIELDS, LANGUAGE_FIELD, PEOPLE, UNITS
from lms.rosters.import_forms import KINDS, UploadForm
from lms.rosters.matching import Outcome
from lms.rosters.run_actions import FOLDER, ColumnMissing, NotNow
from lms.rosters.run_queries import State
from lms.rosters.words import OUTCOMES, STATES, field_name, outcome_name, sentence
from lms.spreadsheets import as_csv
from lms.tables import MOST_BYTES, SEPARATORS
from lms.web import failing
from lms.web.asking import place_in_list
from lms.web.ids import new_id
from lms.web.language import _, language, languages, speaking
from lms.web.transaction import database, give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.typing import ResponseReturnValue
    from werkzeug.datastructures import FileStorage

    from lms.rosters.run_queries import RunPage

bp = Blueprint("imports", __name__, url_prefix="/rosters/imports")
offering = Blueprint("offers", __name__, url_prefix="/my-units")
PLACE = re.compile(r"[0-9]{1,9}-[0-9]{1,9}")
FILTERS = ("", Outcome.ASKED.value, Outcome.REJECTED.value)


@bp.get("")
@needs(Right.COORDINATE)
def home() -> ResponseReturnValue:
    """All files that were sent, the newest first."""
    at = place_in_list()
    page = run_queries.runs(reading(), current_user.actor, at)
    return render_template("rosters/import_home.html", page=page, states=STATES, State=State, failed=failing.FAILED)


@bp.get("/new")
@needs(Right.COORDINATE)
def new() -> ResponseReturnValue:
    """Where a file is sent."""
    return _upload_page(UploadForm(_units(), upload_id=new_id()))


def _upload_page(form: UploadForm) -> str:
    return render_template("rosters/import_new.html", form=form, kinds=KINDS, megabytes=MOST_BYTES // 2**20)


def _units() -> list[tuple[str, str]]:
    everywhere, tops = lookup_queries.tops(reading(), current_user.actor)
    offered = [(str(key), f"{name} ({code})") for key, code, name in tops]
    return [("", _("The whole organisation")), *offered] if everywhere else offered


@bp.post("/new")
@needs(Right.COORDINATE)
def upload() -> ResponseReturnValue:
    """Take a file; what is in it is looked at by the worker."""
    request.max_content_length = MOST_BYTES
    form = UploadForm(_units())
    if not form.validate():
        return _upload_page(form), 422
    key = _uuid(form.upload_id.data or "")
    stored, digest = _store(form.file.data)
    taken = run_actions.Upload(
        key, form.kind.data, int(form.unit.data) if form.unit.data else None, form.file.data.filename or "", stored,
        digest, current_app.config["LMS"].import_days,
    )  # fmt: skip
    try:
        run_id = run_actions.receive(writing(), taken, by=current_user.actor, language=language())
    except NotNow:
        (_folder() / stored).unlink(missing_ok=True)
        abort(409)
    if not run_queries.has_file(writing(), run_id, stored):
        (_folder() / stored).unlink(missing_ok=True)  # sent twice: nothing would ever delete the second copy
    run_actions.ask_worker(writing(), run_id)
    return redirect(url_for("imports.run", run_id=run_id), 303)


def _uuid(given: str) -> str:
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return new_id()


def _folder() -> Path:
    place: Path = current_app.config["LMS"].home / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    return place


def _store(file: FileStorage) -> tuple[str, str]:
    """Keep a file under a random name; the name, and the digest of what is in it."""
    name = run_actions.stored_name(file.filename or "")
    digest = hashlib.sha256()
    with (_folder() / name).open("wb") as target:
        while piece := file.stream.read(2**20):
            digest.update(piece)
            target.write(piece)
    return name, digest.hexdigest()


@bp.get("/<int:run_id>")
@needs(Right.COORDINATE)
def run(run_id: int) -> ResponseReturnValue:
    """Where a run stands: its columns, the difference, its progress, or what came of it."""
    return _run_page(_page(run_id))


def _page(run_id: int) -> RunPage:
    page = run_queries.run_page(reading(), current_user.actor, run_id)
    if page is None:
        abort(404)
    return page


def _run_page(page: RunPage, problem: str = "") -> str:
    only = request.args.get("only", "")
    after = request.args.get("after", "")
    if only not in FILTERS or (after and not PLACE.fullmatch(after)):
        abort(404)
    name = "columns" if page.state is State.MATCHING else "run"
    return render_template(
        f"rosters/import_{name}.html",
        page=page,
        problem=problem,
        troubles=run_queries.troubles(reading(), page.id, only=only, after=after),
        only=only,
        State=State,
        states=STATES,
        outcomes=OUTCOMES,
        outcome_name=outcome_name,
        field_name=field_name,
        sentence=sentence,
        why=failing.why,
        fields=_fields(page),
        encodings=encodings.CHOICES,
        separators=SEPARATORS,
        PEOPLE=PEOPLE,
        UNITS=UNITS,
    )


def _fields(page: RunPage) -> list[str]:
    """The fields that a column can be: for units also a name in each language."""
    fields = list(FIELDS[page.kind])
    if page.kind == UNITS:
        known = {field.removeprefix(LANGUAGE_FIELD) for field in page.columns if field.startswith(LANGUAGE_FIELD)}
        fields += [f"{LANGUAGE_FIELD}{tag}" for tag in sorted({*languages(), *known})]
    return fields


@bp.post("/<int:run_id>/columns")
@needs(Right.COORDINATE)
def columns(run_id: int) -> ResponseReturnValue:
    """Keep which column is what, and let the worker look what the file would change."""
    page = _page(run_id)
    if request.form.get("what") == "read":
        return _read_again(page)
    chosen: dict[str, int] = {}
    for place in range(len(page.names)):
        field = request.form.get(f"column-{place}", "")
        if field in chosen:
            problem = _("Two columns are “%(field)s”. Choose one of them.", field=field_name(field))
            return _run_page(page, problem), 422
        if field and field in _fields(page):
            chosen[field] = place
    tag = request.form.get("language", "")
    choice = run_actions.Choice(
        chosen,
        family_first=bool(request.form.get("family_first")),
        moves=bool(request.form.get("moves")),
        language=tag if tag in languages() else page.language,
    )
    try:
        run_actions.check(writing(), run_id, choice)
    except ColumnMissing as lacking:
        problem = _("Say which column is “%(field)s”: no row can be taken without it.", field=field_name(str(lacking)))
        give_up()
        return _run_page(page, problem), 422
    except NotNow:
        give_up()
    return redirect(url_for("imports.run", run_id=run_id), 303)


def _read_again(page: RunPage) -> ResponseReturnValue:
    layout = page.layout.as_dict()
    encoding, separator = request.form.get("encoding", ""), request.form.get("separator", "")
    sheet = request.form.get("sheet", "")
    if encoding in encodings.CHOICES:
        layout["encoding"] = encoding
    if separator in set(SEPARATORS):
        layout["separator"] = separator
    if sheet in page.sheets:
        layout["sheet"] = sheet
    try:
        run_actions.look_again(writing(), page.id, layout)
    except NotNow:
        give_up()
    return redirect(url_for("imports.run", run_id=page.id), 303)


@bp.post("/<int:run_id>/start")
@needs(Right.COORDINATE)
def start(run_id: int) -> ResponseReturnValue:
    """Bring the rows in, or go on with a run that was stopped."""
    page = _page(run_id)
    if not lookup_queries.may_bring_in(reading(), current_user.actor, page.unit_id):
        abort(403)
    try:
        run_actions.start(writing(), run_id)
    except NotNow:
        give_up()
    return redirect(url_for("imports.run", run_id=run_id), 303)


@bp.post("/<int:run_id>/stop")
@needs(Right.COORDINATE)
def stop(run_id: int) -> ResponseReturnValue:
    """Stop after the batch that is being written."""
    page = _page(run_id)
    try:
        run_actions.stop(writing(), run_id, by=current_user.actor)
    except NotNow:
        give_up()
    else:
        flash(_("Stopped. Nothing was changed.") if page.state is State.CHECKING else _("Stopped. What is done stays."))
    return redirect(url_for("imports.run", run_id=run_id), 303)


@bp.post("/<int:run_id>/back")
@needs(Right.COORDINATE)
def back(run_id: int) -> ResponseReturnValue:
    """Choose the columns again."""
    _page(run_id)
    try:
        run_actions.back(writing(), run_id)
    except NotNow:
        give_up()
    return redirect(url_for("imports.run", run_id=run_id), 303)


@bp.get("/<int:run_id>/rows.csv")
@needs(Right.COORDINATE)
def outcomes(run_id: int) -> ResponseReturnValue:
    """What became of every row."""
    page = _page(run_id)
    head = [_("Row"), _("Outcome"), _("Code"), _("Reason")]
    source = database()
    names = {outcome.value: str(words) for outcome, words in OUTCOMES.items()}
    tag = language()

    def rows() -> Iterator[list[str]]:
        # a session of its own: this runs after the request's has been closed
        with source.reading() as db:
            for row, outcome, code, reason in run_queries.outcomes(db, page.id):
                with speaking(tag):
                    why = sentence(reason)
                yield [str(row), names[outcome], code, why]

    answer = Response(as_csv(head, rows()), mimetype="text/csv", direct_passthrough=True)
    answer.headers["Content-Disposition"] = f'attachment; filename="rows-{page.id}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@offering.get("", endpoint="home")
@needs(Right.LEARN)
def offered() -> ResponseReturnValue:
    """The units whose registers list somebody, who says whether that is right."""
    return render_template("rosters/import_offers.html", offers=run_queries.offers(reading(), current_user.actor))


@offering.post("/<int:offer_id>")
@needs(Right.LEARN)
def decide(offer_id: int) -> ResponseReturnValue:
    """Say whether one belongs to a unit."""
    is_right = request.form.get("answer") == "yes"
    try:
        run_actions.decide_offer(writing(), offer_id, current_user.actor, is_right=is_right)
    except NotNow:
        abort(404)
    except UnitClosed:
        give_up()
        flash(_("This unit was closed meanwhile and takes no members. Nothing was changed; you can go on learning."))
        return redirect(url_for("offers.home"), 303)
    flash(_("You are a member now.") if is_right else _("Thank you. You are not a member there."))
    return redirect(url_for("offers.home"), 303)
