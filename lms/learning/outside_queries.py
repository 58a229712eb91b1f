"""Reads about what people did outside of the site: who says so, and how many in a unit by whose word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from lms.learning.models import OutsideAction
from lms.learning.outside_rules import ORDER, Source
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_below, is_current

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Said:
    """Who says, since when, that an action was done: by source."""

    at: Mapping[Source, datetime]


def said(db: Session, person: int, course: str) -> dict[str, Said]:
    """What is said of one person in a course, by action."""
    return said_of(db, [person], course).get(person, {})


def said_of(db: Session, people: Sequence[int], course: str) -> dict[int, dict[str, Said]]:
    """The same of several people, in one statement."""
    rows = db.execute(
        select(OutsideAction.person_id, OutsideAction.action, OutsideAction.source, OutsideAction.at).where(
            OutsideAction.person_id.in_(people), OutsideAction.course_id == course, OutsideAction.ended_at.is_(None)
        )
    )
    found: dict[int, dict[str, dict[Source, datetime]]] = {}
    for person, action, source, at in rows:
        found.setdefault(person, {}).setdefault(action, {})[Source(source)] = at
    return {person: {action: Said(at) for action, at in actions.items()} for person, actions in found.items()}


def counts_by_source(db: Session, unit: Unit, course: str, today: date) -> dict[str, dict[Source, int]]:
    """How many members of a unit and of all units below did each action, each person once, under the strongest source.

    The sources stand apart, so that a report never adds what somebody says of herself to what a system saw.
    """
    rank = case(*((OutsideAction.source == source, place) for place, source in enumerate(ORDER)))
    members = (
        select(Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .join(Person, Person.id == Membership.person_id)
        .where(is_below(Unit.path, unit.path), is_current(today), Person.closed_at.is_(None))
    )
    best = (
        select(OutsideAction.action, OutsideAction.person_id, func.max(rank).label("rank"))
        .where(
            OutsideAction.course_id == course,
            OutsideAction.ended_at.is_(None),
            OutsideAction.person_id.in_(members),
        )
        .group_by(OutsideAction.action, OutsideAction.person_id)
        .subquery()
    )
    counted: dict[str, dict[Source, int]] = {}
    for action, place, count in db.execute(
        select(best.c.action, best.c.rank, func.count()).group_by(best.c.action, best.c.rank)
    ):
        counted.setdefault(action, dict.fromkeys(ORDER, 0))[ORDER[place]] = count
    return counted


def person_known_as(db: Session, *, code: str, email: str) -> int | None:
    """The open account with a register's code, else with a proved address; None if there is none."""
    known = Person.code == code if code else Person.proved_email == email.casefold()
    return db.scalar(select(Person.id).where(known, Person.closed_at.is_(None)))
