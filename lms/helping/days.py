"""The day at this site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.clock import now
from lms.web.language import zone

if TYPE_CHECKING:
    from datetime import date


def today() -> date:
    """The day at this site."""
    return now().astimezone(zone()).date()
