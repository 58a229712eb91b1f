"""Begin something: a lesson, a module, a course, a question bank; a pack from nothing or as a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.authoring import uploads
from lms.authoring.desk import folder_of, folders
from lms.authoring.steps import note_step
from lms.content.actions import published_before
from lms.content.packs import PackFolder
from lms.editing.beginning import PackText, begun_pack, copied, new_bank, new_course, new_lesson, new_module
from lms.editing.changing import NotDone, apply, pack_as_seen, shape
from lms.editing.desk import bp, making, opened_pack
from lms.editing.tree import find, tree_of
from lms.learning.presentation import question_types
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import _, languages
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from lms.editing.opened import Opened

KINDS = ("lesson", "module", "course", "bank")


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form for something new. `folder` is where it goes, `where` what that is called."""

    pack: str
    kind: str
    folder: str
    where: str
    seen: str


def _field(name: str) -> str:
    return " ".join(request.form.get(name, "").split())[:200]


@bp.get("/new/<kind>")
@needs(Right.AUTHOR)
def new(pack: str, kind: str) -> ResponseReturnValue:
    """The form for something new in a pack."""
    known, folder = opened_pack(pack), request.args.get("in", "")
    if kind not in KINDS or (kind in ("lesson", "module") and not _is_place(known, folder)):
        abort(404)
    node = find(tree_of(known).courses, folder)
    page = NewPage(pack, kind, folder, node.title if node else pack, shape(known))
    return render_template("editing/new.html", page=page)


def _is_place(known: Opened, folder: str) -> bool:
    node = find(tree_of(known).courses, folder)
    return node is not None and node.kind in ("course", "module")


@bp.post("/new/<kind>")
@needs(Right.AUTHOR)
def new_post(pack: str, kind: str) -> ResponseReturnValue:
    """Put something new into a pack, and open it in the editor."""
    folder, known = pack_as_seen(pack)
    title, first, place = _field("title"), _field("first"), request.form.get("in", "")
    if kind not in KINDS or (kind in ("lesson", "module") and not _is_place(known, place)):
        abort(404)
    if not title or (kind in ("module", "course") and not first):
        raise NotDone(_("Give it a title first. Nothing was made."))
    if kind == "lesson":
        changes, opens = new_lesson(known, place, title)
    elif kind == "module":
        changes, opens = new_module(known, place, title, first)
    elif kind == "course":
        changes, opens = new_course(known, title, first, _taken_ids())
    else:
        changes, opens = new_bank(known, title)
    apply(folder, known, changes, "created", opens, f"Begin {title}", what=kind)
    flash(_("Here it is. Write, then save."))
    return redirect(url_for("editing.edit", pack=pack, file=opens), 303)


def _taken_ids() -> set[str]:
    """The ids of all courses, published at any time or on disk as far as folders tell."""
    on_disk = {path.name for folder in folders() for path in folder.path.glob("courses/*/")}
    return on_disk | published_before(reading())[1].keys()


@making.get("/new-pack")
@needs(Right.AUTHOR)
def new_pack() -> ResponseReturnValue:
    """The form for a pack with its first course."""
    return _new_pack_page(PackText("", "", "", "en"))


def _new_pack_page(text: PackText, refused: str = "") -> str:
    return render_template("editing/new_pack.html", text=text, refused=refused)


@making.post("/new-pack")
@needs(Right.AUTHOR)
def new_pack_post() -> ResponseReturnValue:
    """Make a pack with a first course and its first lesson, and open the lesson."""
    text = PackText(_field("name"), _field("course"), _field("lesson"), request.form.get("language", "en"))
    name = uploads.pack_name(f"{text.name}.zip") if text.name else ""
    if not (name and text.course and text.lesson) or text.language not in languages():
        return _new_pack_page(text, _("Fill in all three names. Nothing was made.")), 422
    files, opens = begun_pack(text, _taken_ids())
    if not _placed(name, files, "created"):
        return _new_pack_page(text, _("There is a pack with the name %(name)s. Choose another.", name=name)), 422
    flash(_("The pack is made. This is its first lesson: write, then save."))
    return redirect(url_for("editing.edit", pack=name, file=opens), 303)


def _placed(name: str, files: Mapping[str, bytes], kind: str, **detail: str) -> bool:
    """Put a new pack on disk; False if the name is taken."""
    settings = current_app.config["LMS"]
    try:
        uploads.refuse_taken(settings, name, replace=False)
    except uploads.NameTaken:
        return False
    with uploads.placed(settings, name, files):
        note_step(writing(), kind, pack=name, by=current_user.actor, **detail)
    return True


@bp.get("/copy")
@needs(Right.AUTHOR)
def copy(pack: str) -> ResponseReturnValue:
    """The form for a copy of a pack, which may be changed."""
    return _copy_page(folder_of(pack), f"{pack}-copy")


def _copy_page(folder: PackFolder, name: str, refused: str = "") -> str:
    courses = [(course.id, course.texts[course.language].title) for course in opened_pack(folder.name).pack.courses]
    return render_template("editing/copy.html", pack=folder.name, name=name, courses=courses, refused=refused)


@bp.post("/copy")
@needs(Right.AUTHOR)
def copy_post(pack: str) -> ResponseReturnValue:
    """Make a copy of a pack whose courses have ids of their own."""
    folder, known, given = folder_of(pack), opened_pack(pack), _field("name")
    name = uploads.pack_name(f"{given}.zip") if given else ""
    if not name:
        return _copy_page(folder, given, _("Give the copy a name first.")), 422
    files = copied(known, _taken_ids(), question_types())
    if not _placed(name, files, "copied", of=pack):
        return _copy_page(folder, given, _("There is a pack with the name %(name)s. Choose another.", name=name)), 422
    flash(_("This is your copy. Its courses have addresses of their own, and nothing of it is published yet."))
    return redirect(url_for("editing.files", pack=name), 303)
