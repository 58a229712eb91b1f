"""While somebody types: what is wrong, what is mechanical to mend, and a text that is kept until it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_login import current_user

from lms.authoring.desk import folder_of
from lms.clock import now
from lms.content.checker.fixing import can_fix, fix
from lms.editing import actions
from lms.editing.desk import bp, opened_pack
from lms.editing.file_views import text_of
from lms.editing.opened import problems_of, with_file
from lms.editing.shown_views import text_sent
from lms.learning.presentation import question_types
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.ids import client_id
from lms.web.language import _
from lms.web.transaction import writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/check/<path:file>")
@needs(Right.AUTHOR)
def check(pack: str, file: str) -> ResponseReturnValue:
    """What is wrong with a text while it is written."""
    known = with_file(opened_pack(pack), file, text_sent().encode(), question_types())
    return {
        "problems": [
            {
                "rule": problem.rule,
                "line": problem.line,
                "severity": problem.severity,
                "message": problem.message,
                "fix": problem.fix,
                "fixed": can_fix(problem),
            }
            for problem in problems_of(known, file, now().date())
        ]
    }


@bp.post("/mend/<path:file>")
@needs(Right.AUTHOR)
def mend(pack: str, file: str) -> ResponseReturnValue:
    """A text with one problem mended that needs no decision; the same text if there is none."""
    text, rule, line = text_sent(), request.form.get("rule", ""), request.form.get("line", -1, type=int)
    known = with_file(opened_pack(pack), file, text.encode(), question_types())
    for problem in problems_of(known, file, now().date()):
        if (problem.rule, problem.line) == (rule, line):
            return {"text": fix(text, problem)}
    return {"text": text}


@bp.post("/draft/<path:file>")
@needs(Right.AUTHOR)
def draft(pack: str, file: str) -> ResponseReturnValue:
    """Keep a text while it is written."""
    folder, text = folder_of(pack), text_sent()
    content = text_of(folder, file)
    draft_id, seen = client_id("draft_id"), request.form.get("seen", "")[:64]
    db = writing()
    if content is not None and content == text.encode():
        actions.drop_draft(db, current_user.actor, draft_id)
    else:
        actions.keep_draft(db, current_user.actor, draft_id, pack=pack, path=file, text=text, seen=seen)
    return "", 204


@bp.post("/drafts/<path:file>")
@needs(Right.AUTHOR)
def drop_draft(pack: str, file: str) -> ResponseReturnValue:
    """Throw away a text that was not saved."""
    folder_of(pack)
    actions.drop_draft(writing(), current_user.actor, client_id("draft_id"))
    flash(_("Thrown away."))
    return redirect(url_for("editing.edit", pack=pack, file=file), 303)
