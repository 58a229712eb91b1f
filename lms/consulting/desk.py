"""What the pages of help asked for share: the blueprints, and the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

if TYPE_CHECKING:
    from flask import Response

asking = Blueprint("asking", __name__)
bp = Blueprint("consulting", __name__)
experts = Blueprint("experts", __name__)
# pages that lead to an asker, or that say what they typed
ABOUT_ASKERS = frozenset({"asking.state", "asking.send", "consulting.look", "consulting.end"})


@asking.after_request
@bp.after_request
def kept_nowhere(response: Response) -> Response:
    """Let no device keep what leads to an asker: many of these pages are read on computers that others use, too."""
    if request.endpoint in ABOUT_ASKERS:
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response
