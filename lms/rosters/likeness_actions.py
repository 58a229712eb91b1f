"""Putting people who may be one before a person: each pair once, whatever was decided about it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.clock import now
from lms.db import INSERTS
from lms.rosters.models import PossibleDuplicate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def note_pairs(db: Session, pairs: Sequence[tuple[int, int, str]]) -> None:
    """Note pairs of people and why they may be one: `name`, `email` or `phone`."""
    if not pairs:
        return
    moment = now()
    rows = [
        {"person_id": one, "other_id": other, "reason": why, "found_at": moment, "decision": ""}
        | {"decided_by": None, "decided_at": None}
        for one, other, why in pairs
    ]
    insert = INSERTS[db.get_bind().dialect.name]
    db.connection().execute(insert(PossibleDuplicate.__table__).on_conflict_do_nothing(), rows)
