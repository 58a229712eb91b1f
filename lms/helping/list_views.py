"""A programme's own lists and definitions on the coordinator's desk, and what a figure's definition says."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.helping import catalogue, list_actions, list_queries, list_words, words
from lms.helping.list_rules import NewChoice, NewDefinition
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import _, language, languages, speaking, today
from lms.web.transaction import give_up, reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from lms.helping.rules import Definition
    from lms.people.models import Unit

bp = Blueprint("help_lists", __name__, url_prefix="/coordination/help")
public = Blueprint("definitions", __name__, url_prefix="/help/definitions")


@bp.get("/lists")
@needs(Right.COORDINATE)
def home() -> ResponseReturnValue:
    """What helpers choose from, and what the figures mean."""
    chosen = request.args.get("unit", type=int)
    page = list_queries.lists_page(reading(), current_user.actor, chosen, today())
    if page is None:
        abort(404)
    return render_template(
        "helping/lists.html",
        page=page,
        tongue=language(),
        fields=list_words.FIELDS,
        lists={catalogue.AUDIENCE: page.audiences, catalogue.SERVICE: page.services},
        **_naming(),
    )


@bp.get("/lists/<int:unit_id>/<field>/new")
@needs(Right.COORDINATE)
def new_choice(unit_id: int, field: str) -> ResponseReturnValue:
    """The form of a new audience or service."""
    return _choice_page(_root(reading(), unit_id), _field(field), {})


@bp.post("/lists/<int:unit_id>/<field>/new")
@needs(Right.COORDINATE)
def add_choice(unit_id: int, field: str) -> ResponseReturnValue:
    """Put it on the list, which begins as the built-in one."""
    db = writing()
    root = _root(db, unit_id)
    try:
        list_actions.add_choice(db, root.id, _field(field), _read_choice(request.form.get("code", "").strip()))
    except list_actions.Refused as error:
        return _choice_page(root, field, request.form, problems=error.problems)
    return _back(root.id, _("It is on the list now."))


@bp.post("/lists/<int:unit_id>/<field>/begin")
@needs(Right.COORDINATE)
def begin(unit_id: int, field: str) -> ResponseReturnValue:
    """Make the built-in list the programme's own, to be changed."""
    db = writing()
    root = _root(db, unit_id)
    list_actions.begin_list(db, root.id, _field(field))
    return _back(root.id, _("The list is yours now: change what you like."))


@bp.get("/choices/<int:choice_id>")
@needs(Right.COORDINATE)
def choice(choice_id: int) -> ResponseReturnValue:
    """The form of an audience or service that is there."""
    db = reading()
    row = list_queries.choice(db, current_user.actor, choice_id)
    if row is None:
        abort(404)
    stands = {f"name-{tag}": name for tag, name in row.names.items()}
    stands |= {"position": str(row.position), "situation": row.situation, "ended_on": str(row.ended_on or "")}
    return _choice_page(_root(db, row.unit_id), row.field, stands, code=row.code, choice_id=row.id)


@bp.post("/choices/<int:choice_id>")
@needs(Right.COORDINATE)
def change_choice(choice_id: int) -> ResponseReturnValue:
    """Keep what was changed of it."""
    db = writing()
    row = list_queries.choice(db, current_user.actor, choice_id)
    if row is None:
        abort(404)
    root, field, code = _root(db, row.unit_id), row.field, row.code
    try:
        list_actions.change_choice(db, row, _read_choice(code))
    except list_actions.Refused as error:
        return _choice_page(root, field, request.form, code=code, choice_id=choice_id, problems=error.problems)
    return _back(root.id, _("Kept."))


@bp.get("/lists/<int:unit_id>/definition")
@needs(Right.COORDINATE)
def new_definition(unit_id: int) -> ResponseReturnValue:
    """The form of a new version of a definition (`code` in the address), or of a new word."""
    db = reading()
    root = _root(db, unit_id)
    known = list_queries.versions(db, root.id, request.args.get("code", ""))
    before = next((each for each in known if not each.is_withdrawn), None)
    stands: dict[str, str] = {"code": request.args.get("code", "")}
    if before is not None:
        for tag in languages():
            stands |= _said_in(tag, before)
        stands |= {f"kind-{each}": "1" for each in before.kinds} | {"counts": before.counts}
        stands |= {f"audience-{each}": "1" for each in before.audiences}
    return _definition_page(root, stands)


def _said_in(tag: str, before: Definition) -> dict[str, str]:
    """The words of a definition in a language; those that come with the platform are known in all of them."""
    if before.titles:
        return {f"title-{tag}": before.titles.get(tag, ""), f"text-{tag}": before.texts.get(tag, "")}
    with speaking(tag):
        return {f"title-{tag}": catalogue.title_of(before, tag), f"text-{tag}": catalogue.text_of(before, tag)}


@bp.post("/lists/<int:unit_id>/definition")
@needs(Right.COORDINATE)
def define(unit_id: int) -> ResponseReturnValue:
    """Give a word a new definition from a day on."""
    db = writing()
    root = _root(db, unit_id)
    try:
        list_actions.define(db, root.id, _read_definition(), by=current_user.actor, today=today())
    except list_actions.Refused as error:
        return _definition_page(root, request.form, problems=error.problems)
    return _back(root.id, _("The new version stands beside the old ones, which stay readable."))


@bp.post("/lists/<int:unit_id>/definitions/<int:definition_id>/withdraw")
@needs(Right.COORDINATE)
def withdraw(unit_id: int, definition_id: int) -> ResponseReturnValue:
    """Take back a version that has not begun."""
    db = writing()
    root = _root(db, unit_id)
    row = list_queries.own_definition(db, root.id, definition_id)
    if row is None:
        abort(404)
    try:
        list_actions.withdraw(db, row, today())
    except list_actions.Begun:
        return _back(
            root.id, _("This version has begun, and figures count by it. Give the word a new version instead.")
        )
    return _back(
        root.id, _("Taken back. What held before goes on, and the version stays readable as one that never held.")
    )


@public.get("/<code>")
@needs(Right.ANYONE)
def definition(code: str) -> ResponseReturnValue:
    """What a figure counts: the version in force, or the one that the address names."""
    person = current_user.actor if current_user.is_authenticated else None
    version, unit = request.args.get("version", type=int), request.args.get("unit", "")
    page = list_queries.definition_page(reading(), code, version, unit=unit, person=person, today=today())
    if page is None:
        abort(404)
    lists = catalogue.catalogue(reading(), page.root.id if page.root else None, today())
    return render_template(
        "helping/definition.html", page=page, lists=lists, tongue=language(), kinds=words.KINDS, **_naming()
    )


def _naming() -> dict[str, object]:
    return {
        "title_of": partial(catalogue.title_of, language=language()),
        "text_of": partial(catalogue.text_of, language=language()),
    }


def _root(db: Session, unit_id: int) -> Unit:
    root = list_queries.root_in_scope(db, current_user.actor, unit_id)
    if root is None:
        abort(404)
    return root


def _field(field: str) -> str:
    if field not in list_words.FIELDS:
        abort(404)
    return field


def _back(root: int, told: str) -> ResponseReturnValue:
    flash(told)
    return redirect(url_for("help_lists.home", unit=root), 303)


def _read_choice(code: str) -> NewChoice:
    form = request.form
    names = {tag: " ".join(form.get(f"name-{tag}", "").split()) for tag in languages()}
    position = form.get("position", type=int) or 0
    return NewChoice(code, names, form.get("situation", "").strip()[:80], position, _day(form.get("ended_on", "")))


def _read_definition() -> NewDefinition:
    form = request.form
    return NewDefinition(
        form.get("code", "").strip(),
        _day(form.get("since", "")),
        {tag: " ".join(form.get(f"title-{tag}", "").split()) for tag in languages()},
        {tag: form.get(f"text-{tag}", "").strip() for tag in languages()},
        _ticked("kind-"),
        _ticked("audience-"),
        form.get("counts", "people"),
    )


def _ticked(beginning: str) -> list[str]:
    return [name.removeprefix(beginning) for name in request.form if name.startswith(beginning)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _choice_page(
    root: Unit,
    field: str,
    stands: Mapping[str, str],
    *,
    code: str = "",
    choice_id: int | None = None,
    problems: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    if problems:
        give_up()
    return render_template(
        "helping/choice.html",
        root=root,
        field=field,
        title=list_words.FIELDS[field][1],
        stands=stands,
        code=code,
        choice_id=choice_id,
        problems=list_words.refusals(problems or {}),
    ), 422 if problems else 200


def _definition_page(
    root: Unit, stands: Mapping[str, str], *, problems: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    if problems:
        give_up()
    return render_template(
        "helping/definition_form.html",
        root=root,
        stands=stands,
        lists=catalogue.catalogue(reading(), root.id, today()),
        tongue=language(),
        kinds=words.KINDS,
        counts=list_words.COUNTS,
        problems=list_words.refusals(problems or {}),
    ), 422 if problems else 200
