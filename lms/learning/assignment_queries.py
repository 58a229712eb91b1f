"""Which courses somebody was given, by the rules of their units and by their groups. Nothing of it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lms.learning.assignment_rules import Assigned, strictest
from lms.learning.models import EnrolmentRule, Exemption, Group, GroupMember
from lms.people.models import Membership, Unit
from lms.people.queries import is_current

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

MOST_MEMBERS = 500


def assigned(db: Session, actor: int, today: date) -> dict[str, Assigned]:
    """The courses that somebody was given, by course: whoever comes into a unit later has them from that day on.

    Courses from which somebody is exempt are left out. Four statements, whatever the number of units.
    """
    freed = select(Exemption.course_id).where(Exemption.person_id == actor, Exemption.ended_at.is_(None))
    exempt = set(db.scalars(freed))
    found = strictest([*_by_units(db, actor, today), *_by_groups(db, actor)])
    return {course: given for course, given in found.items() if course not in exempt}


def _by_units(db: Session, actor: int, today: date) -> list[Assigned]:
    paths = db.scalars(
        select(Unit.path)
        .join(Membership, Membership.unit_id == Unit.id)
        .where(Membership.person_id == actor, is_current(today))
    )
    above = {int(unit) for path in paths for unit in path.strip("/").split("/") if unit}
    if not above:
        return []
    rows = db.execute(
        select(EnrolmentRule.course_id, EnrolmentRule.due_on, Unit.name)
        .join(Unit, Unit.id == EnrolmentRule.unit_id)
        .where(EnrolmentRule.unit_id.in_(above), EnrolmentRule.ended_at.is_(None))
        .order_by(EnrolmentRule.id)
    )
    return [Assigned(*row) for row in rows]


def _by_groups(db: Session, actor: int) -> list[Assigned]:
    rows = db.execute(
        select(Group.course_id, Group.ends_on, Unit.name, Group.name, Group.starts_on)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .join(Unit, Unit.id == Group.unit_id)
        .where(GroupMember.person_id == actor, Group.ended_at.is_(None))
        .order_by(Group.id)
    )
    return [Assigned(*row) for row in rows]


def rules_in_force(db: Session, unit: int, courses: Sequence[str]) -> Sequence[EnrolmentRule]:
    """The rules of exactly this unit for these courses."""
    live = select(EnrolmentRule).where(EnrolmentRule.unit_id == unit, EnrolmentRule.ended_at.is_(None))
    return db.scalars(live.where(EnrolmentRule.course_id.in_(courses))).all()


def count_members(db: Session, group: int) -> int:
    """How many people are in a group."""
    return db.scalar(select(func.count()).select_from(GroupMember).where(GroupMember.group_id == group)) or 0
