"""Materials for helpers: found, opened, shared, made into others, reported."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.folding import fold
from lms.helping import mandate_queries
from lms.helping.rules import scan
from lms.paging import At
from lms.people.actions import TooOften, count_try
from lms.people.needs import needs
from lms.people.rules import Right
from lms.sharing import actions, forms, queries, receiving, rules, words
from lms.sharing.desk import bp
from lms.web.ids import client_id
from lms.web.language import _, language, languages, today
from lms.web.received import BadUpload, drop_files, keep_file, sent_file
from lms.web.transaction import database, reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from lms.sharing.models import Material

ROOM_FOR_FIELDS = 1024 * 1024
A_DAY = 40  # materials of one person, or reports


@bp.get("/materials")
@needs(Right.LEARN)
def home() -> ResponseReturnValue:
    """Materials, newest first; found by words, service and language."""
    db, me, asked = reading(), current_user.actor, request.args
    at = At(asked.get("after", ""), asked.get("before", ""))
    wanted = {name: asked.get(name, "").strip()[:100] for name in ("q", "service", "in")}
    page = queries.list_page(db, me, wanted["q"], wanted["service"], wanted["in"], at, today())
    return render_template(
        "sharing/home.html",
        page=page,
        wanted=wanted,
        is_empty=not page.rows and not queries.is_anything_shared(db),
        may_share=queries.may_share(db, me, current_user.rights),
        words=words,
        tongue=language(),
        tongues=languages(),
    )


@bp.get("/materials/new")
@needs(Right.LEARN)
def new() -> ResponseReturnValue:
    """What to say of a material; `of` in the address names the one that it was made of."""
    return _form(_source(request.args.get("of", 0, type=int)))


def _source(number: int) -> Material | None:
    row = queries.material(reading(), number, current_user.actor, ()) if number else None
    if number and row is None:
        abort(404)
    return row


def _form(
    source: Material | None,
    *,
    wanted: rules.Wanted | None = None,
    problems: Mapping[str, str] | None = None,
    known: Material | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    db, me = reading(), current_user.actor
    return render_template(
        "sharing/new.html",
        source=source,
        wanted=wanted,
        problems=problems or {},
        known=known,
        is_open=queries.may_share(db, me, current_user.rights),
        choices=queries.choices(db, me, today()),
        rules=rules,
        words=words,
        tongue=language(),
        tongues=languages(),
    ), status


@bp.post("/materials")
@needs(Right.LEARN)
def share() -> ResponseReturnValue:
    """Share a file or a link. What was typed comes back if something is wrong; a file has to be chosen again."""
    request.max_content_length = rules.MOST_BYTES + ROOM_FOR_FIELDS
    db, me = reading(), current_user.actor
    source, choices = _source(request.form.get("of", 0, type=int)), queries.choices(db, me, today())
    if not queries.may_share(db, me, current_user.rights):
        return _form(source, status=422)
    wanted = forms.wanted_in(request.form, [each.code for each in choices])
    problems: dict[str, str] = {}
    read = None
    try:
        read = receiving.read_one(request.files.get("file"))
    except BadUpload as bad:
        problems["file"] = str(bad)
    has_file = read is not None or "file" in problems
    licence = source.licence if source is not None and not _is_mine(source) else ""
    found = rules.problems(wanted, languages(), has_file=has_file, source_licence=licence)
    problems |= words.told(found, wanted)
    if problems:
        return _form(source, wanted=wanted, problems=problems, status=422)
    return _keep(wanted, read, source, queries.names_of(choices, wanted.services, language()))


def _is_mine(row: Material) -> bool:
    return row.is_own and row.shared_by == current_user.actor


def _keep(
    wanted: rules.Wanted, read: tuple[str, bytes] | None, source: Material | None, services: list[str]
) -> ResponseReturnValue:
    _slow_down("share")
    kept = receiving.kept_address(wanted.address)
    if read is not None:
        kept = receiving.kept_file(read, keep_file(read[1]))
    named = replace(wanted, author=current_user.name) if wanted.is_own else wanted
    posts = mandate_queries.posts_of(reading(), current_user.actor, today())
    try:
        row = actions.share(
            writing(), named, kept,
            by=current_user.actor,
            unit=posts[0].id if posts else None,
            client_id=client_id("client_id"),
            adapted_from=source,
            service_names=services,
        )  # fmt: skip
    except actions.SharedAlready as already:
        drop_files([kept.file] if kept.file else [])
        return _form(source, wanted=wanted, known=already.material, status=422)
    except actions.NotYours:
        drop_files([kept.file] if kept.file else [])
        abort(404)
    if kept.file and row.file != kept.file:  # it was sent before, under the same id
        drop_files([kept.file])
    return redirect(url_for("sharing.show", number=row.id), 303)


def _slow_down(what: str) -> None:
    try:
        count_try(database(), what, str(current_user.actor), limit=A_DAY, seconds=86400)
    except TooOften:
        abort(429)


def _opened(number: int) -> Material:
    row = queries.material(reading(), number, current_user.actor, current_user.rights)
    if row is None:
        abort(404)
    return row


@bp.get("/materials/<int:number>")
@needs(Right.LEARN)
def show(number: int) -> ResponseReturnValue:
    """A material: what it is, how to name its author, what it was made of, what was made of it."""
    return _page(_opened(number))


def _page(row: Material, *, problem: str = "", typed: str = "", status: int = 200) -> ResponseReturnValue:
    db, me = reading(), current_user.actor
    page = queries.material_page(db, row, me, today())
    return render_template(
        "sharing/show.html",
        page=page,
        licence=rules.LICENCES[row.licence],
        attribution=attribution(row),
        keeps=queries.may_keep(db, row, me, current_user.rights),
        services=queries.names_of(page.choices, page.services, language()),
        words=words,
        problem=problem,
        typed=typed,
    ), status


def attribution(row: Material) -> str:
    """Title, author, source and licence in a line, and of what it was made: ready to copy.

    Source: Creative Commons, Recommended practices for attribution (title, author, source, licence).
    """
    lines = [_named(row)]
    lines += [_("Made of %(source)s", source=_named(each)) for each in queries.chain(reading(), row)]
    return "\n".join(lines)


def _named(row: Material) -> str:
    address = row.source or row.address or url_for("sharing.show", number=row.id, _external=True)
    licence = rules.LICENCES[row.licence]
    name = f"{licence.name} ({licence.address})" if licence.name else words.licence(row.licence)
    author = row.author or _("an author who was erased")
    return _("“%(title)s” by %(author)s, %(address)s, licence: %(licence)s", title=row.title or _("a material that is gone"), author=author, address=address, licence=name)  # fmt: skip # noqa: E501


@bp.get("/materials/<int:number>/file")
@needs(Right.LEARN)
def file(number: int) -> ResponseReturnValue:
    """The file, to be saved; a picture shows, in a sandbox. Its name is made of the title."""
    row = _opened(number)
    response = sent_file(row.file, f"{_plain(row.title)}.{row.ending}") if row.file else None
    if response is None:
        abort(404)
    return response


def _plain(title: str) -> str:
    return re.sub(r"[^\w-]+", "-", fold(title)).strip("-")[:80] or "material"


@bp.post("/materials/<int:number>/take-back")
@needs(Right.LEARN)
def take_back(number: int) -> ResponseReturnValue:
    """Take off what one shared oneself, without asking anybody."""
    row = _opened(number)
    if row.shared_by != current_user.actor:
        abort(404)
    db = writing()
    actions.take_off(db, db.get_one(type(row), row.id), "", by=current_user.actor)
    flash(_("Taken off. Nobody finds or opens it any more."))
    return redirect(url_for("sharing.show", number=number), 303)


@bp.post("/materials/<int:number>/report")
@needs(Right.LEARN)
def report(number: int) -> ResponseReturnValue:
    """Say that something is wrong with a material."""
    row, said = _opened(number), " ".join(request.form.get("words", "").split())[:1000]
    if not said or scan(said).refused:
        problem = _("Say what is wrong, without addresses and numbers.")
        return _page(row, problem=problem, typed=said, status=422)
    _slow_down("report material")
    actions.report(writing(), row, said, by=current_user.actor, client_id=client_id("client_id"))
    flash(_("Thank you. A trainer or coordinator will look at it."))
    return redirect(url_for("sharing.show", number=row.id), 303)
