"""How much is kept in units: of one, and of those right below it compared.

The number of statements does not grow with the units, and each row that comes back is a unit and a span of months.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, case, cast, func, select
from sqlalchemy.orm import aliased

from lms.paging import At, page
from lms.people.models import Membership, Unit
from lms.people.queries import is_below, is_current, visible_units
from lms.people.rules import Right
from lms.renewing import rules
from lms.renewing.models import ReviewAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Subquery
    from sqlalchemy.orm import Session

    from lms.paging import Page

MOST_TO_CHOOSE = 200
SPAN: ColumnElement[int] = case(
    *((ReviewAnswer.days < end, place) for place, end in enumerate(rules.span_ends())), else_=len(rules.SPANS) - 1
)


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A unit, and how much is kept by months. `is_less`: clearly less than in the unit above it, by span."""

    unit: Unit
    spans: Sequence[rules.Kept]
    is_less: Sequence[bool]


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One unit, what stands above it in scope, and the units right below it."""

    unit: Unit
    above: Sequence[Unit]
    spans: Sequence[rules.Kept]
    trend: rules.Trend | None
    rows: Sequence[KeptRow]
    page: Page


def kept_page(db: Session, me: int, unit: Unit, course: str, today: date, at: At) -> KeptPage:
    """How much of a course the people of a unit keep, and a page of the units right below it, by name."""
    spans = of_unit(db, unit, course, today)
    rows, found = _below(db, me, unit, course, today, spans, at)
    return KeptPage(unit, _above(db, me, unit), spans, rules.trend(spans), rows, found)


def kept_rows(db: Session, me: int, unit: Unit, course: str, today: date) -> Iterator[KeptRow]:
    """The same rows for a file: the unit itself, then every unit right below it."""
    spans, at = of_unit(db, unit, course, today), At()
    yield KeptRow(unit, spans, [False] * len(spans))
    while True:
        rows, found = _below(db, me, unit, course, today, spans, at)
        yield from rows
        if not found.later:
            return
        at = At(after=found.later)


def of_unit(db: Session, unit: Unit, course: str, today: date) -> list[rules.Kept]:
    """How much is kept by everybody who is a member today of a unit or of one below it, each person once."""
    members = (
        select(Membership.person_id.label("person"))
        .join(Unit, Unit.id == Membership.unit_id)
        .where(is_below(Unit.path, unit.path), is_current(today))
        .distinct()
        .subquery()
    )
    return rules.retention_of_people(rules.Answered(*row) for row in db.execute(_counted(members, course)))


def _below(
    db: Session, me: int, unit: Unit, course: str, today: date, level: Sequence[rules.Kept], at: At
) -> tuple[list[KeptRow], Page]:
    chosen = select(Unit).where(Unit.parent_id == unit.id, Unit.closed_on.is_(None), visible_units(me, Right.OVERSEE))
    found = page(db, chosen, (Unit.folded_name, Unit.id), at)
    units = [row[0] for row in found.rows]
    known = _of_units(db, [each.id for each in units], course, today)
    rows = []
    for each in units:
        spans = rules.retention_of_people(known.get(each.id, ()))
        is_less = [rules.is_below(own, above.share) for own, above in zip(spans, level, strict=True)]
        rows.append(KeptRow(each, spans, is_less))
    return rows, found


def _of_units(db: Session, units: Sequence[int], course: str, today: date) -> Mapping[int, list[rules.Answered]]:
    """The same for each of these units, in one statement. Who is a member of two of them counts in both."""
    top, place = aliased(Unit), aliased(Unit)
    members = (
        select(top.id.label("unit"), Membership.person_id.label("person"))
        .join_from(top, place, is_below(place.path, top.path))
        .join(Membership, Membership.unit_id == place.id)
        .where(top.id.in_(units), is_current(today))
        .distinct()
        .subquery()
    )
    found: dict[int, list[rules.Answered]] = {}
    for number, *counts in db.execute(_counted(members, course, members.c.unit)) if units else ():
        found.setdefault(number, []).append(rules.Answered(*counts))
    return found


def _counted(members: Subquery, course: str, *by: ColumnElement[Any]) -> Any:
    """Answers of these members by span (and by what else is asked): the span, right ones, all, and people."""
    each = (
        select(
            *by,
            SPAN.label("span"),
            func.count().filter(ReviewAnswer.is_right.is_(True)).label("right"),
            func.count().label("asked"),
        )
        .join_from(members, ReviewAnswer, ReviewAnswer.actor_id == members.c.person)
        .where(ReviewAnswer.course_id == course)
        .group_by(*by, ReviewAnswer.actor_id, SPAN)
        .subquery()
    )
    same = [each.c[column.name] for column in by]
    sums = [cast(func.sum(column), BigInteger) for column in (each.c.right, each.c.asked)]  # PostgreSQL's are decimal
    return select(*same, each.c.span, *sums, func.count()).group_by(*same, each.c.span)


def _above(db: Session, me: int, unit: Unit) -> Sequence[Unit]:
    """The units above this one that are in scope, the highest first."""
    ids = [int(part) for part in unit.path.strip("/").split("/")[:-1]]
    found = select(Unit).where(Unit.id.in_(ids), visible_units(me, Right.OVERSEE))
    return db.scalars(found.order_by(func.length(Unit.path))).all()


def unit_asked(db: Session, me: int, code: str) -> Unit | None:
    """The unit with this code, or without one the highest; None if it is not in scope."""
    seen = visible_units(me, Right.OVERSEE)
    if code:
        return db.scalar(select(Unit).where(Unit.code == code, seen))
    return next(iter(units_to_choose(db, me)), None)


def units_to_choose(db: Session, me: int) -> Sequence[Unit]:
    """The highest open units whose figures somebody may see, as many as a form can offer."""
    depth = func.length(Unit.path) - func.length(func.replace(Unit.path, "/", ""))
    chosen = select(Unit).where(visible_units(me, Right.OVERSEE), Unit.closed_on.is_(None))
    return db.scalars(chosen.order_by(depth, Unit.folded_name, Unit.id).limit(MOST_TO_CHOOSE)).all()
