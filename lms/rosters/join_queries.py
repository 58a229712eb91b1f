"""Reads of join codes and of requests to join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.folding import fold
from lms.paging import At, page
from lms.people.models import Membership, Person, Unit, UnitName
from lms.people.queries import is_below, is_current, visible_units
from lms.people.rules import Right
from lms.rosters.duplicates_queries import is_untouched
from lms.rosters.models import JoinCode, JoinRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.paging import Page

MOST_FOUND = 20
MOST_COUNTED = 1000
MOST_CODES = 200


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a join code shows to whoever has it: the unit's name, and nobody's."""

    code_id: int
    unit_id: int
    unit: str
    is_member: bool = False
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who asks to join a unit, and who on its register may be the same person."""

    id: int
    person_id: int
    name: str
    latin_name: str
    email: str
    unit: str
    unit_code: str
    is_open: bool
    asked_at: datetime
    namesakes: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided request, as the letter about it needs it; `email` is empty unless it was proved."""

    name: str
    email: str
    language: str
    unit: str
    is_accepted: bool


@dataclass(frozen=True, slots=True)
class RequestsPage:
    """Requests that nobody has decided, oldest first; `last` is the newest that existed when the page was made."""

    unit: Unit | None
    rows: Sequence[Waiting]
    page: Page
    count: int
    last: int


@dataclass(frozen=True, slots=True)
class WaysIn:
    """The ways into one unit: its codes in force and how many people wait."""

    unit: Unit
    codes: Sequence[JoinCode]
    waiting: int
    members: int


def unit_by_code(db: Session, actor: int, code: str) -> Unit | None:
    """A unit in which this coordinator may bring people in."""
    return db.scalar(select(Unit).where(Unit.code == code, visible_units(actor, Right.COORDINATE)))


def units_named(db: Session, actor: int, words: str) -> Sequence[Unit]:
    """Units of this coordinator whose name or code has these words; without words the highest ones."""
    found = select(Unit).where(visible_units(actor, Right.COORDINATE), Unit.closed_on.is_(None))
    for word in fold(words).split():
        found = found.where(or_(Unit.folded_name.contains(word, autoescape=True), Unit.code.ilike(f"{word}%")))
    return db.scalars(found.order_by(func.length(Unit.path), Unit.name, Unit.id).limit(MOST_FOUND)).all()


def ways_in(db: Session, unit: Unit, moment: datetime) -> WaysIn:
    """What stands open into a unit."""
    live = select(JoinCode).where(JoinCode.unit_id == unit.id, *is_live(moment))
    members = select(Membership.person_id).where(Membership.unit_id == unit.id, is_current(moment.date())).distinct()
    return WaysIn(
        unit,
        db.scalars(live.order_by(JoinCode.id.desc()).limit(MOST_CODES)).all(),
        db.scalar(select(func.count()).select_from(JoinRequest).where(*_waits_for(unit))) or 0,
        db.scalar(select(func.count()).select_from(members.subquery())) or 0,
    )


def is_live(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    """The SQL conditions on `JoinCode` that hold while it works."""
    return (JoinCode.ended_at.is_(None), JoinCode.expires_at > moment)


def code_in_scope(db: Session, actor: int, code_id: int) -> tuple[JoinCode, Unit] | None:
    """A join code of a unit of this coordinator."""
    row = db.execute(
        select(JoinCode, Unit)
        .join(Unit, Unit.id == JoinCode.unit_id)
        .where(JoinCode.id == code_id, visible_units(actor, Right.COORDINATE))
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def invitation(db: Session, code: str, actor: int | None, moment: datetime) -> Invitation | None:
    """The unit that a code leads to, and how this person stands to it; None unless the code is in force."""
    row = db.execute(
        select(JoinCode.id, Unit.id, Unit.name)
        .join(Unit, Unit.id == JoinCode.unit_id)
        .where(JoinCode.code == code, *is_live(moment), Unit.closed_on.is_(None))
    ).one_or_none()
    if row is None:
        return None
    if actor is None:
        return Invitation(*row)
    member = select(Membership.id).where(Membership.person_id == actor, Membership.unit_id == row[1])
    return Invitation(
        *row,
        db.scalar(member.where(is_current(moment.date())).limit(1)) is not None,
        waiting_since(db, actor, row[1]),
    )


def waiting_since(db: Session, actor: int, unit: int) -> datetime | None:
    """Since when somebody's request to join a unit waits for a decision."""
    own = select(JoinRequest.asked_at).where(JoinRequest.person_id == actor, JoinRequest.unit_id == unit)
    return db.scalar(own.where(JoinRequest.decided_at.is_(None)).limit(1))


def languages_below(db: Session, unit: Unit) -> Sequence[str]:
    """The languages in which a unit, or the nearest above it that says so, has names."""
    above = [int(each) for each in unit.path.strip("/").split("/") if each]
    rows = db.execute(
        select(UnitName.unit_id, UnitName.language).where(UnitName.unit_id.in_(above), UnitName.language != "")
    ).all()
    for each in reversed(above):
        spoken = sorted({language for owner, language in rows if owner == each})
        if spoken:
            return spoken
    return []


def requests(db: Session, actor: int, today: date, unit: Unit | None, at: At) -> RequestsPage:
    """Who asks to join this coordinator's units (or one of them and those below), oldest first."""
    where = _waits_in(actor, unit)
    found = page(
        db,
        select(JoinRequest.id, Person.id.label("person_id"), Person.name, Person.latin_name, Person.proved_email)
        .add_columns(Unit.name.label("unit"), Unit.code, JoinRequest.asked_at, Unit.id.label("unit_id"))
        .add_columns(Person.folded_name, Unit.closed_on)
        .join(Person, Person.id == JoinRequest.person_id)
        .join(Unit, Unit.id == JoinRequest.unit_id)
        .where(*where),
        (JoinRequest.id, JoinRequest.id),
        at,
    )
    names = _namesakes(db, found.rows, today)
    rows = [_waiting(row, names.get((row.unit_id, row.folded_name), ())) for row in found.rows]
    open_ones = select(JoinRequest.id).join(Person, Person.id == JoinRequest.person_id)
    open_ones = open_ones.join(Unit, Unit.id == JoinRequest.unit_id).where(*where)
    last = db.scalar(open_ones.order_by(JoinRequest.id.desc()).limit(1)) or 0
    count = db.scalar(select(func.count()).select_from(open_ones.limit(MOST_COUNTED).subquery())) or 0
    return RequestsPage(unit, rows, found, count, last)


def _waiting(row: Any, namesakes: Sequence[tuple[int, str]]) -> Waiting:
    return Waiting(
        row.id,
        row.person_id,
        row.name,
        row.latin_name,
        row.proved_email or "",
        row.unit,
        row.code,
        row.closed_on is None,
        row.asked_at,
        [each for each in namesakes if each[0] != row.person_id],
    )


def count_requests(db: Session, actor: int) -> int:
    """How many requests wait for this coordinator; counted up to `MOST_COUNTED`."""
    return len(waiting_ids(db, actor, None, most=MOST_COUNTED))


def waiting_ids(
    db: Session,
    actor: int,
    unit: Unit | None,
    *,
    chosen: Sequence[int] | None = None,
    until: int | None = None,
    most: int,
) -> Sequence[int]:
    """Ids of requests that wait for this coordinator: those chosen, or those of open units up to one; oldest first."""
    found = select(JoinRequest.id).join(Person, Person.id == JoinRequest.person_id)
    found = found.join(Unit, Unit.id == JoinRequest.unit_id).where(*_waits_in(actor, unit))
    if chosen is not None:
        found = found.where(JoinRequest.id.in_(chosen))
    if until is not None:
        found = found.where(JoinRequest.id <= until, Unit.closed_on.is_(None))
    return db.scalars(found.order_by(JoinRequest.id).limit(most)).all()


def decided(db: Session, request: int) -> Decided | None:
    """What became of a request; None unless it is decided and the account is open."""
    row = db.execute(
        select(Person.name, Person.proved_email, Person.language, Unit.name, JoinRequest.is_accepted)
        .join(Person, Person.id == JoinRequest.person_id)
        .join(Unit, Unit.id == JoinRequest.unit_id)
        .where(JoinRequest.id == request, JoinRequest.decided_at.is_not(None), Person.closed_at.is_(None))
    ).one_or_none()
    return None if row is None else Decided(row[0], row[1] or "", row[2], row[3], bool(row[4]))


def settled_ids(db: Session, person: int, today: date) -> Sequence[int]:
    """Ids of somebody's waiting requests to join units of which they are a member already."""
    member = select(Membership.unit_id).where(Membership.person_id == person, is_current(today))
    waiting = select(JoinRequest.id).where(JoinRequest.person_id == person, JoinRequest.decided_at.is_(None))
    return db.scalars(waiting.where(JoinRequest.unit_id.in_(member))).all()


def person_who_asks(db: Session, actor: int, request: int, entry: int, today: date) -> int | None:
    """Who asks to join, if this coordinator sees the request and its unit has this untouched entry as a member."""
    member = select(Membership.id).join(Person, Person.id == Membership.person_id)
    is_entry = member.where(
        Membership.person_id == entry, Membership.unit_id == JoinRequest.unit_id, is_current(today), is_untouched()
    )
    found = select(JoinRequest.person_id).join(Unit, Unit.id == JoinRequest.unit_id)
    return db.scalar(
        found.where(
            JoinRequest.id == request,
            JoinRequest.decided_at.is_(None),
            visible_units(actor, Right.COORDINATE),
            exists(is_entry.correlate(JoinRequest)),
        )
    )


def _waits_in(actor: int, unit: Unit | None) -> tuple[ColumnElement[bool], ...]:
    here = () if unit is None else (is_below(Unit.path, unit.path),)
    is_open = and_(JoinRequest.decided_at.is_(None), Person.closed_at.is_(None))
    return (is_open, visible_units(actor, Right.COORDINATE), *here)


def _waits_for(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    return (JoinRequest.unit_id == unit.id, JoinRequest.decided_at.is_(None))


def _namesakes(db: Session, rows: Sequence[Any], today: date) -> dict[tuple[int, str], list[tuple[int, str]]]:
    """Members with the same name, with whose entry nobody has ever signed in, by unit and name: one statement."""
    entry, wanted = aliased(Membership), {(row.unit_id, row.folded_name) for row in rows}
    if not wanted:
        return {}
    found = db.execute(
        select(entry.unit_id, Person.folded_name, Person.id, Person.code)
        .join(Person, Person.id == entry.person_id)
        .where(
            entry.unit_id.in_({unit for unit, _name in wanted}),
            Person.folded_name.in_({name for _unit, name in wanted}),
            entry.since <= today,
            or_(entry.until.is_(None), entry.until >= today),
            is_untouched(),
        )
    )
    same: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for unit, name, person, code in found:
        if (unit, name) in wanted:
            same.setdefault((unit, name), []).append((person, code or ""))
    return same
