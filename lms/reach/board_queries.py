"""Reads of the boards: those of the units to which somebody belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.helping import mandate_queries
from lms.reach import active_queries, help_queries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.people.models import Unit
    from lms.reach.pages import Helper
    from lms.reach.rules import Period


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The board of one of the units that somebody belongs to: `units` are all of them, the nearest first.

    `wants` is whether the reader stands on boards; `more` have as much as the last one shown.
    """

    units: Sequence[Unit]
    unit: Unit | None
    helpers: Sequence[Helper]
    more: int
    wants: bool


def board_page(db: Session, person: int, code: str, period: Period, by: str, most: int, today: date) -> BoardPage:
    """The board of the unit with a code, if somebody belongs to it; else of the nearest unit above their own."""
    posts = mandate_queries.posts_of(db, person, today)
    ids = [int(each) for post in posts for each in reversed(post.path.strip("/").split("/"))]
    known = help_queries.units_by_id(db, ids)
    units = [known[each] for each in dict.fromkeys(ids)]
    usual = units[1] if len(units) > 1 else next(iter(units), None)
    unit = next((each for each in units if each.code == code), usual)
    found = active_queries.board(db, unit, period, by, most) if unit is not None else []
    wants = person in active_queries.on_boards(db, [person])
    return BoardPage(units, unit, found[0].helpers if found else (), found[0].more if found else 0, wants)
