"""What essay and upload share: points and rubric, for the trainer who will grade them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lms.content.structure import Json, Problem
from lms.plugins import QuestionSource
from lms.question_types.building import problem

_POINTS_FIRST = re.compile(r"^(\d+(?:\.\d+)?)\s*:\s+(\S.*)$")


def rubric(source: QuestionSource) -> tuple[list[dict[str, Json]], tuple[Problem, ...]]:
    """The rubric's lines as `{"points", "text"}`, and problems."""
    lines = source.settings.get("rubric")
    if lines is None:
        return [], ()
    found: list[dict[str, Json]] = []
    for line in lines if isinstance(lines, list) else [lines]:
        point = _rubric_line(line)
        if point is None:
            fix = "Write a list of `- 2: what earns two points`."
            return [], (problem(source, source.line, "question-setting-value", "This rubric can't be read.", fix),)
        found.append(point)
    return found, ()


def _rubric_line(line: Json) -> dict[str, Json] | None:
    """`2: text` as a mapping or as words; words without points are worth one."""
    if isinstance(line, Mapping) and len(line) == 1:
        (points, text), *_ = line.items()
        line = f"{points}: {text}"
    if not isinstance(line, str) or not line.strip():
        return None
    match = _POINTS_FIRST.match(line.strip())
    return {"points": float(match[1]), "text": match[2]} if match else {"points": 1.0, "text": line.strip()}


def rubric_points(lines: list[dict[str, Json]]) -> float:
    """What the rubric's lines are worth together, 1 if there is no rubric."""
    return sum(float(line["points"]) for line in lines) or 1.0
