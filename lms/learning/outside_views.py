"""What a trainee says she did outside of the site, and takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_login import current_user

from lms.learning import outside
from lms.learning.course_views import published
from lms.learning.outside_rules import Source
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import _
from lms.web.transaction import writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("declaring", __name__)


@bp.post("/courses/<course_id>/actions/<action>")
@needs(Right.LEARN)
def declare(course_id: str, action: str) -> ResponseReturnValue:
    """Say that something was done outside of the site; with `undo`, take it back."""
    current, me = published(course_id), current_user.actor
    if action not in current.course.complete.actions:
        abort(404)
    if request.form.get("undo"):
        outside.take_back(writing(), me, current, action, Source.SELF)
        flash(_("Taken back. You can say it again at any time."))
    else:
        outside.say(writing(), me, current, action, Source.SELF)
        flash(_("Noted, on your word."))
    return redirect(url_for("learning.course", course_id=course_id) + "#missing", 303)
