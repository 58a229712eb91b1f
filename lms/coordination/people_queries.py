"""Lists of people: a page of one, and what there is to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, or_, select

from lms.coordination.missing_queries import end_for, fitting, listed, scope
from lms.coordination.models import SavedFilter
from lms.coordination.people_line_queries import described
from lms.coordination.people_pages import Asked, Choice, Kept, PeoplePage
from lms.coordination.people_rules import End
from lms.coordination.queries import tops
from lms.learning.models import Group
from lms.paging import At, Page, page
from lms.people.models import Person, Unit
from lms.people.queries import visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from lms.coordination.missing_queries import Rows
    from lms.coordination.pages import Desk
    from lms.coordination.people_pages import Scope

MOST_COUNTED = 1000
MOST_CHOICES = 200
MOST_KEPT = 50
BELOW = 1000  # longer than any path


def people(db: Session, desk: Desk, asked: Asked, at: At) -> PeoplePage:
    """A page of the people who fit what was asked, by name; the number of statements never grows."""
    looked = scope(db, desk, asked)
    end = end_for(db, asked, looked)
    rows = listed(desk, asked, end, looked)
    found = page(db, rows, _by_name(rows, end), at)
    count, is_more = _count(db, desk, asked, looked, found)
    return PeoplePage(
        count=count,
        is_more=is_more,
        rows=described(db, desk, found.rows),
        page=found,
        units=_units_to_choose(db, desk, asked, looked),
        groups=_groups_to_choose(db, desk),
        kept=kept_filters(db, desk.coordinator),
    )


def _by_name(rows: Rows, end: End) -> Any:
    if end is End.NAMES:
        return Person.folded_name, Person.id
    columns = rows.selected_columns
    return columns.folded_name, columns.id


def _count(db: Session, desk: Desk, asked: Asked, looked: Scope, found: Page) -> tuple[int, bool]:
    """How many fit, and whether there are more than that."""
    if found.rows and hasattr(found.rows[0], "total"):
        return found.rows[0].total, False
    if not found.earlier and not found.later:
        return len(found.rows), False
    known = fitting(db, asked, looked)
    if known is not None:
        return known, False
    some = listed(desk, asked, End.NAMES, looked).limit(MOST_COUNTED + 1).subquery()
    count = db.scalar(select(func.count()).select_from(some)) or 0
    return min(count, MOST_COUNTED), count > MOST_COUNTED


def _units_to_choose(db: Session, desk: Desk, asked: Asked, looked: Scope) -> Sequence[Unit]:
    """The units to choose from: those above the one that is looked at, itself, and the units right below."""
    highest = looked.tops if asked.unit is None else tops(db, desk.coordinator, Right.SEE_PEOPLE)
    above = [int(part) for part in asked.unit.path.strip("/").split("/")] if asked.unit is not None else []
    below = [unit.id for unit in looked.tops]
    found = db.scalars(
        select(Unit)
        .where(or_(Unit.parent_id.in_(below), Unit.id.in_(above)), visible_units(desk.coordinator, Right.SEE_PEOPLE))
        .order_by(case((Unit.id.in_(above), func.length(Unit.path)), else_=BELOW), Unit.name, Unit.id)
        .limit(MOST_CHOICES)
    ).all()
    return [*highest, *(unit for unit in found if unit.id not in {top.id for top in highest})]


def _groups_to_choose(db: Session, desk: Desk) -> Sequence[Choice]:
    """The groups in scope that learn now, the one that ends last first."""
    rows = db.execute(
        select(Group.id, Group.name, Unit.name)
        .join(Unit, Unit.id == Group.unit_id)
        .where(Group.ended_at.is_(None), visible_units(desk.coordinator, Right.SEE_PEOPLE))
        .order_by(Group.ends_on.desc(), Group.id.desc())
        .limit(MOST_CHOICES)
    )
    return [Choice(str(number), f"{name} ({unit})") for number, name, unit in rows]


def kept_filters(db: Session, person: int) -> Sequence[Kept]:
    """The filters that somebody keeps, by name."""
    rows = db.execute(
        select(SavedFilter.id, SavedFilter.name, SavedFilter.query)
        .where(SavedFilter.person_id == person)
        .order_by(SavedFilter.name, SavedFilter.id)
        .limit(MOST_KEPT)
    )
    return [Kept(number, name, query) for number, name, query in rows]
