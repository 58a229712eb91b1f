"""The time. Everything that asks for it asks here, so that a test can say what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, in UTC with its zone."""
    return datetime.now(UTC)
