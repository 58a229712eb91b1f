"""What the database says of the rows of a batch: a few statements for each, whatever the size of the register."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, or_, select, text

from lms.among import among, among_given
from lms.folding import fold
from lms.people.models import Membership, Person, RoleGrant, Unit, UnitName, UserSession
from lms.people.queries import is_below, is_current, visible_units
from lms.people.rules import Right, roles_with
from lms.rosters.known import Facts, Held, Known, Place
from lms.rosters.near import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from lms.rosters.entries import PersonEntry
    from lms.rosters.known import Terms

MOST_NEAR = 200
_signed_in = or_(
    Person.password_hash != "",
    Person.proved_email.is_not(None),
    exists(select(UserSession.id).where(UserSession.actor_id == Person.id)),
)
PEOPLE: Any = select(
    Person.id, Person.code, Person.name, Person.latin_name, Person.email, Person.phone, Person.category,
    Person.employer, Person.language, Person.proved_email, _signed_in.label("has_account"),
    Person.closed_at.is_not(None).label("is_closed"), Person.merged_into_id,
)  # fmt: skip
INDEXES_ONLY = text("set local enable_seqscan = off")
BY_CODE = PEOPLE.where(among_given(Person.code))
BY_PROVED = PEOPLE.where(among_given(Person.proved_email))
BY_ID = PEOPLE.where(among_given(Person.id))
BY_CONTACT = tuple(
    (key, PEOPLE.where(among_given(column), Person.closed_at.is_(None)).order_by(Person.id))
    for column, key in ((Person.email, "email"), (Person.phone, "phone"))
)
HELD = (
    select(Membership.id, Membership.person_id, Membership.unit_id, Unit.path, Membership.since, Membership.until)
    .join(Unit, Unit.id == Membership.unit_id)
    .where(among_given(Membership.person_id))
    .order_by(Membership.person_id, Membership.since)
)
PLACES = select(Unit.id, Unit.code, Unit.name, Unit.path, Unit.folded_name, Unit.closed_on, Unit.merged_into_id)


def may_bring_in(db: Session, person: int, unit: int | None) -> bool:
    """Whether somebody may bring people into a unit and what is below it; without a unit: into everything."""
    if unit is not None:
        return bool(db.scalar(select(exists().where(Unit.id == unit, visible_units(person)))))
    everywhere = (RoleGrant.unit_id.is_(None), RoleGrant.ended_at.is_(None), RoleGrant.person_id == person)
    return bool(db.scalar(select(exists().where(*everywhere, RoleGrant.role.in_(roles_with(Right.COORDINATE))))))


def tops(db: Session, person: int) -> tuple[bool, list[tuple[int, str, str]]]:
    """Whether somebody may bring people in everywhere, and id, code and name of the units given to her."""
    granted = (
        select(RoleGrant.unit_id, Unit.code, Unit.name)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            RoleGrant.person_id == person,
            RoleGrant.role.in_(roles_with(Right.COORDINATE)),
            RoleGrant.ended_at.is_(None),
            Unit.closed_on.is_(None),
        )
        .order_by(Unit.name)
        .limit(MOST_NEAR)
    )
    rows = db.execute(granted).all()
    return any(row[0] is None for row in rows), [(row[0], row[1], row[2]) for row in rows if row[0] is not None]


def unit_by_code(db: Session, code: str) -> int | None:
    """The id of the unit with this code."""
    return db.scalar(select(Unit.id).where(Unit.code == code))


def place(db: Session, unit: int) -> Place | None:
    """One unit."""
    row = db.execute(PLACES.where(Unit.id == unit)).one_or_none()
    return _place(row) if row is not None else None


def prepare(db: Session) -> None:
    """Say, for this transaction, that rows are looked up by index.

    PostgreSQL counts rows now and then. While a register comes in, its numbers are those of an empty table, and it
    would read the whole table for every batch.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.connection().execute(INDEXES_ONLY)


def facts(db: Session, entries: Sequence[PersonEntry], terms: Terms) -> Facts:
    """Everything that matching these entries needs."""
    found = Facts()
    _find_places(db, found, entries, terms)
    reader = _Reader(db)
    codes = {entry.code for entry in entries if entry.code}
    emails = {entry.email for entry in entries if entry.email}
    found.by_code.update({known.code or "": known for known in reader.read(BY_CODE, codes)})
    found.by_proved.update({known.proved_email: known for known in reader.read(BY_PROVED, emails)})
    unknown = [entry for entry in entries if entry.code not in found.by_code and entry.email not in found.by_proved]
    for key, statement in BY_CONTACT:
        values = {getattr(entry, key) for entry in unknown if getattr(entry, key)}
        for known in reader.read(_inside(statement, terms), values):
            found.by_contact[getattr(known, key)].append(known)
    _find_namesakes(reader, found, [entry for entry in unknown if not entry.code], terms)
    reader.finish()
    found.by_code.update(reader.successors)
    return found


class _Reader:
    """Reads people, each as one object however often they are found, and at the end their memberships."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.people: dict[int, Known] = {}
        self.successors: dict[str, Known] = {}
        self.merged: dict[str, int] = {}

    def read(self, statement: Any, given: Collection[Any]) -> list[Known]:
        """The people that a statement finds for some values."""
        if not given:
            return []
        rows = self.db.connection().execute(statement, {"given": given}).all()
        return [self._known(row) for row in rows]

    def _known(self, row: Any) -> Known:
        known = self.people.get(row.id)
        if known is None:
            *values, proved, has_account, is_closed, merged = row
            known = Known(*values, proved or "", bool(has_account), bool(is_closed))  # type: ignore[call-arg]
            self.people[row.id] = known
            if merged is not None and known.code:
                self.merged[known.code] = merged
        return known

    def finish(self) -> None:
        """Follow those who turned out to be somebody else, and add the memberships."""
        if self.merged:
            by_id = {known.id: known for known in self.read(BY_ID, set(self.merged.values()))}
            self.successors = {code: by_id[key] for code, key in self.merged.items() if key in by_id}
        if self.people:
            for row in self.db.connection().execute(HELD, {"given": self.people}):
                held = Held(row.id, row.unit_id, row.path, row.since, row.until)
                self.people[row.person_id].held.append(held)


def _inside(statement: Any, terms: Terms) -> Any:
    if not terms.top:
        return statement
    member = (
        select(Membership.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id == Person.id, is_current(terms.today), is_below(Unit.path, terms.top))
    )
    return statement.where(exists(member.correlate(Person)))


def _find_namesakes(reader: _Reader, found: Facts, entries: Sequence[PersonEntry], terms: Terms) -> None:
    """People of exactly these names in exactly these units, for rows that have no code."""
    units = {each.id for entry in entries for each in _places_of(found, entry, terms)}
    names = {entry.folded_name for entry in entries}
    if not units or not names:
        return
    here = (
        select(Person.folded_name, Membership.unit_id, Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.folded_name.in_(names), Membership.unit_id.in_(units), is_current(terms.today))
        .where(Person.closed_at.is_(None))
        .order_by(Person.id)
    )
    rows = reader.db.execute(here).all()
    by_id = {known.id: known for known in reader.read(BY_ID, {row[2] for row in rows})}
    for name, unit, person in rows:
        found.namesakes[name, unit].append(by_id[person])


def _places_of(found: Facts, entry: PersonEntry, terms: Terms) -> Iterable[Place]:
    if entry.units:
        return [found.places[code] for code in entry.units if code in found.places]
    if entry.unit_name:
        return found.places_by_name.get(fold(entry.unit_name), ())
    return [terms.unit] if terms.unit else ()


# units


def _scope(terms: Terms) -> tuple[ColumnElement[bool], ...]:
    return (is_below(Unit.path, terms.top),) if terms.top else ()


def _place(row: Any, names: Iterable[str] = (), successor: str = "") -> Place:
    return Place(
        row.id, row.code, row.name, row.path, frozenset({row.folded_name, *names}), row.closed_on is None, successor
    )


def _find_places(db: Session, found: Facts, entries: Sequence[PersonEntry], terms: Terms) -> None:
    codes = {code for entry in entries for code in entry.units}
    names = {fold(entry.unit_name) for entry in entries if entry.unit_name and not entry.units}
    named = PLACES.where(among_given(Unit.code), *_scope(terms))
    rows = db.connection().execute(named, {"given": codes}).all() if codes else []
    has_names = any(entry.unit_name for entry in entries)
    also = _other_names(db, [row.id for row in rows]) if has_names else {}
    into = _successors(db, [row.merged_into_id for row in rows if row.merged_into_id], terms)
    found.places = {row.code: _place(row, also.get(row.id, ()), into.get(row.merged_into_id, "")) for row in rows}
    if names:
        found.places_by_name = _by_name(db, names, terms)


def _by_name(db: Session, names: set[str], terms: Terms) -> dict[str, list[Place]]:
    wanted = sorted(names)
    called = select(UnitName.unit_id).where(UnitName.folded_name.in_(wanted))
    own = PLACES.where(Unit.folded_name.in_(wanted), *_scope(terms))
    other = PLACES.where(Unit.id.in_(called), *_scope(terms))
    rows = {row.id: row for statement in (own, other) for row in db.execute(statement)}
    also = _other_names(db, list(rows))
    by_name: dict[str, list[Place]] = defaultdict(list)
    for row in rows.values():
        each = _place(row, also.get(row.id, ()))
        for name in each.names & names:
            by_name[name].append(each)
    return by_name


def _other_names(db: Session, units: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    if units:
        for unit, name in db.execute(
            select(UnitName.unit_id, UnitName.folded_name).where(among(UnitName.unit_id, units))
        ):
            found[unit].append(name)
    return found


def _successors(db: Session, units: Sequence[int], terms: Terms) -> dict[int | None, str]:
    """The codes of units into which others went, as far as the run may touch them."""
    if not units:
        return {}
    found = select(Unit.id, Unit.code).where(Unit.id.in_(units), *_scope(terms))
    return {row[0]: row[1] for row in db.execute(found)}


def near_units(db: Session, given: str, top: str, *, by_name: bool) -> list[tuple[str, str]]:
    """Code and name of the units in a subtree that somebody may have meant: at most three.

    Looks at those that begin alike only; a mistake in the first half finds nothing.
    """
    column = Unit.folded_name if by_name else Unit.code
    text = fold(given) if by_name else given
    found: dict[str, tuple[str, str]] = {}
    for length in (len(text) * 3 // 4, len(text) // 2):
        start = text[:length]
        if not start:
            continue
        alike = select(column, Unit.code, Unit.name).where(column >= start, column < start + "\U0010ffff")
        scope = (is_below(Unit.path, top),) if top else ()
        rows = db.execute(alike.where(*scope, Unit.closed_on.is_(None)).order_by(column).limit(MOST_NEAR)).all()
        found |= {row[0]: (row[1], row[2]) for row in rows}
    return [found[each] for each in nearest(text, found)]
