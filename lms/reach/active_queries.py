"""Reads of the most active helpers: by people, entries or days; in each of many units, or among those on boards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, distinct, false, func, or_, select, true
from sqlalchemy.orm import aliased

from lms.among import among
from lms.clock import now
from lms.helping.adding import COVERED
from lms.helping.models import HelpEntry
from lms.people.models import Person, Unit
from lms.people.queries import is_below
from lms.reach import closed_queries, help_queries
from lms.reach.models import BoardConsent
from lms.reach.pages import Best, BestPage, Helper
from lms.reach.unit_queries import above, definitions_of, root_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from lms.helping.rules import Definition
    from lms.reach.rules import Period

MOST_ENTRIES = 1_000_000  # read one by one while somebody waits


def best_page(db: Session, actor: int, unit: Unit, period: Period, by: str, most: int, *, sees_names: bool) -> BestPage:
    """The most active of each unit right below one; of the unit itself if there are none.

    Without the right to see people, only those are named who want to stand on boards.
    """
    below = help_queries.children(db, unit)
    is_too_much = bool(below) and help_queries.entries_of(db, [unit.id], period) > MOST_ENTRIES
    groups = [] if is_too_much else best(db, below or [unit], period, by, most, sees_names=sees_names)
    choices = closed_queries.closed_periods(db, root_of(unit))
    return BestPage(unit, above(db, actor, unit), period, groups, below, sees_names, is_too_much, choices)


def best(
    db: Session, units: Sequence[Unit], period: Period, by: str, most: int, *, sees_names: bool = True
) -> list[Best]:
    """The most active of each of these units, which are of one tree, by what they did in it or below it.

    Units without any are left out.
    """
    found = _ranked(db, [unit.id for unit in units], period, by, most, *_counted(db, units[0], period, by))
    return _grouped(db, units, found, most, sees_names=sees_names)


def board(db: Session, unit: Unit, period: Period, by: str, most: int) -> list[Best]:
    """The same for one unit, of those who want to stand on boards and of nobody else."""
    stands = select(BoardConsent.person_id).join(Person, Person.id == BoardConsent.person_id)
    stands = stands.where(BoardConsent.ended_at.is_(None), Person.closed_at.is_(None))
    wants = HelpEntry.helper_id.in_(stands)
    found = _ranked(db, [unit.id], period, by, most, wants, *_counted(db, unit, period, by))
    return _grouped(db, [unit], found, most, sees_names=True)


def _counted(db: Session, unit: Unit, period: Period, by: str) -> tuple[ColumnElement[bool], ...]:
    """Which entries count: for people helped those that the definitions count as people, as in a unit's own figure."""
    if by != "people":
        return ()
    counting = (each for each in definitions_of(db, unit, period, now().date()) if each.counts == "people")
    return (or_(false(), *map(_taken_by, counting)),)


def _taken_by(definition: Definition) -> ColumnElement[bool]:
    limits = ((HelpEntry.kind, definition.kinds), (HelpEntry.audience, definition.audiences))
    return and_(true(), *(column.in_(sorted(limit)) for column, limit in limits if limit))


def on_boards(db: Session, people: Sequence[int]) -> set[int]:
    """Who of these people wants to stand on boards."""
    wants = select(BoardConsent.person_id).where(BoardConsent.ended_at.is_(None))
    return set(db.scalars(wants.where(among(BoardConsent.person_id, people))))


def _ranked(
    db: Session, units: Sequence[int], period: Period, by: str, most: int, *narrow: ColumnElement[bool]
) -> Sequence[Any]:
    did = _done(units, period, by, narrow)
    falling = did.c.number.desc()
    ordered = [falling, Person.folded_name, did.c.helper]
    ranked = (
        select(
            did,
            Person.name,
            func.rank().over(partition_by=did.c.unit, order_by=falling).label("rank"),
            func.count().over(partition_by=[did.c.unit, did.c.number]).label("ties"),
            func.row_number().over(partition_by=did.c.unit, order_by=ordered).label("place"),
        )
        .outerjoin(Person, Person.id == did.c.helper)
        .subquery()
    )
    chosen = select(ranked).where(ranked.c.place <= most)
    return db.execute(chosen.order_by(ranked.c.unit, ranked.c.place)).all()


def _done(units: Sequence[int], period: Period, by: str, narrow: Sequence[ColumnElement[bool]]) -> Any:
    """Unit, helper, what she did there by the criterion, and in how many entries."""
    top = aliased(Unit)
    measures = {
        "people": func.sum(HelpEntry.people),
        "entries": func.count(),
        "days": func.count(distinct(HelpEntry.given_on)),
    }
    own = (top.id.label("unit"), HelpEntry.helper_id.label("helper"))
    return (
        select(*own, measures[by].label("number"), func.count().label("entries"))
        .select_from(top)
        .join(Unit, is_below(Unit.path, top.path))
        .join(HelpEntry, HelpEntry.unit_id == Unit.id)
        .where(among(top.id, units), HelpEntry.given_on.between(period.first, period.last))
        .where(HelpEntry.undone_at.is_(None), HelpEntry.standing == COVERED, HelpEntry.helper_id.is_not(None), *narrow)
        .group_by(top.id, HelpEntry.helper_id)
        .subquery()
    )


def _grouped(db: Session, units: Sequence[Unit], found: Sequence[Any], most: int, *, sees_names: bool) -> list[Best]:
    shown = None if sees_names else on_boards(db, [row.helper for row in found])
    groups = []
    for unit in units:
        rows = [row for row in found if row.unit == unit.id]
        if not rows:
            continue
        helpers = [
            Helper(row.rank, row.name or "" if shown is None or row.helper in shown else "", row.number, row.entries)
            for row in rows
        ]
        more = rows[-1].rank + rows[-1].ties - 1 - most
        groups.append(Best(unit, helpers, max(0, more)))
    return groups
