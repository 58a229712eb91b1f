"""What somebody who answers for units does to them and to the roles in them; rights are checked before each write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms import events
from lms.organisation import queries
from lms.organisation.rules import may_end, may_give, may_organise, may_reshape
from lms.people import actions as people
from lms.people import moving, units
from lms.people.models import RoleGrant, Unit
from lms.people.rules import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from lms.people.models import Person


class NotAllowed(Exception):
    """Whoever asks may not do this here."""


class NoSuchPerson(LookupError):
    """No open account has this user name or proved address."""


class SamePerson(Exception):
    """The role would go to whoever holds it."""


def create(db: Session, by: int, parent: Unit, *, kind: str, code: str, name: str) -> Unit:
    """Add a unit below another. Raises `NotAllowed`, and what `units.create` raises."""
    if not may_organise(queries.held(db, by), parent.path):
        raise NotAllowed
    return units.create(db, kind=kind, code=code, name=name, parent=parent, by=by)


def rename(db: Session, by: int, unit: Unit, *, name: str, kind: str, code: str) -> None:
    """Give a unit another name, kind or code. Raises `NotAllowed`, `units.SameName`, `units.CodeTaken`."""
    _check_reshaping(db, by, unit)
    units.rename(db, unit, name, by=by)
    units.change(db, unit, kind=kind, code=code, is_fixed=unit.is_fixed, by=by)


def move(db: Session, by: int, unit: Unit, goal: Unit) -> None:
    """Put a unit below another. Raises `NotAllowed`, and what `moving.move` raises."""
    _check_goal(db, by, unit, goal)
    moving.move(db, unit, goal, by=by)


def merge(db: Session, by: int, unit: Unit, goal: Unit, followers: Iterable[moving.Follower]) -> None:
    """Make a unit part of another, with what `followers` take. Raises `NotAllowed`, and what `moving.merge` raises."""
    _check_goal(db, by, unit, goal)
    moving.merge(db, unit, goal, by=by, followers=followers)


def close(db: Session, by: int, unit: Unit) -> None:
    """Close a unit. Raises `NotAllowed`, `units.NotEmpty`."""
    _check_reshaping(db, by, unit)
    units.close(db, unit, by=by)


def reopen(db: Session, by: int, unit: Unit) -> None:
    """Open a closed unit again. Raises `NotAllowed`, and what `units.reopen` raises."""
    _check_reshaping(db, by, unit)
    units.reopen(db, unit, by=by)


def _check_reshaping(db: Session, by: int, unit: Unit) -> None:
    units.lock(db, unit)  # so that it stands, when it is changed, where it stood when this was asked
    if not may_reshape(queries.held(db, by), unit.path):
        raise NotAllowed


def _check_goal(db: Session, by: int, unit: Unit, goal: Unit) -> None:
    units.lock(db, unit, goal)
    held = queries.held(db, by)
    if not (may_reshape(held, unit.path) and may_organise(held, goal.path)):
        raise NotAllowed


def give_role(db: Session, by: int, unit: Unit, role: Role, login: str) -> Person:
    """Give somebody a role in a unit. Raises `NotAllowed`, `NoSuchPerson`, `units.UnitClosed`."""
    if unit.closed_on is not None:
        raise units.UnitClosed(unit.code)
    if not may_give(queries.held(db, by), role, unit.path):
        raise NotAllowed
    person = _person(db, login)
    people.grant_role(db, person.id, role, unit=unit.id, by=by)
    return person


def end_role(db: Session, by: int, unit: Unit, grant: int) -> None:
    """End a role in a unit. Raises `NotAllowed`, `LookupError`."""
    _check_ending(db, by, unit, grant)
    people.end_role(db, grant, by=by)


def hand_over(db: Session, by: int, unit: Unit, grant: int, login: str) -> Person:
    """Let a role go to somebody else, at once. Raises `NotAllowed`, `NoSuchPerson`, `SamePerson`, `LookupError`."""
    held = _check_ending(db, by, unit, grant)
    person = _person(db, login)
    if person.id == held.person_id:
        raise SamePerson
    given = people.grant_role(db, person.id, Role(held.role), unit=unit.id, by=by)
    people.end_role(db, grant, by=by)
    events.announce(db, events.RoleHandedOver(grant, given))
    return person


def _check_ending(db: Session, by: int, unit: Unit, grant: int) -> RoleGrant:
    held = queries.grant(db, unit, grant)
    if held is None:
        raise LookupError(grant)
    if not may_end(
        queries.held(db, by),
        Role(held.role),
        unit.path,
        is_own=held.person_id == by,
        is_given_by_her=held.granted_by == by,
    ):
        raise NotAllowed
    return held


def _person(db: Session, login: str) -> Person:
    person = queries.person_by_login(db, login)
    if person is None:
        raise NoSuchPerson(login)
    return person
