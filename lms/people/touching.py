"""Who may have to be counted anew: noted for many people at once, and taken away once they are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, literal, or_, select

from lms.clock import now
from lms.people.models import Membership, PersonChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


def touch_chosen(db: Session, people: Select[Any]) -> None:
    """Say of everybody whose id a query gives that they may have to be counted elsewhere."""
    chosen = people.distinct().subquery()
    rows = select(chosen.c[0], literal(now(), PersonChange.at.type))
    db.execute(insert(PersonChange).from_select(["person_id", "at"], rows))


def touch_each(db: Session, people: Iterable[int]) -> None:
    """Say of each of these people that something happened which may change where they are counted."""
    moment = now()
    rows = [{"person_id": person, "at": moment} for person in people]
    if rows:
        db.execute(insert(PersonChange), rows)


def touch_by_calendar(db: Session, after: date, today: date) -> None:
    """Say it of everybody whose membership began after a day, or ended on it or since then, up to today."""
    began = and_(Membership.since > after, Membership.since <= today)
    ended = and_(Membership.until >= after, Membership.until < today)
    touch_chosen(db, select(Membership.person_id).where(or_(began, ended)))


def forget_changes(db: Session, changes: Sequence[int]) -> None:
    """Take away the changes that were counted, exactly these: others may have come in between."""
    db.execute(delete(PersonChange).where(PersonChange.id.in_(changes)))
