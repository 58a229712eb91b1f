"""Pure decisions about grading by people: what a form of points says, how long an answer waits and is."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lms.quiz.rubrics import Criterion

CLAIM_LASTS = timedelta(minutes=20)
LONGEST_COMMENT = 4000
LONGEST_REASON = 500


class State(StrEnum):
    """How far a regrading is."""

    LOOKING = "looking"  # the worker finds out what would change
    LOOKED = "looked"  # a person decides
    WRITING = "writing"
    DONE = "done"
    DROPPED = "dropped"


AT_WORK = frozenset({State.LOOKING, State.WRITING})


class BadPoints(ValueError):
    """Points are missing or out of range for some criteria; `which` are their places, from 0."""

    def __init__(self, which: Sequence[int]) -> None:
        super().__init__(f"criteria {which}")
        self.which = frozenset(which)


def read_points(asked: Sequence[Criterion], form: Mapping[str, str]) -> list[float]:
    """The points chosen for each criterion, from the fields `points-0`, `points-1`, … Raises `BadPoints`."""
    found = [_number(form.get(f"points-{which}", "")) for which in range(len(asked))]
    wrong = [which for which, points in enumerate(found) if not _fits(asked[which], points)]
    if wrong:
        raise BadPoints(wrong)
    return [points or 0.0 for points in found]


def _fits(criterion: Criterion, points: float | None) -> bool:
    if points is None or not 0 <= points <= criterion.most:
        return False
    return not criterion.levels or points in criterion.levels


def _number(text: str) -> float | None:
    """A number as people write it, with a point or a comma."""
    plain = text.strip().replace(",", ".", 1)
    if len(plain) > 12 or not plain.isascii() or not plain.replace(".", "", 1).isdigit():
        return None
    return float(plain)


def count_words(text: str) -> int:
    """How many words a text has: what stands between spaces and has a letter or a digit."""
    return sum(any(character.isalnum() for character in word) for word in text.split())


def label(attempt_id: str, key: str) -> str:
    """What an answer is called instead of by a name: always the same, and nothing can be told from it."""
    return hashlib.sha256(f"{attempt_id}/{key}".encode()).hexdigest()[:6].upper()
