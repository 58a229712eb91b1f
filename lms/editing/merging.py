"""Texts that one person wrote under two accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.editing.models import FileDraft

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's drafts."""
    have = select(FileDraft.draft_id).where(FileDraft.actor_id == keep)
    double = delete(FileDraft).where(FileDraft.actor_id == gone, FileDraft.draft_id.in_(have))
    db.execute(double.execution_options(synchronize_session=False))
    db.execute(update(FileDraft).where(FileDraft.actor_id == gone).values(actor_id=keep))
