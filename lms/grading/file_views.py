"""Files of an answer, opened by who grades it. Each opening is written down, so it is a POST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort
from flask_login import current_user

from lms.clock import now
from lms.grading import actions, queries
from lms.grading.desk import bp
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.language import language
from lms.web.received import sent_file
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/<int:grade_id>/files/<upload_id>")
@needs(Right.AUTHOR)
def open_file(grade_id: int, upload_id: str) -> ResponseReturnValue:
    """A picture shows, in a sandbox; anything else is saved and never opened by the browser."""
    page = queries.answer_page(reading(), grade_id, current_user.actor, now(), language())
    file = next((each for each in page.files if each.id == upload_id), None) if page else None
    if file is None:
        abort(404)
    response = sent_file(file.id, file.name)
    if response is None:
        abort(404)
    actions.note_opened(writing(), grade_id, upload_id, by=current_user.actor)
    return response
