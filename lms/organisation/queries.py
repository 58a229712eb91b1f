"""Reads of the organisation. Every one of them is narrowed by `visible_units` to where somebody may organise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.clock import now
from lms.folding import fold
from lms.organisation.pages import EditPage, GoalPage, HomePage, RoleRow, RolesPage, Stay, UnitPage, UnitRow
from lms.organisation.rules import Held, highest, may_end, may_reshape, roles_to_give
from lms.paging import At, page
from lms.people.models import Membership, Person, RoleGrant, Unit, UnitName, UnitPlace
from lms.people.queries import is_below, is_current, visible_units
from lms.people.rules import Right, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

MOST_STAYS, MOST_NAMES, MOST_KINDS, MOST_ROLES, MOST_FOUND = 50, 200, 30, 10, 20
BY_NAME = (Unit.folded_name, Unit.id)


def held(db: Session, person: int) -> list[Held]:
    """The roles that somebody holds."""
    rows = db.execute(
        select(RoleGrant.role, Unit.path)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == person, RoleGrant.ended_at.is_(None))
    )
    return [Held(Role(role), path or "") for role, path in rows]


def unit_in_scope(db: Session, person: int, unit_id: int) -> Unit | None:
    """A unit in which somebody may organise."""
    return db.scalar(select(Unit).where(Unit.id == unit_id, visible_units(person, Right.ORGANISE)))


def grant(db: Session, unit: Unit, grant_id: int) -> RoleGrant | None:
    """A role that somebody holds in a unit, to be ended or handed over: by one at a time, so that one becomes one."""
    here = (RoleGrant.id == grant_id, RoleGrant.unit_id == unit.id, RoleGrant.ended_at.is_(None))
    return db.scalar(select(RoleGrant).where(*here).with_for_update())


def person_by_login(db: Session, login: str) -> Person | None:
    """The open account with this user name, or that has proved this address: a claim is not enough to get rights."""
    plain = login.strip().casefold()
    named = Person.proved_email == plain if "@" in plain else Person.user_name == plain
    return db.scalar(select(Person).where(named, Person.closed_at.is_(None)))


def home(db: Session, person: int, words: str, at: At) -> HomePage:
    """The highest units of somebody, or the units whose name, former name, alias or code has these words."""
    scope = select(Unit).where(visible_units(person, Right.ORGANISE))
    if fold(words):
        chosen = scope.where(_has_words(words))
    else:
        tops = highest(held(db, person))
        chosen = scope.where(Unit.parent_id.is_(None) if tops is None else Unit.path.in_(tops))
    found = page(db, chosen, BY_NAME, at)
    return HomePage(words, _rows(db, person, [row[0] for row in found.rows], words), found)


def _has_words(words: str) -> ColumnElement[bool]:
    """The SQL condition on `Unit` that holds if one of its names has every word, or if this is its code."""
    parts = fold(words).split()
    named = select(UnitName.unit_id).where(*(UnitName.folded_name.contains(part, autoescape=True) for part in parts))
    own = and_(*(Unit.folded_name.contains(part, autoescape=True) for part in parts))
    return or_(own, Unit.id.in_(named), Unit.code == " ".join(words.split()))


def _rows(db: Session, person: int, units: Sequence[Unit], words: str = "", *, named: bool = True) -> list[UnitRow]:
    """What lists say of these units, perhaps with the one above: four statements at most, however many they are."""
    ids = [each.id for each in units]
    members = _count_members(db, ids, now().date())
    parents = set(db.scalars(select(Unit.parent_id).where(Unit.parent_id.in_(ids)).distinct()))
    above = _names_of(db, person, {each.parent_id for each in units if each.parent_id}) if named else {}
    found_as = _found_as(db, units, words) if words else {}
    return [
        UnitRow(
            each,
            above.get(each.parent_id or 0, ""),
            found_as.get(each.id, ""),
            members.get(each.id, 0),
            each.id in parents,
        )
        for each in units
    ]


def _count_members(db: Session, ids: Sequence[int], today: date) -> dict[int, int]:
    rows = db.execute(
        select(Membership.unit_id, func.count(Membership.person_id.distinct()))
        .where(Membership.unit_id.in_(ids), is_current(today))
        .group_by(Membership.unit_id)
    )
    return {row[0]: row[1] for row in rows}


def _names_of(db: Session, person: int, ids: set[int]) -> dict[int, str]:
    found = select(Unit.id, Unit.name).where(Unit.id.in_(ids), visible_units(person, Right.ORGANISE))
    return {row[0]: row[1] for row in db.execute(found)}


def _found_as(db: Session, units: Sequence[Unit], words: str) -> dict[int, str]:
    """For units whose own name does not have the words: the other name that does."""
    parts = fold(words).split()
    hidden = [each.id for each in units if not all(part in each.folded_name for part in parts)]
    has = [UnitName.folded_name.contains(part, autoescape=True) for part in parts]
    rows = db.execute(select(UnitName.unit_id, UnitName.name).where(UnitName.unit_id.in_(hidden), *has))
    return {row[0]: row[1] for row in rows}


def above(db: Session, person: int, unit: Unit) -> Sequence[Unit]:
    """The units above this one that are in scope, the highest first."""
    ids = [int(part) for part in unit.path.strip("/").split("/")[:-1]]
    found = select(Unit).where(Unit.id.in_(ids), visible_units(person, Right.ORGANISE))
    return db.scalars(found.order_by(func.length(Unit.path))).all()


def unit_page(db: Session, person: int, unit: Unit, at: At) -> UnitPage:
    """One unit with its names, history, roles and the units right below it, by name."""
    below = page(db, select(Unit).where(Unit.parent_id == unit.id), BY_NAME, at)
    mine = held(db, person)
    roles = db.execute(_roles_in(unit).limit(MOST_ROLES + 1)).all()
    return UnitPage(
        unit=unit,
        above=above(db, person, unit),
        merged_into=unit_in_scope(db, person, unit.merged_into_id) if unit.merged_into_id else None,
        names=names(db, unit),
        stays=_stays(db, person, unit),
        roles=[_role_row(row, mine, person, unit) for row in roles[:MOST_ROLES]],
        has_more_roles=len(roles) > MOST_ROLES,
        rows=_rows(db, person, [row[0] for row in below.rows], named=False),
        page=below,
        members=_count_members(db, [unit.id], now().date()).get(unit.id, 0),
        may_reshape=may_reshape(mine, unit.path),
    )


def names(db: Session, unit: Unit) -> Sequence[UnitName]:
    """Every other name of a unit; former ones last, the newest of them first."""
    found = select(UnitName).where(UnitName.unit_id == unit.id).limit(MOST_NAMES)
    order = (UnitName.until.is_not(None), UnitName.until.desc(), UnitName.kind, UnitName.language, UnitName.name)
    return db.scalars(found.order_by(*order)).all()


def _stays(db: Session, person: int, unit: Unit) -> list[Stay]:
    places = db.scalars(
        select(UnitPlace).where(UnitPlace.unit_id == unit.id).order_by(UnitPlace.since.desc()).limit(MOST_STAYS)
    ).all()
    parents = [([0, *map(int, place.path.strip("/").split("/"))])[-2] for place in places]
    called = _names_of(db, person, set(parents))
    return [
        Stay(called.get(parent, ""), place.since, place.until) for place, parent in zip(places, parents, strict=True)
    ]


def _roles_in(unit: Unit) -> Select[*tuple[Any, ...]]:
    giver = aliased(Person)
    return (
        select(RoleGrant, Person.name, giver.name)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(giver, giver.id == RoleGrant.granted_by)
        .where(RoleGrant.unit_id == unit.id, RoleGrant.ended_at.is_(None))
    )


def _role_row(row: Any, mine: Sequence[Held], person: int, unit: Unit) -> RoleRow:
    held_by, name, giver = row[:3]
    is_own, is_given_by_her = held_by.person_id == person, held_by.granted_by == person
    may = may_end(mine, Role(held_by.role), unit.path, is_own=is_own, is_given_by_her=is_given_by_her)
    return RoleRow(held_by.id, Role(held_by.role), held_by.person_id, name, held_by.granted_at, giver or "", may)


def roles_page(db: Session, person: int, unit: Unit, at: At) -> RolesPage:
    """Who holds which role in a unit, the newest first."""
    mine = held(db, person)
    found = page(db, _roles_in(unit), (RoleGrant.id, RoleGrant.id), at, newest_first=True)
    rows = [_role_row(row, mine, person, unit) for row in found.rows]
    return RolesPage(unit, above(db, person, unit), rows, found, roles_to_give(mine, unit.path))


def role(db: Session, person: int, unit: Unit, grant_id: int) -> RoleRow | None:
    """One role in a unit."""
    row = db.execute(_roles_in(unit).where(RoleGrant.id == grant_id)).one_or_none()
    return _role_row(row, held(db, person), person, unit) if row is not None else None


def edit_page(db: Session, person: int, unit: Unit) -> EditPage:
    """What may be changed of a unit."""
    may = may_reshape(held(db, person), unit.path)
    return EditPage(unit, above(db, person, unit), names(db, unit), may)


def goal_page(db: Session, person: int, unit: Unit, words: str) -> GoalPage:
    """Where a unit may go: the unit with this code, or those with these words; and what would go with it."""
    goal, found = _goal(db, person, unit, words)
    inside = select(func.count(Membership.person_id.distinct())).join(Unit, Unit.id == Membership.unit_id)
    inside = inside.where(is_below(Unit.path, unit.path), is_current(now().date()))
    units = select(func.count()).where(is_below(Unit.path, unit.path), Unit.id != unit.id, Unit.closed_on.is_(None))
    mine = held(db, person)
    return GoalPage(
        unit=unit,
        above=above(db, person, unit),
        words=words,
        goal=goal,
        found=_rows(db, person, found, words),
        members=_count_members(db, [unit.id], now().date()).get(unit.id, 0),
        inside=db.scalar(inside) or 0,
        units=db.scalar(units) or 0,
        roles=[_role_row(row, mine, person, unit) for row in db.execute(_roles_in(unit).limit(MOST_FOUND))],
    )


def _goal(db: Session, person: int, unit: Unit, words: str) -> tuple[Unit | None, Sequence[Unit]]:
    """The unit that the words name exactly, else some that have them and do not lie inside the one that goes."""
    if not fold(words):
        return None, ()
    scope = select(Unit).where(visible_units(person, Right.ORGANISE), Unit.closed_on.is_(None))
    exact = by_code(db, person, words)
    if exact is not None:
        return exact, ()
    scope = scope.where(~is_below(Unit.path, unit.path))
    return None, db.scalars(scope.where(_has_words(words)).order_by(*BY_NAME).limit(MOST_FOUND)).all()


def by_code(db: Session, person: int, code: str) -> Unit | None:
    """The open unit with this code, if somebody may organise in it."""
    found = select(Unit).where(Unit.code == code.strip(), Unit.closed_on.is_(None))
    return db.scalar(found.where(visible_units(person, Right.ORGANISE)))


def kinds_below(db: Session, unit: Unit) -> Sequence[str]:
    """The kinds of the units right below a unit."""
    below = select(Unit.kind).where(Unit.parent_id == unit.id, Unit.closed_on.is_(None))
    return db.scalars(below.distinct().order_by(Unit.kind).limit(MOST_KINDS)).all()
