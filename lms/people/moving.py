"""Units that move below another unit, and units that become one. Whole subtrees in a few statements each.

Where everything stood until yesterday is kept, so that totals as of a past day stay what they were.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from lms.clock import now
from lms.people import actions as people
from lms.people.models import Membership, PersonChange, Unit, UnitPlace
from lms.people.queries import is_below
from lms.people.units import (
    LONGEST_PATH,
    SameName,
    TooDeep,
    UnitClosed,
    add_alias,
    check_name,
    check_parent,
    lock,
    shut,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from typing import TypeAlias

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    # takes what one part keeps of the first unit to the second
    Follower: TypeAlias = Callable[[Session, int, int], None]

DAY = timedelta(days=1)


class InsideItself(Exception):
    """A unit cannot come to lie inside itself."""


def move(db: Session, unit: Unit, parent: Unit, *, by: int | None) -> None:
    """Put a unit, with all that is below it, below another one from today on.

    Raises `InsideItself`, `UnitClosed`, `ListIsFixed`, `SameName`, `TooDeep`. Moving it where it is changes nothing.
    """
    lock(db, unit, parent)
    if unit.closed_on is not None:
        raise UnitClosed(unit.code)
    if parent.path.startswith(unit.path):
        raise InsideItself(parent.code)
    if unit.parent_id == parent.id:
        return
    check_parent(parent)
    check_name(db, unit.name, parent=parent.id)
    old, from_code = unit.path, _code(db, unit.parent_id)
    below = is_below(Unit.path, old)
    _check_depth(db, below, len(parent.path) + len(f"{unit.id}/") - len(old))
    _touch(db, below)
    unit.parent_id = parent.id
    db.flush()
    _rewrite(db, below, old, f"{parent.path}{unit.id}/")
    people.record(db, "unit-moved", by, None, code=unit.code, old=from_code, new=parent.code)


def merge(db: Session, unit: Unit, into: Unit, *, by: int | None, followers: Iterable[Follower] = ()) -> None:
    """Make a unit part of another from today on: its people and units become the other's, its roles end, it closes.

    `followers` take along what the other parts keep of it, in the same transaction.
    Raises `InsideItself`, `UnitClosed`, `ListIsFixed` (units would come below a closed list), `TooDeep`.
    """
    lock(db, unit, into)
    if unit.closed_on is not None:
        raise UnitClosed(unit.code)
    if into.path.startswith(unit.path):
        raise InsideItself(into.code)
    has_units = db.scalar(select(exists().where(Unit.parent_id == unit.id)))
    if has_units:
        check_parent(into)
    elif into.closed_on is not None:
        raise UnitClosed(into.code)
    below = and_(is_below(Unit.path, unit.path), Unit.id != unit.id)
    _check_depth(db, below, len(into.path) - len(unit.path))
    _touch(db, is_below(Unit.path, unit.path))
    today = now().date()
    _hand_over_members(db, unit.id, into.id, today)
    db.execute(update(Unit).where(Unit.parent_id == unit.id).values(parent_id=into.id))
    _rewrite(db, below, unit.path, into.path)
    shut(db, unit, last_day=today, by=by)
    unit.merged_into_id = into.id
    for follow in followers:
        follow(db, unit.id, into.id)
    _keep_name(db, unit, into, by=by)
    people.record(db, "unit-merged", by, None, code=unit.code, into=into.code)


def _code(db: Session, unit: int | None) -> str | None:
    return db.scalar(select(Unit.code).where(Unit.id == unit)) if unit is not None else None


def _check_depth(db: Session, below: ColumnElement[bool], longer: int) -> None:
    longest = db.scalar(select(func.max(func.length(Unit.path))).where(below)) or 0
    if longest + longer > LONGEST_PATH:
        raise TooDeep


def _touch(db: Session, below: ColumnElement[bool]) -> None:
    """Say that everybody who is, was until now, or will be a member there may be counted elsewhere."""
    lasting = or_(Membership.until.is_(None), Membership.until >= now().date())
    member = select(Membership.person_id, literal(now(), PersonChange.at.type))
    member = member.join(Unit, Unit.id == Membership.unit_id).where(below, lasting).distinct()
    db.execute(insert(PersonChange).from_select(["person_id", "at"], member))


def _rewrite(db: Session, below: ColumnElement[bool], old: str, new: str) -> None:
    """Let all these units stand below another path from today on. What was written today is replaced."""
    today = now().date()
    ids = select(Unit.id).where(below)
    place = UnitPlace.__table__.c
    current = (UnitPlace.unit_id.in_(ids), UnitPlace.until.is_(None))
    db.execute(
        update(UnitPlace)
        .where(*current, UnitPlace.since >= today)
        .values(path=_moved(UnitPlace.path, old, new))
        .execution_options(synchronize_session=False)
    )
    earlier = select(place.unit_id, _moved(place.path, old, new), literal(today)).where(
        place.unit_id.in_(ids), place.until.is_(None), place.since < today
    )
    db.execute(insert(UnitPlace).from_select(["unit_id", "path", "since"], earlier))
    db.execute(
        update(UnitPlace)
        .where(*current, UnitPlace.since < today)
        .values(until=today - DAY)
        .execution_options(synchronize_session=False)
    )
    db.execute(
        update(Unit).where(below).values(path=_moved(Unit.path, old, new)).execution_options(synchronize_session=False)
    )
    db.expire_all()


def _moved(path: Any, old: str, new: str) -> ColumnElement[str]:
    rest: ColumnElement[str] = literal(new) + func.substr(path, len(old) + 1)
    return rest


def _hand_over_members(db: Session, unit: int, into: int, today: date) -> None:
    """Let memberships end yesterday in one unit and go on today in another, unless the person is there anyhow."""
    there = aliased(Membership)
    begins = case((Membership.since < today, today), else_=Membership.since)
    lasting = or_(Membership.until.is_(None), Membership.until >= today)
    until = or_(there.until.is_(None), and_(Membership.until.is_not(None), there.until >= Membership.until))
    is_there = exists().where(
        there.person_id == Membership.person_id, there.unit_id == into, there.since <= begins, until
    )
    going = select(Membership.person_id, literal(into), begins, Membership.until)
    going = going.where(Membership.unit_id == unit, lasting, ~is_there)
    db.execute(insert(Membership).from_select(["person_id", "unit_id", "since", "until"], going))
    here = Membership.unit_id == unit
    db.execute(delete(Membership).where(here, Membership.since >= today))
    db.execute(update(Membership).where(here, lasting).values(until=today - DAY))


def _keep_name(db: Session, unit: Unit, into: Unit, *, by: int | None) -> None:
    """Let people who look for the old name find the unit that goes on."""
    if unit.folded_name == into.folded_name:
        return
    try:
        add_alias(db, into, unit.name, by=by)
    except SameName:
        return  # another unit beside it is called so, and shall be found by it
