"""What is said and written down after a pack was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash
from flask_login import current_user

from lms.authoring.steps import note_step
from lms.content import approvals
from lms.web.language import _, listing
from lms.web.transaction import database, writing

if TYPE_CHECKING:
    from collections.abc import Sequence


def tell_published(pack: str, changed: Sequence[str]) -> None:
    """Say which courses changed and which wait for a second person, and note each that changed."""
    for course in changed:
        note_step(writing(), "published", pack=pack, by=current_user.actor, course=course)
    with database().reading() as db:  # this request's own snapshot may be from before
        waits = [each.course_id for each in approvals.waiting(db, pack) if not each.decision]
    if waits:
        flash(_("Waits for a second person’s approval: %(courses)s.", courses=listing(waits)))
    if changed:
        flash(_("Published: %(courses)s.", courses=listing(changed)))
    elif not waits:
        flash(_("Nothing has changed since the last publication, so everything stays as it is."))
