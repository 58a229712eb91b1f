"""What an operator does to accounts, units and jobs. Everything about accounts and rights is logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms import jobs
from lms.clock import now
from lms.operation import queries
from lms.people import actions as people
from lms.people import queries as known
from lms.people import units
from lms.people.rules import SCOPED_ROLES, Role

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.people.models import Person, Unit


class NoSuchUnit(LookupError):
    """No unit has this code."""


class NoSuchPerson(LookupError):
    """No open account has this login."""


class ScopeNotAllowed(ValueError):
    """This role holds everywhere; it takes no unit."""


class WouldLockYouOut(Exception):
    """An operator may not take the last operator's role, or the account, away from herself."""


class NoAddress(Exception):
    """The account has no e-mail address to which a letter could go."""


@dataclass(frozen=True, slots=True)
class NewUnit:
    """What is known of a new unit. `parent` is a code; empty for the top of a tree."""

    kind: str
    code: str
    name: str
    parent: str = ""


def grant(db: Session, person: int, role: Role, unit_code: str, *, by: int) -> None:
    """Give a role, in a unit if one is named. Raises `NoSuchUnit`, `ScopeNotAllowed`."""
    if unit_code and role not in SCOPED_ROLES:
        raise ScopeNotAllowed(role)
    unit = _unit(db, unit_code).id if unit_code else None
    people.grant_role(db, person, role, unit=unit, by=by)


def end_grant(db: Session, person: int, grant_id: int, *, by: int) -> None:
    """Take a role from its holder. Raises `WouldLockYouOut`, `LookupError` if the person does not hold it."""
    held = {row.id: row for row in queries.roles_of(db, person)}
    if grant_id not in held:
        raise LookupError(grant_id)
    operating = [row for row in held.values() if row.role == Role.OPERATOR]
    if person == by and [row.id for row in operating] == [grant_id]:
        raise WouldLockYouOut
    people.end_role(db, grant_id, by=by)


def sign_out(db: Session, person: int, *, by: int) -> None:
    """End all sessions of somebody."""
    people.end_all_sessions(db, person)
    people.record(db, "signed-out-by-operator", by, person)


def send_link(db: Session, person: Person, *, by: int) -> None:
    """Send a link that signs in. Raises `NoAddress`."""
    if not person.email:
        raise NoAddress
    jobs.enqueue(db, "letter", {"kind": "sign_in_link", "person": person.id})
    people.record(db, "link-sent", by, person.id)


def close(db: Session, person: Person, *, by: int) -> None:
    """Close an account: no sessions, no roles, no signing in. What was learnt stays. Raises `WouldLockYouOut`."""
    if person.id == by:
        raise WouldLockYouOut
    if person.closed_at is not None:
        return
    for row in queries.roles_of(db, person.id):
        people.end_role(db, row.id, by=by)
    people.end_all_sessions(db, person.id)
    # an address that is let go can be proved by whoever has it now
    person.closed_at, person.proved_email = now(), None
    people.record(db, "account-closed", by, person.id)


def add_unit(db: Session, new: NewUnit, *, by: int) -> Unit:
    """Add a unit to the tree. Raises `NoSuchUnit` (the parent), and what `units.create` raises."""
    parent = _unit(db, new.parent) if new.parent else None
    return units.create(db, kind=new.kind, code=new.code, name=new.name, parent=parent, by=by)


def add_member(db: Session, unit_code: str, login: str, *, since: date, by: int) -> Person:
    """Make somebody a member of a unit. Raises `NoSuchUnit`, `NoSuchPerson`, `units.UnitClosed`."""
    unit, person = _unit(db, unit_code), known.by_login(db, login)
    if person is None:
        raise NoSuchPerson(login)
    if unit.id not in units.hold_open(db, [unit.id]):
        raise units.UnitClosed(unit.code)
    people.join_unit(db, person.id, unit.id, since=since)
    people.record(db, "member-added", by, person.id, unit=unit.code, since=since.isoformat())
    return person


def _unit(db: Session, code: str) -> Unit:
    unit = queries.unit(db, code)
    if unit is None:
        raise NoSuchUnit(code)
    return unit
