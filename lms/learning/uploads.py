"""Files that trainees hand in: kept outside packs, under random names, sent back only as attachments."""

from __future__ import annotations

import mimetypes
import uuid
from typing import TYPE_CHECKING, Any

from flask import current_app, send_file

from lms.clock import now
from lms.quiz import queries
from lms.quiz.models import Upload
from lms.web.language import _, listing, number
from lms.web.transaction import reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flask import Response
    from werkzeug.datastructures import FileStorage

    from lms.content.structure import Question
    from lms.quiz.queries import Sitting

# what a browser can show without running anything: how the bytes begin, and what they are then
PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
ANYTHING = "application/octet-stream"
SANDBOX = "default-src 'none'; sandbox"
MOST_FILES = 5
MOST_TRIES = 25  # files for one question of one attempt, replaced ones counted
MOST_BYTES = 10 * 1024 * 1024
KINDS = frozenset(
    {"pdf", "png", "jpg", "jpeg", "webp", "txt", "csv", "odt", "ods", "odp", "docx", "xlsx", "pptx", "zip"}
)


class BadUpload(ValueError):
    """A file cannot be taken; the message says why, in the reader's language."""


def folder() -> Path:
    """Where uploads lie."""
    place: Path = current_app.config["LMS"].home / "uploads"
    place.mkdir(parents=True, exist_ok=True)
    return place


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
    read = [(file.filename or "", file.read(largest + 1)) for file in given]
    for name, content in read:
        _check(name, content, largest, kinds)
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


def own_uploads(attempt: Sitting, key: str, response: Any) -> dict[str, Any] | None:
    """The files of a response that really were handed in here; a form may claim any id."""
    claimed = {file["id"] for file in response["files"]} if response else set()
    rows = queries.uploads(reading(), attempt.id, key)
    files = [{"id": row.id, "name": row.name, "size": row.size} for row in rows if row.id in claimed]
    return {"files": files} if files else None


def _check(name: str, content: bytes, largest: int, kinds: frozenset[str]) -> None:
    ending = name.rpartition(".")[2].lower()
    if ending not in kinds:
        listed = listing(sorted(kinds))
        raise BadUpload(
            _("A file that ends in .%(ending)s cannot be taken. Send %(kinds)s.", ending=ending, kinds=listed)
        )
    if len(content) > largest:
        most = number(largest / 1024 / 1024)
        raise BadUpload(_("%(name)s is larger than %(most)s MB. Send a smaller file.", name=name, most=most))


def picture_type(beginning: bytes) -> str | None:
    """The media type of a picture, by its bytes and never by its name; None for anything else."""
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in PICTURES if beginning.startswith(start)), None)


def sent_file(file: Upload) -> Response | None:
    """A file that was handed in, for who may see it; None if its bytes are gone.

    A picture shows, in a sandbox that lets it do nothing. Anything else is bytes to be saved: what somebody uploaded
    is never a page of this site.
    """
    path = folder() / file.id
    if not path.is_file():
        return None
    with path.open("rb") as opened:
        kind = picture_type(opened.read(16))
    response = send_file(
        path.resolve(),
        mimetype=kind or ANYTHING,
        as_attachment=kind is None,
        download_name=file.name,
        conditional=False,
        etag=False,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
