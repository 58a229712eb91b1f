"""Answers that authors write as `- = answer` and trainees type: reading the items, and comparing words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from lms.content.structure import Json, Option, Problem, Question
from lms.plugins import FormValues, Grade, Item, QuestionSource, Response
from lms.question_types.building import problem
from lms.question_types.markup import unwrap_code

LONGEST = 10_000


def is_written(source: QuestionSource) -> bool:
    """Whether every item is an accepted answer."""
    return bool(source.items) and all(item.marker == "=" for item in source.items)


def answers_missing(source: QuestionSource) -> tuple[Problem, ...]:
    """Errors for a question without accepted answers, or items that are none."""
    if not source.items:
        message = "This question has no accepted answer."
        return (problem(source, source.line, "question-answers", message, "Write it as `- = answer`."),)
    return tuple(
        problem(source, item.line, "question-answers-mixed", "This item is no accepted answer.", "Begin it with `- =`.")
        for item in source.items
        if item.marker != "="
    )


def written_answers(
    source: QuestionSource, key: Callable[[str], Json | None], expected: str
) -> tuple[tuple[Option, ...], list[dict[str, Json]], tuple[Problem, ...]]:
    """Options to show, accepted answers with `credit` and `key`, and problems.

    `key` turns an answer, taken out of its code span, into what is compared, or None if it can't; `expected` then
    says what an answer looks like.
    """
    options, accepted, problems = [], [], list(answers_missing(source))
    for item in source.items if not problems else ():
        credit = 1.0 if item.percent is None else item.percent / 100
        compared = key(unwrap_code(item.text)) if item.text else None
        if compared is None:
            message = f"`{item.text}` is not {expected}." if item.text else "This answer is empty."
            problems.append(problem(source, item.line, "question-answer-form", message, f"Write {expected}."))
        if credit > 1:
            problems.append(problem(source, item.line, "question-credit", "A credit is at most 100%.", "Mend it."))
        accepted.append({"credit": min(credit, 1.0), "key": compared, "shown": unwrap_code(item.text)})
        options.append(Option(item.text, credit >= 1, min(credit, 1.0), item.feedback, line=item.line))
    if not problems and not any(option.right for option in options):
        fix = "Write one answer as `- =` without a percentage."
        problems.append(problem(source, source.line, "question-no-right", "No answer earns everything.", fix))
    return tuple(options), accepted, tuple(problems)


def accepted_answers(question: Question) -> list[dict[str, Json]]:
    """The accepted answers of a question, each with `credit`, `key` and how it is `shown`."""
    answers = question.spec.get("answers", ())
    return [answer for answer in answers if isinstance(answer, dict)]


def typed(form: FormValues) -> str | None:
    """What was typed into the question's one field, without outer spaces, or None."""
    return cleaned(form.get("answer", ())) or None


def cleaned(values: Sequence[str]) -> str:
    """The first of a field's values in NFC, without outer spaces, NUL or excessive length."""
    return unicodedata.normalize("NFC", values[0][:LONGEST]).replace("\0", "").strip() if values else ""


def best(question: Question, matches: Callable[[Json], bool]) -> Grade:
    """The highest credit among the accepted answers that match."""
    credits_ = [float(answer["credit"]) for answer in accepted_answers(question) if matches(answer["key"])]
    return Grade(max(credits_, default=0.0))


def first_right(question: Question) -> str:
    """The first answer that earns everything, as it would be typed."""
    for answer in accepted_answers(question):
        if answer["credit"] >= 1:
            return str(answer["shown"])
    return ""


def as_words(response: Response) -> str:
    """A typed response as it was typed."""
    return response if isinstance(response, str) else ""


def folded(text: str, *, exact: bool) -> str:
    """What is compared of a text: NFC without outer spaces, and without case unless `exact`. Accents stay."""
    composed = unicodedata.normalize("NFC", text).strip()
    return composed if exact else unicodedata.normalize("NFC", composed.casefold())


def has_only_numbers(items: tuple[Item, ...], is_number: Callable[[str], bool]) -> bool:
    """Whether all accepted answers are numbers."""
    return bool(items) and all(item.marker == "=" and is_number(unwrap_code(item.text)) for item in items)
