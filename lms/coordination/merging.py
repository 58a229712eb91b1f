"""What a desk keeps for two accounts that turned out to be one person's, or two units that become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms.clock import now
from lms.coordination.models import SavedFilter, Target

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's saved filters."""
    db.execute(update(SavedFilter).where(SavedFilter.person_id == gone).values(person_id=keep))


def follow(db: Session, gone: int, into: int) -> None:
    """Let the targets of a unit become those of the unit that it became part of, unless that aims at the same anyhow.

    Two targets are the same aim when course, what is counted, and its rule agree; then that of the unit that goes on
    holds. What has ended stays where it was.
    """
    aims = select(Target).where(Target.ended_at.is_(None)).order_by(Target.id)
    known = {_aim(target) for target in db.scalars(aims.where(Target.unit_id == into))}
    for target in db.scalars(aims.where(Target.unit_id == gone)).all():
        if _aim(target) in known:
            target.ended_at = now()
        else:
            target.unit_id = into


def _aim(target: Target) -> tuple[str, str, str]:
    return target.course_id, target.counts, target.rule
