"""What is kept of answers so that every figure can be worked out, and more answers be added: never an answer itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lms.analysis.moments import Pairs, Single
from lms.analysis.reliability import DrawnSums, FixedSums
from lms.analysis.spreads import step_of
from lms.analysis.texts import Asked, Form

LONGEST = 3600  # seconds: who was away for longer did not think about a question all that time
SKIPPED, RIGHT, PARTLY, WRONG = "skipped", "right", "part", "wrong"
RIGHT_FROM = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Taken:
    """One first attempt that was handed in.

    `grades` are the grades in force: score (None while a person has to grade) and points, by question. `moments` are
    the answers as they were given, in order: when, and to which question.
    """

    id: str
    version: int
    language: str
    questions: Sequence[str]
    started_at: datetime
    submitted_at: datetime
    share: float
    passed: bool | None
    responses: Mapping[str, Any]
    grades: Mapping[str, tuple[float | None, float]]
    moments: Sequence[tuple[datetime, str]]


@dataclass(slots=True)
class QuestionSums:
    """Of one text of a question in one language: how many were asked it and what came of it.

    `score` has the share of its points that each person earned, `pairs` the same beside the share of all other points,
    `seconds` how many people took so many seconds, `versions` how many were asked it in which version of the course.
    """

    asked: int = 0
    answered: int = 0
    waiting: int = 0
    score: Single = field(default_factory=Single)
    pairs: Pairs = field(default_factory=Pairs)
    seconds: dict[int, int] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)

    def merge(self, other: QuestionSums) -> None:
        """Count in what another has, such as another language."""
        self.asked += other.asked
        self.answered += other.answered
        self.waiting += other.waiting
        self.score.merge(other.score)
        self.pairs.merge(other.pairs)
        add_counts(self.seconds, other.seconds)
        add_counts(self.versions, other.versions)


@dataclass(slots=True)
class ChoiceSums:
    """Who chose what: for each choice how many people with so many thousandths of all other points.

    A choice is an option's place from 0, an opinion's value, or one of `SKIPPED`, `RIGHT`, `PARTLY`, `WRONG`.
    """

    people: dict[str, dict[int, int]] = field(default_factory=dict)
    everybody: dict[int, int] = field(default_factory=dict)

    def add(self, choices: Sequence[str], step: int) -> None:
        """Count one person in; who may choose several is in each of them."""
        self.everybody[step] = self.everybody.get(step, 0) + 1
        for choice in choices:
            chosen = self.people.setdefault(choice, {})
            chosen[step] = chosen.get(step, 0) + 1

    def merge(self, other: ChoiceSums) -> None:
        """Count in what another has."""
        add_counts(self.everybody, other.everybody)
        for choice, counts in other.people.items():
            add_counts(self.people.setdefault(choice, {}), counts)


@dataclass(slots=True)
class FormSums:
    """Of everybody who took one form of a quiz: results, and what their reliability rests on.

    `complete` are the people of whom every question is graded; `points` what one can reach.
    """

    is_drawn: bool = False
    people: int = 0
    judged: int = 0
    passed: int = 0
    complete: int = 0
    points: float = 0.0
    shares: Single = field(default_factory=Single)
    fixed: FixedSums = field(default_factory=FixedSums)
    drawn: DrawnSums = field(default_factory=DrawnSums)
    versions: dict[int, int] = field(default_factory=dict)


def add_counts(into: dict[int, int], more: Mapping[int, int]) -> None:
    """Add up how many stand where."""
    for key, count in more.items():
        into[key] = into.get(key, 0) + count


def seconds_by_question(taken: Taken) -> dict[str, int]:
    """How long somebody took for each question answered, in whole seconds.

    The time of an answer is what went by since the answer before it, or since the beginning; answers to the same
    question add up. Where one of them took more than an hour, that question has no time.
    """
    found: dict[str, float] = {}
    before = taken.started_at
    for moment, key in taken.moments:
        gap = (moment - before).total_seconds()
        found[key] = found.get(key, 0.0) + (gap if gap <= LONGEST else math.inf)
        before = moment
    return {key: round(time) for key, time in found.items() if time < math.inf}


def choices_of(question: Asked, response: Any, score: float | None) -> list[str]:
    """What somebody chose: options, a value, or how right it was; nothing while a person has to grade it."""
    if response is None:
        return [SKIPPED]
    if question.is_choice:
        given = response if isinstance(response, list) else [response]
        return [str(each) for each in dict.fromkeys(map(_place, given)) if 0 <= each < question.options]
    if question.is_opinion:
        return [str(response)] if type(response) is int and abs(response) < 1000 else []
    if score is None:
        return []
    return [RIGHT if score >= RIGHT_FROM else PARTLY if score > 0 else WRONG]


def _place(value: Any) -> int:
    return value if type(value) is int else -1


def rests(taken: Taken) -> dict[str, float | None]:
    """For each graded question the share of points that somebody earned in all others; None where there are none."""
    graded = {key: (score, points) for key, (score, points) in taken.grades.items() if score is not None}
    reached = math.fsum(score * points for score, points in graded.values())
    possible = math.fsum(points for _score, points in graded.values())
    found: dict[str, float | None] = {}
    for key, (score, points) in graded.items():
        others = possible - points
        found[key] = min(1.0, max(0.0, (reached - score * points) / others)) if others > 0 else None
    return found


def add_attempt(
    taken: Taken,
    questions: Mapping[str, Asked],
    of: Mapping[str, tuple[QuestionSums, ChoiceSums]],
) -> None:
    """Count one attempt in. `of` has the sums of each question that was asked, by key."""
    others, seconds = rests(taken), seconds_by_question(taken)
    for key, (sums, choices) in of.items():
        score = taken.grades.get(key, (None, 0.0))[0]
        response, rest = taken.responses.get(key), others.get(key)
        sums.asked += 1
        sums.answered += response is not None
        sums.versions[taken.version] = sums.versions.get(taken.version, 0) + 1
        if key in seconds:
            sums.seconds[seconds[key]] = sums.seconds.get(seconds[key], 0) + 1
        if score is not None:
            sums.score.add(score)
            if rest is not None:
                sums.pairs.add(score, rest)
        elif not questions[key].is_opinion:
            sums.waiting += 1
            continue
        choices.add(choices_of(questions[key], response, score), step_of(rest or 0.0))


def add_result(taken: Taken, form: Form, questions: Mapping[str, Asked], sums: FormSums) -> None:
    """Count the result of one attempt in, and for reliability if every question is graded."""
    sums.is_drawn = form.is_drawn
    sums.people += 1
    sums.judged += taken.passed is not None
    sums.passed += bool(taken.passed)
    sums.versions[taken.version] = sums.versions.get(taken.version, 0) + 1
    counted = [key for key in taken.questions if key in questions and not questions[key].is_opinion]
    grades = [taken.grades.get(key, (None, 0.0)) for key in counted]
    if not grades or any(score is None for score, _points in grades):
        return
    sums.complete += 1
    sums.shares.add(taken.share)
    scores = [score or 0.0 for score, _points in grades]
    points = [each for _score, each in grades]
    sums.points = math.fsum(points)
    if form.is_drawn:
        sums.drawn.add(scores, points)
    else:
        sums.fixed.add({key: score * worth for key, score, worth in zip(counted, scores, points, strict=True)})
