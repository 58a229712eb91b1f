"""The record of what was done to a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from lms.editing.desk import bp
from lms.editing.queries import steps_page
from lms.people.needs import needs
from lms.people.rules import Right
from lms.web.asking import place_in_list
from lms.web.language import lazy
from lms.web.transaction import reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

# the steps that have words of their own; any other is shown by its name
KINDS = {
    "saved": lazy("Saved"),
    "published": lazy("Published"),
    "restored": lazy("Restored"),
    "created": lazy("Begun"),
    "copied": lazy("Copied"),
    "renamed": lazy("Renamed"),
    "reordered": lazy("Put in another order"),
    "moved": lazy("Moved"),
    "deleted": lazy("Deleted"),
    "picture-added": lazy("Picture added"),
    "mended": lazy("Mended by “Fix it”"),
    "imported": lazy("Questions brought in"),
    "approved": lazy("Approved"),
    "given-back": lazy("Given back to the author"),
    "link-made": lazy("Link for a colleague made"),
    "link-ended": lazy("Link for a colleague ended"),
    "update-told": lazy("Holders told of a changed lesson"),
    "update-ended": lazy("Update for holders ended"),
    "pulled": lazy("Fetched from the repository"),
    "repository-added": lazy("Repository added"),
    "repository-removed": lazy("Repository removed"),
    "webhook-secret-changed": lazy("Secret of the webhook changed"),
    "graded": lazy("Graded"),
    "regraded": lazy("Graded anew"),
    "grade-corrected": lazy("Grade corrected"),
    "grade-kept": lazy("Grade kept"),
    "file-opened": lazy("File of a trainee opened"),
    "name-shown": lazy("Name of a trainee shown"),
}


@bp.get("/steps")
@needs(Right.AUTHOR)
def steps(pack: str) -> ResponseReturnValue:
    """What was done to a pack, or to one file of it, newest first. A pack that is gone keeps its record."""
    at = place_in_list()
    page = steps_page(reading(), pack, request.args.get("file", "").strip(), at)
    return render_template("editing/steps.html", pack=pack, page=page, kinds=KINDS)
