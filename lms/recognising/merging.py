"""Requests for recognition of two accounts that turned out to be one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms.clock import now
from lms.recognising import rules
from lms.recognising.models import Recognition

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's requests. Where both have one open for a course, the person's own goes on."""
    both = select(Recognition.course_id).where(Recognition.actor_id == keep, Recognition.state.in_(rules.OPEN))
    doubled = update(Recognition).where(
        Recognition.actor_id == gone, Recognition.state.in_(rules.OPEN), Recognition.course_id.in_(both)
    )
    db.execute(doubled.values(state=rules.State.WITHDRAWN, closed_at=now()))
    db.execute(update(Recognition).where(Recognition.actor_id == gone).values(actor_id=keep))
    db.flush()
