"""Which points have to be looked at, and which ones a certificate stands behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from lms.credentials.models import Certificate
from lms.finding.models import HelpPoint
from lms.people.models import Membership, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session


def due(db: Session, today: date, most: int) -> Sequence[tuple[HelpPoint, Unit]]:
    """Points that were not looked at today, at most so many."""
    late = select(HelpPoint, Unit).join(Unit, Unit.id == HelpPoint.unit_id).where(HelpPoint.looked_on < today)
    rows = db.execute(late.order_by(HelpPoint.looked_on, HelpPoint.id).limit(most))
    return [(row[0], row[1]) for row in rows]


def points_behind(db: Session, certificate: int) -> Sequence[tuple[HelpPoint, Unit]]:
    """The points of the holder's units and of all above them; of a unit's certificate its own."""
    row = db.get(Certificate, certificate)
    if row is None:
        return ()
    homes = select(Unit.path).join(Membership, Membership.unit_id == Unit.id)
    paths = db.scalars(homes.where(Membership.person_id == row.actor_id)).all() if row.actor_id is not None else ()
    ids = {int(part) for path in paths for part in path.strip("/").split("/")}
    found = select(HelpPoint, Unit).join(Unit, Unit.id == HelpPoint.unit_id)
    rows = db.execute(found.where(or_(Unit.id.in_(ids), Unit.id == row.unit_id)))
    return [(each[0], each[1]) for each in rows]
