"""Whom updates reached: all holders, those of a unit, and those of the units right below it.

The number of statements does not grow with the units. Whoever is a member of two units counts in both, and once in the
unit above them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, case, cast, func, literal, select, true, union_all
from sqlalchemy.orm import aliased

from lms.credentials.models import Certificate
from lms.paging import page
from lms.people.models import Membership, Unit
from lms.people.queries import is_below, is_current, visible_units
from lms.people.rules import Right
from lms.updating import queries
from lms.updating.models import CourseUpdate, UpdateAnswer
from lms.updating.rules import Reach, without_gaps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Subquery
    from sqlalchemy.orm import Session

    from lms.paging import At, Page
    from lms.updating.queries import UpdateCard

MOST_UPDATES = 100


@dataclass(frozen=True, slots=True)
class ToldRow:
    """An update in the list of those who answer for it, and whom it reached."""

    card: UpdateCard
    reach: Reach


@dataclass(frozen=True, slots=True)
class ReachRow:
    """A unit, and whom an update reached there."""

    unit: Unit
    reach: Reach


@dataclass(frozen=True, slots=True)
class ReachPage:
    """One update: all whom somebody answers for, a unit with those above it in scope, and the units right below."""

    card: UpdateCard
    unit: Unit | None
    above: Sequence[Unit]
    reach: Reach
    rows: Sequence[ReachRow]
    page: Page


def scope_of(me: int, *, everywhere: bool) -> ColumnElement[bool]:
    """The SQL condition on `Unit`: trainers see the figures of all units, others those of their own."""
    return true() if everywhere else visible_units(me, Right.OVERSEE)


def told_rows(db: Session, scope: ColumnElement[bool] | None, today: date, language: str) -> list[ToldRow]:
    """The updates, newest first, each with all whom it reached; `scope` narrows to members of units."""
    updates = db.scalars(select(CourseUpdate).order_by(CourseUpdate.id.desc()).limit(MOST_UPDATES)).all()
    people = _members(scope, today) if scope is not None else None
    held = _held(db, today, people).where(CourseUpdate.id.in_([each.id for each in updates]))
    known = {row[0]: Reach(*row[1:]) for row in db.execute(_counted(held.subquery(), "update"))} if updates else {}
    return [ToldRow(queries.card(db, each, language), known.get(each.id, Reach())) for each in updates]


def reach_page(
    db: Session,
    update: CourseUpdate,
    unit: Unit | None,
    scope: ColumnElement[bool],
    today: date,
    language: str,
    at: At,
    *,
    everywhere: bool,
) -> ReachPage:
    """Whom an update reached in a unit, or without one in all that is in scope, and in the units right below."""
    found = page(db, _right_below(unit, scope), (Unit.folded_name, Unit.id), at)
    units = [row[0] for row in found.rows]
    known = of_units(db, update, units, today)
    reaches = without_gaps([known.get(each.id, Reach()) for each in units])
    inside = None if everywhere and unit is None else _members(is_below(Unit.path, unit.path) if unit else scope, today)
    held = _held(db, today, inside).where(CourseUpdate.id == update.id).subquery()
    total = db.execute(_counted(held, "update")).one_or_none()
    return ReachPage(
        queries.card(db, update, language),
        unit,
        _above(db, unit, scope) if unit is not None else (),
        Reach(*total[1:]) if total else Reach(),
        [ReachRow(each, reach) for each, reach in zip(units, reaches, strict=True)],
        found,
    )


def _right_below(unit: Unit | None, scope: ColumnElement[bool]) -> Any:
    """The open units right below a unit; without one the districts: right below the tops of what is in scope."""
    chosen = select(Unit).where(Unit.closed_on.is_(None), scope)
    if unit is not None:
        return chosen.where(Unit.parent_id == unit.id)
    upper = aliased(Unit)
    tops = select(upper.id).where(upper.parent_id.is_(None))
    return chosen.where(Unit.parent_id.in_(tops))


def of_units(db: Session, update: CourseUpdate, units: Sequence[Unit], today: date) -> Mapping[int, Reach]:
    """Whom an update reached in each of these units and what is below it, in one statement."""
    if not units:
        return {}
    top, place = aliased(Unit), aliased(Unit)
    members = (
        select(top.id.label("unit"), Membership.person_id.label("person"))
        .join_from(top, place, is_below(place.path, top.path))
        .join(Membership, Membership.unit_id == place.id)
        .where(top.id.in_([each.id for each in units]), is_current(today))
        .distinct()
        .subquery()
    )
    found = _held(db, today, members).add_columns(members.c.unit.label("unit"))
    held = found.where(CourseUpdate.id == update.id).subquery()
    return {row[0]: Reach(*row[1:]) for row in db.execute(_counted(held, "unit"))}


def _members(inside: ColumnElement[bool], today: date) -> Subquery:
    """Everybody who is a member today of units for which a condition holds."""
    found = select(Membership.person_id.label("person")).join(Unit, Unit.id == Membership.unit_id)
    return found.where(inside, is_current(today)).distinct().subquery()


def _held(db: Session, today: date, people: Subquery | None) -> Any:
    """Updates and those whom they are for; those who read one count although their certificate was renewed since."""
    for_whom = [
        select(CourseUpdate.id.label("update"), Certificate.actor_id.label("person")).join(
            Certificate, queries.is_held(queries.programmes(db), today)
        ),
        select(UpdateAnswer.update_id.label("update"), UpdateAnswer.actor_id.label("person")).where(
            UpdateAnswer.is_first.is_(True)
        ),
    ]
    both = union_all(*for_whom).subquery()
    held = select(both.c.update, both.c.person).join(CourseUpdate, CourseUpdate.id == both.c.update).distinct()
    return held if people is None else held.join(people, people.c.person == both.c.person)


def _counted(held: Subquery, by: str) -> Any:
    """For each update or unit: holders, how many have read it, how many were asked, how many were right at once."""
    one, none = literal(1), literal(0)
    asked = case((UpdateAnswer.is_right.is_not(None), one), else_=none)
    right = case((UpdateAnswer.is_right.is_(True), one), else_=none)
    sums = [cast(func.sum(each), BigInteger) for each in (asked, right)]  # PostgreSQL's would be decimal
    first = (UpdateAnswer.update_id == held.c.update) & (UpdateAnswer.actor_id == held.c.person)
    return (
        select(held.c[by], func.count(), func.count(UpdateAnswer.id), *sums)
        .select_from(held)
        .outerjoin(UpdateAnswer, first & UpdateAnswer.is_first.is_(True))
        .group_by(held.c[by])
    )


def _above(db: Session, unit: Unit, scope: ColumnElement[bool]) -> Sequence[Unit]:
    ids = [int(part) for part in unit.path.strip("/").split("/")[:-1]]
    return db.scalars(select(Unit).where(Unit.id.in_(ids), scope).order_by(func.length(Unit.path))).all()


def unit_asked(db: Session, code: str, scope: ColumnElement[bool]) -> Unit | None:
    """The unit with this code, if it is in scope."""
    return db.scalar(select(Unit).where(Unit.code == code, scope))
