"""Passes that grades alone would take away. They stay, and a person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from lms.among import among
from lms.clock import now
from lms.grading.models import PassDecision

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session


def raise_for(db: Session, attempts: Collection[str], *, by: int, regrading: str | None = None) -> int:
    """Put attempts before a person; those that wait for one already are not asked about twice. How many are new."""
    known = select(PassDecision.attempt_id).where(PassDecision.attempt_id.in_(attempts), PassDecision.decision == "")
    new = sorted(set(attempts) - set(db.scalars(known)))
    common = {"regrading_id": regrading, "raised_by": by, "raised_at": now(), "decision": "", "reason": ""}
    if new:
        db.execute(insert(PassDecision), [{**common, "attempt_id": attempt} for attempt in new])
    return len(new)


def waiting(db: Session, attempts: Collection[str]) -> frozenset[str]:
    """Which of these attempts wait for a decision."""
    asked = select(PassDecision.attempt_id).where(PassDecision.decision == "", among(PassDecision.attempt_id, attempts))
    return frozenset(db.scalars(asked))


def mend(db: Session, attempts: Collection[str], *, by: int) -> None:
    """Nothing is left to decide where the grades pass again."""
    waits = update(PassDecision).where(PassDecision.attempt_id.in_(attempts), PassDecision.decision == "")
    db.execute(
        waits.values(decision="mended", decided_by=by, decided_at=now()).execution_options(synchronize_session=False)
    )


def decide(db: Session, decision_id: int, what: str, *, by: int, reason: str) -> PassDecision | None:
    """Note what a person decided, once; None if it was decided before."""
    row = db.scalars(select(PassDecision).where(PassDecision.id == decision_id).with_for_update()).one_or_none()
    if row is None or row.decision:
        return None
    row.decision, row.decided_by, row.decided_at, row.reason = what, by, now(), reason
    return row
