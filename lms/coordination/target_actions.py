"""Verbs about targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.clock import now
from lms.coordination.models import Target, TargetDay
from lms.coordination.target_queries import to_note

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class NewTarget:
    """What shall be reached: `share` of what `counts` in a unit, in a course, by a day (see `models.Target`)."""

    unit_id: int
    course_id: str
    counts: str
    rule: str
    share: float
    due_on: date


def set_target(db: Session, new: NewTarget, *, by: int) -> Target:
    """Set a target. The very same one, if it is running already, is left as it is: sending a form twice sets one."""
    same = select(Target).where(
        Target.unit_id == new.unit_id,
        Target.course_id == new.course_id,
        Target.counts == new.counts,
        Target.rule == new.rule,
        Target.share == new.share,
        Target.due_on == new.due_on,
        Target.ended_at.is_(None),
    )
    target = db.scalars(same.limit(1)).first()
    if target is None:
        target = Target(
            unit_id=new.unit_id,
            course_id=new.course_id,
            counts=new.counts,
            rule=new.rule,
            share=new.share,
            due_on=new.due_on,
            made_by=by,
            made_at=now(),
        )
        db.add(target)
        db.flush()
    return target


def end_target(db: Session, target: Target) -> None:
    """End a target; it stays in the books."""
    if target.ended_at is None:
        target.ended_at = now()
        db.flush()


def note_day(db: Session, today: date) -> int:
    """Note how many units are done today, for targets that count units and have no such note yet; how many it were."""
    notes = [TargetDay(target_id=target, day=today, done=done) for target, done in to_note(db, today)]
    db.add_all(notes)
    db.flush()
    return len(notes)
