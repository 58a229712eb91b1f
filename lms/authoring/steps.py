"""The record of what was done to packs, and by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from lms.authoring.models import AuthoringStep
from lms.clock import now
from lms.content.packs import changed_at
from lms.repositories import actions as repositories
from lms.repositories.queries import is_pushed
from lms.repositories.rules import Cause

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.content.packs import PackFolder
    from lms.db import Database

FETCHED = "pulled"
SOON = timedelta(minutes=1)  # after files were written, the desk has noted who did it


def note_step(
    db: Session, kind: str, *, pack: str, by: int | None, course: str = "", path: str = "", **detail: Any
) -> None:
    """Write down one step, in the transaction of what was done. `detail` holds plain values, never a learner's name.

    What somebody did to a pack whose repository takes what the desk writes is given back to it soon.
    """
    db.add(AuthoringStep(at=now(), pack=pack, course_id=course, path=path, kind=kind, by=by, detail=detail))
    if kind != FETCHED and is_pushed(db, pack):
        repositories.ask(db, pack, Cause.SAVE, by=by)


def who_changed(database: Database, folder: PackFolder) -> int | None:
    """Whoever made the last change of a pack's files on the desk; None if somebody else wrote after that.

    The desk writes the files first, then the step: the first step since the last change goes with it.
    """
    changed = changed_at(folder)
    step = select(AuthoringStep.by).where(
        AuthoringStep.pack == folder.name, AuthoringStep.at >= changed, AuthoringStep.at < changed + SOON
    )
    with database.reading() as db:
        return db.scalar(step.order_by(AuthoringStep.at, AuthoringStep.id).limit(1))
