"""Lessons that are read once more: after a fresh exam that did not pass, the lessons of what failed come first."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms.clock import now
from lms.db import insert_once
from lms.learning.models import RequirementFact

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

KIND, SOURCE = "read-again", "reader"


def note(db: Session, actor: int, course: str, lesson: str) -> None:
    """Note that somebody has read a lesson once more; the last time counts."""
    known = {"actor_id": actor, "course_id": course, "kind": KIND, "ref": _ref(lesson)}
    if not insert_once(db, RequirementFact, {**known, "value": 1.0, "source": SOURCE, "at": now()}):
        again = update(RequirementFact).filter_by(**known).values(at=now())
        db.execute(again.execution_options(synchronize_session=False))


def is_read_since(db: Session, actor: int, course: str, lesson: str, moment: datetime) -> bool:
    """Whether somebody has read a lesson once more after a moment."""
    found = select(RequirementFact.id).where(RequirementFact.at > moment)
    return db.scalar(found.filter_by(actor_id=actor, course_id=course, kind=KIND, ref=_ref(lesson))) is not None


def _ref(lesson: str) -> str:
    return hashlib.sha256(lesson.encode()).hexdigest()  # a lesson's own name may be longer than a fact's
