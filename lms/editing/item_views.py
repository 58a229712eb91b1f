"""One thing of a pack: rename it, move it elsewhere, delete it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, flash, redirect, render_template, request, url_for

from lms.authoring import saving
from lms.authoring.desk import folder_of
from lms.content.naming import folder_of as above
from lms.content.naming import index_rank, is_page, without_number
from lms.editing.changing import (
    NotDone,
    apply,
    moves_done,
    pack_as_seen,
    planned,
    published_ids,
    shape,
)
from lms.editing.desk import bp, is_text, opened_pack
from lms.editing.heads import UnclearHead, with_title
from lms.editing.moving import family, inside, links_to, without
from lms.editing.names import file_name
from lms.editing.opened import course_of, lesson_at, questions_at
from lms.editing.ordering import base_name, next_number, renamed
from lms.editing.tree import Node, find, tree_of
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from lms.editing.opened import Opened


@dataclass(frozen=True, slots=True)
class Place:
    """A folder into which something can be moved."""

    folder: str
    title: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A file or folder, what goes with it, who links to it, and where it could go.

    `name` is its name on disk without number, language and endings; `seen` stands for the state that was seen.
    """

    pack: str
    node: Node
    name: str
    files: tuple[str, ...]
    linked: tuple[str, ...]
    is_published: bool
    places: tuple[Place, ...]
    is_writable: bool
    seen: str
    is_text: bool


@bp.get("/item/<path:file>")
@needs(Right.AUTHOR)
def item(pack: str, file: str) -> ResponseReturnValue:
    """What can be done with a file or folder."""
    known = opened_pack(pack)
    node, own = _node(known, file), _own(known, file)
    page = ItemPage(
        pack,
        node,
        base_name(known, file),
        own,
        links_to(known, own),
        _is_published(known, file),
        _places(known, file),
        saving.is_writable(folder_of(pack)),
        shape(known, own),
        is_text(file),
    )
    return render_template("editing/item.html", page=page)


def _node(known: Opened, file: str) -> Node:
    tree = tree_of(known)
    found = find((*tree.courses, *tree.banks, *tree.others), file) if file else None
    if found is None:
        abort(404)
    return found


def _own(known: Opened, file: str) -> tuple[str, ...]:
    """The files that are meant: a folder's, or a file's with all that belongs to it."""
    return family(known.pack, file) if file in known.files else inside(known, file)


def _is_published(known: Opened, file: str) -> bool:
    """Whether trainees were given this: a course, a lesson, or questions."""
    published, course = published_ids(), course_of(known.pack, file if file in known.files else f"{file}/")
    place, questions = lesson_at(known.pack, file), questions_at(known.pack, file)
    if place:
        return place[1].id in published.get(place[0].id, ())
    if questions:
        return any(key.startswith(f"{questions.id}#") for ids in published.values() for key in ids)
    if course and file not in known.files:
        ids = {lesson.id for lesson in course.lessons if lesson.path.startswith(f"{file}/")}
        return bool(ids & set(published.get(course.id, ())))
    return False


def _places(known: Opened, file: str) -> tuple[Place, ...]:
    """The courses and modules into which a lesson can go."""
    if lesson_at(known.pack, file) is None or index_rank(file) is not None:
        return ()
    found: list[Place] = []

    def gather(nodes: Sequence[Node], before: str) -> None:
        for node in nodes:
            if node.kind in ("course", "module") and (node.path or node.kind == "course"):
                found.append(Place(node.path, before + node.title))
                gather(node.children, f"{before}{node.title} › ")

    gather(tree_of(known).courses, "")
    return tuple(place for place in found if place.folder != above(file))


@bp.post("/rename/<path:file>")
@needs(Right.AUTHOR)
def rename(pack: str, file: str) -> ResponseReturnValue:
    """Give something another title, another name on disk, or both."""
    title, name = (" ".join(request.form.get(field, "").split())[:200] for field in ("title", "name"))
    target = file
    folder, known = pack_as_seen(pack, _own(opened_pack(pack), file))
    node = _node(known, file)
    if node.kind in ("course", "programme") and name and name != base_name(known, file) and _is_published(known, file):
        raise NotDone(_("The course was published. Its folder is its address, so it keeps its name."))
    moves = _other_name(known, file, name)
    changes = planned(known, moves) if moves else {}
    page = _title_page(known, file)
    if page and title and title != node.title:
        changes |= _titled(known, changes, page, moves.get(page, page), title)
    if changes:
        target = moves.get(file, file) if file in known.files else _folder_after(file, moves)
        apply(folder, known, changes, "renamed", file, f"Rename {file}", to=target, title=title)
        flash(_("Renamed."))
    return redirect(url_for("editing.files", pack=pack), 303)


def _other_name(known: Opened, file: str, name: str) -> dict[str, str]:
    old = base_name(known, file)
    if not name or name == old or not file:
        return {}
    written = file_name(name)
    if not written:
        raise NotDone(_("A name needs at least one letter or digit."))
    own = file.rpartition("/")[2]
    number = own[: len(own) - len(without_number(own))]
    moves = renamed(known, file, number + written)
    return {old: new for old, new in moves.items() if old != new}


def _folder_after(folder: str, moves: dict[str, str]) -> str:
    return next((above(new) for old, new in moves.items() if above(old) == folder), folder)


def _title_page(known: Opened, file: str) -> str:
    """The page in which the title of something stands."""
    if file in known.files:
        return file if is_page(file) else ""
    course = next((course for course in known.pack.courses if course.path == file), None)
    if course:
        return course.index.get(course.language, "")
    return next((path for path in known.files if above(path) == file and index_rank(path) is not None), "")


def _titled(
    known: Opened, changes: dict[str, bytes | None], page: str, after: str, title: str
) -> dict[str, bytes | None]:
    """The page with another title, on top of what else changes in it. Raises `NotDone`."""
    content = changes.get(after) or known.files[page]
    try:
        text = with_title(content.decode("utf-8", "surrogateescape"), title)
    except UnclearHead:
        raise NotDone(_("The lines between --- at the top of the file cannot be read. Mend them first.")) from None
    return {after: text.encode("utf-8", "surrogateescape")}


@bp.post("/move/<path:file>")
@needs(Right.AUTHOR)
def move(pack: str, file: str) -> ResponseReturnValue:
    """Put a lesson into another module or course, as its last."""
    to = request.form.get("to", "")
    folder, known = pack_as_seen(pack, _own(opened_pack(pack), file))
    if to not in {place.folder for place in _places(known, file)}:
        raise NotDone(_("Choose where it goes first."))
    name = next_number(known, to) + base_name(known, file)
    moves_done(folder, known, renamed(known, file, name, to), "moved", file, f"Move {file} to {to}")
    flash(_("Moved. Links to it lead to its new place."))
    return redirect(url_for("editing.files", pack=pack), 303)


@bp.post("/delete/<path:file>")
@needs(Right.AUTHOR)
def delete(pack: str, file: str) -> ResponseReturnValue:
    """Take a file, or a folder with everything in it, out of the pack."""
    folder, known = pack_as_seen(pack, _own(opened_pack(pack), file))
    _node(known, file)
    if not request.form.get("sure"):
        raise NotDone(_("Nothing was deleted. Tick the box first, so that it does not happen by accident."))
    apply(folder, known, without(known, _own(known, file)), "deleted", file, f"Delete {file}")
    flash(_("Deleted. What is published stays until you publish again."))
    return redirect(url_for("editing.files", pack=pack), 303)
