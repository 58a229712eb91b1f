"""What the public may see: rounded figures of the highest units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.figures import queries as figures
from lms.people.models import Unit
from lms.reporting.rules import published, published_sum

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

MOST = 500


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A unit and its figures as published; None where there are fewer than five."""

    name: str
    registered: int | None
    certified: int | None


@dataclass(frozen=True, slots=True)
class PublicPage:
    """The figures of one course: units below the roots, and the sums of what is published.

    `recognised` are those of the certified who are so by prior learning alone.
    """

    rows: Sequence[PublicRow]
    registered: int
    certified: int
    recognised: int
    counted: datetime | None


def public_page(db: Session, course: str) -> PublicPage:
    """Figures of the units right below each root (of the roots themselves where they have none below)."""
    units = _shown(db)
    known = figures.figures(db, [unit.id for unit in units], course)
    rows = [
        PublicRow(unit.name, published(known[unit.id].registered), published(known[unit.id].certified))
        for unit in units
    ]
    return PublicPage(
        rows,
        published_sum([known[unit.id].registered for unit in units]),
        published_sum([known[unit.id].certified for unit in units]),
        published_sum([known[unit.id].recognised for unit in units]),
        figures.counted_at(db),
    )


def _shown(db: Session) -> Sequence[Unit]:
    roots = db.scalars(select(Unit).where(Unit.parent_id.is_(None), Unit.closed_on.is_(None))).all()
    below = select(Unit).where(Unit.parent_id.in_([root.id for root in roots]), Unit.closed_on.is_(None))
    found = db.scalars(below.order_by(Unit.folded_name, Unit.id).limit(MOST)).all()
    with_units = {unit.parent_id for unit in found}
    return [*found, *(root for root in roots if root.id not in with_units)]
