"""The record of what was done to packs, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.authoring.models import AuthoringStep
from lms.clock import now
from lms.repositories import actions as repositories
from lms.repositories.queries import is_pushed
from lms.repositories.rules import Cause

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FETCHED = "pulled"


def note_step(
    db: Session, kind: str, *, pack: str, by: int | None, course: str = "", path: str = "", **detail: Any
) -> None:
    """Write down one step, in the transaction of what was done. `detail` holds plain values, never a learner's name.

    What somebody did to a pack whose repository takes what the desk writes is given back to it soon.
    """
    db.add(AuthoringStep(at=now(), pack=pack, course_id=course, path=path, kind=kind, by=by, detail=detail))
    if kind != FETCHED and is_pushed(db, pack):
        repositories.ask(db, pack, Cause.SAVE, by=by)
