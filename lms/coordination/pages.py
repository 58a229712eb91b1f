"""The desk as a plain value: whose it is, and what lies on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Offer:
    """What the figures need to know of a course; who begins a part of a programme has begun the programme."""

    gives_certificate: bool
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose desk it is, on which day, and the courses looked at, by id."""

    coordinator: int
    today: date
    courses: Mapping[str, Offer]

    def names(self, course: str) -> tuple[str, ...]:
        """A course and, of a programme, its parts."""
        return (course, *self.courses[course].parts)
