"""Reads of the rules that give courses to units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lms.coordination.queries import tops
from lms.figures import queries as figures
from lms.figures.rules import Figures
from lms.learning.models import EnrolmentRule
from lms.paging import At, page
from lms.people.models import Unit
from lms.people.queries import visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.paging import Page

MOST_FROM_ABOVE = 100
MOST_TOPS = 50


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule, its unit, and how far the unit is in the course."""

    id: int
    unit: str
    unit_code: str
    course: str
    due_on: date | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class FromAbove:
    """A rule of a unit above: it holds in the reader's units, and is not hers to end."""

    unit: str
    course: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The rules in scope, the newest first, and those that come from above."""

    rows: Sequence[RuleRow]
    page: Page
    above: Sequence[FromAbove]
    counted: datetime | None


def rules(db: Session, actor: int, at: At) -> RulesPage:
    """The rules in force in this coordinator's units. One statement more for each course on the page."""
    found = page(
        db,
        select(EnrolmentRule.id, Unit.id.label("unit_id"), Unit.name, Unit.code, EnrolmentRule.course_id)
        .add_columns(EnrolmentRule.due_on)
        .join(Unit, Unit.id == EnrolmentRule.unit_id)
        .where(EnrolmentRule.ended_at.is_(None), visible_units(actor, Right.COORDINATE)),
        (EnrolmentRule.id, EnrolmentRule.id),
        at,
        newest_first=True,
    )
    standing = {
        course: figures.figures(db, [row.unit_id for row in found.rows if row.course_id == course], course)
        for course in {row.course_id for row in found.rows}
    }
    rows = [
        RuleRow(row.id, row.name, row.code, row.course_id, row.due_on, standing[row.course_id][row.unit_id])
        for row in found.rows
    ]
    return RulesPage(rows, found, _from_above(db, actor), figures.counted_at(db))


def _from_above(db: Session, actor: int) -> list[FromAbove]:
    """Rules of the units above the highest ones in scope; each once."""
    highest = tops(db, actor)[:MOST_TOPS]
    own = {unit.id for unit in highest}
    above = {int(each) for unit in highest for each in unit.path.strip("/").split("/") if each} - own
    if not above:
        return []
    rows = db.execute(
        select(Unit.name, EnrolmentRule.course_id, EnrolmentRule.due_on)
        .join(Unit, Unit.id == EnrolmentRule.unit_id)
        .where(EnrolmentRule.unit_id.in_(above), EnrolmentRule.ended_at.is_(None))
        .order_by(EnrolmentRule.due_on, EnrolmentRule.id)
        .limit(MOST_FROM_ABOVE)
    )
    return [FromAbove(*row) for row in rows]


def rule_in_scope(db: Session, actor: int, rule_id: int) -> EnrolmentRule | None:
    """A rule of a unit of this coordinator."""
    return db.scalar(
        select(EnrolmentRule)
        .join(Unit, Unit.id == EnrolmentRule.unit_id)
        .where(EnrolmentRule.id == rule_id, visible_units(actor, Right.COORDINATE))
    )


def near_units(db: Session, actor: int, typed: str) -> Sequence[Unit]:
    """Units of this coordinator whose code begins as the one typed, for whoever mistyped it; three at most."""
    near = aliased(Unit)
    begun = select(near.id).where(near.code.startswith(typed.strip()[:-1] or "-", autoescape=True))
    found = select(Unit).where(Unit.id.in_(begun), visible_units(actor, Right.COORDINATE), Unit.closed_on.is_(None))
    return db.scalars(found.order_by(Unit.code).limit(3)).all()
