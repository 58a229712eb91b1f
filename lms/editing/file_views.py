"""One text of a pack: open it, save it, publish it; and both texts where somebody saved before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import saving
from lms.authoring.desk import folder_of, me
from lms.authoring.differences import differences
from lms.authoring.steps import note_step
from lms.authoring.telling import tell_published
from lms.clock import now
from lms.content.checker.fixing import can_fix
from lms.content.packs import publish_pack
from lms.editing import actions, queries
from lms.editing.desk import MOST_CHARACTERS, bp, content_of, is_text, not_committed, opened_pack
from lms.editing.opened import course_of, lesson_at, problems_of, questions_at, with_file
from lms.editing.shown_views import fragment, text_sent
from lms.editing.texts import NoText, Written, as_bytes, as_text
from lms.learning.presentation import question_types
from lms.people.needs import needs
from lms.people.rules import Right
from lms.repositories.git import GitFailed
from lms.web.ids import client_id
from lms.web.language import _, listing
from lms.web.transaction import database, reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.content.packs import PackFolder
    from lms.content.structure import Problem
    from lms.editing.queries import Draft


@dataclass(frozen=True, slots=True)
class EditPage:
    """A text as it stands in the editor. `seen` is the digest of the file that the writing began from.

    `kind` is `lesson`, `questions`, `front` or `other`; `drafts` are what the writer did not save, newest first;
    `shown` is the preview as HTML, if it was asked for; `refused` says why something was not done.
    """

    pack: str
    file: str
    kind: str
    course: str
    title: str
    text: str
    seen: str
    draft_id: str
    is_new: bool
    is_writable: bool
    problems: tuple[Problem, ...]
    drafts: tuple[Draft, ...] = ()
    shown: str = ""
    refused: str = ""
    words: str = ""


@bp.get("/edit/<path:file>")
@needs(Right.AUTHOR)
def edit(pack: str, file: str) -> ResponseReturnValue:
    """A text in the editor; with `draft`, as its writer left it."""
    folder = folder_of(pack)
    content = text_of(folder, file)
    drafts = queries.drafts_of(reading(), current_user.actor, pack, file)
    taken = next((draft for draft in drafts if draft.draft_id == request.args.get("draft")), None)
    try:
        text = as_text(content or b"").text
    except NoText:
        return render_template("editing/no_text.html", pack=pack, file=file, is_long=False), 415
    if len(text) > MOST_CHARACTERS:
        return render_template("editing/no_text.html", pack=pack, file=file, is_long=True), 415
    page = _page(folder, file, taken.text if taken else text, draft_id=taken.draft_id if taken else "")
    fresh = [draft for draft in drafts if draft is not taken and draft.text != text]
    seen = taken.seen if taken else saving.seen_digest(content)
    return _shown(replace(page, seen=seen, is_new=content is None, drafts=tuple(fresh)))


def text_of(folder: PackFolder, file: str) -> bytes | None:
    """The bytes of a text of a pack; None for one that is not there yet."""
    if not is_text(file):
        abort(404)
    return content_of(folder, file)


def _page(folder: PackFolder, file: str, text: str, *, draft_id: str = "") -> EditPage:
    """The page of a text, whether it is saved or not."""
    known = with_file(opened_pack(folder.name), file, text.encode(), question_types())
    place, questions, course = lesson_at(known.pack, file), questions_at(known.pack, file), course_of(known.pack, file)
    is_front = course is not None and file in course.index.values()
    title = questions.title if questions else ""
    if place:
        texts = (place[1].source, *place[1].translations.values())
        title = next(text.title for text in texts if text.path == file)
    elif is_front and course:
        title = next(course.texts[tag].title for tag, path in course.index.items() if path == file)
    return EditPage(
        pack=folder.name,
        file=file,
        kind="questions" if questions else "front" if is_front else "lesson" if place else "other",
        course=course.id if course else "",
        title=title or file.rpartition("/")[2],
        text=text,
        seen="",
        draft_id=draft_id,
        is_new=False,
        is_writable=saving.is_writable(folder),
        problems=problems_of(known, file, now().date()),
    )


def _shown(page: EditPage) -> str:
    return render_template("editing/edit.html", page=page, fixable=[can_fix(problem) for problem in page.problems])


@bp.post("/edit/<path:file>")
@needs(Right.AUTHOR)
def edit_post(pack: str, file: str) -> ResponseReturnValue:
    """Save a text, save and publish it, or only show it as trainees will get it."""
    folder, text, seen = folder_of(pack), text_sent(), request.form.get("seen", "")
    words, wanted = " ".join(request.form.get("words", "").split())[:200], request.form.get("do", "save")
    before = text_of(folder, file)
    page = replace(_page(folder, file, text, draft_id=client_id("draft_id")), seen=seen, words=words)
    if wanted == "preview":
        known = with_file(opened_pack(pack), file, text.encode(), question_types())
        return _shown(replace(page, shown=fragment(known, file)))
    try:
        content = as_bytes(text, as_text(before) if before is not None else Written(""))
        saving.save(folder, {file: content}, seen={file: seen}, by=me(), words=words or f"Edit {file}")
    except saving.SavedBefore as earlier:
        return _both(page, earlier.theirs), 409
    except (saving.ReadOnlyPack, NoText):
        return _shown(replace(page, refused=_("This pack cannot be written. Your text is still here: copy it."))), 422
    except GitFailed as problem:
        return _shown(replace(page, refused=not_committed(problem))), 422
    if wanted == "publish":
        return _publish(folder, page, content)
    _note(page)
    flash(_("Saved. Trainees see it once it is published."))
    return redirect(url_for("editing.edit", pack=pack, file=file), 303)


def _note(page: EditPage) -> None:
    """Write down that a text was saved; it is no draft any more."""
    db, more = writing(), {"words": page.words} if page.words else {}
    note_step(db, "saved", pack=page.pack, by=current_user.actor, course=page.course, path=page.file, **more)
    actions.drop_draft(db, current_user.actor, page.draft_id)


def _both(page: EditPage, theirs: bytes | None) -> str:
    """The page with both texts, of which nothing is lost: hers is kept as a draft, too."""
    with database().writing() as db:
        actions.keep_draft(
            db, current_user.actor, page.draft_id, pack=page.pack, path=page.file, text=page.text, seen=page.seen
        )
    try:
        other = as_text(theirs or b"").text
    except NoText:
        other = ""
    return render_template(
        "editing/both.html",
        page=page,
        theirs=other,
        is_gone=theirs is None,
        now_seen=saving.seen_digest(theirs),
        lines=differences(other, page.text),
    )


def _publish(folder: PackFolder, page: EditPage, content: bytes) -> ResponseReturnValue:
    changed, problems = publish_pack(database(), folder, question_types(), by=current_user.actor)
    errors = tuple(problem for problem in problems if problem.severity == "error")
    if errors:
        _note(page)
        here = tuple(problem for problem in problems if problem.file == page.file)
        elsewhere = sorted({problem.file for problem in errors if problem.file != page.file})
        refused = _("Saved, but nothing was published: there are errors to mend. What trainees see has not changed.")
        if elsewhere:
            refused += " " + _("There are errors in %(files)s, too.", files=listing(elsewhere[:5]))
        seen = saving.seen_digest(content)
        return _shown(replace(page, problems=here, refused=refused, seen=seen))
    _note(page)
    flash(_("Saved."))
    tell_published(folder.name, changed)
    return redirect(url_for("editing.edit", pack=page.pack, file=page.file), 303)
