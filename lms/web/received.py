"""Files that people send: looked at, kept outside packs under random names, sent back only as attachments."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import current_app, send_file

from lms.web.language import _, listing, number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from flask import Response
    from werkzeug.datastructures import FileStorage

# what a browser can show without running anything: how the bytes begin, and what they are then
PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
# how the bytes of other kinds of file begin, by the ending of the name
BEGINNINGS = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "odt": b"PK\x03\x04"}
PICTURE_ENDINGS = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}
ANYTHING = "application/octet-stream"
SANDBOX = "default-src 'none'; sandbox"
MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 200


class BadUpload(ValueError):
    """A file cannot be taken; the message says why, in the reader's language."""


def folder() -> Path:
    """Where uploads lie."""
    place: Path = current_app.config["LMS"].home / "uploads"
    place.mkdir(parents=True, exist_ok=True)
    return place


def read_files(files: Sequence[FileStorage], kinds: Collection[str], largest: int) -> list[tuple[str, bytes]]:
    """Names and bytes of the files that were chosen. `kinds` are endings. Raises `BadUpload`."""
    read = [(file.filename, file.read(largest + 1)) for file in files if file.filename]
    for name, content in read:
        _check(name, content, kinds, largest)
    return read


def _check(name: str, content: bytes, kinds: Collection[str], largest: int) -> None:
    ending = ending_of(name)
    if ending not in kinds:
        listed = listing(sorted(kinds))
        raise BadUpload(
            _("A file that ends in .%(ending)s cannot be taken. Send %(kinds)s.", ending=ending, kinds=listed)
        )
    if len(content) > largest:
        most = number(largest / 1024 / 1024)
        raise BadUpload(_("%(name)s is larger than %(most)s MB. Send a smaller file.", name=name, most=most))


def keep_file(content: bytes) -> str:
    """Write bytes under a random name, which is returned."""
    name = str(uuid.uuid4())
    (folder() / name).write_bytes(content)
    return name


def drop_files(names: Iterable[str]) -> None:
    """Delete files that were kept for something that did not come about."""
    for name in names:
        (folder() / name).unlink(missing_ok=True)


def ending_of(name: str) -> str:
    """The letters behind the last point of a file's name."""
    return name.rpartition(".")[2].lower()


def is_what_it_says(name: str, content: bytes) -> bool:
    """Whether bytes begin as the ending of the name promises; what has no known beginning is believed."""
    ending = ending_of(name)
    if ending in PICTURE_ENDINGS:
        return picture_type(content[:16]) == PICTURE_ENDINGS[ending]
    return content.startswith(BEGINNINGS.get(ending, b""))


def picture_type(beginning: bytes) -> str | None:
    """The media type of a picture, by its bytes and never by its name; None for anything else."""
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in PICTURES if beginning.startswith(start)), None)


def sent_file(kept: str, name: str) -> Response | None:
    """A file that was kept, under the name that its sender gave it; None if its bytes are gone.

    A picture shows, in a sandbox that lets it do nothing. Anything else is bytes to be saved: what somebody uploaded
    is never a page of this site. Who may see it is for the caller to decide.
    """
    path = folder() / kept
    if not path.is_file():
        return None
    with path.open("rb") as opened:
        kind = picture_type(opened.read(16))
    response = send_file(
        path.resolve(),
        mimetype=kind or ANYTHING,
        as_attachment=kind is None,
        download_name=name,
        conditional=False,
        etag=False,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
