"""The same sent twice at one moment: the second arrives while the first is not committed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from lms.db import Database

T = TypeVar("T")


def twice(database: Database, act: Callable[[Session], T]) -> tuple[T, T]:
    """What the first and the second come to."""

    def again() -> T:
        with database.writing() as db:
            return act(db)

    with ThreadPoolExecutor() as others:
        with database.writing() as db:
            first = act(db)
            db.flush()
            late = others.submit(again)
            wait([late], timeout=0.5)  # it waits for this one
        return first, late.result(timeout=20)
