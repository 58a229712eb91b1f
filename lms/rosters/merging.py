"""Requests, offers and questions about two accounts that turned out to be one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from lms.rosters.models import JoinRequest, MembershipOffer, PossibleDuplicate

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person the other's requests and offers; whoever may be the other may now be the one."""
    waiting = select(JoinRequest).where(JoinRequest.person_id.in_((gone, keep)), JoinRequest.decided_at.is_(None))
    asked = {row.unit_id for row in db.scalars(waiting) if row.person_id == keep}
    for row in db.scalars(waiting.where(JoinRequest.person_id == gone)).all():
        if row.unit_id in asked:
            db.delete(row)
    db.flush()
    db.execute(update(JoinRequest).where(JoinRequest.person_id == gone).values(person_id=keep))
    have = select(MembershipOffer.unit_id).where(MembershipOffer.person_id == keep)
    double = delete(MembershipOffer).where(MembershipOffer.person_id == gone, MembershipOffer.unit_id.in_(have))
    db.execute(double.execution_options(synchronize_session=False))
    db.execute(update(MembershipOffer).where(MembershipOffer.person_id == gone).values(person_id=keep))
    _move_questions(db, gone, keep)


def _move_questions(db: Session, gone: int, keep: int) -> None:
    either = or_(*(column.in_((gone, keep)) for column in (PossibleDuplicate.person_id, PossibleDuplicate.other_id)))
    rows = db.scalars(select(PossibleDuplicate).where(either).order_by(PossibleDuplicate.id)).all()
    known = {(row.person_id, row.other_id): row for row in rows}
    for row in rows:
        pair = {row.person_id, row.other_id}
        if gone not in pair or keep in pair:
            continue
        first, second = sorted({keep, *pair} - {gone})
        if (first, second) in known:
            db.delete(row)
        else:
            row.person_id, row.other_id = first, second
            known[first, second] = row
    db.flush()
