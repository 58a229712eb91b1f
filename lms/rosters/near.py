"""Which of some texts is nearly another one. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 3
ALIKE = 0.75


def nearest(given: str, known: Iterable[str]) -> list[str]:
    """The nearest of the known texts, the best first."""
    return get_close_matches(given, list(known), MOST, ALIKE)
