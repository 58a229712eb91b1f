"""Requests for recognition of somebody who is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms.clock import now
from lms.recognising import rules
from lms.recognising.actions import clear
from lms.recognising.models import Recognition, RecognitionStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete evidence and all words, and close what is open; that something was asked and decided stays."""
    mine = db.scalars(select(Recognition.id).where(Recognition.actor_id == person)).all()
    files = clear(db, mine)
    db.execute(update(RecognitionStep).where(RecognitionStep.recognition_id.in_(mine)).values(words=""))
    still = update(Recognition).where(Recognition.id.in_(mine), Recognition.state.in_(rules.OPEN))
    db.execute(still.values(state=rules.State.WITHDRAWN, closed_at=now()))
    return files
