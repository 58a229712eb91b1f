"""What all pages about materials share: their blueprint, and the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from lms.clock import now
from lms.web.language import zone

if TYPE_CHECKING:
    from datetime import date

bp = Blueprint("sharing", __name__)


def today() -> date:
    """The day in the zone of this site."""
    return now().astimezone(zone()).date()
