"""All files of a pack as a tree, and the order of its lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import abort, flash, redirect, render_template, request, url_for

from lms.authoring import saving
from lms.authoring.desk import folder_of
from lms.content.naming import words_of
from lms.editing.changing import apply, elsewhere, moves_done, pack_as_seen, shape
from lms.editing.desk import bp, is_text, opened_pack
from lms.editing.ordering import OrderElsewhere, rearranged
from lms.editing.tree_queries import tree_page
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import _
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from lms.editing.ordering import Way


@bp.get("/files")
@needs(Right.AUTHOR)
def files(pack: str) -> ResponseReturnValue:
    """The tree of a pack: every course, lesson, question file and picture."""
    folder, known = folder_of(pack), opened_pack(pack)
    page = tree_page(reading(), known, shape(known), is_writable=saving.is_writable(folder))
    return render_template("editing/files.html", page=page, is_text=is_text)


@bp.post("/reorder/<path:file>")
@needs(Right.AUTHOR)
def reorder(pack: str, file: str) -> ResponseReturnValue:
    """Put a lesson or module one place up or down."""
    way = cast("Way", request.form.get("way"))
    if way not in ("up", "down"):
        abort(400)
    folder, known = pack_as_seen(pack)
    try:
        fresh = rearranged(known, file, way)
    except OrderElsewhere as order:
        raise elsewhere(order) from None
    words = f"Move {words_of(file.rpartition('/')[2])} {way}"
    if fresh.moves:
        moves_done(folder, known, fresh.moves, "reordered", file, words)
    elif fresh.pages:
        apply(folder, known, fresh.pages, "reordered", file, words)
    if fresh.moves or fresh.pages:
        flash(_("Moved up.") if way == "up" else _("Moved down."))
    return redirect(url_for("editing.files", pack=pack), 303)
