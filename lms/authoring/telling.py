"""What is said after a pack was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash

from lms.content import approvals
from lms.web.language import _, listing
from lms.web.transaction import database

if TYPE_CHECKING:
    from collections.abc import Sequence


def tell_published(pack: str, changed: Sequence[str]) -> None:
    """Say which courses changed, and which wait for a second person."""
    with database().reading() as db:  # this request's own snapshot may be from before
        waits = [each.course_id for each in approvals.waiting(db, pack) if not each.decision]
    if waits:
        flash(_("Waits for a second person’s approval: %(courses)s.", courses=listing(waits)))
    if changed:
        flash(_("Published: %(courses)s.", courses=listing(changed)))
    elif not waits:
        flash(_("Nothing has changed since the last publication, so everything stays as it is."))
