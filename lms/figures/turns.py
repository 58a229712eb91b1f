"""Whose turn it is to count. Two who count at once would add the same change twice.

The turn is a lease in the database, which each write renews. Who was killed loses it after a minute.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, update

from lms.clock import now
from lms.db import insert_once
from lms.figures.models import Count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from lms.db import Database

LEASE = timedelta(seconds=60)
ONLY = 1  # the id of the one row
BEGINNING = {
    "id": ONLY,
    "whole_at": None,
    "changes_at": None,
    "differences": 0,
    "day": None,
    "courses": "",
    "units": "",
    "is_partial": False,
    "taken_by": "",
    "taken_until": None,
}


class TurnLost(RuntimeError):
    """Somebody else counts: the lease ran out before this one wrote. What it was about to write is rolled back."""


class Turn:
    """The right to write figures, until `end` or until the lease runs out."""

    def __init__(self, database: Database, name: str) -> None:
        self.database, self.name = database, name
        self.renewed_at = now()

    @contextmanager
    def writing(self, **noted: Any) -> Iterator[Session]:
        """A short transaction that holds the turn and notes something on the count. Raises `TurnLost`."""
        moment = now()
        with self.database.writing() as db:
            mine = update(Count).where(Count.id == ONLY, Count.taken_by == self.name)
            kept = mine.values(taken_until=moment + LEASE, **noted).returning(Count.id)
            if db.execute(kept).one_or_none() is None:
                raise TurnLost
            yield db
        self.renewed_at = moment

    def keep(self) -> None:
        """Renew the lease if nothing was written for a while."""
        if now() - self.renewed_at > LEASE / 4:
            with self.writing():
                pass

    def end(self, **noted: Any) -> None:
        """Note how the count ended and let others count."""
        with self.database.writing() as db:
            mine = update(Count).where(Count.id == ONLY, Count.taken_by == self.name)
            db.execute(mine.values(taken_by="", taken_until=None, **noted))


def take(database: Database) -> Turn | None:
    """Take the turn; None while somebody else has it."""
    turn, moment = Turn(database, uuid.uuid4().hex), now()
    with database.writing() as db:
        insert_once(db, Count, BEGINNING)
        free = or_(Count.taken_by == "", Count.taken_until.is_(None), Count.taken_until < moment)
        mine = update(Count).where(Count.id == ONLY, free).values(taken_by=turn.name, taken_until=moment + LEASE)
        taken = db.execute(mine.returning(Count.id)).one_or_none()
    return turn if taken else None
