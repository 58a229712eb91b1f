"""What every action on the files of a pack does: refuse what was seen in another state, save, note it, say it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_login import current_user

from lms.authoring import saving
from lms.authoring.desk import folder_of, me
from lms.authoring.steps import note_step
from lms.content.actions import published_before
from lms.editing import actions
from lms.editing.desk import bp, not_committed, opened_pack
from lms.editing.heads import UnclearHead
from lms.editing.moving import KeepsResults, PlaceTaken, moved
from lms.editing.opened import course_of
from lms.editing.ordering import OrderElsewhere
from lms.learning.presentation import question_types
from lms.repositories.git import GitFailed
from lms.web.language import _
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from flask.typing import ResponseReturnValue

    from lms.content.packs import PackFolder
    from lms.editing.moving import Published
    from lms.editing.opened import Opened


class NotDone(Exception):
    """Nothing was changed; the message says why, in the reader's language."""


def shape(known: Opened, paths: Collection[str] = ()) -> str:
    """What stands for the state of a pack in a form: which files there are, and what is in some of them."""
    total = hashlib.sha256("\0".join(sorted(known.files)).encode("utf-8", "surrogateescape"))
    for path in sorted(paths):
        total.update(hashlib.sha256(known.files.get(path, b"")).digest())
    return total.hexdigest()


def pack_as_seen(pack: str, paths: Collection[str] = ()) -> tuple[PackFolder, Opened]:
    """A pack that may be changed, in the state in which the form of this request has seen it. Raises `NotDone`."""
    folder, known = folder_of(pack), opened_pack(pack)
    if not saving.is_writable(folder):
        raise NotDone(_("This pack cannot be changed here. Make your own copy of it first."))
    if request.form.get("seen") != shape(known, [path for path in paths if path in known.files]):
        raise NotDone(_("Somebody changed this pack in the meantime, so nothing was done. Look at it again below."))
    return folder, known


def published_ids() -> Published:
    """By course, the lesson ids and question keys that people were given."""
    return published_before(reading())[0]


def moves_done(folder: PackFolder, known: Opened, moves: Mapping[str, str], kind: str, path: str, words: str) -> None:
    """Put files in other places with everything that follows, and note it. Raises `NotDone`."""
    changes = planned(known, moves)
    apply(folder, known, changes, kind, path, words, to=moves.get(path, ""))
    for old, new in moves.items():
        actions.follow_file(writing(), known.name, old, new)


def planned(known: Opened, moves: Mapping[str, str]) -> dict[str, bytes | None]:
    """What moving files changes, on disk. Raises `NotDone`."""
    try:
        return moved(known, moves, question_types(), published_ids())
    except PlaceTaken as taken:
        raise NotDone(_("There is a file %(file)s already. Choose another name.", file=taken.path)) from None
    except KeepsResults as kept:
        raise NotDone(
            _(
                "%(file)s is a quiz that counts and was published. Results belong to its name, so it keeps its place. "
                "Its title you can change.",
                file=kept.path,
            )
        ) from None
    except UnclearHead:
        raise NotDone(_("The lines between --- at the top of the lesson cannot be read. Mend them first.")) from None


def elsewhere(order: OrderElsewhere) -> NotDone:
    """Where somebody finds the order that cannot be changed by a button."""
    return NotDone(_("The file %(file)s says the order of the lessons. Change it there.", file=order.path))


def apply(
    folder: PackFolder,
    known: Opened,
    changes: Mapping[str, bytes | None],
    kind: str,
    path: str,
    words: str,
    **detail: str,
) -> None:
    """Save a change of files and note it as one step. Raises `NotDone`."""
    seen = {file: saving.seen_digest(known.files[file]) for file in changes if file in known.files}
    try:
        saving.save(folder, changes, seen=seen, by=me(), words=words)
    except saving.SavedBefore as earlier:
        raise NotDone(_("Somebody saved %(file)s a moment before, so nothing was done.", file=earlier.path)) from None
    except saving.ReadOnlyPack:
        raise NotDone(_("This pack cannot be changed here. Make your own copy of it first.")) from None
    except saving.BadPath as bad:
        raise NotDone(_("%(file)s is no name for a file of a pack.", file=bad.path)) from None
    except GitFailed as problem:
        raise NotDone(not_committed(problem)) from None
    course = course_of(known.pack, path if path in known.files else f"{path}/")
    told = {name: value for name, value in detail.items() if value}
    note_step(
        writing(), kind, pack=folder.name, by=current_user.actor, course=course.id if course else "", path=path, **told
    )


@bp.errorhandler(NotDone)
def refuse(problem: NotDone) -> ResponseReturnValue:
    """Tell why nothing was done, where the form was."""
    flash(str(problem), "refused")
    asked = request.view_args or {}
    if request.endpoint in ("editing.rename", "editing.move", "editing.delete"):
        return redirect(url_for("editing.item", **asked), 303)
    return redirect(url_for("editing.files", pack=asked["pack"]), 303)
