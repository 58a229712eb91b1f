"""Put a picture beside a lesson."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import render_template, request

from lms.authoring.desk import folder_of
from lms.content.naming import folder_of as above
from lms.content.naming import stem, unique
from lms.editing.changing import NotDone, apply
from lms.editing.desk import bp, content_of, is_text, opened_pack
from lms.editing.names import file_name
from lms.editing.pictures import WIDEST, NoPicture, TooLarge, made_fit
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import wants_json
from lms.web.language import _

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.datastructures import FileStorage

    from lms.editing.opened import Opened

MOST_BYTES = 25 * 2**20
FOLDER = "images"


@bp.get("/pictures/<path:file>")
@needs(Right.AUTHOR)
def add_picture(pack: str, file: str) -> ResponseReturnValue:
    """The form for a picture, for whoever works without scripts."""
    return _page(pack, file)


def _page(pack: str, file: str, *, refused: str = "", markdown: str = "", alt: str = "") -> str:
    opened_pack(pack)
    return render_template(
        "editing/picture.html", pack=pack, file=file, refused=refused, markdown=markdown, alt=alt, widest=WIDEST
    )


@bp.post("/pictures/<path:file>")
@needs(Right.AUTHOR)
def picture(pack: str, file: str) -> ResponseReturnValue:
    """Keep a picture beside a text: the answer says what to write to show it there."""
    request.max_content_length = MOST_BYTES
    is_script = wants_json()
    alt = " ".join(request.form.get("alt", "").split())[:300]
    try:
        markdown = _kept(pack, file, request.files.get("file"), alt)
    except NotDone as problem:
        if is_script:
            return {"error": str(problem)}, 422
        return _page(pack, file, refused=str(problem), alt=alt), 422
    return {"markdown": markdown} if is_script else _page(pack, file, markdown=markdown)


def _kept(pack: str, file: str, sent: FileStorage | None, alt: str) -> str:
    folder, known = folder_of(pack), opened_pack(pack)
    if content_of(folder, file) is None or not is_text(file):
        raise NotDone(_("Save the text first; then a picture can be put beside it."))
    if sent is None or not sent.filename:
        raise NotDone(_("Choose a picture first."))
    if not alt:
        raise NotDone(_("Say in a few words what the picture shows: people who cannot see it read this instead."))
    content, ending = _fit(sent.read())
    path = _free(known, above(file), file_name(stem(sent.filename).rpartition(".")[0]) or "picture", ending, content)
    if path not in known.files:
        apply(folder, known, {path: content}, "picture-added", path, f"Add a picture to {file}")
    start = len(above(file)) + 1 if above(file) else 0
    return f"![{_escaped(alt)}]({path[start:]})"


def _fit(content: bytes) -> tuple[bytes, str]:
    try:
        return made_fit(content)
    except TooLarge:
        raise NotDone(_("The picture has too many pixels. Make it smaller and try again.")) from None
    except NoPicture:
        raise NotDone(_("This is no picture that browsers show. PNG, JPEG, GIF, WebP and SVG can be used.")) from None


def _free(known: Opened, folder: str, name: str, ending: str, content: bytes) -> str:
    """Where the picture goes: the same picture only once, another one of this name gets a number."""
    start = f"{folder}/{FOLDER}/" if folder else f"{FOLDER}/"
    for path, other in known.files.items():
        if path.startswith(start) and path.endswith(f".{ending}") and other == content:
            return path
    taken = {path[len(start) :].rpartition(".")[0] for path in known.files if path.startswith(start)}
    return f"{start}{unique(name, taken)}.{ending}"


def _escaped(alt: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", alt)
