"""Reads of where somebody begins: the highest units whose figures are theirs to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from lms.among import among
from lms.people.models import RoleGrant, Unit
from lms.people.queries import is_below, visible_units
from lms.people.rules import Right, roles_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

MOST = 200


def highest(db: Session, actor: int) -> Sequence[Unit]:
    """The highest open units in which somebody may see figures, by name; at most `MOST`."""
    grant, granted, higher = aliased(RoleGrant), aliased(RoleGrant), aliased(Unit)
    mine = (grant.person_id == actor, grant.role.in_(roles_with(Right.OVERSEE)), grant.ended_at.is_(None))
    if db.scalar(select(grant.id).where(*mine, grant.unit_id.is_(None)).limit(1)) is not None:
        found = select(Unit).where(Unit.parent_id.is_(None))
    else:
        others = (
            granted.person_id == actor,
            granted.role.in_(roles_with(Right.OVERSEE)),
            granted.ended_at.is_(None),
        )
        over = select(granted.id).join(higher, higher.id == granted.unit_id)
        inside = exists(over.where(*others, higher.id != Unit.id, is_below(Unit.path, higher.path)).correlate(Unit))
        found = select(Unit).where(Unit.id.in_(select(grant.unit_id).where(*mine)), ~inside)
    return db.scalars(found.where(Unit.closed_on.is_(None)).order_by(Unit.folded_name, Unit.id).limit(MOST)).all()


def tops(db: Session, actor: int) -> Sequence[Unit]:
    """The tops of the trees in which somebody may see figures of any unit, by name."""
    ids = {int(unit.path.split("/")[1]) for unit in highest(db, actor)}
    return db.scalars(select(Unit).where(among(Unit.id, ids)).order_by(Unit.folded_name, Unit.id)).all()


def roots(db: Session, actor: int, right: Right) -> Sequence[Unit]:
    """The trees in whose top somebody has a right, by name."""
    tops = select(Unit).where(Unit.parent_id.is_(None), Unit.closed_on.is_(None), visible_units(actor, right))
    return db.scalars(tops.order_by(Unit.folded_name, Unit.id).limit(MOST)).all()
