"""Keep what somebody writes until it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from lms.clock import now
from lms.editing.models import FileDraft

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KEPT = 5  # drafts of one person for one file: so many windows somebody may have forgotten


def keep_draft(db: Session, actor: int, draft_id: str, *, pack: str, path: str, text: str, seen: str) -> None:
    """Keep a text under the id of the page in which it is written; what the page sent before is replaced."""
    row = db.scalar(select(FileDraft).where(FileDraft.actor_id == actor, FileDraft.draft_id == draft_id))
    if row is None:
        row = FileDraft(actor_id=actor, draft_id=draft_id)
        db.add(row)
    row.pack, row.path, row.text, row.seen, row.at = pack, path, text, seen, now()
    db.flush()
    own = select(FileDraft.id).where(FileDraft.actor_id == actor, FileDraft.pack == pack, FileDraft.path == path)
    oldest = db.scalars(own.order_by(FileDraft.at.desc(), FileDraft.id.desc()).offset(KEPT)).all()
    db.execute(delete(FileDraft).where(FileDraft.id.in_(oldest)))


def drop_draft(db: Session, actor: int, draft_id: str) -> None:
    """Forget a text: it was saved, or is not wanted."""
    db.execute(delete(FileDraft).where(FileDraft.actor_id == actor, FileDraft.draft_id == draft_id))


def follow_file(db: Session, pack: str, old: str, new: str) -> None:
    """Everybody's drafts of a file that was moved are drafts of the file in its new place."""
    for row in db.scalars(select(FileDraft).where(FileDraft.pack == pack, FileDraft.path == old)):
        row.path = new
