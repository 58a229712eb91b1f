"""Reads of targets: what was aimed at, how far it has come, at which pace."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from lms.coordination.forecast import PACE_DAYS, Aim, forecast, last_days
from lms.coordination.models import Target, TargetDay
from lms.coordination.target_pages import PERSON, NewTargetPage, TargetRow, TargetsPage, Watched
from lms.figures import queries as figures
from lms.figures.models import NONE, UnitTally
from lms.paging import At, page
from lms.people.models import RoleGrant, Unit
from lms.people.queries import visible_units
from lms.people.rules import Right, roles_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from lms.coordination.forecast import Forecast
    from lms.figures.rules import Day, Figures, Tally

    Rows: TypeAlias = Select[*tuple[Any, ...]]

SHOWN = 12  # targets of one page; each may cost a statement for its pace
LOOK_BACK = 28  # days; whoever began in the first half of them has a pace


def of_units(db: Session, units: Sequence[Unit], today: date) -> list[TargetRow]:
    """The running targets of these very units, the soonest first, as many as a page can tell."""
    ids = [unit.id for unit in units]
    rows = db.execute(_running().where(Target.unit_id.in_(ids)).order_by(Target.due_on, Target.id).limit(SHOWN))
    return described(db, [(row[0], row[1]) for row in rows], today)


def listed(db: Session, actor: int, unit: Unit | None, at: At, today: date) -> TargetsPage:
    """The running targets in scope, or those of one unit, the soonest first."""
    # read from the targets, which are few; joined with the units in scope, a database might read those first
    shown = aliased(Unit)
    in_scope = exists(select(Unit.id).where(Unit.id == Target.unit_id, visible_units(actor, Right.OVERSEE)))
    chosen = select(Target, shown).join(shown, shown.id == Target.unit_id)
    chosen = chosen.where(Target.ended_at.is_(None), in_scope.correlate(Target))
    if unit is not None:
        chosen = chosen.where(Target.unit_id == unit.id)
    found = page(db, chosen, (Target.due_on, Target.id), at, size=SHOWN)
    pairs = [(row[0], row[1]) for row in found.rows]
    theirs = select(Target.id).join(Unit, Unit.id == Target.unit_id).where(visible_units(actor, Right.COORDINATE))
    ending = db.scalars(theirs.where(Target.id.in_([target.id for target, _unit in pairs])))
    return TargetsPage(unit, described(db, pairs, today), found, frozenset(ending), figures.counted_at(db))


def leading_course(db: Session, actor: int, unit: Unit | None) -> str:
    """The course of the soonest running target of a unit, else of the units granted to somebody; empty without one."""
    chosen = select(Target.course_id).where(Target.ended_at.is_(None)).order_by(Target.due_on, Target.id).limit(1)
    if unit is not None:
        return db.scalar(chosen.where(Target.unit_id == unit.id)) or ""
    granted = select(RoleGrant.unit_id).where(
        RoleGrant.person_id == actor, RoleGrant.role.in_(roles_with(Right.OVERSEE)), RoleGrant.ended_at.is_(None)
    )
    everywhere = exists(granted.where(RoleGrant.unit_id.is_(None)))
    roots = exists(select(Unit.id).where(Unit.id == Target.unit_id, Unit.parent_id.is_(None)))
    return db.scalar(chosen.where(or_(Target.unit_id.in_(granted), everywhere & roots))) or ""


def new_page(db: Session, unit: Unit) -> NewTargetPage:
    """What the form of a new target needs to know."""
    registered = figures.figures(db, [unit.id], NONE)[unit.id].registered
    return NewTargetPage(unit, registered, kinds_below(db, unit))


def kinds_below(db: Session, unit: Unit) -> Sequence[str]:
    """The kinds of unit that lie below a unit, by name."""
    kinds = select(UnitTally.kind).where(UnitTally.unit_id == unit.id, UnitTally.course_id == NONE)
    return db.scalars(kinds.order_by(UnitTally.kind)).all()


def to_end(db: Session, actor: int, target_id: int) -> Target | None:
    """A running target that somebody may end."""
    chosen = select(Target).join(Unit, Unit.id == Target.unit_id).where(Target.id == target_id)
    return db.scalar(chosen.where(Target.ended_at.is_(None), visible_units(actor, Right.COORDINATE)))


def described(db: Session, pairs: Sequence[tuple[Target, Unit]], today: date) -> list[TargetRow]:
    """These targets with their numbers; people and units are counted in one statement for each course and kind."""
    known = _people(db, [pair for pair in pairs if pair[0].counts == PERSON])
    tallied = _tallies(db, [pair for pair in pairs if pair[0].counts != PERSON])
    noted, rows = _notes(db, list(tallied), today), []
    for target, unit in pairs:
        if target.counts == PERSON:
            figure = known[target.id]
            aim = Aim(figure.registered, figure.certified, figure.exempt, target.share, target.due_on)
            pace, watched = recent(db, unit, target.course_id, today) if aim.to_go else [], None
        else:
            aim = _aim_of_units(target, tallied[target.id])
            notes = noted.get(target.id, {})
            pace, watched = growth_of(notes, today), _watched(notes, aim.done, today)
        rows.append(_row(target, unit, aim, forecast(aim, pace, today), watched))
    return rows


def _watched(noted: Mapping[date, int], done: int, today: date) -> Watched:
    since = min(noted, default=today)
    return Watched(since, done - noted.get(since, done))


def _row(target: Target, unit: Unit, aim: Aim, seen: Forecast, watched: Watched | None) -> TargetRow:
    return TargetRow(
        target.id,
        unit,
        target.course_id,
        target.counts,
        target.rule,
        target.share,
        target.due_on,
        target.made_at,
        aim,
        seen,
        watched,
    )


def recent(db: Session, unit: Unit, course: str, today: date) -> list[int]:
    """How many people of a unit became certified on each of the last days, today not included, oldest first."""
    return pace_of(figures.days(db, unit, course, today - timedelta(days=LOOK_BACK), today), today)


def pace_of(days: Iterable[Day], today: date) -> list[int]:
    """The same from days that were read already; they reach `LOOK_BACK` days back, or to the first day of all."""
    known = list(days)
    begun = [each.day for each in known if each.begun or each.certified]
    is_older = bool(begun) and begun[0] < today - timedelta(days=PACE_DAYS)
    return last_days({each.day: each.certified for each in known}, today, None if is_older or not begun else begun[0])


def _running() -> Rows:
    return select(Target, Unit).join(Unit, Unit.id == Target.unit_id).where(Target.ended_at.is_(None))


def _people(db: Session, pairs: Sequence[tuple[Target, Unit]]) -> dict[int, Figures]:
    found: dict[int, Figures] = {}
    for course in {target.course_id for target, _unit in pairs}:
        targets = [target for target, _unit in pairs if target.course_id == course]
        counted = figures.figures(db, [target.unit_id for target in targets], course)
        found |= {target.id: counted[target.unit_id] for target in targets}
    return found


def _tallies(db: Session, pairs: Sequence[tuple[Target, Unit]]) -> dict[int, Tally]:
    found: dict[int, Tally] = {}
    for kind, course in {(target.counts, target.course_id) for target, _unit in pairs}:
        targets = [target for target, _unit in pairs if (target.counts, target.course_id) == (kind, course)]
        counted = figures.tallies(db, [target.unit_id for target in targets], kind, course)
        found |= {target.id: counted[target.unit_id] for target in targets}
    return found


def _aim_of_units(target: Target, tally: Tally) -> Aim:
    """Units with nobody in them are registered and not done: a place without a helper is no success."""
    return Aim(tally.units, done_by(target.rule, tally), 0, target.share, target.due_on)


def done_by(rule: str, tally: Tally) -> int:
    """How many units are done by a target's rule."""
    return {"one": tally.one, "half": tally.half, "whole": tally.whole}[rule]


def _notes(db: Session, targets: Sequence[int], today: date) -> dict[int, dict[date, int]]:
    """How many units were done when each of the last days began, by target."""
    found: dict[int, dict[date, int]] = {}
    since = today - timedelta(days=PACE_DAYS)
    for note in db.scalars(select(TargetDay).where(TargetDay.target_id.in_(targets), TargetDay.day >= since)):
        found.setdefault(note.target_id, {})[note.day] = note.done
    return found


def growth_of(noted: Mapping[date, int], today: date) -> list[int]:
    """How many units became done on each of the last days, today not included, oldest first, from the first note on.

    A day without a note began as the one before: what happened meanwhile counts on the day before the next note.
    """
    if not noted:
        return []
    first = min(noted)
    begun, known = [], noted[first]
    for number in range((today - first).days + 1):
        known = noted.get(first + timedelta(days=number), known)
        begun.append(known)
    return [after - before for before, after in pairwise(begun)]


def to_note(db: Session, today: date, most: int = 500) -> list[tuple[int, int]]:
    """Targets that count units and have no note of today yet: the target, and how many units are done."""
    noted = exists(select(TargetDay.day).where(TargetDay.target_id == Target.id, TargetDay.day == today))
    chosen = _running().where(Target.counts != PERSON, ~noted.correlate(Target)).order_by(Target.id).limit(most)
    pairs = [(row[0], row[1]) for row in db.execute(chosen)]
    tallied = _tallies(db, pairs)
    return [(target.id, done_by(target.rule, tallied[target.id])) for target, _unit in pairs]
