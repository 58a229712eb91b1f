"""The part of the desk where files are written: its blueprint, and what its pages ask of a pack's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort

from lms.authoring import saving
from lms.authoring.desk import folder_of
from lms.content.naming import is_page
from lms.content.reader import BadPack
from lms.editing import opened
from lms.learning.presentation import question_types
from lms.web.language import _

if TYPE_CHECKING:
    from lms.content.packs import PackFolder
    from lms.repositories.git import GitFailed

bp = Blueprint("editing", __name__, url_prefix="/authoring/packs/<pack>")
making = Blueprint("making", __name__, url_prefix="/authoring")
TEXTS = (".yml", ".yaml", ".toml", ".txt", ".csv", ".json")
MOST_CHARACTERS = 400_000  # of one text: a long book's chapter has a tenth
MOST_BYTES = 12 * MOST_CHARACTERS  # as a form without files sends letters of any script, with room for other fields


def is_text(path: str) -> bool:
    """Whether a file is one that is written as text."""
    return is_page(path) or path.lower().endswith(TEXTS)


def opened_pack(pack: str) -> opened.Opened:
    """A pack as it lies on disk now, understood, or a page that says there is none."""
    try:
        return opened.open_pack(folder_of(pack), question_types())
    except BadPack:
        abort(404)


def content_of(folder: PackFolder, file: str) -> bytes | None:
    """A file of a pack; None if there is none. A path that no file may have is not found."""
    try:
        return saving.read_file(folder, file)
    except saving.BadPath:
        abort(404)


def not_committed(problem: GitFailed) -> str:
    """What to tell somebody whose change could not be committed."""
    return _(
        "Nothing was changed: the pack lies in a Git repository, where this could not be noted. Git says: %(words)s",
        words=problem.words,
    )
