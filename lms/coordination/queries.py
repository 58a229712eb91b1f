"""The scope of the desk: the units in which somebody has a right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.folding import fold
from lms.people.models import RoleGrant, Unit
from lms.people.queries import visible_units
from lms.people.rules import Right, roles_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def tops(db: Session, actor: int, right: Right = Right.COORDINATE) -> Sequence[Unit]:
    """The highest units in which somebody has a right, by name."""
    grants = db.execute(
        select(RoleGrant.unit_id, Unit)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == actor, RoleGrant.role.in_(roles_with(right)), RoleGrant.ended_at.is_(None))
    ).all()
    if any(grant[0] is None for grant in grants):
        return db.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.name, Unit.id)).all()
    units = {grant[1].id: grant[1] for grant in grants}.values()
    highest = [unit for unit in units if not any(unit.path.startswith(o.path) for o in units if o is not unit)]
    return sorted(highest, key=lambda unit: (fold(unit.name), unit.id))


def unit_by_code(db: Session, actor: int, code: str, right: Right = Right.COORDINATE) -> Unit | None:
    """The unit with this code, if it is in scope."""
    return db.scalar(select(Unit).where(Unit.code == code, visible_units(actor, right)))
