"""Pure: what a person grades an answer by, and what the points given for it are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lms.content.structure import Question

MOST_STEPS = 10


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a rubric. `levels` are the points to choose from, the most first; empty where they are typed."""

    text: str
    most: float
    levels: tuple[float, ...]


def criteria(question: Question) -> tuple[Criterion, ...]:
    """What a question is graded by; without a rubric, its points as one criterion without words."""
    lines = [line for line in question.spec.get("rubric") or () if float(line["points"]) > 0]
    if not lines:
        return (Criterion("", question.points, levels(question.points)),)
    return tuple(Criterion(str(line["text"]), float(line["points"]), levels(float(line["points"]))) for line in lines)


def levels(most: float) -> tuple[float, ...]:
    """The points that can be chosen, the most first: halves up to 2 points, whole ones above; none above ten steps."""
    step = 0.5 if most <= 2 else 1.0
    if not 0 < most / step <= MOST_STEPS:
        return ()
    steps = {step * count for count in range(int(most / step) + 1)}
    return tuple(sorted({most, *steps}, reverse=True))


def worth(asked: Sequence[Criterion], points: Sequence[float]) -> float:
    """The share of everything that can be reached, 0 to 1."""
    most = sum(criterion.most for criterion in asked)
    return min(1.0, sum(points) / most) if most else 0.0
