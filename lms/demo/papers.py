"""Exams that somebody might have handed in, drawn and scored by the rules that real ones obey."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from lms.content.compiled import CompiledCourse, CompiledQuiz
from lms.plugins import QuestionType
from lms.quiz import rules

PAPERS = 120  # of each kind in each course; a country's exams are spread over them


@dataclass(frozen=True, slots=True)
class Paper:
    """One exam: what was drawn, what it was worth, and the result as it is kept. `grades` are the questions' worths."""

    seed: int
    questions: str
    outcomes: str
    result: rules.Result
    grades: tuple[rules.Graded, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    """Passed and failed exams of a course, and what a right answer to each question looks like."""

    quiz: CompiledQuiz
    passed: tuple[Paper, ...]
    failed: tuple[Paper, ...]
    answers: Mapping[str, Any]


def write_papers(course: CompiledCourse, types: Mapping[str, QuestionType], seed: int) -> Papers | None:
    """Exams of a course; None if it has no exam."""
    if not course.exam:
        return None
    quiz = course.quizzes[course.exam]
    answers = _right_answers(course, quiz, types)
    chance = Random(f"{seed}/{course.id}")  # noqa: S311 - a demonstration is the same each time
    passed: list[Paper] = []
    failed: list[Paper] = []
    for turn in range(100 * PAPERS):
        paper = _paper(course, quiz, answers, chance, care=0.9 if turn % 2 else 0.62)
        kept = passed if paper.result.passed else failed
        if len(kept) < PAPERS:
            kept.append(paper)
        if len(passed) == len(failed) == PAPERS:
            break
    return Papers(quiz, tuple(passed), tuple(failed), answers)


def _right_answers(course: CompiledCourse, quiz: CompiledQuiz, types: Mapping[str, QuestionType]) -> dict[str, Any]:
    asked = {key: course.questions[key][course.language] for key in quiz.questions}
    return {key: types[question.type].model_response(question) for key, question in asked.items()}


def _paper(
    course: CompiledCourse, quiz: CompiledQuiz, answers: Mapping[str, Any], chance: Random, *, care: float
) -> Paper:
    """What somebody hands in who knows this share of everything. What they do not know they leave empty."""
    seed = chance.getrandbits(31)
    source = {key: course.questions[key][course.language] for key in quiz.questions}
    candidates = [rules.Candidate(key, source[key].outcome) for key in quiz.questions]
    keys = rules.draw(candidates, quiz.settings.draw, shuffle=quiz.settings.shuffle, seed=seed)
    grades = tuple(
        rules.Graded(
            key,
            float(chance.random() < care and answers[key] is not None),
            source[key].points,
            source[key].outcome,
            source[key].critical,
        )
        for key in keys
    )
    result = rules.score(grades, quiz.settings.passing)
    outcomes = {name: list(pair) for name, pair in result.outcomes.items()}
    return Paper(seed, json.dumps(keys), json.dumps(outcomes), result, grades)
