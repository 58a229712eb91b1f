"""What is said and written down after a pack was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash
from flask_login import current_user

from lms.authoring.steps import note_step
from lms.content import approvals
from lms.content import queries as content
from lms.web.language import _, language, listing
from lms.web.transaction import database, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse


def tell_published(pack: str, changed: Sequence[str]) -> None:
    """Say which courses changed and which wait for a second person, and note each that changed."""
    for course in changed:
        note_step(writing(), "published", pack=pack, by=current_user.actor, course=course)
    with database().reading() as db:  # this request's own snapshot may be from before
        waits = [_title(content.version(db, each.version)) for each in approvals.undecided(db, pack)]
        titles = [_title_of(db, course) for course in changed]
    if waits:
        flash(_("Waits for a second person’s approval: %(courses)s.", courses=listing(waits)))
    if changed:
        flash(_("Published: %(courses)s.", courses=listing(titles)))
    elif not waits:
        flash(_("Nothing has changed since the last publication, so everything stays as it is."))


def _title_of(db: Session, course: str) -> str:
    """What a course is called since it was published; its id if it was withdrawn in this moment."""
    current = content.current(db, course)
    return _title(current.course) if current is not None else course


def _title(course: CompiledCourse) -> str:
    return (course.pages.get(language()) or course.pages[course.language]).title
