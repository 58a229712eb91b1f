"""The question builder: the questions of a file, and each as a form that writes the format."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import saving
from lms.authoring.desk import folder_of, me
from lms.authoring.steps import note_step
from lms.editing.builder_bench import (
    LABELS,
    Bench,
    bench_of,
    link_to,
    questions_of,
    refused,
    renewed,
    true_and_false,
    was,
    with_link,
)
from lms.editing.builder_fields import (
    Row,
    blank_sheet,
    family_of,
    pressed,
    rows_of,
    settings_of,
    sheet_from,
    with_gap,
    without_blanks,
)
from lms.editing.builder_places import lines_of
from lms.editing.builder_quick import Note, questions_in
from lms.editing.builder_sheets import Sheet, sheets_of
from lms.editing.builder_writing import NotWritable, Written, add, move, remove, rewrite
from lms.editing.desk import content_of, not_committed
from lms.people.needs import needs
from lms.people.rules import Right
from lms.repositories.git import GitFailed
from lms.web.language import _, ngettext
from lms.web.transaction import writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from lms.content.structure import Problem

bp = Blueprint("builder", __name__, url_prefix="/authoring/packs/<pack>")
MOST_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class FormPage:
    """One question in its form. `place` is None for a new one; `theirs` what somebody else made of it meanwhile."""

    pack: str
    bench: Bench
    place: int | None
    sheet: Sheet
    was: str
    refused: str = ""
    problems: tuple[Problem, ...] = ()
    theirs: str = ""
    fresh_row: str = ""
    is_linked: bool = False

    @property
    def rows(self) -> tuple[Row, ...]:
        """The answers with the keys of their fields."""
        return rows_of(self.sheet)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the question may become."""
        return family_of(self.sheet.kind)

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings that have fields."""
        return settings_of(self.sheet.kind)


@bp.get("/questions/<path:bank>")
@needs(Right.AUTHOR)
def questions(pack: str, bank: str) -> ResponseReturnValue:
    """The questions of a file, and ways to write more."""
    return _file_page(pack, bench_of(pack, folder_of(pack), bank))


def _file_page(pack: str, on: Bench, quick: str = "", notes: tuple[Note, ...] = (), refused_words: str = "") -> str:
    return render_template(
        "editing/builder_file.html",
        pack=pack,
        bench=on,
        labels=LABELS,
        quick=quick,
        notes=notes,
        refused=refused_words,
        was=was,
        is_writable=on.is_writable,
    )


@bp.get("/lesson-questions/<path:lesson>")
@needs(Right.AUTHOR)
def lesson_questions(pack: str, lesson: str) -> ResponseReturnValue:
    """To the questions that belong to a lesson."""
    page = "builder.question" if request.headers.get("X-Fragment") else "builder.questions"
    return redirect(url_for(page, pack=pack, bank=questions_of(pack, lesson)), 302)


@bp.get("/question/<path:bank>")
@needs(Right.AUTHOR)
def question(pack: str, bank: str) -> ResponseReturnValue:
    """One question by its place or its `id`, or with `kind` a new one, as a form."""
    on = bench_of(pack, folder_of(pack), bank)
    kind, place = request.args.get("kind", ""), request.args.get("place", -1, type=int)
    if kind in LABELS and not on.is_translation:
        words = true_and_false(on.file.language) if kind == "true-false" else ()
        return _form(FormPage(pack, on, None, blank_sheet(kind, words), ""))
    if request.headers.get("X-Fragment") and place < 0:
        return render_template("editing/builder_kinds.html", pack=pack, bank=bank, labels=LABELS)
    if name := request.args.get("id", ""):
        place = next((number for number, sheet in enumerate(on.sheets) if sheet.id == name), -1)
        if place < 0:  # it is in a version, and no longer in the folder
            return redirect(url_for("builder.questions", pack=pack, bank=bank), 303)
    if not 0 <= place < len(on.sheets):
        abort(404)
    return _form(FormPage(pack, on, place, on.sheets[place], was(on.sheets[place])))


def _form(page: FormPage) -> str:
    name = "editing/builder_form.html" if request.headers.get("X-Fragment") else "editing/builder.html"
    return render_template(name, page=page, labels=LABELS)


@bp.post("/question/<path:bank>")
@needs(Right.AUTHOR)
def save(pack: str, bank: str) -> ResponseReturnValue:
    """Write a question into its file, or press one of the buttons that change the form."""
    on = bench_of(pack, folder_of(pack), bank)
    page = _sent(pack, on)
    button = request.form.get("do", "save")
    if button == "gap":
        return _with_gap(page)
    if button not in {"save", "more"}:
        fresh = pressed(page.sheet, button)
        return _form(replace(page, sheet=fresh, fresh_row=_row_to_go_to(page.sheet, fresh, button)))
    if page.place is not None and was(on.sheets[page.place]) != page.was and page.was:
        theirs = on.sheets[page.place]
        return _form(replace(page, theirs=theirs.raw, was=was(theirs))), 409
    return _save(page, without_blanks(page.sheet), button)


def _sent(pack: str, on: Bench) -> FormPage:
    """What the browser sent, on top of the question as it stands in the file now."""
    form: Mapping[str, list[str]] = request.form.to_dict(flat=False)
    if sum(len(value) for values in form.values() for value in values) > MOST_CHARACTERS:
        abort(413)
    kind, seen = request.form.get("kind", ""), request.form.get("was", "")
    place = on.place_of(request.form.get("id", ""), request.form.get("place", 0, type=int)) if seen else None
    old = on.sheets[place] if place is not None else blank_sheet(kind if kind in LABELS else "")
    sheet = sheet_from(form, replace(old, kind=kind if kind in family_of(old.kind) or not kind else old.kind))
    return FormPage(pack, on, place, renewed(sheet, old), seen, is_linked=request.form.get("link") == "yes")


def _row_to_go_to(before: Sheet, after: Sheet, button: str) -> str:
    """The row in which writing goes on after a button was pressed."""
    rows = rows_of(after)
    if button == "add" or not rows:
        return rows[-1].key if rows else ""
    key = button.partition("-")[2]
    keys = [row.key for row in rows]
    gone = next((number for number, row in enumerate(rows_of(before)) if row.key == key), 0)
    return key if key in keys and not button.startswith("remove") else keys[min(gone, len(keys) - 1)]


def _with_gap(page: FormPage) -> ResponseReturnValue:
    """The form with a gap in the place of a word."""
    word, others, wrong = (request.form.get(f"gap-{name}", "") for name in ("word", "accepted", "wrong"))
    for place, text in enumerate(page.sheet.texts):
        changed = with_gap(text, word, others.replace("\r\n", "\n"), wrong.replace("\r\n", "\n"))
        if changed is not None:
            texts = (*page.sheet.texts[:place], changed, *page.sheet.texts[place + 1 :])
            return _form(replace(page, sheet=replace(page.sheet, texts=texts)))
    return _form(replace(page, refused=_("The text does not have the word %(word)s outside a gap.", word=word))), 422


def _save(page: FormPage, wanted: Sheet, button: str) -> ResponseReturnValue:
    on = page.bench
    try:
        written = _written(page, wanted)
    except NotWritable as error:
        return _form(replace(page, refused=refused(error))), 422
    if written.problems:
        return _form(replace(page, problems=written.problems)), 422
    place = page.place if page.place is not None else len(lines_of(written.text).ranges) - 1
    saved = sheets_of(replace(on.file, text=written.text))[place]
    link = link_to(on, saved) if on.lesson else ""
    changes: dict[str, bytes | None] = {on.path: written.text.encode()}
    seen = {on.path: saving.seen_digest(on.content)}
    if page.is_linked and link and page.place is None:
        lesson = content_of(on.folder, on.lesson) or b""
        changes[on.lesson], seen[on.lesson] = with_link(lesson, link), saving.seen_digest(lesson)
    problem = _store(page.pack, on, changes, seen, f"Write the question {saved.id}")
    if problem:
        return _form(replace(page, refused=problem)), 409
    return _answered(page, saved, link, button)


def _written(page: FormPage, wanted: Sheet) -> Written:
    """The file with the question. Raises `NotWritable`."""
    if page.place is None:
        return add(page.bench.file, wanted)
    return rewrite(page.bench.file, page.place, wanted)


def _store(pack: str, on: Bench, changes: Mapping[str, bytes | None], seen: Mapping[str, str], words: str) -> str:
    """Write files and note it. Nothing, or why nothing was written."""
    try:
        saving.save(on.folder, changes, seen=seen, by=me(), words=words)
    except saving.SavedBefore:
        return _("Somebody saved this file a moment ago. Nothing was written yet: press Save once more.")
    except (saving.ReadOnlyPack, saving.BadPath):
        return _("This pack cannot be written. What you wrote is still here: copy it.")
    except GitFailed as problem:
        return not_committed(problem)
    db = writing()
    for path in changes:
        note_step(db, "saved", pack=pack, by=current_user.actor, path=path, words=words)
    return ""


def _answered(page: FormPage, saved: Sheet, link: str, button: str) -> ResponseReturnValue:
    if request.headers.get("X-Fragment"):
        return {"markdown": link, "id": saved.id, "words": _("The question is written.")}
    flash(_("The question is written. Trainees see it once it is published."))
    if button == "more":
        return redirect(url_for("builder.question", pack=page.pack, bank=page.bench.path, kind=saved.kind), 303)
    address = url_for("builder.questions", pack=page.pack, bank=page.bench.path)
    return redirect(f"{address}#{saved.id}", 303)


@bp.post("/quick-questions/<path:bank>")
@needs(Right.AUTHOR)
def quick(pack: str, bank: str) -> ResponseReturnValue:
    """Write several questions at once out of notes; all of them or none."""
    on = bench_of(pack, folder_of(pack), bank)
    if on.is_translation:
        abort(404)
    text = request.form.get("text", "")
    if len(text) > MOST_CHARACTERS:
        abort(413)
    sheets, notes = questions_in(text)
    if notes or not sheets:
        empty = "" if notes else _("There is no question yet. Write one, and its answers below it.")
        return _file_page(pack, on, text, notes, empty), 422
    made = on.file
    try:
        for sheet in sheets:
            made = replace(made, text=add(made, sheet).text)
    except NotWritable as error:
        return _file_page(pack, on, text, (Note(0, sheet.stem, ""),), refused(error)), 422
    changes = {on.path: made.text.encode()}
    problem = _store(pack, on, changes, {on.path: saving.seen_digest(on.content)}, f"Write {len(sheets)} questions")
    if problem:
        return _file_page(pack, on, text, (), problem), 409
    flash(ngettext("%(num)s question is written.", "%(num)s questions are written.", len(sheets)))
    return redirect(url_for("builder.questions", pack=pack, bank=bank), 303)


@bp.post("/arrange-question/<path:bank>")
@needs(Right.AUTHOR)
def arrange(pack: str, bank: str) -> ResponseReturnValue:
    """Move a question up or down, or take it out."""
    on = bench_of(pack, folder_of(pack), bank)
    place = on.place_of(request.form.get("id", ""), request.form.get("place", 0, type=int))
    button = request.form.get("do", "")
    if place is None or was(on.sheets[place]) != request.form.get("was"):
        return _file_page(pack, on, refused_words=_("Somebody changed this question meanwhile. Look at it again.")), 409
    name = on.sheets[place].id
    if button == "remove":
        text, words = remove(on.file, place), f"Take out the question {name}"
    else:
        text, words = move(on.file, place, -1 if button == "up" else 1), f"Move the question {name}"
    problem = _store(pack, on, {on.path: text.encode()}, {on.path: saving.seen_digest(on.content)}, words)
    if problem:
        return _file_page(pack, on, refused_words=problem), 409
    flash(_("Taken out. It stays in what is published until you publish again.") if button == "remove" else _("Moved."))
    return redirect(url_for("builder.questions", pack=pack, bank=bank), 303)
