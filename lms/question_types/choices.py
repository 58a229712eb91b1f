"""What the three kinds of choice share: options, and what a form says about them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.content.structure import Option, Problem, Question
from lms.plugins import FormValues, Item, QuestionSource, Response
from lms.question_types.building import problem
from lms.question_types.markup import plain

MARKED, BLANK = "[x]", "[ ]"
_CREDIT = re.compile(r"^\((\d{1,3}(?:\.\d+)?)\s?%\)\s*")
_ESCAPED = re.compile(r"^\\\(")


def is_choice(source: QuestionSource) -> bool:
    """Whether every item has a box."""
    return bool(source.items) and all(item.marker in {MARKED, BLANK} for item in source.items)


def marked(source: QuestionSource) -> int:
    """How many items are marked as right."""
    return sum(item.marker == MARKED for item in source.items)


def boxes_missing(source: QuestionSource) -> tuple[Problem, ...]:
    """Errors for items without a box, or for a question without items."""
    if not source.items:
        message = "This question has no options."
        return (problem(source, source.line, "question-answers", message, "Write options as `- [ ]` and `- [x]`."),)
    return tuple(
        problem(
            source, item.line, "question-answers-mixed", "This option has no box.", "Begin it with `- [ ]` or `- [x]`."
        )
        for item in source.items
        if item.marker not in {MARKED, BLANK}
    )


def options_of(source: QuestionSource) -> tuple[tuple[Option, ...], tuple[Problem, ...]]:
    """The options with their feedback; `(50%)` at its start gives part credit, which only single choice keeps."""
    options: list[Option] = []
    problems: list[Problem] = []
    for item in source.items:
        right = item.marker == MARKED
        credit, feedback = _credit(item)
        if credit is not None and (right or credit > 1):
            message = "A right option always earns everything." if right else "A credit is at most 100%."
            problems.append(problem(source, item.line, "question-credit", message, "Mend or take away the `(…%)`."))
        if not item.text:
            problems.append(
                problem(source, item.line, "question-option-empty", "This option has no text.", "Write it.")
            )
        options.append(Option(item.text, right, 1.0 if right else min(credit or 0.0, 1.0), feedback, line=item.line))
    problems.extend(_alike(source))
    return tuple(options), tuple(problems)


def _credit(item: Item) -> tuple[float | None, str]:
    match = _CREDIT.match(item.feedback)
    if match:
        return float(match[1]) / 100, item.feedback[match.end() :]
    return None, _ESCAPED.sub("(", item.feedback)


def _alike(source: QuestionSource) -> list[Problem]:
    """Errors for options that no trainee could tell apart."""
    seen: dict[str, Item] = {}
    problems = []
    for item in source.items:
        first = seen.setdefault(" ".join(item.text.split()), item)
        if first is not item and item.text:
            message = f"This option is the same as the one in line {first.line}."
            problems.append(problem(source, item.line, "question-option-twice", message, "Change or remove one."))
    return problems


def credit_not_here(source: QuestionSource) -> tuple[Problem, ...]:
    """Errors for `(50%)` where several options may be chosen."""
    return tuple(
        problem(
            source,
            item.line,
            "question-credit",
            "Part credit for an option works only in single choice.",
            r"Take `(…%)` away, or write `\(` if it is meant as text.",
        )
        for item in source.items
        if _credit(item)[0] is not None
    )


def index_in(values: Sequence[str], count: int) -> int | None:
    """The first value as the index of an option, or None."""
    text = values[0].strip() if values else ""
    index = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
    return index if 0 <= index < count else None


def chosen(question: Question, form: FormValues) -> int | None:
    """The one option that a form names, or None."""
    return index_in(form.get("answer", ()), len(question.options))


def is_index(value: Response, count: int) -> bool:
    """Whether a stored response names one of `count` parts."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count


def text_of(question: Question, response: Response) -> str:
    """The chosen option's words, or nothing."""
    return plain(question.options[response].text) if is_index(response, len(question.options)) else ""


def right_texts(question: Question) -> str:
    """The words of every right option."""
    return "; ".join(plain(option.text) for option in question.options if option.right)
