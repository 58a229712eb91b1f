"""Names as people type them: in other letters, without marks, under a former name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from lms.finding.models import FindName
from lms.folding import fold
from lms.people.latin import in_latin_letters
from lms.people.models import Unit, UnitName

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

LONGEST = 400
MOST_PARTS = 8  # of what somebody types: each of them is looked for in all names
AT_ONCE = 5000  # names looked at in one go


def forms(words: str) -> tuple[str, ...]:
    """What to look for when somebody types these words: as they are, and in Latin letters; folded."""
    return tuple(dict.fromkeys(form for form in (fold(words), fold(in_latin_letters(words))) if form))


def in_all_letters(text: str) -> str:
    """A text as it is searched, with what it is in Latin letters behind it."""
    return "\n".join(forms(text))


def has(column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """The SQL condition that a folded name has every word of one of these forms; of very many words the first ones."""
    parts = (form.split()[:MOST_PARTS] for form in words)
    return or_(*(and_(*(column.contains(part, autoescape=True) for part in each)) for each in parts))


def units_in_latin(words: str) -> Select[int]:
    """The ids of units whose names in other letters have these words when they are written in Latin ones."""
    return select(FindName.unit_id).where(has(FindName.folded_name, forms(words)))


def latin_names(db: Session, units: Sequence[int] | None = None) -> set[tuple[int, str]]:
    """Names in Latin letters of those names that are in others, with their units: of some units, or of all."""
    tables = ((Unit, Unit.id), (UnitName, UnitName.unit_id))
    return {pair for table, column in tables for pair in _latin(db, table, column, units)}


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
