"""Reads of the coordinator's page of requests: what waits, what is late, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.consulting import consultant_queries, queries, rules
from lms.consulting.models import Consultation, ConsultationContact, ConsultationStep
from lms.consulting.queries import RequestRow
from lms.consulting.rules import State, Step
from lms.paging import At, Page, page
from lms.people.models import Person, Unit
from lms.people.queries import is_below, visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

HALF, MOST = 5, 9  # tenths


class Which(StrEnum):
    """Which requests a coordinator looks at."""

    WAITING = "waiting"  # nobody has them
    LATE = "late"  # nobody has reached the asker within the hours that the settings say
    OPEN = "open"
    UNHAPPY = "unhappy"  # the asker says that it was not solved, and no coordinator has seen it since
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Times:
    """How many requests there were, and the minutes within which half of them, and nine in ten, were done.

    None where none was.
    """

    unit: int
    name: str
    asked: int = 0
    answered: int = 0
    answer_half: int | None = None
    answer_most: int | None = None
    solved: int = 0
    solve_half: int | None = None
    solve_most: int | None = None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Requests of some units, the longest waiting first, and how many there are of each kind."""

    which: Which
    rows: Sequence[RequestRow]
    page: Page
    counts: dict[Which, int]
    consultants: int


def queue(db: Session, actor: int, which: Which, late: datetime, at: At, today: date, language: str) -> QueuePage:
    """What waits in the units of a coordinator. `late` is the moment before which a request should be answered."""
    seen = visible_units(actor, Right.COORDINATE)
    conditions = {each: _is(each, late) for each in Which}
    # what is over grows for ever: the newest first, and nobody counts it
    is_over = which in {Which.OVER, Which.UNHAPPY}
    by = (Consultation.id, Consultation.id)
    found = page(db, queries.listed().where(seen, conditions[which]), by, at, newest_first=is_over)
    counts: dict[Which, int] = {each: _count(db, seen, conditions[each]) for each in Which if each != Which.OVER}
    consultants = consultant_queries.in_scope(db, actor, today, At()).rows
    return QueuePage(which, queries.rows_of(db, found.rows, today, language), found, counts, len(consultants))


def _is(which: Which, late: datetime) -> ColumnElement[bool]:
    reached = (State.ANSWERED,)
    return {
        Which.WAITING: Consultation.state.in_(rules.FREE),
        Which.LATE: and_(
            Consultation.state.in_(rules.LIVE), Consultation.state.not_in(reached), Consultation.asked_at < late
        ),
        Which.OPEN: Consultation.state.in_(rules.LIVE),
        Which.UNHAPPY: and_(Consultation.is_solved.is_(False), ~_is_seen()),
        Which.OVER: Consultation.state.not_in(rules.LIVE),
    }[which]


def _is_seen() -> ColumnElement[bool]:
    """That a coordinator has settled a request since its asker said last that it was not solved."""
    settled, said = aliased(ConsultationStep), aliased(ConsultationStep)
    again = select(said.id).where(
        said.consultation_id == settled.consultation_id, said.kind == Step.SAID_NOT, said.id > settled.id
    )
    seen = select(settled.id).where(
        settled.consultation_id == Consultation.id, settled.kind == Step.SEEN, ~again.correlate(settled).exists()
    )
    return seen.correlate(Consultation).exists()


def is_unhappy(db: Session, row: Consultation) -> bool:
    """Whether an asker says that it was not solved, and no coordinator has seen it since."""
    open_ones = select(Consultation.id).where(Consultation.is_solved.is_(False), ~_is_seen())
    return db.scalar(open_ones.where(Consultation.id == row.id)) is not None


def can_reopen(db: Session, row: Consultation) -> bool:
    """Whether the asker of a request can still be reached."""
    return db.get(ConsultationContact, row.id) is not None


def _count(db: Session, seen: ColumnElement[bool], condition: ColumnElement[bool]) -> int:
    rows = select(Consultation.id).join(Unit, Unit.id == Consultation.unit_id).where(seen, condition)
    return db.scalar(select(func.count()).select_from(rows.limit(1000).subquery())) or 0


def waiting_requests(actor: int) -> Select[int]:
    """The requests of a coordinator's units for which nobody was found."""
    in_units = exists(select(Unit.id).where(Unit.id == Consultation.unit_id, visible_units(actor, Right.COORDINATE)))
    return select(Consultation.id).where(Consultation.state == State.NEW, in_units.correlate(Consultation))


def times(db: Session, parent: Unit, since: datetime) -> list[Times]:
    """How long requests asked since a moment took, for a unit and for each unit right below it."""
    tops = select(Unit.id).where(or_(Unit.id == parent.id, Unit.parent_id == parent.id))
    asked = _asked(db, tops, since)
    answered = _quantiles(db, tops, since, Consultation.answered_after)
    solved = _quantiles(db, tops, since, Consultation.solved_after)
    order = select(Unit).where(Unit.id.in_(asked)).order_by(Unit.path != parent.path, Unit.folded_name, Unit.id)
    return [
        Times(
            unit.id,
            unit.name,
            asked[unit.id],
            *_read(answered.get(unit.id)),
            *_read(solved.get(unit.id)),
        )
        for unit in db.scalars(order)
    ]


def _read(found: tuple[int, int | None, int | None] | None) -> tuple[int, int | None, int | None]:
    return found or (0, None, None)


def _asked(db: Session, tops: Select[int], since: datetime) -> dict[int, int]:
    top = aliased(Unit)
    counted = (
        select(top.id, func.count(Consultation.id))
        .join(Unit, is_below(Unit.path, top.path))
        .join(Consultation, Consultation.unit_id == Unit.id)
        .where(top.id.in_(tops), Consultation.asked_at >= since)
        .group_by(top.id)
    )
    return {row[0]: row[1] for row in db.execute(counted)}


def _quantiles(
    db: Session, tops: Select[int], since: datetime, column: Any
) -> dict[int, tuple[int, int | None, int | None]]:
    """Per unit: how many have the value, and its quantiles by nearest rank; the database sorts, few rows come back."""
    top = aliased(Unit)
    numbered = (
        select(
            top.id.label("unit"),
            column.label("minutes"),
            func.row_number().over(partition_by=top.id, order_by=(column, Consultation.id)).label("place"),
            func.count().over(partition_by=top.id).label("total"),
        )
        .join(Unit, is_below(Unit.path, top.path))
        .join(Consultation, Consultation.unit_id == Unit.id)
        .where(top.id.in_(tops), Consultation.asked_at >= since, column.is_not(None))
        .subquery()
    )
    wanted = numbered.c.place.in_([rules.rank_of(tenths, numbered.c.total) for tenths in (HALF, MOST)])
    found: dict[int, tuple[int, int | None, int | None]] = {}
    for unit, minutes, place, total in db.execute(select(numbered).where(wanted)):
        half, most = found.get(unit, (0, None, None))[1:]
        half = minutes if place == rules.rank_of(HALF, total) else half
        most = minutes if place == rules.rank_of(MOST, total) else most
        found[unit] = (total, half, most)
    return found


def choices(db: Session, row: Consultation, today: date) -> list[tuple[rules.Candidate, str, bool]]:
    """Who may be given a request, the best first: with their name, and whether they fit and are free."""
    path = db.scalars(select(Unit.path).where(Unit.id == row.unit_id)).one()
    wish = rules.Wish(path, row.service, row.channel, row.language)
    best: dict[int, rules.Candidate] = {}
    for each in rules.ranked(wish, consultant_queries.candidates(db, path, today)):
        best.setdefault(each.person, each)
    names = {each.id: each.name for each in db.execute(select(Person.id, Person.name).where(Person.id.in_(best)))}
    return [(each, names[each.person], each.fits(wish) and each.is_free) for each in best.values()]
