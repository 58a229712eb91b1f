"""Print jobs when somebody is erased: each that holds a sheet of that person is deleted, files and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms import jobs
from lms.presses import queries
from lms.presses.actions import FORGET

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> list[str]:
    """Have the worker delete them after this is committed; none of their files is an upload."""
    for run in queries.holding(db, person):
        jobs.enqueue(db, FORGET, {"run": run})
    return []
