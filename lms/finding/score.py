"""What people say of a point as a figure: never of fewer than five, and no two figures tell what one person said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from lms.figures.intervals import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

FEWEST = 5
WEEKS = 52  # what is older says little of the point as it is
MOST_ON_PAPER = 5000  # in a month, of one answer


class Answer(StrEnum):
    """What is answered to "Did you get what you came for?"."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Score:
    """How many of `said` got what they came for, and between which two shares it lies (95 %)."""

    yes: int
    said: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share who said yes."""
        return self.yes / self.said


@dataclass(frozen=True, slots=True)
class Week:
    """Answers of one week, by its Monday."""

    monday: date
    yes: int
    said: int


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def score(weeks: Iterable[Week], today: date) -> Score | None:
    """What is shown on a day; None while too few have answered.

    Only whole weeks count. They are put together, the oldest first, until each batch has five answers, and batches come
    in, and go out when they are a year old, as a whole. So a figure differs from any other by five answers or none, and
    subtracting one from another tells of nobody alone.
    """
    oldest = monday(today) - timedelta(weeks=WEEKS)
    kept = [batch for batch in _batches(weeks, monday(today)) if batch.monday >= oldest]
    yes, said = sum(batch.yes for batch in kept), sum(batch.said for batch in kept)
    return Score(yes, said, *wilson(yes, said)) if said >= FEWEST else None


def _batches(weeks: Iterable[Week], this_week: date) -> Iterable[Week]:
    """Whole weeks put together until there are five answers; each batch has the Monday of its last week."""
    ordered = sorted((week for week in weeks if week.monday < this_week), key=lambda week: week.monday)
    yes = said = 0
    for day, together in groupby(ordered, key=lambda week: week.monday):
        for week in together:
            yes, said = yes + week.yes, said + week.said
        if said >= FEWEST:
            yield Week(day, yes, said)
            yes = said = 0


def read_tally(given: Mapping[str, str]) -> tuple[int, int, int] | None:
    """Yes, partly and no of a month, as typed; empty is 0. None where one is no such number, or all are empty."""
    counts = []
    if not any(given.get(answer, "").strip() for answer in Answer):
        return None
    for answer in Answer:
        text = given.get(answer, "").strip() or "0"
        if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= MOST_ON_PAPER):
            return None
        counts.append(int(text))
    return counts[0], counts[1], counts[2]
