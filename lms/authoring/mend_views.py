"""Mend in a whole pack what needs no decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, url_for
from flask_login import current_user

from lms.authoring.desk import bp, folder_of, me
from lms.authoring.saving import BadPath, ReadOnlyPack, SavedBefore, save, seen_digest
from lms.authoring.steps import note_step
from lms.clock import now
from lms.content import actions as content
from lms.content.checker.fixing import fix_files
from lms.content.packs import read_pack
from lms.content.reader import BadPack
from lms.learning.presentation import question_types
from lms.people.needs import needs
from lms.people.rules import Right
from lms.repositories.git import GitFailed
from lms.web.language import _, ngettext
from lms.web.transaction import writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/packs/<pack>/mend")
@needs(Right.AUTHOR)
def mend(pack: str) -> ResponseReturnValue:
    """Write all corrections that need no decision into the pack's files, and look at it again."""
    folder, today = folder_of(pack), now().date()
    try:
        files = read_pack(folder)
        changed = fix_files(files, content.prepare(pack, files, question_types(), today=today).problems)
        seen = {path: seen_digest(files[path]) for path in changed}
        save(folder, changed, seen=seen, by=me(), words="Mend what needs no decision")
    except BadPack:
        abort(404)
    except (BadPath, ReadOnlyPack, SavedBefore, GitFailed):
        flash(_("Nothing was mended: the pack cannot be written just now. Check again, then try once more."))
        return redirect(url_for("authoring.pack", pack=pack), 303)
    draft = content.prepare(pack, {**files, **changed}, question_types(), today=today)
    db = writing()
    content.remember_report(db, draft, (*content.taken(db, draft), *draft.problems))
    for path in changed:
        note_step(db, "mended", pack=pack, by=current_user.actor, path=path)
    flash(
        ngettext("Mended in %(num)s file.", "Mended in %(num)s files.", len(changed))
        if changed
        else _("Nothing to mend without you.")
    )
    return redirect(url_for("authoring.pack", pack=pack), 303)
