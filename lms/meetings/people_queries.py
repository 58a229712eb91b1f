"""Reads of people for lists of attendance: whom a typed line means, the members of a unit or group to tick."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from lms.figures import queries as figures
from lms.folding import fold
from lms.learning.models import Group, GroupMember
from lms.meetings.models import Attendance
from lms.meetings.rules import Line, Named, nearest, same_name
from lms.paging import At, Page, page
from lms.people.models import Membership, Person, RoleGrant, Unit
from lms.people.queries import is_below, is_current, visible_people, visible_units
from lms.people.rules import Right, roles_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

MOST_CANDIDATES = 400  # people looked at to say whose name is like a mistyped one
MOST_WORDS = 6  # of a name; longer ones are said to be unknown in big units, with their likes
MOST_LOOKED_FOR = 20  # lines whose likes are looked for in the whole scope, too, which reads all its names
MOST_PRINTED = 500
REGISTER, MANY = "", 5000  # the course that stands for the register; members of a unit that is big
SHORTEST_WORD = 2


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, with which right, on which day; names are looked for in `unit` first."""

    me: int
    right: Right
    today: date
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a typed line: exactly one person, or several who may be meant, or none.

    `near` are to choose from.
    """

    line: Line
    person: Named | None
    near: Sequence[Named] = ()
    is_ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member to tick; `hours` if already noted."""

    id: int
    name: str
    code: str
    unit: str
    hours: float | None


@dataclass(frozen=True, slots=True)
class MembersPage:
    """A page of members to tick."""

    rows: Sequence[MemberRow]
    page: Page


def read_people(db: Session, scope: Scope, lines: Sequence[Line]) -> list[Read]:
    """Whom each line means: by code or user name, else by the whole name in any order of its words.

    Names are looked for among the people of the unit, then in the whole scope. A few statements however long the list.
    """
    by_code = _by_code(db, scope, lines)
    rest = [line for line in lines if line.number not in by_code]
    is_big = _is_big(db, scope)
    by_name = {} if is_big else _by_name(db, scope, rest, inside=True)
    unknown = [line for line in rest if not by_name.get(line.number)]
    by_name |= _by_name(db, scope, unknown, inside=False)
    unknown = [line for line in unknown if not by_name[line.number]]
    near = _near(db, scope, unknown, is_big=is_big)

    def read(line: Line) -> Read:
        known = by_code.get(line.number)
        named = [known] if known else by_name[line.number]
        if len(named) == 1:
            return Read(line, named[0])
        return Read(line, None, named or near.get(line.number, ()), is_ambiguous=bool(named))

    return [read(line) for line in lines]


def _seen(scope: Scope, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """People in scope, with the fields of `Named` but the unit."""
    return select(Person.id, Person.code, Person.user_name, Person.name, Person.latin_name, Person.folded_name).where(
        Person.closed_at.is_(None), visible_people(scope.me, scope.right, scope.today), *conditions
    )


def _inside(scope: Scope, *, is_big: bool) -> ColumnElement[bool]:
    """The SQL condition on `Person` that somebody is a member of the unit that is asked about, or below it.

    In a small unit its members are found first, then sorted; in a big one people are taken by name, then asked about.
    """
    assert scope.unit is not None
    members = (
        select(Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(is_below(Unit.path, scope.unit.path), is_current(scope.today))
    )
    if is_big:
        return exists(members.where(Membership.person_id == Person.id).correlate(Person))
    return Person.id.in_(members)


def _is_big(db: Session, scope: Scope) -> bool:
    """Whether a unit has so many members that one cannot read all their names; as counted, perhaps a minute ago."""
    if scope.unit is None:
        return True
    counted = figures.figures(db, [scope.unit.id], REGISTER).get(scope.unit.id)
    return counted is not None and counted.registered > MANY


def _by_code(db: Session, scope: Scope, lines: Sequence[Line]) -> dict[int, Named]:
    """Whose code or user name stands on a line, in capitals or not."""
    logins = {line.who.casefold() for line in lines}
    typed = {code for line in lines for code in (line.who, line.who.upper())} | logins
    if not typed:
        return {}
    rows = db.execute(_seen(scope, or_(Person.code.in_(typed), Person.user_name.in_(logins)))).all()
    named = _with_units(db, scope, rows)
    exact = {known: named[row.id] for row in rows for known in (row.user_name, row.code) if known}
    folded = {known.casefold(): person for known, person in exact.items()}
    found = {line.number: exact.get(line.who) or folded.get(line.who.casefold()) for line in lines}
    return {number: person for number, person in found.items() if person is not None}


def _by_name(db: Session, scope: Scope, lines: Sequence[Line], *, inside: bool) -> dict[int, list[Named]]:
    """Who has the name on each line. In the whole scope only names that an index finds are looked for."""
    found: dict[int, list[Named]] = {line.number: [] for line in lines}
    words = {line.number: fold(line.who.replace(",", " ")) for line in lines}
    if not lines:
        return found
    if inside:
        wanted = or_(*(_has_words(text.split()) for text in words.values()))
        rows = db.execute(_seen(scope, _inside(scope, is_big=False), wanted)).all()
    else:
        turned = {name for text in words.values() for name in _turned(text.split()[:MOST_WORDS])}
        rows = db.execute(_seen(scope, Person.folded_name.in_(turned))).all()
    named = _with_units(db, scope, rows)
    names = {row.id: [fold(row.name), *([fold(row.latin_name)] if row.latin_name else [])] for row in rows}
    for number, text in words.items():
        found[number] = [named[row.id] for row in rows if same_name(text, names[row.id])]
    return found


def _turned(words: list[str]) -> list[str]:
    """The name beginning with each of its words: family names stand first in some lists, last in others."""
    return [" ".join(words[place:] + words[:place]) for place in range(len(words))]


def _has_words(words: Iterable[str]) -> ColumnElement[bool]:
    return and_(*(Person.folded_name.contains(word, autoescape=True) for word in words))


def _near(db: Session, scope: Scope, lines: Sequence[Line], *, is_big: bool) -> dict[int, list[Named]]:
    """People whose name shares a word with a line that fits nobody, and is much like it; those of the unit first."""
    words = {line.number: fold(line.who.replace(",", " ")) for line in lines}
    long = {word for text in words.values() for word in text.split() if len(word) > SHORTEST_WORD}
    if not long:
        return {}
    begun = or_(*(Person.folded_name.contains(word[: max(3, len(word) - 2)], autoescape=True) for word in long))
    rows: Sequence[Any] = []
    if not is_big:
        rows = db.execute(_seen(scope, begun, _inside(scope, is_big=False)).limit(MOST_CANDIDATES)).all()
    if len(rows) < MOST_CANDIDATES and len(lines) <= MOST_LOOKED_FOR:
        known = {row.id for row in rows}
        further = db.execute(_seen(scope, begun).limit(MOST_CANDIDATES)).all()
        rows = [*rows, *(row for row in further if row.id not in known)]
    named = _with_units(db, scope, rows)
    names = {row.id: [fold(row.name), *([fold(row.latin_name)] if row.latin_name else [])] for row in rows}
    return {number: [named[person] for person in nearest(text, names)] for number, text in words.items()}


def _with_units(db: Session, scope: Scope, rows: Sequence[Any]) -> Mapping[int, Named]:
    units = units_of(db, scope, [row.id for row in rows])
    return {
        row.id: Named(row.id, row.code or row.user_name or "", row.name, row.latin_name, ", ".join(units[row.id]))
        for row in rows
    }


def units_of(db: Session, scope: Scope, people: Sequence[int]) -> dict[int, list[str]]:
    """The names of the units in scope of which people are members."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = db.execute(
        select(Membership.person_id, Unit.name)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id.in_(people), is_current(scope.today), visible_units(scope.me, scope.right))
        .order_by(Unit.name, Unit.id)
    )
    for person, name in rows:
        if name not in found[person]:
            found[person].append(name)
    return found


def people_among(db: Session, scope: Scope, ids: Iterable[int]) -> set[int]:
    """Those of these people who are in scope."""
    return set(db.scalars(select(_seen(scope, Person.id.in_(list(ids))).subquery().c.id)))


def members(db: Session, scope: Scope, at: At, *, session: int, group: Group | None = None) -> MembersPage:
    """The members of a unit and below, or of a group, with what is noted of them at a session."""
    found = page(db, _chosen(db, scope, group), (Person.folded_name, Person.id), at)
    ids = [row.id for row in found.rows]
    noted = db.execute(
        select(Attendance.person_id, Attendance.hours).where(
            Attendance.session_id == session, Attendance.person_id.in_(ids), Attendance.ended_at.is_(None)
        )
    )
    hours, units = {row[0]: row[1] for row in noted}, units_of(db, scope, ids)
    return MembersPage(
        [
            MemberRow(row.id, row.name, row.code or "", ", ".join(units[row.id]), hours.get(row.id))
            for row in found.rows
        ],
        found,
    )


def people(db: Session, scope: Scope, at: At) -> tuple[list[MemberRow], Page]:
    """The members of a unit and below, by name."""
    found = page(db, _chosen(db, scope, None), (Person.folded_name, Person.id), at)
    return _rows(db, scope, found.rows), found


def printed(db: Session, scope: Scope, group: Group | None = None) -> tuple[list[MemberRow], bool]:
    """The members for a printed list, by name, as many as a list can have; and whether there are more."""
    chosen = _chosen(db, scope, group)
    rows = db.execute(chosen.order_by(Person.folded_name, Person.id).limit(MOST_PRINTED + 1)).all()
    return _rows(db, scope, rows[:MOST_PRINTED]), len(rows) > MOST_PRINTED


def _rows(db: Session, scope: Scope, rows: Sequence[Any]) -> list[MemberRow]:
    units = units_of(db, scope, [row.id for row in rows])
    return [MemberRow(row.id, row.name, row.code or "", ", ".join(units[row.id]), None) for row in rows]


def _chosen(db: Session, scope: Scope, group: Group | None) -> Select[*tuple[Any, ...]]:
    if group is None:
        return _seen(scope, _inside(scope, is_big=_is_big(db, scope)))
    joined = select(GroupMember.person_id).where(GroupMember.group_id == group.id)
    return _seen(scope, Person.id.in_(joined))


def trainers_named(db: Session, me: int, text: str, today: date) -> list[Named]:
    """Who may be meant as the trainer: people in a coordinator's units, and whoever may teach in them."""
    scope = Scope(me, Right.COORDINATE, today)
    teaches = (
        select(RoleGrant.id)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            RoleGrant.person_id == Person.id,
            RoleGrant.ended_at.is_(None),
            RoleGrant.role.in_(roles_with(Right.TEACH)),
            or_(RoleGrant.unit_id.is_(None), visible_units(me, Right.COORDINATE)),
        )
        .correlate(Person)
    )
    words = fold(text)
    known = or_(Person.code == text, Person.user_name == text.casefold(), Person.folded_name == words)
    in_scope = or_(visible_people(me, Right.COORDINATE, today), exists(teaches))
    rows = db.execute(
        select(Person.id, Person.code, Person.user_name, Person.name, Person.latin_name)
        .where(Person.closed_at.is_(None), known, in_scope)
        .limit(5)
    ).all()
    return list(_with_units(db, scope, rows).values())
