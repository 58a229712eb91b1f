"""Reads about people, sessions and units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.among import among
from lms.db import lasting_alias
from lms.people.models import Membership, Person, RoleGrant, Unit, UnitPlace, UserSession
from lms.people.rules import Grant, Right, Role, roles_with

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Session

MOST_DEMO_LOGINS = 6
MOST_CLAIMANTS = 5  # each costs one password hash


@dataclass(frozen=True, slots=True)
class Found:
    """A live session and its person."""

    session_id: int
    actor: int
    name: str
    language: str
    grants: frozenset[Grant]


_session, _person, _grant = UserSession.__table__.c, Person.__table__.c, RoleGrant.__table__.c
# asked on every request: built once, and read without the ORM's loading
SIGNED_IN = (
    select(_session.id, _person.id, _person.name, _person.language, _grant.role, _grant.unit_id)
    .join_from(UserSession.__table__, Person.__table__, _person.id == _session.actor_id)
    .outerjoin(RoleGrant.__table__, and_(_grant.person_id == _person.id, _grant.ended_at.is_(None)))
    .where(
        _session.token_hash == bindparam("token_hash"),
        _session.ended_at.is_(None),
        _session.expires_at > bindparam("moment"),
        _person.closed_at.is_(None),
    )
)


def signed_in(db: Connection, token_hash: str, moment: datetime) -> Found | None:
    """The person of a session that is still open."""
    rows = db.execute(SIGNED_IN, {"token_hash": token_hash, "moment": moment}).all()
    if not rows:
        return None
    session_id, actor, name, language, *_ = rows[0]
    grants = frozenset(Grant(Role(row[4]), row[5] is not None) for row in rows if row[4])
    return Found(session_id, actor, name, language, grants)


def guest(db: Session, token_hash: str, moment: datetime) -> int | None:
    """The actor of a guest's session."""
    return db.scalar(
        select(UserSession.actor_id)
        .outerjoin(Person, Person.id == UserSession.actor_id)
        .where(
            UserSession.token_hash == token_hash,
            UserSession.ended_at.is_(None),
            UserSession.expires_at > moment,
            Person.id.is_(None),
        )
    )


def demo_logins(db: Session) -> Sequence[str]:
    """Whom to sign in as in a demonstration: those who were made first."""
    named = select(Person.user_name).where(Person.is_demo, Person.user_name.is_not(None))
    return [login for login in db.scalars(named.order_by(Person.id).limit(MOST_DEMO_LOGINS)) if login]


def by_login(db: Session, login: str) -> Person | None:
    """The account that a login names: a user name, a proved address, else the newest account that claims it."""
    plain = login.strip().casefold()
    if "@" not in plain:
        return db.scalar(select(Person).where(Person.user_name == plain, Person.closed_at.is_(None)))
    return db.scalar(
        select(Person)
        .where(Person.email == plain, Person.closed_at.is_(None))
        .order_by(Person.proved_email.is_(None), Person.id.desc())
        .limit(1)
    )


def claimants(db: Session, login: str) -> Sequence[Person]:
    """The accounts whose password a login may stand for: the proved one first, then whoever claimed it earliest.

    A stranger who claims somebody's address before it is proved can so keep nobody out.
    """
    plain = login.strip().casefold()
    named = Person.email == plain if "@" in plain else Person.user_name == plain
    found = select(Person).where(named, Person.closed_at.is_(None))
    return db.scalars(found.order_by(Person.proved_email.is_(None), Person.id).limit(MOST_CLAIMANTS)).all()


def person(db: Session, actor: int) -> Person | None:
    """The person behind an actor, unless a guest or erased."""
    found = db.get(Person, actor)
    return found if found is not None and not found.is_erased else None


def has_role(db: Session, actor: int) -> bool:
    """Whether somebody has a role now."""
    held = select(RoleGrant.id).where(RoleGrant.person_id == actor, RoleGrant.ended_at.is_(None))
    return db.scalar(held.limit(1)) is not None


def persons(db: Session, actors: Sequence[int]) -> dict[int, Person]:
    """The same for many, by their ids."""
    if not actors:
        return {}
    return {person.id: person for person in db.scalars(select(Person).where(among(Person.id, actors)))}


def open_sessions(db: Session, actor: int, moment: datetime) -> Sequence[UserSession]:
    """Where somebody is signed in, newest first."""
    return db.scalars(
        select(UserSession)
        .where(UserSession.actor_id == actor, UserSession.ended_at.is_(None), UserSession.expires_at > moment)
        .order_by(UserSession.seen_at.desc())
    ).all()


# made once: to learn of the columns of new ones costs six times as much as the rest of the condition
_GRANT, _TOP = lasting_alias(RoleGrant), lasting_alias(Unit)


def visible_units(person: int, right: Right = Right.COORDINATE) -> ColumnElement[bool]:
    """The SQL condition on `Unit` that holds for the units in which somebody has a right.

    Besides the exact condition it says between which two paths all of them lie: a database reads that range of the
    index once, and asks the exact condition only there.
    """
    grant, top = _GRANT, _TOP
    holds = (grant.person_id == person, grant.role.in_(roles_with(right)), grant.ended_at.is_(None))
    first, end = func.min(func.coalesce(top.path, "/")), func.max(func.coalesce(_end(top.path), "0"))
    lowest, highest = (
        select(bound).select_from(grant).outerjoin(top, top.id == grant.unit_id).where(*holds).correlate(None)
        for bound in (first, end)
    )
    exact = (
        select(grant.id)
        .outerjoin(top, top.id == grant.unit_id)
        .where(*holds, or_(grant.unit_id.is_(None), is_below(Unit.path, top.path)))
        .correlate(Unit)
    )
    return and_(Unit.path >= lowest.scalar_subquery(), Unit.path < highest.scalar_subquery(), exists(exact))


def is_below(path: Any, top: Any) -> ColumnElement[bool]:
    """The SQL condition that a path is another one or lies below it; a range, so that an index answers it.

    `top` is a column or a path. Paths end with `/`, and `0` is the character after it.
    """
    return and_(path >= top, path < _end(top))


def _end(top: Any) -> Any:
    """The first word behind all paths that are below this one."""
    return f"{top[:-1]}0" if isinstance(top, str) else func.substr(top, 1, func.length(top) - 1) + "0"


def nearest_coordinators(db: Session, path: str) -> list[tuple[str, str]]:
    """Who is written to about a unit: the coordinators of the nearest unit, from it up, that has some who can be.

    Their proved addresses, and the languages in which they are written to.
    """
    top = aliased(Unit)
    rows = db.execute(
        select(top.path, Person.proved_email, Person.language)
        .join(RoleGrant, RoleGrant.unit_id == top.id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role == Role.COORDINATOR,
            RoleGrant.ended_at.is_(None),
            Person.closed_at.is_(None),
            Person.proved_email.is_not(None),
            is_below(path, top.path),
        )
        .distinct()
    ).all()
    nearest = max((row[0] for row in rows), key=len, default="")
    return [(row[1], row[2]) for row in rows if row[0] == nearest and row[1]]


def visible_people(person: int, right: Right, today: date) -> ColumnElement[bool]:
    """The SQL condition on `Person` that holds for members, today, of units in which somebody has a right.

    It is asked for each person: right where other conditions leave few of them (one person, a group, a name). A list of
    all whom somebody may see is read from `lms.coordination.missing_queries`, which begins at the members of the units.
    """
    return exists(
        select(Membership.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id == Person.id, is_current(today), visible_units(person, right))
        .correlate(Person)
    )


def stood_on(day: date) -> ColumnElement[bool]:
    """The SQL condition on `UnitPlace` that holds for where units stood on a day."""
    return and_(UnitPlace.since <= day, or_(UnitPlace.until.is_(None), UnitPlace.until >= day))


def members_on(db: Session, unit: int, day: date) -> int:
    """How many different people were members, on a day, of a unit and of what stood below it on that day."""
    top = db.scalar(select(UnitPlace.path).where(UnitPlace.unit_id == unit, stood_on(day)))
    if top is None:
        return 0
    inside = (is_below(UnitPlace.path, top), stood_on(day), is_current(day))
    counted = select(func.count(Membership.person_id.distinct()))
    return db.scalar(counted.join(UnitPlace, UnitPlace.unit_id == Membership.unit_id).where(*inside)) or 0


def is_current(today: date) -> ColumnElement[bool]:
    """The SQL condition on `Membership` that holds on a day."""
    return and_(Membership.since <= today, or_(Membership.until.is_(None), Membership.until >= today))


def role_in_unit(db: Session, grant: int) -> Any | None:
    """A role, ended or not, of an open account: `role`, the `unit` by name, `name`, `proved_email`, `language`."""
    return db.execute(
        select(RoleGrant.role, Unit.name.label("unit"), Person.name, Person.proved_email, Person.language)
        .join(Person, Person.id == RoleGrant.person_id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.id == grant, Person.closed_at.is_(None))
    ).one_or_none()


def addresses_of(db: Session, role: Role) -> Sequence[Any]:
    """Id, proved address and language of everybody with a role."""
    return db.execute(
        select(Person.id, Person.proved_email, Person.language)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == role, RoleGrant.ended_at.is_(None), Person.closed_at.is_(None))
        .distinct()
    ).all()
