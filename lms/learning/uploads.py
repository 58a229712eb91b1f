"""Files that trainees hand in as answers."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from lms.clock import now
from lms.quiz import queries
from lms.quiz.models import Upload
from lms.web.language import _, number
from lms.web.received import ANYTHING, LONGEST_NAME, MOST_BYTES, BadUpload, keep_file, read_files
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.datastructures import FileStorage

    from lms.content.structure import Question
    from lms.quiz.queries import Sitting

MOST_FILES = 5
MOST_TRIES = 25  # files for one question of one attempt, replaced ones counted
KINDS = frozenset(
    {"pdf", "png", "jpg", "jpeg", "webp", "txt", "csv", "odt", "ods", "odp", "docx", "xlsx", "pptx", "zip"}
)


def keep_uploads(attempt: Sitting, question: Question, key: str, files: Sequence[FileStorage]) -> dict[str, Any]:
    """Keep the files of one answer; the response that names them. Raises `BadUpload`."""
    given = [file for file in files if file.filename]
    if len(given) + len(queries.uploads(reading(), attempt.id, key)) > MOST_TRIES:
        raise BadUpload(_("You have sent too many files for this question. What was saved last is kept."))
    most = min(int(question.spec.get("most_files") or 1), MOST_FILES)
    if len(given) > most:
        raise BadUpload(_("Too many files. At most %(most)s may be sent.", most=number(most)))
    largest = min(int(question.spec.get("most_bytes") or MOST_BYTES), MOST_BYTES)
    kinds = KINDS & frozenset(question.spec.get("endings") or KINDS)
    kept = []
    for name, content in read_files(given, kinds, largest):
        row = Upload(
            id=keep_file(content),
            attempt_id=attempt.id,
            question_key=key,
            name=name[-LONGEST_NAME:],
            media_type=mimetypes.guess_type(name)[0] or ANYTHING,
            size=len(content),
            received_at=now(),
        )
        writing().add(row)
        kept.append({"id": row.id, "name": row.name, "size": row.size})
    return {"files": kept}


def own_uploads(attempt: Sitting, key: str, response: Any) -> dict[str, Any] | None:
    """The files of a response that really were handed in here; a form may claim any id."""
    claimed = {file["id"] for file in response["files"]} if response else set()
    rows = queries.uploads(reading(), attempt.id, key)
    files = [{"id": row.id, "name": row.name, "size": row.size} for row in rows if row.id in claimed]
    return {"files": files} if files else None
