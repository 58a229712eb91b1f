"""Pure decisions: what a renewal asks, what comes back when, how sure a share is."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from fsrs import Card, Rating, Scheduler

from lms.figures.intervals import wilson
from lms.quiz.rules import CLOSE_ENOUGH, TOTAL, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PLAN = (2, 7, 30, 90)  # days after the completion
MOST_CARDS = 24
A_SITTING = 4  # questions, about two minutes
MOST_EXTRA = 2  # questions more about an outcome of which something was forgotten
SECONDS_EACH = 45
FEWEST = 5  # below this many answers a share says more of people than of knowledge
MONTH = 365.25 / 12
SPANS = ((0, 1), (1, 3), (3, 6), (6, 12), (12, None))  # months since the completion
# whole days only: a review is never asked twice in one sitting; no chance, so that the same answers give the same days
_scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Exam:
    """A question that a renewal may ask. `seen` is how often this person has met it."""

    key: str
    outcome: str
    is_critical: bool
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice question that may come back."""

    key: str
    outcome: str
    is_critical: bool


def draw(
    bank: Sequence[Exam], amount: int, forgotten: Mapping[str, int], seed: int, changed: Mapping[str, int] | None = None
) -> list[str]:
    """The questions of a renewal, mixed: at least a third of the exam's `amount`, unseen ones before seen ones.

    Every critical question is among them, every outcome is covered, and an outcome of which reviews were `forgotten`,
    or changed lessons not learnt (`changed`; how many), has more of them. What changed is asked first. A bank that is
    too small gives all it has.
    """
    news = changed or {}
    chance = random.Random(seed)  # noqa: S311 - shuffling, not a secret
    mixed = list(bank)
    chance.shuffle(mixed)
    mixed.sort(key=lambda each: each.seen)
    taken = [each for each in mixed if each.is_critical]
    left = [each for each in mixed if not each.is_critical]
    count = Counter(each.outcome for each in taken)
    for outcome in dict.fromkeys(each.outcome for each in bank):
        wanted = 1 + min(forgotten.get(outcome, 0) + news.get(outcome, 0), MOST_EXTRA)
        for each in [one for one in left if one.outcome == outcome][: max(0, wanted - count[outcome])]:
            taken.append(each)
            left.remove(each)
            count[outcome] += 1
    while left and len(taken) < math.ceil(amount / 3):
        each = min(left, key=lambda one: count[one.outcome])
        taken.append(each)
        left.remove(each)
        count[each.outcome] += 1
    chance.shuffle(taken)
    taken.sort(key=lambda each: not news.get(each.outcome))
    return [each.key for each in taken]


def minutes(questions: int) -> int:
    """How long whoever still knows takes for so many questions."""
    return math.ceil(questions * SECONDS_EACH / 60)


def failed(
    reached: Mapping[str, Sequence[float]], passing: Mapping[str, float], critical: Iterable[str] = ()
) -> list[str]:
    """The outcomes that were not reached in an exam that did not pass: too few points, or a critical mistake.

    `reached` maps an outcome to points reached and reachable. Where each alone was enough, all with a mistake.
    """
    wrong = set(critical)
    needed = {name: passing.get(name, passing.get(TOTAL, 1.0)) for name in reached}
    low = [name for name, pair in reached.items() if name in wrong or share(*pair) < needed[name] - CLOSE_ENOUGH]
    return low or [name for name, pair in reached.items() if share(*pair) < 1]


def deck(practice: Sequence[Practice], missed: Mapping[str, int]) -> list[str]:
    """Which practice questions come back: what matters for safety, and two for each mistake of the exam.

    `missed` maps an outcome to the number of mistakes. An outcome named `safety` matters for safety as a whole.
    """
    first = [each for each in practice if each.is_critical or "safety" in each.outcome.casefold()]
    chosen = [each.key for each in first]
    for outcome, mistakes in missed.items():
        same = [each.key for each in practice if outcome and each.outcome == outcome and each.key not in chosen]
        chosen += same[: 2 * mistakes]
    return chosen[:MOST_CARDS]


def first_memory(completed: datetime) -> dict[str, Any]:
    """What the scheduler knows of a question on the day of completion: it was known then."""
    card, _log = _scheduler.review_card(Card(card_id=1), Rating.Good, completed.astimezone(UTC))
    return dict(card.to_dict())


def first_due(completed: datetime) -> datetime:
    """When a question comes back for the first time."""
    return completed + timedelta(days=PLAN[0])


def answered(
    memory: Mapping[str, Any], lapses: int, completed: datetime, *, is_right: bool, moment: datetime
) -> tuple[dict[str, Any], datetime]:
    """What the scheduler knows after an answer, and when the question comes back.

    As long as nothing of it was forgotten it comes on the days of the plan; else, and after the plan, when FSRS
    expects it to be known with a probability of nine in ten. `lapses` are those before this answer.
    """
    card = Card.from_dict(dict(memory))  # type: ignore[arg-type]
    card, _log = _scheduler.review_card(card, Rating.Good if is_right else Rating.Again, moment.astimezone(UTC))
    planned = [day for days in PLAN if (day := completed + timedelta(days=days)) > moment]
    is_planned = is_right and not lapses and planned
    return dict(card.to_dict()), planned[0] if is_planned else card.due


@dataclass(frozen=True, slots=True)
class Kept:
    """How many answers were right in reviews some months after the completion.

    The share and its interval are None where fewer than `FEWEST` answered: answers, or people if those were counted.
    """

    since: int
    until: int | None
    asked: int
    share: float | None
    low: float | None
    high: float | None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers in one of `SPANS` (its place): how many of them there are and were right, by how many people."""

    span: int
    right: int
    asked: int
    people: int


def retention(answers: Iterable[tuple[int, bool, int]]) -> list[Kept]:
    """The share kept by months since the completion, of (days since, whether right, how many such answers)."""
    right: Counter[int] = Counter()
    asked: Counter[int] = Counter()
    for days, is_right, count in answers:
        span = _span(days)
        asked[span] += count
        right[span] += count * is_right
    return [_kept(span, right[span], asked[span]) for span in range(len(SPANS))]


def retention_of_people(answers: Iterable[Answered]) -> list[Kept]:
    """The same of a unit: a span in which fewer than `FEWEST` of its people answered tells of people."""
    known = {each.span: each for each in answers}
    found = (known.get(span, Answered(span, 0, 0, 0)) for span in range(len(SPANS)))
    return [_kept(each.span, each.right, each.asked, each.people) for each in found]


def span_ends() -> list[int]:
    """For each span but the last, the first day after the completion that is not in it any more."""
    return [math.ceil(until * MONTH) for _since, until in SPANS if until is not None]


def _span(days: int) -> int:
    return next((place for place, end in enumerate(span_ends()) if days < end), len(SPANS) - 1)


def _kept(span: int, right: int, asked: int, people: int | None = None) -> Kept:
    since, until = SPANS[span]
    if (asked if people is None else people) < FEWEST:
        return Kept(since, until, asked, None, None, None, people)
    return Kept(since, until, asked, right / asked, *wilson(right, asked), people)


@dataclass(frozen=True, slots=True)
class Trend:
    """What reviews tell of a unit in a sentence: the first and the last span of which enough is known.

    `way` says whether the share changed by more than chance explains: intervals that share nothing.
    """

    first: Kept
    last: Kept
    way: Literal["less", "more", "same"]


def trend(spans: Sequence[Kept]) -> Trend | None:
    """How what is known changed with the months; None where too few have answered. One span alone is both ends."""
    shown = [each for each in spans if each.share is not None]
    if not shown:
        return None
    first, last = shown[0], shown[-1]
    if is_below(last, first.low):
        return Trend(first, last, "less")
    return Trend(first, last, "more" if is_below(first, last.low) else "same")


def is_below(kept: Kept, level: float | None) -> bool:
    """Whether all of an interval lies below a level; never where one of the two is not known."""
    return kept.high is not None and level is not None and kept.high < level
