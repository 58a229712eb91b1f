"""Files that trainees hand in: kept outside packs, under random names, sent back only as attachments."""

from __future__ import annotations

import mimetypes
import uuid
from typing import TYPE_CHECKING, Any

from flask import current_app

from lms.clock import now
from lms.quiz.models import Upload
from lms.web.language import _, number
from lms.web.transaction import writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from werkzeug.datastructures import FileStorage

    from lms.content.structure import Question
    from lms.quiz.models import Attempt

MOST_FILES = 5
MOST_BYTES = 10 * 1024 * 1024
KINDS = frozenset({"pdf", "png", "jpg", "jpeg", "webp", "txt", "csv", "odt", "ods", "odp", "docx", "xlsx", "pptx", "zip"})


class BadUpload(ValueError):
    """A file cannot be taken; the message says why, in the reader's language."""


def folder() -> Path:
    """Where uploads lie."""
    place: Path = current_app.config["LMS"].home / "uploads"
    place.mkdir(parents=True, exist_ok=True)
    return place


def keep_uploads(attempt: Attempt, question: Question, key: str, files: Sequence[FileStorage]) -> dict[str, Any]:
    """Keep the files of one answer; the response that names them. Raises `BadUpload`."""
    given = [file for file in files if file.filename]
    most = min(int(question.spec.get("files") or 1), MOST_FILES)
    if len(given) > most:
        raise BadUpload(_("At most %(most)s files, please.", most=number(most)))
    read = [(file.filename or "", file.read(MOST_BYTES + 1)) for file in given]
    for name, content in read:
        _check(name, content)
    kept = []
    for name, content in read:
        row = Upload(
            id=str(uuid.uuid4()),
            attempt_id=attempt.id,
            question_key=key,
            name=name[-200:],
            media_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            size=len(content),
            received_at=now(),
        )
        (folder() / row.id).write_bytes(content)
        writing().add(row)
        kept.append({"id": row.id, "name": row.name, "size": row.size})
    return {"files": kept}


def _check(name: str, content: bytes) -> None:
    ending = name.rpartition(".")[2].lower()
    if ending not in KINDS:
        raise BadUpload(_("Files of this kind (%(ending)s) cannot be taken. Send a PDF or a picture.", ending=ending))
    if len(content) > MOST_BYTES:
        raise BadUpload(_("%(name)s is larger than 10 MB. Send a smaller file.", name=name))
