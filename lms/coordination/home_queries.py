"""Reads of the desk's first page: the highest units in scope, and what waits for somebody there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.amending import queries as amending
from lms.clock import now
from lms.consulting import queue_queries as consulting
from lms.coordination import target_queries as targets
from lms.coordination.home_pages import HomePage, Needs
from lms.coordination.unit_queries import overview, unit_rows, with_figures
from lms.figures import queries as figures
from lms.figures.models import Standing
from lms.figures.rules import State
from lms.paging import At, page
from lms.people.models import Membership, RoleGrant, Unit
from lms.people.queries import is_below, is_current, visible_units
from lms.people.rules import Right, roles_with
from lms.reach import gap_queries
from lms.recognising import queries as recognising
from lms.rosters.models import ImportRun, JoinRequest, PossibleDuplicate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.reach.pages import GapKind

EXPIRING_DAYS = 30
RECENT_DAYS = 14
MOST_WAITING = 1000  # beyond that a number is "more than"


def home(db: Session, actor: int, course: str, at: At, today: date) -> HomePage:
    """The desk of somebody who sees figures: the one unit at the top of the scope in full, or several to compare."""
    highest = with_figures(course).where(is_highest(actor, Right.OVERSEE), Unit.closed_on.is_(None))
    found = page(db, highest, (Unit.folded_name, Unit.id), at)
    units = [row[0] for row in found.rows]
    waiting = needs(db, actor, course, today)
    counted = figures.counted_at(db)
    if len(units) == 1 and not found.earlier and not found.later:
        shown = overview(db, actor, units[0], course, today)
        return HomePage(shown, (), None, shown.targets, waiting, counted, _helperless(db, units[0]))
    return HomePage(None, unit_rows(found), found, targets.of_units(db, units, today), waiting, counted)


def _helperless(db: Session, unit: Unit) -> GapKind | None:
    """The highest kind of units of which some have no valid helper today; said once help is noted on this site."""
    found = gap_queries.kinds(db, unit) if gap_queries.has_help(db) else []
    return next((each for each in found if each.without), None)


def is_highest(actor: int, right: Right) -> ColumnElement[bool]:
    """The SQL condition on `Unit` that holds for the highest units in which somebody has a right.

    These are the units of the grants themselves, or the roots for whoever has the right everywhere; a unit below
    another one in scope is none of them.
    """
    grant, higher = aliased(RoleGrant), aliased(Unit)
    holds = (grant.person_id == actor, grant.role.in_(roles_with(right)), grant.ended_at.is_(None))
    everywhere = exists(select(grant.id).where(*holds, grant.unit_id.is_(None)).correlate(None))
    granted = Unit.id.in_(select(grant.unit_id).where(*holds, grant.unit_id.is_not(None)))
    over = (
        select(grant.id)
        .join(higher, higher.id == grant.unit_id)
        .where(*holds, higher.id != Unit.id, is_below(Unit.path, higher.path))
        .correlate(Unit)
    )
    return or_(everywhere & Unit.parent_id.is_(None), ~everywhere & granted & ~exists(over))


def needs(db: Session, actor: int, course: str, today: date) -> Needs:
    """What waits for a coordinator in her units."""
    has_grant = select(RoleGrant.id).where(
        RoleGrant.person_id == actor,
        RoleGrant.role.in_(roles_with(Right.COORDINATE)),
        RoleGrant.ended_at.is_(None),
    )
    if db.scalar(has_grant.limit(1)) is None:
        return Needs()
    rejected, run = _rejected(db, actor)
    waiting = {
        "requests": _requests(actor),
        "certificates": amending.waiting_requests(actor, today),
        "earlier": recognising.waiting_requests(actor, today),
        "duplicates": _duplicates(actor, today),
        "expiring": _expiring(actor, course, today),
        "unanswered": consulting.waiting_requests(actor),
    }
    return Needs(rejected=rejected, rejected_run=run, **_counts(db, waiting))


def _counts(db: Session, waiting: Mapping[str, Select[int]]) -> dict[str, int]:
    """How many rows there are of each, asked for at once, and as far as anybody wants to know.

    One more than `MOST_WAITING` stands for all beyond.
    """
    counts = [
        select(func.count()).select_from(rows.limit(MOST_WAITING + 1).subquery()).scalar_subquery().label(name)
        for name, rows in waiting.items()
    ]
    return dict(db.execute(select(*counts)).mappings().one())


def _requests(actor: int) -> Select[int]:
    # read from the requests, which are few; joined with the units in scope, a database might read those first
    in_scope = exists(select(Unit.id).where(Unit.id == JoinRequest.unit_id, visible_units(actor, Right.COORDINATE)))
    return select(JoinRequest.id).where(JoinRequest.decided_at.is_(None), in_scope.correlate(JoinRequest))


def _duplicates(actor: int, today: date) -> Select[int]:
    return select(PossibleDuplicate.id).where(
        PossibleDuplicate.decision == "",
        _member(PossibleDuplicate.person_id, actor, today),
        _member(PossibleDuplicate.other_id, actor, today),
    )


def _expiring(actor: int, course: str, today: date) -> Select[int]:
    return select(Standing.person_id).where(
        Standing.course_id == course,
        Standing.state == State.CERTIFIED,
        Standing.valid_until.between(today, today + timedelta(days=EXPIRING_DAYS)),
        _member(Standing.person_id, actor, today),
    )


def _member(person: ColumnElement[int] | object, actor: int, today: date) -> ColumnElement[bool]:
    """The SQL condition that a person belongs, today, to a unit in which somebody coordinates."""
    return exists(
        select(Membership.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id == person, is_current(today), visible_units(actor, Right.COORDINATE))
    )


def _rejected(db: Session, actor: int) -> tuple[int, int | None]:
    """How many rows the imports of the last days rejected, those into her units or begun by her; the newest of them."""
    mine = or_(
        ImportRun.started_by == actor,
        ImportRun.unit_id.in_(select(Unit.id).where(visible_units(actor, Right.COORDINATE))),
    )
    ended = (ImportRun.ended_at >= now() - timedelta(days=RECENT_DAYS), ImportRun.rejected > 0, mine)
    rows = db.execute(
        select(ImportRun.id, ImportRun.rejected).where(*ended).order_by(ImportRun.ended_at.desc()).limit(20)
    ).all()
    return sum(row.rejected for row in rows), rows[0].id if rows else None
