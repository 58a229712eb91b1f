"""Drafts of somebody who is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from lms.editing.models import FileDraft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete what was written and not saved; what was saved is part of a pack."""
    db.execute(delete(FileDraft).where(FileDraft.actor_id == person))
    return ()
