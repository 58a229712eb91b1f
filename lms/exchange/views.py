"""Questions of other systems on the desk: send a file in, see what would become of it, bring it in; and back out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import saving
from lms.authoring.desk import folder_of, folders, me
from lms.authoring.steps import note_step
from lms.content.packs import PARTS, read_pack
from lms.content.reader import BadPack
from lms.exchange import keeping, placing, reading
from lms.exchange.bringing import MOST_BYTES, MOST_QUESTIONS
from lms.exchange.forms import FORMAT_NAMES, KINDS, ImportForm
from lms.exchange.found import CannotRead
from lms.exchange.looking import file_rows
from lms.exchange.placing import BadTarget, Existing
from lms.exchange.sending import ENDINGS, MEDIA, Sent, question_files, send
from lms.learning.presentation import question_types
from lms.people.needs import needs
from lms.people.rules import Right
from lms.repositories.git import GitFailed
from lms.web.ids import client_id
from lms.web.language import _
from lms.web.transaction import writing

if TYPE_CHECKING:
    from pathlib import Path

    from flask.typing import ResponseReturnValue

    from lms.content.packs import PackFolder
    from lms.exchange.keeping import Held

bp = Blueprint("exchange", __name__, url_prefix="/authoring")


def _home() -> Path:
    home: Path = current_app.config["LMS"].home
    return home


def _writable() -> list[str]:
    return [folder.name for folder in folders() if saving.is_writable(folder)]


@bp.get("/import")
@needs(Right.AUTHOR)
def begin() -> ResponseReturnValue:
    """Where a file with questions is sent in."""
    form = ImportForm(_writable())
    form.pack.data = request.args.get("pack", "")
    form.path.data = request.args.get("into", "") or form.path.data
    return _begin_page(form)


def _begin_page(form: ImportForm) -> str:
    waits = [(held, keeping.progress(held)) for held in keeping.waiting(_home(), current_user.actor)]
    return render_template(
        "exchange/begin.html",
        form=form,
        megabytes=MOST_BYTES // 2**20,
        most=MOST_QUESTIONS,
        packs=_writable(),
        waits=waits,
        Stand=keeping.Stand,
    )


@bp.post("/import")
@needs(Right.AUTHOR)
def receive() -> ResponseReturnValue:
    """Put the file aside; a small one is read at once, a large one by the worker."""
    request.max_content_length = MOST_BYTES + 2**16
    form = ImportForm(_writable())
    if not form.validate_on_submit():
        return _begin_page(form), 422
    wish = keeping.Wish(
        (form.file.data.filename or "")[:200],
        form.pack.data,
        form.path.data or "",
        form.mode.data,
        form.format_name.data,
        form.encoding.data,
    )
    try:
        existing = _target(wish)
    except (BadTarget, saving.BadPath) as error:
        form.path.errors = [_target_words(error, wish)]
        return _begin_page(form), 422
    data = form.file.data.stream.read(MOST_BYTES + 1)
    held = keeping.keep(_home(), current_user.actor, UUID(client_id("held")), data, wish)
    refused = _read_or_ask(held, existing)
    if refused:
        keeping.drop(_home(), current_user.actor, held.id)
        form.file.errors = [_refused_words(refused)]
        return _begin_page(form), 422
    return redirect(url_for("exchange.look", held=held.id), 303)


def _read_or_ask(held: Held, existing: bytes | None) -> reading.Refused | None:
    """Read a small file now, and say why where that cannot be done; have a large one read."""
    if held.size > reading.AT_ONCE:
        reading.ask(writing(), current_user.actor, held)
        return None
    return reading.read_now(held, existing, question_types()).refused


def _refused_words(refused: reading.Refused) -> str:
    return _("Line %(line)s: %(words)s", line=refused.line, words=f"{refused.message} {refused.fix}")


def _target_words(error: Exception, wish: keeping.Wish) -> str:
    if isinstance(error, saving.BadPath):
        return _("%(path)s is no name that a file of a pack may have.", path=wish.path)
    if isinstance(error, placing.Taken):
        return _("%(path)s is there already. Choose below what to do with it, or give another name.", path=wish.path)
    return _("Questions stand in quizzes/, such as quizzes/questions.md, or in a file that ends in .quiz.md.")


def _target(wish: keeping.Wish) -> bytes | None:
    """What stands where the questions go. Raises `BadTarget`, `BadPath`."""
    folder = folder_of(wish.pack)
    existing = saving.read_file(folder, wish.path)
    placing.refuse_target(wish.path, existing, Existing(wish.mode))
    _refuse_new_part(folder, wish.path)
    return existing


def _refuse_new_part(folder: PackFolder, path: str) -> None:
    """A pack without `courses/` and `quizzes/` is a course by itself; a first `quizzes/` would hide all the rest."""
    has_parts = any((folder.path / part).is_dir() for part in PARTS)
    if not has_parts and path.startswith("quizzes/") and any(folder.path.glob("[!.]*")):
        raise BadTarget(path)


def _held(held: UUID) -> Held:
    found = keeping.kept(_home(), current_user.actor, held)
    if found is None:
        abort(404)
    return found


@bp.get("/import/<uuid:held>")
@needs(Right.AUTHOR)
def look(held: UUID) -> ResponseReturnValue:
    """What would become of each question, or how far the reading is; nothing is saved yet."""
    return _look_page(_held(held))


def _look_page(held: Held, refused: str = "") -> str:
    found = None
    try:
        existing = _target(held.wish)
    except (BadTarget, saving.BadPath) as error:
        refused = refused or _target_words(error, held.wish)
    else:
        found = reading.finding(held, existing)
        if found is None and held.size <= reading.AT_ONCE:
            found = reading.read_now(held, existing, question_types())
        if found is None:
            return _waiting_page(held)
        refused = refused or (_refused_words(found.refused) if found.refused else "")
    return render_template(
        "exchange/look.html",
        page=found.page if found else None,
        wish=held.wish,
        held=held.id,
        refused=refused,
        formats=FORMAT_NAMES,
        kinds=KINDS,
    )


def _waiting_page(held: Held) -> str:
    return render_template(
        "exchange/waiting.html", held=held, reached=keeping.progress(held),
        Stand=keeping.Stand, most=reading.MOST_TRIES,
    )  # fmt: skip


@bp.post("/import/<uuid:held>/again")
@needs(Right.AUTHOR)
def again(held: UUID) -> ResponseReturnValue:
    """Have a file read anew: its target is another one by now, or nobody has begun."""
    reading.ask(writing(), current_user.actor, _held(held))
    return redirect(url_for("exchange.look", held=held), 303)


@bp.post("/import/<uuid:held>/forget")
@needs(Right.AUTHOR)
def forget(held: UUID) -> ResponseReturnValue:
    """Forget a file; whoever reads it stops."""
    keeping.drop(_home(), current_user.actor, held)
    flash(_("Forgotten. Nothing of the file was saved."))
    return redirect(url_for("exchange.begin"), 303)


@bp.post("/import/<uuid:held>")
@needs(Right.AUTHOR)
def bring_in(held: UUID) -> ResponseReturnValue:
    """Save the questions and their pictures into the pack."""
    kept = _held(held)
    wish, mode = kept.wish, Existing(kept.wish.mode)
    try:
        existing = _target(wish)
        found = reading.finding(kept, existing)
        if found is None:
            return _anew(kept, existing)
        changes = placing.changes_of(wish.path, found, existing, mode, placing.language_of(existing, "en"))
        count = found.page.count if found.page else 0
        _save(wish, changes, existing, count)
    except (BadTarget, saving.BadPath, CannotRead):
        return _look_page(kept), 422
    except saving.SavedBefore as before:
        words = _("%(path)s was saved by somebody else meanwhile. Look at this page again.", path=before.path)
        return _look_page(kept, words), 409
    except saving.ReadOnlyPack:
        return _look_page(kept, _("This pack cannot be written here. Nothing was changed.")), 422
    except GitFailed as problem:
        words = _("Nothing was changed: Git could not note it. Git says: %(words)s", words=problem.words)
        return _look_page(kept, words), 422
    _note_brought(wish, found, count)
    keeping.drop(_home(), current_user.actor, held)
    flash(_("The questions are in %(path)s. Trainees see them once the pack is published.", path=wish.path))
    return redirect(url_for("builder.questions", pack=wish.pack, bank=wish.path), 303)


def _anew(held: Held, existing: bytes | None) -> ResponseReturnValue:
    """What was found is for another state of the target: ids that were free may be taken now."""
    _read_or_ask(held, existing)
    flash(_("%(path)s has changed since, so your file is read for it anew. Look once more.", path=held.wish.path))
    return redirect(url_for("exchange.look", held=held.id), 303)


def _note_brought(wish: keeping.Wish, found: reading.Finding, count: int) -> None:
    lost = [{"where": loss.where, "what": loss.what, "why": loss.why} for loss in found.lost]
    by = current_user.actor
    note_step(writing(), "imported", pack=wish.pack, by=by, path=wish.path, file=wish.name, questions=count, lost=lost)


def _save(wish: keeping.Wish, changes: dict[str, bytes], existing: bytes | None, count: int) -> None:
    folder = folder_of(wish.pack)
    before = {path: saving.read_file(folder, path) for path in changes if path != wish.path} | {wish.path: existing}
    seen = {path: saving.seen_digest(content) for path, content in before.items()}
    saving.save(folder, changes, seen=seen, by=me(), words=f"Bring {count} questions into {wish.path}")


@bp.get("/packs/<pack>/export")
@needs(Right.AUTHOR)
def export(pack: str) -> ResponseReturnValue:
    """The question files of a pack, each as a file for other systems; with `path`, what that file cannot hold."""
    files = _files(pack)
    path = request.args.get("path", "")
    if path and path not in files:
        abort(404)
    rows = file_rows(question_files(files, question_types(), path))
    reports = {name: _sent(files, path, name) for name in ENDINGS} if path else {}
    return render_template(
        "exchange/export.html", pack=pack, path=path, rows=rows, reports=reports, formats=FORMAT_NAMES
    )


@bp.get("/packs/<pack>/export/<format_name>")
@needs(Right.AUTHOR)
def export_file(pack: str, format_name: str) -> ResponseReturnValue:
    """The questions of one file, or of the whole pack, in another format."""
    files = _files(pack)
    path = request.args.get("path", "")
    if format_name not in ENDINGS or (path and path not in files):
        abort(404)
    name = placing.name_of(path) if path else pack
    answer = Response(_sent(files, path, format_name).text, mimetype=MEDIA[format_name])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}{ENDINGS[format_name]}")
    return answer


def _files(pack: str) -> dict[str, bytes]:
    try:
        return read_pack(folder_of(pack))
    except BadPack:
        abort(404)


def _sent(files: dict[str, bytes], path: str, format_name: str) -> Sent:
    return send(question_files(files, question_types(), path), files, format_name)


@bp.errorhandler(reading.NotWanted)
def gone(_problem: reading.NotWanted) -> ResponseReturnValue:
    """The file was forgotten while it was being read."""
    abort(404)
