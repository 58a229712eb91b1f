"""Requests, offers and questions about two accounts that turned out to be one person's; ways into merged units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from lms.rosters.models import ImportRun, JoinCode, JoinRequest, MembershipOffer, PossibleDuplicate

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


def follow(db: Session, gone: int, into: int) -> None:
    """Let codes, requests, offers and files that are under way go on in the unit that a unit became part of.

    Somebody who waits at both doors waits at one. What is decided or has ended stays where it was.
    """
    live = update(JoinCode).where(JoinCode.unit_id == gone, JoinCode.ended_at.is_(None))
    db.execute(live.values(unit_id=into))
    there = select(JoinRequest.person_id).where(JoinRequest.unit_id == into, JoinRequest.decided_at.is_(None))
    waiting = (JoinRequest.unit_id == gone, JoinRequest.decided_at.is_(None))
    double = delete(JoinRequest).where(*waiting, JoinRequest.person_id.in_(there))
    db.execute(double.execution_options(synchronize_session=False))
    db.execute(update(JoinRequest).where(*waiting).values(unit_id=into))
    offered = select(MembershipOffer.person_id).where(MembershipOffer.unit_id == into)
    open_offer = (MembershipOffer.unit_id == gone, MembershipOffer.decided_at.is_(None))
    twice = delete(MembershipOffer).where(*open_offer, MembershipOffer.person_id.in_(offered))
    db.execute(twice.execution_options(synchronize_session=False))
    db.execute(update(MembershipOffer).where(*open_offer).values(unit_id=into))
    db.execute(update(ImportRun).where(ImportRun.unit_id == gone, ImportRun.ended_at.is_(None)).values(unit_id=into))
