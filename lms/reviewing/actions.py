"""Links that show a version, and what a second person decides."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from lms.authoring.steps import note_step
from lms.clock import now
from lms.content import actions as content
from lms.content import approvals
from lms.content.queries import pack_of
from lms.people.session import digest
from lms.reviewing import queries
from lms.reviewing.models import PreviewLink

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LASTS = timedelta(days=7)


def approve(db: Session, course_id: str, version_id: int, *, by: int) -> None:
    """Publish a version that waits. Raises `approvals.NotWaiting`, `approvals.OwnWork`."""
    if queries.wrote_it(db, course_id, version_id, by):
        raise approvals.OwnWork(version_id)
    content.approve(db, version_id, by=by)
    note_step(db, "approved", pack=pack_of(db, course_id) or "", by=by, course=course_id, version=version_id)


def refuse(db: Session, course_id: str, version_id: int, words: str, *, by: int) -> None:
    """Give a version back to its author, with words. Raises `approvals.NotWaiting`, `approvals.OwnWork`."""
    approvals.decide(db, version_id, approvals.REFUSED, by=by, words=words)
    pack = pack_of(db, course_id) or ""
    note_step(db, "given-back", pack=pack, by=by, course=course_id, version=version_id, words=words)


def make_link(db: Session, course_id: str, version_id: int, *, made_for: str, by: int) -> str:
    """A link's token, which is shown once: of it only a digest is kept."""
    token, moment = secrets.token_urlsafe(24), now()
    link = PreviewLink(
        token_hash=digest(token), version_id=version_id, made_for=made_for, made_by=by, made_at=moment,
        expires_at=moment + LASTS,
    )  # fmt: skip
    db.add(link)
    note_step(db, "link-made", pack=pack_of(db, course_id) or "", by=by, course=course_id, version=version_id)
    return token


def end_link(db: Session, course_id: str, link_id: int, *, by: int) -> None:
    """Let a link show nothing any more. Raises `LookupError`."""
    link = db.get(PreviewLink, link_id)
    if link is None or not queries.is_version_of(db, course_id, link.version_id):
        raise LookupError(link_id)
    if link.ended_at is None:
        link.ended_at = now()
        note_step(db, "link-ended", pack=pack_of(db, course_id) or "", by=by, course=course_id, version=link.version_id)
