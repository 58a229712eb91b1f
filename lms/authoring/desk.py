"""The desk itself: its blueprint, and the packs that lie on it."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, url_for
from flask_login import current_user

from lms.authoring import drafts
from lms.authoring.queries import email_of
from lms.authoring.saving import Author
from lms.content.packs import PackFolder, offered_packs
from lms.content.reader import BadPack
from lms.learning.presentation import question_types
from lms.web.transaction import reading

bp = Blueprint("authoring", __name__, url_prefix="/authoring")


def folders() -> list[PackFolder]:
    """The packs of this installation that lie on disk."""
    return offered_packs(current_app.config["LMS"])


def folder_of(pack: str) -> PackFolder:
    """A pack on disk by its name, or a page that says there is none."""
    found = next((folder for folder in folders() if folder.name == pack), None)
    if found is None:
        abort(404)
    return found


def draft_of(pack: str) -> drafts.DraftPack:
    """A pack as it lies on disk, or a page that says there is none that can be read."""
    found = draft_if_readable(pack)
    if found is None:
        abort(404)
    return found


def draft_if_readable(pack: str) -> drafts.DraftPack | None:
    """A pack as it lies on disk, as far as it can be understood."""

    def address(course_id: str) -> str:
        return url_for("authoring.preview", pack=pack, course_id=course_id)

    media = url_for("authoring.draft_media", pack=pack, digest="-", name="-").removesuffix("-/-")
    try:
        return drafts.read_draft(folder_of(pack), question_types(), address, media)
    except BadPack:
        return None


def me() -> Author:
    """Whoever is signed in, as the author of what she saves."""
    return Author(current_user.actor, current_user.name, email_of(reading(), current_user.actor))
