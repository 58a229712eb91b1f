"""From a source to a question: what every type does the same way."""

from __future__ import annotations

from collections.abc import Mapping

from lms.content.structure import Json, Option, Problem, Question, Severity
from lms.plugins import QuestionSource

ALL_OR_NOTHING = "all-or-nothing"


def problem(
    source: QuestionSource, line: int, rule: str, message: str, fix: str, severity: Severity = "error"
) -> Problem:
    """A problem in the source's file."""
    return Problem(source.file, line, severity, rule, message, fix)


def question_from(
    source: QuestionSource,
    type_name: str,
    options: tuple[Option, ...] = (),
    spec: Mapping[str, Json] | None = None,
    points: float = 1.0,
) -> Question:
    """The question with everything that doesn't depend on the type. `points` holds where the source names none.

    Settings of a wrong kind are left out: the parser reports them.
    """
    settings = source.settings
    stated = settings.get("points")
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        points = float(stated)
    outcome, level = settings.get("outcome"), settings.get("level")
    return Question(
        id=source.id,
        type=type_name,
        stem=source.stem,
        body=source.body,
        options=options,
        hint=source.hint,
        explanation=source.explanation,
        points=points,
        outcome=outcome if isinstance(outcome, str) else "",
        critical=settings.get("critical") is True,
        fixed_order=settings.get("order") == "fixed",
        spec=dict(spec or {}),
        line=source.line,
        level=level if isinstance(level, str) else "",
    )


def all_or_nothing(source: QuestionSource) -> tuple[dict[str, Json], tuple[Problem, ...]]:
    """What `credit:` asks for, as a piece of spec, and what is wrong with it."""
    value = source.settings.get("credit")
    if value is None:
        return {}, ()
    if value == ALL_OR_NOTHING:
        return {"all_or_nothing": True}, ()
    message = f"`credit: {value}` is not known."
    return {}, (
        problem(
            source, source.line, "question-setting-value", message, "Write `credit: all-or-nothing` or leave it out."
        ),
    )


def share(earned: float, whole: float, *, all_or_nothing: bool) -> float:
    """The part that was earned, 0 to 1, rounded so that thirds add up to a whole."""
    if whole <= 0:
        return 0.0
    part = round(min(1.0, max(0.0, earned / whole)), 6)
    if all_or_nothing:
        return 1.0 if part >= 1.0 else 0.0
    return part
