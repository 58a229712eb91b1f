"""The time. Everything that asks for it asks here, so that a test, or a demonstration, can say what time it is."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_said: ContextVar[datetime | None] = ContextVar("said", default=None)


def now() -> datetime:
    """The present moment, in UTC with its zone."""
    return _said.get() or datetime.now(UTC)


@contextmanager
def saying(moment: datetime) -> Iterator[None]:
    """Let it be another moment within a block, for a demonstration that makes up what happened in earlier months."""
    token = _said.set(moment)
    try:
        yield
    finally:
        _said.reset(token)
