"""Names as people type them: in other letters, without marks, under a former name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, insert, or_, select

from lms.finding.models import FindName
from lms.folding import fold
from lms.people.latin import in_latin_letters
from lms.people.models import Unit, UnitName

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

LONGEST = 400
AT_ONCE = 5000  # names looked at in one go


def forms(words: str) -> tuple[str, ...]:
    """What to look for when somebody types these words: as they are, and in Latin letters; folded."""
    return tuple(dict.fromkeys(form for form in (fold(words), fold(in_latin_letters(words))) if form))


def in_all_letters(text: str) -> str:
    """A text as it is searched, with what it is in Latin letters behind it."""
    return "\n".join(forms(text))


def has(column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """The SQL condition that a folded name has every word of one of these forms."""
    return or_(*(and_(*(column.contains(part, autoescape=True) for part in form.split())) for form in words))


def learn_names(db: Session, units: Iterable[int] | None = None) -> int:
    """Bring the names in Latin letters up to date, of some units or of all; how many rows came or went."""
    chosen = None if units is None else sorted(set(units))
    wanted = {
        (unit, latin)
        for table, column in ((Unit, Unit.id), (UnitName, UnitName.unit_id))
        for unit, latin in _latin(db, table, column, chosen)
    }
    known = select(FindName.unit_id, FindName.folded_name)
    if chosen is not None:
        known = known.where(FindName.unit_id.in_(chosen))
    there = {(row[0], row[1]) for row in db.execute(known)}
    for unit, name in there - wanted:
        db.execute(delete(FindName).where(FindName.unit_id == unit, FindName.folded_name == name))
    if wanted - there:
        db.execute(insert(FindName), [{"unit_id": unit, "folded_name": name} for unit, name in sorted(wanted - there)])
    return len(there ^ wanted)


def _latin(
    db: Session, table: type[Unit | UnitName], column: Any, chosen: Sequence[int] | None
) -> Iterable[tuple[int, str]]:
    names = select(column, table.name).order_by(table.id)
    if chosen is not None:
        names = names.where(column.in_(chosen))
    for unit, name in db.execute(names.execution_options(yield_per=AT_ONCE)):
        latin = "" if name.isascii() else fold(in_latin_letters(name))[:LONGEST]
        if latin and latin != fold(name):
            yield unit, latin
