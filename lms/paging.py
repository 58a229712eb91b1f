"""One page of a long list, found by the place of a row instead of by counting rows (keyset paging).

A mark names a place: the row's sort value and id. It stays good when that row changes or goes.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

    Order: TypeAlias = tuple[InstrumentedAttribute[Any] | ColumnElement[Any], InstrumentedAttribute[int]]

SIZE = 50


@dataclass(frozen=True, slots=True)
class At:
    """Which page: the one after a mark, the one before a mark, or (both empty) the first."""

    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the marks of the pages beside them; a mark is empty where there is no page."""

    rows: Sequence[Any]
    earlier: str = ""
    later: str = ""


def page(
    db: Session,
    statement: Select[*tuple[Any, ...]],
    by: Order,
    at: At,
    *,
    newest_first: bool = False,
    size: int = SIZE,
) -> Page:
    """One page of a statement's rows, sorted by a column and then by an id; at most `size` of them."""
    order, key = by
    backwards = bool(at.before)
    ascending = backwards == newest_first
    place = _place(at.before or at.after, order.type.python_type)
    found = statement.add_columns(order.label("paging_order"), key.label("paging_key"))
    if place is not None:
        found = found.where(beyond(by, place, ascending=ascending))
    found = found.order_by(*((column.asc() if ascending else column.desc()) for column in by)).limit(size + 1)
    rows = list(db.execute(found))
    has_more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_earlier, has_later = (has_more, place is not None) if backwards else (place is not None, has_more)
    return Page(
        rows,
        mark(rows[0][-2:]) if rows and has_earlier else "",
        mark(rows[-1][-2:]) if rows and has_later else "",
    )


def beyond(by: Order, place: Sequence[Any], *, ascending: bool = True) -> ColumnElement[bool]:
    """The SQL condition that holds for rows on the far side of a place."""
    order, key = by
    value, row = place
    if ascending:
        return or_(order > value, and_(order == value, key > row))
    return or_(order < value, and_(order == value, key < row))


def mark(place: Sequence[Any]) -> str:
    """A place as a word for an address."""
    return base64.urlsafe_b64encode(json.dumps(list(place), default=date.isoformat).encode()).decode().rstrip("=")


def _place(given: str, kind: type) -> tuple[Any, int] | None:
    """The place that a mark names; None if it names none, so that a broken address shows the first page."""
    try:
        value, row = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
        value = date.fromisoformat(value) if kind is date else value
        str(value).encode()  # half a letter, which no database takes
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
    is_sound = isinstance(value, kind) and type(row) is int and abs(row) < 2**31
    return (value, row) if is_sound else None
