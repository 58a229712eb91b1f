"""What a coordinator decides on two people who may be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from lms.clock import now
from lms.people import merging
from lms.people import queries as people
from lms.people.actions import record
from lms.rosters import join_actions
from lms.rosters.duplicates_rules import Decision
from lms.rosters.models import PossibleDuplicate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


class Gone(LookupError):
    """One of the two has no account any more."""


def same(db: Session, movers: Iterable[merging.Mover], question: PossibleDuplicate, *, by: int) -> str:
    """Two people are one: join their accounts; the name that goes on. Raises `lms.people.merging.MayNotMerge`."""
    one, other = people.person(db, question.person_id), people.person(db, question.other_id)
    if one is None or other is None:
        raise Gone(question.id)
    keep, gone = merging.keeper(one, other)
    _decide(db, question.id, Decision.SAME, by=by)
    name = merging.merge(db, movers, gone.id, keep.id, by=by).name
    join_actions.settle(db, keep.id, by=by)
    return name


def different(db: Session, question: PossibleDuplicate, *, by: int) -> None:
    """Two people are two; nobody is asked again."""
    _decide(db, question.id, Decision.DIFFERENT, by=by)
    record(db, "people-kept-apart", by, question.person_id, other=question.other_id)


def _decide(db: Session, question: int, decision: Decision, *, by: int) -> None:
    row = update(PossibleDuplicate).where(PossibleDuplicate.id == question)
    db.execute(row.values(decision=decision.value, decided_by=by, decided_at=now()))
