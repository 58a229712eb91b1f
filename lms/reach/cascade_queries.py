"""Reads of who trained whom, and what became of it: how deep it goes, how many are certified and still active."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, distinct, func, select

from lms.among import among
from lms.figures.models import Standing
from lms.figures.rules import State
from lms.helping.models import HelperDay
from lms.meetings import cascade_queries as cascade
from lms.meetings.models import Attendance, TrainingSession
from lms.reach.pages import StepRow, TrainerRow
from lms.reach.rules import FEWEST, Edge, steps, told_of, trainees

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.meetings.rules import Offer
    from lms.paging import At, Page
    from lms.people.models import Unit

MOST_EDGES = 20_000  # pairs of a trainer and somebody trained, added up while somebody waits


@dataclass(frozen=True, slots=True)
class CascadePage:
    """Who trained whom in a unit. `total` counts each person once; `steps` is empty where there are too many.

    `steps[0]` are trainers whom nobody trained here.
    """

    total: TrainerRow
    trainers: int
    steps: Sequence[StepRow]
    is_too_much: bool
    rows: Sequence[TrainerRow]
    page: Page


def cascade_page(db: Session, me: int, unit: Unit, days: int, today: date, at: At) -> CascadePage:
    """The cascade of a unit; active is who helped in the last `days`, today included."""
    offers, since = cascade.offers_of(db), today - timedelta(days=days - 1)
    found = cascade.trainers(db, me, unit, offers, today, at)
    active = _active(db, me, unit, [row.id for row in found.rows], offers, since)
    edges = _edges(db, me, unit, offers)
    is_too_much = len(edges) > MOST_EDGES  # then there is no total either, which would tell what is hidden
    told = {row.id for row in found.rows if row.trained.people >= FEWEST} if is_too_much else told_of(trainees(edges))
    rows = [
        TrainerRow(
            row.id, row.name, row.trained.sessions, row.trained.people, row.trained.certified,
            active.get(row.id, 0) if row.id in told and row.trained.people >= FEWEST else None,
        )
        for row in found.rows
    ]  # fmt: skip
    known = [] if is_too_much else steps(edges)
    everybody = {edge.person for edge in edges}
    whole = None if is_too_much or len(everybody) < FEWEST else len(_active_of(db, everybody, since))
    total = TrainerRow(0, "", found.total.sessions, found.total.people, found.total.certified, whole)
    return CascadePage(total, found.total.trainers, _step_rows(db, known, since), is_too_much, rows, found.page)


def _step_rows(db: Session, known: Sequence[set[int]], since: date) -> list[StepRow]:
    everybody = set().union(*known)
    certified, active = _certified_of(db, everybody), _active_of(db, everybody, since)
    # the first trainers are not in the total, so that it tells nothing of them
    told = told_of(dict(enumerate(known[1:], 1))) | {0 for step in known[:1] if len(step) >= FEWEST}
    return [
        StepRow(len(step), len(step & certified), len(step & active) if place in told else None)
        for place, step in enumerate(known)
    ]


def _certified_of(db: Session, people: Collection[int]) -> set[int]:
    held = select(Standing.person_id).where(among(Standing.person_id, people), Standing.state == State.CERTIFIED)
    return set(db.scalars(held.distinct()))


def _active_of(db: Session, people: Collection[int], since: date) -> set[int]:
    return set(
        db.scalars(select(HelperDay.person_id).where(among(HelperDay.person_id, people), HelperDay.last_on >= since))
    )


def _attended() -> Any:
    """The condition that joins `Attendance` to the session it is at; nobody trains herself."""
    return and_(
        Attendance.session_id == TrainingSession.id,
        Attendance.ended_at.is_(None),
        Attendance.person_id != TrainingSession.trainer_id,
    )


def _edges(db: Session, me: int, unit: Unit, offers: Mapping[str, Offer]) -> list[Edge]:
    """Who trained whom since when; one more than `MOST_EDGES` stands for all beyond."""
    rows = (
        select(TrainingSession.trainer_id, Attendance.person_id, func.min(TrainingSession.held_on))
        .join(Attendance, _attended())
        .where(cascade.counts(offers), cascade.in_scope(me, unit))
        .group_by(TrainingSession.trainer_id, Attendance.person_id)
        .limit(MOST_EDGES + 1)
    )
    return [Edge(*row) for row in db.execute(rows)]


def _active(
    db: Session, me: int, unit: Unit, trainers: Sequence[int], offers: Mapping[str, Offer], since: date
) -> dict[int, int]:
    rows = (
        select(TrainingSession.trainer_id, func.count(distinct(Attendance.person_id)))
        .join(Attendance, _attended())
        .join(HelperDay, and_(HelperDay.person_id == Attendance.person_id, HelperDay.last_on >= since))
        .where(among(TrainingSession.trainer_id, trainers), cascade.counts(offers), cascade.in_scope(me, unit))
    )
    return {row[0]: row[1] for row in db.execute(rows.group_by(TrainingSession.trainer_id))}
