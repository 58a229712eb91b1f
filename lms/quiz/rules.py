"""Pure decisions about quizzes: which questions are drawn, what they are worth, who may try again."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TOTAL = "total"
CLOSE_ENOUGH = 1e-9
GRACE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be drawn. `seen` is how often this person has met it in earlier attempts."""

    key: str
    outcome: str = ""
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Graded:
    """One question's worth: `score` 0 to 1 (None: still to be graded), `points` at stake.

    A `critical` one has to be right, whatever the others bring.
    """

    key: str
    score: float | None
    points: float
    outcome: str = ""
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt came to. `outcomes` maps an outcome to points reached and reachable."""

    score: float
    points: float
    passed: bool | None
    outcomes: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """The share of all points, 0 to 1."""
        return share(self.score, self.points)


@dataclass(frozen=True, slots=True)
class Start:
    """Whether another attempt may begin. `when` is the moment from which it may, for `wait`."""

    verdict: Literal["yes", "resume", "wait", "used-up"]
    left: int | None = None
    when: datetime | None = None


def share(score: float, points: float) -> float:
    """Points reached as a share of those reachable."""
    return score / points if points else 0.0


def draw(candidates: Sequence[Candidate], amounts: Mapping[str, int], *, shuffle: bool, seed: int) -> list[str]:
    """The keys of the questions of one attempt: unseen ones before seen ones, seldom seen before often seen.

    `amounts` is how many to draw, by outcome or in total; empty draws all. A bank that is too small gives all it has.
    """
    chance = random.Random(seed)  # noqa: S311 - shuffling, not a secret; the seed is stored to repeat it
    order = {key: place for place, key in enumerate(candidate.key for candidate in candidates)}
    mixed = list(candidates)
    chance.shuffle(mixed)
    mixed.sort(key=lambda candidate: candidate.seen)
    if not amounts:
        drawn = mixed
    elif TOTAL in amounts:
        drawn = _spread(mixed, amounts[TOTAL])
    else:
        drawn = [c for outcome, amount in amounts.items() for c in _of(mixed, outcome)[:amount]]
    keys = [candidate.key for candidate in drawn]
    if shuffle:
        chance.shuffle(keys)
        return keys
    return sorted(keys, key=order.__getitem__)


def _of(candidates: Sequence[Candidate], outcome: str) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.outcome == outcome]


def _spread(candidates: Sequence[Candidate], amount: int) -> list[Candidate]:
    """The first ones, but every outcome in turn, so that no outcome is left out by chance."""
    waiting: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        waiting[candidate.outcome].append(candidate)
    drawn: list[Candidate] = []
    while len(drawn) < amount and any(waiting.values()):
        for queue in waiting.values():
            if queue and len(drawn) < amount:
                drawn.append(queue.pop(0))
    return drawn


def option_order(key: str, count: int, seed: int, *, shuffle: bool) -> tuple[int, ...]:
    """The order in which a question's options are shown, the same each time the page is opened."""
    order = list(range(count))
    if shuffle:
        mixed = int.from_bytes(hashlib.sha256(f"{seed}/{key}".encode()).digest()[:8])
        random.Random(mixed).shuffle(order)  # noqa: S311 - as above
    return tuple(order)


def score(grades: Sequence[Graded], passing: Mapping[str, float]) -> Result:
    """The result of an attempt. While something is to be graded, `passed` is None unless it can no longer matter."""
    reached: dict[str, float] = defaultdict(float)
    most: dict[str, float] = defaultdict(float)
    points: dict[str, float] = defaultdict(float)
    for grade in grades:
        for name in {TOTAL, grade.outcome} - {""}:
            points[name] += grade.points
            reached[name] += (grade.score or 0.0) * grade.points
            most[name] += (1.0 if grade.score is None else grade.score) * grade.points
    outcomes = {name: (reached[name], points[name]) for name in points if name != TOTAL}
    needed = [grade.score for grade in grades if grade.critical]
    if _is_enough(reached, points, passing) and all(score == 1.0 for score in needed):
        passed: bool | None = True
    elif _is_enough(most, points, passing) and all(score in (1.0, None) for score in needed):
        passed = None
    else:
        passed = False
    return Result(reached[TOTAL], points[TOTAL], passed, outcomes)


def _is_enough(reached: Mapping[str, float], points: Mapping[str, float], passing: Mapping[str, float]) -> bool:
    return all(
        share(reached.get(name, 0.0), points.get(name, 0.0)) >= needed - CLOSE_ENOUGH
        for name, needed in passing.items()
    )


def may_start(
    *, submitted: Sequence[datetime], is_open: bool, limit: int | None, extra: int, retry_after: int, moment: datetime
) -> Start:
    """Whether somebody may begin another attempt now. `retry_after` is in seconds since the last one ended."""
    left = None if limit is None else max(0, limit + extra - len(submitted) - is_open)
    if is_open:
        return Start("resume", left)
    if left == 0:
        return Start("used-up", 0)
    if submitted and retry_after:
        when = max(submitted) + timedelta(seconds=retry_after)
        if moment < when:
            return Start("wait", left, when)
    return Start("yes", left)


def is_late(moment: datetime, deadline: datetime | None) -> bool:
    """Whether an answer that arrives now is too late. A short grace covers the way over a slow line."""
    return deadline is not None and moment > deadline + GRACE


def newest(answers: Sequence[tuple[datetime, str, object]]) -> object:
    """Of (time made, id, response), the response that counts; ids decide between equal times, so order never does."""
    return max(answers, key=lambda answer: (answer[0], answer[1]))[2]
