"""What can be done to units: create, rename, name, place, close; and who is a member from when until when.

Moving and merging are in `moving`. Each action checks what it relies on, logs a line, and belongs into one transaction.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from lms.clock import now
from lms.folding import fold
from lms.people import actions as people
from lms.people.models import Membership, RoleGrant, Unit, UnitName, UnitPlace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

LONGEST_PATH = 500
LONGEST_ID = 12  # an id in a path, with its slash
ALIAS, FORMER, IN_LANGUAGE = "alias", "former", "language"


class CodeTaken(Exception):
    """Another unit has this code."""


class SameName(Exception):
    """A unit right beside it has this name, or had it, or is called so: `args` are that unit's name and code."""


class ListIsFixed(Exception):
    """The list of units right below is closed: nobody adds one by a typing mistake."""


class UnitClosed(Exception):
    """The unit is closed; it takes no units and no people."""


class TooDeep(Exception):
    """A tree of so many levels cannot be kept."""


class NotEmpty(Exception):
    """People or open units are inside. `people` and `units` say how many."""

    def __init__(self, people_inside: int, units_inside: int) -> None:
        super().__init__(people_inside, units_inside)
        self.people, self.units = people_inside, units_inside


class NoSuchPlace(ValueError):
    """Degrees that are not on earth, or only one of the two."""


class BadDates(ValueError):
    """A membership that would end before it begins."""


def lock(db: Session, *units: Unit) -> None:
    """Let nobody else change the trees of these units before this transaction ends, and read the units again.

    Otherwise two moves at once could put two units inside each other, or lose a unit that is being added.
    """
    held: set[int] = set()
    while not (roots := {int(unit.path.split("/")[1]) for unit in units}) <= held:
        db.execute(select(Unit.id).where(Unit.id.in_(sorted(roots))).order_by(Unit.id).with_for_update())
        held |= roots
        for unit in units:
            db.refresh(unit)


def hold_open(db: Session, units: Iterable[int]) -> set[int]:
    """Those of these units that are open; nobody closes them before this transaction ends.

    Others who hold the same trees do not wait for each other. Call it before other rows are locked, as `lock` is.
    """
    wanted = sorted(set(units))
    paths = db.scalars(select(Unit.path).where(Unit.id.in_(wanted)))
    _hold(db, Unit.id.in_({int(path.split("/")[1]) for path in paths}))
    return set(db.scalars(select(Unit.id).where(Unit.id.in_(wanted), Unit.closed_on.is_(None))))


def hold_tree(db: Session, unit: int | None) -> None:
    """Let nobody close or move units of a unit's tree before this transaction ends; without a unit: of any tree."""
    path = db.scalar(select(Unit.path).where(Unit.id == unit)) if unit is not None else None
    _hold(db, Unit.id == int(path.split("/")[1]) if path else Unit.parent_id.is_(None))


def _hold(db: Session, roots: ColumnElement[bool]) -> None:
    db.execute(select(Unit.id).where(roots).order_by(Unit.id).with_for_update(read=True))


def create(db: Session, *, kind: str, code: str, name: str, parent: Unit | None, by: int | None) -> Unit:
    """Add a unit. Raises `CodeTaken`, `SameName`, `ListIsFixed`, `UnitClosed`, `TooDeep`."""
    if parent is not None:
        lock(db, parent)
        check_parent(parent)
    name = " ".join(name.split())
    check_code(db, code)
    check_name(db, name, parent=parent.id if parent else None)
    try:
        with db.begin_nested():
            unit = people.add_unit(db, kind=kind, code=code, name=name, parent=parent)
    except IntegrityError as error:
        raise CodeTaken(code) from error
    people.record(db, "unit-added", by, None, code=code, name=name, parent=parent.code if parent else None)
    return unit


def check_parent(parent: Unit, *, levels: int = 1) -> None:
    """Whether a unit with so many levels may be put below another. Raises `UnitClosed`, `ListIsFixed`, `TooDeep`."""
    if parent.closed_on is not None:
        raise UnitClosed(parent.code)
    if parent.is_fixed:
        raise ListIsFixed(parent.name)
    if len(parent.path) + levels * LONGEST_ID > LONGEST_PATH:
        raise TooDeep(parent.code)


def check_code(db: Session, code: str, *, but: int | None = None) -> None:
    """Whether a code is free. Raises `CodeTaken`."""
    holder = db.scalar(select(Unit.id).where(Unit.code == code))
    if holder is not None and holder != but:
        raise CodeTaken(code)


def check_name(db: Session, name: str, *, parent: int | None, but: int | None = None) -> None:
    """Whether no open unit right below the parent is called so, in any of its names. Raises `SameName`.

    Capital letters and diacritics do not make another name.
    """
    folded = fold(name)[: people.LONGEST_FOLDED]
    also = exists(select(UnitName.id).where(UnitName.unit_id == Unit.id, UnitName.folded_name == folded))
    beside = Unit.parent_id.is_(None) if parent is None else Unit.parent_id == parent
    found = select(Unit.name, Unit.code).where(beside, Unit.closed_on.is_(None), or_(Unit.folded_name == folded, also))
    if but is not None:
        found = found.where(Unit.id != but)
    same = db.execute(found.limit(1)).one_or_none()
    if same is not None:
        raise SameName(same.name, same.code)


def rename(db: Session, unit: Unit, name: str, *, by: int | None) -> None:
    """Give a unit another name; the old one is kept with its last day. Raises `SameName`.

    A name that did not last a day was a slip of the pen: it is not kept.
    """
    name = " ".join(name.split())
    if name == unit.name:
        return
    check_name(db, name, parent=unit.parent_id, but=unit.id)
    today = now().date()
    yesterday = today - timedelta(days=1)
    until_yesterday = (UnitName.unit_id == unit.id, UnitName.kind == FORMER, UnitName.until == yesterday)
    is_of_today = unit.opened_on == today or db.scalar(select(exists().where(*until_yesterday)))
    db.execute(delete(UnitName).where(*until_yesterday, UnitName.name == name))
    if not is_of_today:
        _add_name(db, unit.id, FORMER, unit.name, until=yesterday)
    people.record(db, "unit-renamed", by, None, code=unit.code, old=unit.name, new=name)
    unit.name, unit.folded_name = name, fold(name)[: people.LONGEST_FOLDED]


def add_alias(db: Session, unit: Unit, name: str, *, by: int | None) -> None:
    """Say what else people call a unit. Raises `SameName`."""
    name = " ".join(name.split())
    check_name(db, name, parent=unit.parent_id, but=unit.id)
    known = exists().where(UnitName.unit_id == unit.id, UnitName.kind == ALIAS, UnitName.name == name)
    if db.scalar(select(known)):
        return
    _add_name(db, unit.id, ALIAS, name)
    people.record(db, "unit-named", by, None, code=unit.code, alias=name)


def name_in(db: Session, unit: Unit, language: str, name: str, *, by: int | None) -> None:
    """Say how a unit is called in a language, in place of what was said before. Raises `SameName`."""
    name = " ".join(name.split())
    check_name(db, name, parent=unit.parent_id, but=unit.id)
    said = (UnitName.unit_id == unit.id, UnitName.kind == IN_LANGUAGE, UnitName.language == language)
    db.execute(delete(UnitName).where(*said))
    _add_name(db, unit.id, IN_LANGUAGE, name, language=language)
    people.record(db, "unit-named", by, None, code=unit.code, language=language, name=name)


def _add_name(db: Session, unit: int, kind: str, name: str, *, language: str = "", until: date | None = None) -> None:
    folded = fold(name)[: people.LONGEST_FOLDED]
    db.add(UnitName(unit_id=unit, kind=kind, language=language, name=name, folded_name=folded, until=until))
    db.flush()


def drop_name(db: Session, unit: Unit, name_id: int, *, by: int | None) -> None:
    """Take an alias or a name in a language away; former names stay. Raises `LookupError`."""
    row = db.get(UnitName, name_id)
    if row is None or row.unit_id != unit.id or row.kind == FORMER:
        raise LookupError(name_id)
    people.record(db, "unit-name-dropped", by, None, code=unit.code, name=row.name)
    db.delete(row)


def change(db: Session, unit: Unit, *, kind: str, code: str, is_fixed: bool, by: int | None) -> None:
    """Correct kind and code, close or open the list of units right below. Raises `CodeTaken`."""
    check_code(db, code, but=unit.id)
    old = {"kind_of_unit": unit.kind, "code": unit.code, "is_fixed": unit.is_fixed}
    new = {"kind_of_unit": kind, "code": code, "is_fixed": is_fixed}
    try:
        with db.begin_nested():
            unit.kind, unit.code, unit.is_fixed = kind, code, is_fixed
    except IntegrityError as error:
        raise CodeTaken(code) from error
    _record_changes(db, old["code"], old, new, by=by)


def place(db: Session, unit: Unit, latitude: float | None, longitude: float | None, *, by: int | None) -> None:
    """Say where a unit is on earth, in degrees (WGS 84), or that this is not known. Raises `NoSuchPlace`."""
    if latitude is None or longitude is None:
        if latitude is not longitude:
            raise NoSuchPlace
    elif not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise NoSuchPlace
    old = {"latitude": unit.latitude, "longitude": unit.longitude}
    unit.latitude, unit.longitude = latitude, longitude
    _record_changes(db, unit.code, old, {"latitude": latitude, "longitude": longitude}, by=by)


def _record_changes(db: Session, code: Any, old: dict[str, Any], new: dict[str, Any], *, by: int | None) -> None:
    changes = {what: f"{old[what]} → {new[what]}" for what in old if old[what] != new[what]}
    if changes:
        people.record(db, "unit-changed", by, None, unit=code, **changes)


def close(db: Session, unit: Unit, *, by: int | None) -> None:
    """Close a unit today, its last day; roles in it end. Raises `NotEmpty`; closing twice changes nothing."""
    lock(db, unit)
    if unit.closed_on is not None:
        return
    today = now().date()
    stay = or_(Membership.until.is_(None), Membership.until > today)
    inside = select(func.count(Membership.person_id.distinct())).where(Membership.unit_id == unit.id, stay)
    below = select(func.count()).where(Unit.parent_id == unit.id, Unit.closed_on.is_(None))
    counted = db.scalar(inside) or 0, db.scalar(below) or 0
    if any(counted):
        raise NotEmpty(*counted)
    shut(db, unit, last_day=today, by=by)
    people.record(db, "unit-closed", by, None, code=unit.code)


def shut(db: Session, unit: Unit, *, last_day: date, by: int | None) -> None:
    """End where a unit stands and the roles in it."""
    unit.closed_on = now().date()
    stands = update(UnitPlace).where(UnitPlace.unit_id == unit.id, UnitPlace.until.is_(None))
    db.execute(stands.values(until=last_day))
    held = select(RoleGrant.id).where(RoleGrant.unit_id == unit.id, RoleGrant.ended_at.is_(None))
    for grant in db.scalars(held).all():
        people.end_role(db, grant, by=by)


def reopen(db: Session, unit: Unit, *, by: int | None) -> None:
    """Open a closed unit again from today; who was in it does not come back.

    Raises `UnitClosed`, `ListIsFixed`, `TooDeep` (all of the unit above), `SameName`.
    """
    lock(db, unit)
    if unit.closed_on is None:
        return
    parent = db.get(Unit, unit.parent_id) if unit.parent_id else None
    if parent is not None:
        check_parent(parent)
    check_name(db, unit.name, parent=unit.parent_id, but=unit.id)
    today = now().date()
    unit.closed_on = unit.merged_into_id = None
    db.execute(update(UnitPlace).where(UnitPlace.unit_id == unit.id, UnitPlace.until >= today).values(until=None))
    if not db.scalar(select(exists().where(UnitPlace.unit_id == unit.id, UnitPlace.until.is_(None)))):
        db.add(UnitPlace(unit_id=unit.id, path=unit.path, since=today))
    people.record(db, "unit-reopened", by, None, code=unit.code)


def join(db: Session, person: int, unit: Unit, *, since: date, until: date | None = None, by: int | None) -> None:
    """Make somebody a member from a day on, perhaps until a day. Raises `UnitClosed`, `BadDates`.

    Somebody who is a member on all these days already stays one, and nothing is written.
    """
    if unit.closed_on is not None:
        raise UnitClosed(unit.code)
    if until is not None and until < since:
        raise BadDates
    covers = (Membership.since <= since, or_(Membership.until.is_(None), _lasts(until)))
    mine = exists().where(Membership.person_id == person, Membership.unit_id == unit.id, *covers)
    if db.scalar(select(mine)):
        return
    db.add(Membership(person_id=person, unit_id=unit.id, since=since, until=until))
    people.touch(db, person)
    people.record(db, "member-added", by, person, unit=unit.code, since=since.isoformat())


def _lasts(until: date | None) -> ColumnElement[bool]:
    return Membership.until.is_(None) if until is None else Membership.until >= until


def leave(db: Session, person: int, unit: Unit, *, last_day: date, by: int | None) -> int:
    """End somebody's memberships in a unit with a day; those that would begin later go. How many were ended."""
    mine = (Membership.person_id == person, Membership.unit_id == unit.id)
    gone = db.scalars(delete(Membership).where(*mine, Membership.since > last_day).returning(Membership.id)).all()
    longer = or_(Membership.until.is_(None), Membership.until > last_day)
    ended = update(Membership).where(*mine, longer).values(until=last_day).returning(Membership.id)
    count = len(gone) + len(db.scalars(ended).all())
    if count:
        people.touch(db, person)
        people.record(db, "member-left", by, person, unit=unit.code, last_day=last_day.isoformat())
    return count
