"""What the database says of the rows of a file of units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from lms.among import among_given
from lms.folding import fold
from lms.people.models import Unit, UnitName
from lms.people.queries import is_below
from lms.rosters.entries import UnitEntry
from lms.rosters.unit_matching import KnownUnit, UnitFacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from lms.rosters.entries import Entry

BY_CODE = select(
    Unit.id, Unit.code, Unit.name, Unit.kind, Unit.path, Unit.parent_id, Unit.is_fixed, Unit.closed_on, Unit.latitude,
    Unit.longitude, Unit.opened_on,
).where(among_given(Unit.code))  # fmt: skip
NAMES = select(UnitName.unit_id, UnitName.kind, UnitName.language, UnitName.name).where(among_given(UnitName.unit_id))
BESIDE = select(Unit.parent_id, Unit.name, Unit.code).where(
    among_given(Unit.parent_id, "parents"), among_given(Unit.folded_name), Unit.closed_on.is_(None)
)
ROOTS = select(Unit.parent_id, Unit.name, Unit.code).where(
    Unit.parent_id.is_(None), among_given(Unit.folded_name), Unit.closed_on.is_(None)
)


def unit(db: Session, key: int) -> Unit:
    """One unit, to be changed. Raises `NoResultFound` if it went in this moment."""
    return db.get_one(Unit, key)


def known_unit(db: Session, key: int) -> KnownUnit | None:
    """One unit as matching knows it."""
    code = db.scalar(select(Unit.code).where(Unit.id == key))
    if code is None:
        return None
    return _known(db.connection().execute(BY_CODE, {"given": [code]}).one(), "")


def is_inside(db: Session, code: str, top: str) -> bool:
    """Whether the unit with this code is the one at the end of a path, or below it."""
    return bool(db.scalar(select(exists().where(Unit.code == code, is_below(Unit.path, top)))))


def unit_facts(db: Session, entries: Sequence[Entry], top: KnownUnit | None) -> UnitFacts:
    """Everything that matching these rows needs. `top` is the unit whose subtree the run may touch."""
    rows = [entry for entry in entries if isinstance(entry, UnitEntry)]
    codes = {entry.code for entry in rows} | {entry.parent for entry in rows if entry.parent}
    connection = db.connection()
    if not codes:
        return UnitFacts()
    path = top.path if top else ""
    found = [_known(row, path) for row in connection.execute(BY_CODE, {"given": codes})]
    by_id = {each.id: each for each in found}
    facts = UnitFacts({each.code: each for each in found})
    if by_id and any(entry.names or entry.aliases for entry in rows):
        for key, *name in connection.execute(NAMES, {"given": by_id}):
            by_id[key].names.add((name[0], name[1], name[2]))
    given = {fold(entry.name)[:400] for entry in rows}
    parents = {*by_id, *((top.id,) if top else ())}
    if parents:
        beside = connection.execute(BESIDE, {"parents": parents, "given": given})
        facts.beside.update({(row[0], fold(row[1])): row[2] for row in beside})
    if any(not entry.parent for entry in rows):
        roots = connection.execute(ROOTS, {"given": given})
        facts.beside.update({(None, fold(row[1])): row[2] for row in roots})
    return facts


def _known(row: Any, top: str) -> KnownUnit:
    return KnownUnit(
        row.id, row.code, row.name, row.kind, row.path, row.parent_id, row.is_fixed, row.closed_on is None,
        row.path.startswith(top), row.latitude, row.longitude, row.opened_on,
    )  # fmt: skip
