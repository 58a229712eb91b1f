"""Whose entries a finding is about: who entered them does not settle it, and who looks at it instead."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from lms.among import among
from lms.helping.counting_queries import month_of
from lms.helping.models import HelpEntry, HelpTaken
from lms.people.models import Person, RoleGrant, Unit
from lms.people.queries import is_below
from lms.people.rules import Right, roles_with
from lms.vetting.models import HelpFinding
from lms.vetting.rules import first_of_next

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def concerned(db: Session, rows: Sequence[HelpFinding]) -> dict[int, set[int]]:
    """Finding -> whoever helped, or entered the help, that it is about: what stands, and what was taken out."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows:
        found[row.id] |= {row.helper_id} if row.helper_id is not None else set()
    if not rows:
        return found
    same = and_(
        HelpEntry.unit_id == HelpFinding.unit_id,
        or_(HelpFinding.helper_id.is_(None), HelpEntry.helper_id == HelpFinding.helper_id),
        month_of(db) == HelpFinding.month,
        HelpEntry.given_on >= HelpFinding.month,  # said again for the index
        HelpEntry.given_on < first_of_next(max(row.month for row in rows)),
    )
    is_out = exists().where(HelpTaken.entry_id == HelpEntry.id)
    entered = select(HelpFinding.id, HelpEntry.logged_by).join(HelpEntry, same).distinct()
    these = among(HelpFinding.id, [row.id for row in rows])
    for number, person in db.execute(entered.where(these, or_(HelpEntry.undone_at.is_(None), is_out))):
        found[number].add(person)
    return found


def is_own(db: Session, row: HelpFinding, person: int) -> bool:
    """Whether a finding is about what somebody did or entered."""
    return person in concerned(db, [row])[row.id]


def who_else(db: Session, row: HelpFinding, unit: Unit) -> list[str]:
    """Who may settle a finding, by name: the coordinators of the nearest unit, from its own up, that has such."""
    top = aliased(Unit)
    rows = db.execute(
        select(top.path, Person.id, Person.name)
        .select_from(RoleGrant)
        .outerjoin(top, top.id == RoleGrant.unit_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role.in_(roles_with(Right.COORDINATE)),
            RoleGrant.ended_at.is_(None),
            Person.closed_at.is_(None),
            or_(RoleGrant.unit_id.is_(None), is_below(unit.path, top.path)),
        )
    ).all()
    barred = concerned(db, [row])[row.id]
    others = [(path or "", name) for path, person, name in rows if person not in barred]
    nearest = max((path for path, _name in others), key=len, default="")
    return sorted({name for path, name in others if path == nearest})
