"""Scale: an opinion between two ends. It never counts in a graded total."""

from __future__ import annotations

from collections.abc import Mapping

from lms.content.structure import Json, Problem, Question
from lms.plugins import FormValues, Grade, Parsed, QuestionSource, Response
from lms.question_types.building import problem, question_from, share

EXAMPLE = """\
## How sure do you feel when a reader asks about online banking? {#sure}

```quiz
type: scale
from: 1
to: 5
labels: {1: not at all sure, 5: quite sure}
weight: 2
```
"""

_MOST_STEPS = 21


class Scale:
    """`type: scale` with `from`, `to` and `labels`; `weight` gives it a score at intake."""

    name = "scale"
    interaction = "likert"
    template = "question_types/scale.html"
    example = EXAMPLE
    settings: frozenset[str] = frozenset({"from", "to", "labels", "weight"})
    shuffles = False
    takes_list = False
    __slots__ = ()

    def recognises(self, source: QuestionSource) -> bool:  # noqa: ARG002 - the contract's
        """Never: the author says so."""
        return False

    def parse(self, source: QuestionSource) -> Parsed:
        """The ends (1 to 5 if left out), the labels by value, and the weight."""
        low, high = source.settings.get("from", 1), source.settings.get("to", 5)
        problems: tuple[Problem, ...] = ()
        if not (_is_whole(low) and _is_whole(high) and 0 < high - low < _MOST_STEPS):
            message = "`from` and `to` are whole numbers, `from` the smaller, at most 20 apart."
            problems += (
                problem(source, source.line, "question-setting-value", message, "Write `from: 1` and `to: 5`."),
            )
            low, high = 1, 5
        labels = _labels(source.settings.get("labels"), low, high)
        if labels is None:
            message = f"`labels` names values from {low} to {high}."
            fix = f"Write `labels: {{{low}: never, {high}: always}}`, or a list."
            problems += (problem(source, source.line, "question-setting-value", message, fix),)
        weight = source.settings.get("weight", 0)
        if isinstance(weight, bool) or not isinstance(weight, int | float):
            message, fix = f"`weight: {weight}` is not a number.", "Write `weight: 2`."
            problems += (problem(source, source.line, "question-setting-value", message, fix),)
            weight = 0
        spec = {"from": low, "to": high, "labels": labels or {}, "weight": weight}
        return Parsed(question_from(source, self.name, spec=spec, points=0.0), problems)

    def read(self, question: Question, form: FormValues) -> Response | None:
        """The chosen value."""
        values = form.get("answer", ())
        return next((step for step in _steps(question) if values and values[0].strip() == str(step)), None)

    def grade(self, question: Question, response: Response) -> Grade:
        """The share of the way from `from` to `to`; it doesn't count."""
        low, high = question.spec["from"], question.spec["to"]
        value = response if _is_whole(response) else low
        return Grade(share(value - low, high - low, all_or_nothing=False), counts=False)

    def describe(self, question: Question, response: Response) -> str:
        """The value and its label."""
        if response not in _steps(question):
            return ""
        label = question.spec["labels"].get(str(response))
        return f"{response}: {label}" if label else str(response)

    def model_response(self, question: Question) -> Response | None:  # noqa: ARG002 - the contract's
        """A response that earns everything; None where a person has to judge."""
        return None

    def solution(self, question: Question) -> str:  # noqa: ARG002 - the contract's
        """None: it is an opinion."""
        return ""


def intake_score(question: Question, response: Response) -> float:
    """What a scale adds to an intake: weight * (value - from) / (to - from); 0 without a weight or an answer."""
    low, high = question.spec["from"], question.spec["to"]
    if not _is_whole(response) or not low <= response <= high:
        return 0.0
    return float(question.spec["weight"] * (response - low) / (high - low))


def _is_whole(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _steps(question: Question) -> range:
    return range(question.spec["from"], question.spec["to"] + 1)


def _labels(value: Json, low: int, high: int) -> dict[str, str] | None:
    """Labels by value: from a mapping, a list of both ends, or a list of all; None if they don't fit."""
    if value is None:
        return {}
    if isinstance(value, list) and len(value) in {2, high - low + 1}:
        places = [low, high] if len(value) == 2 else list(range(low, high + 1))
        value = dict(zip(places, value, strict=True))
    if not isinstance(value, Mapping):
        return None
    named = {str(place): str(text) for place, text in value.items()}
    return named if set(named) <= {str(place) for place in range(low, high + 1)} else None
