"""The settings of a question, as a form shows them and as its `quiz` block says them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lms.content.frontmatter import NotYaml, load_yaml
from lms.content.question_settings import quiz_block
from lms.content.structure import Json
from lms.editing.heads import quoted, scalar

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_ENDS = re.compile(r"[ \t\r\n]+")
LISTED = ("rubric", "labels")
NUMBERS = frozenset({"points", "weight", "from", "to", "words", "max"})


def inner_lines(words: Sequence[str]) -> tuple[int, int]:
    """Which lines of a fence are between its first and its closing one."""
    closing = words[-1].strip()
    is_closed = len(words) > 1 and len(closing) >= 3 and set(closing) <= {"`"} | {"~"}
    return 1, len(words) - 1 if is_closed else len(words)


def settings_shown(words: Sequence[str]) -> dict[str, str] | None:
    """A fence's settings as words for a form, a list as one line for each; None if it cannot be read safely."""
    start, end = inner_lines(words)
    block, problems = quiz_block("", "\n".join(words[start:end]), 1)
    if problems or not _is_by_line(block.lines, block.values):
        return None
    return {key: _shown(key, value) for key, value in block.values.items()}


def _is_by_line(lines: Mapping[str, int], values: Mapping[str, Json]) -> bool:
    """Whether each key has a line of its own, so that one can change without the others."""
    return set(lines) == set(values) and len(set(lines.values())) == len(lines)


def _shown(key: str, value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {words}" for name, words in value.items())
    if isinstance(value, list):
        each = [_shown(key, item) for item in value]
        return "\n".join(each) if key in LISTED else ", ".join(each)
    return "" if value is None else str(value)


def with_settings(words: Sequence[str], wanted: Mapping[str, str]) -> list[str]:
    """A fence with other settings: the lines of what did not change stay as they are.

    `words` may be empty: then a fence is made. Without any setting left, there is no fence.
    """
    before = settings_shown(words) if words else {}
    before = before or {}
    if not any(wanted.values()):
        return []
    opening, closing = (words[0], list(words[inner_lines(words)[1] :])) if words else ("```quiz", ["```"])
    kept = _by_key(words) if words else {}
    lines: list[str] = list(kept.pop("", []))
    for key, own in kept.items():
        if wanted.get(key, "") == before.get(key):
            lines += own
        elif wanted.get(key):
            lines += setting_lines(key, wanted[key])
    for key, value in wanted.items():
        if value and key not in kept:
            lines += setting_lines(key, value)
    return [opening, *lines, *(closing or ["```"])]


def _by_key(words: Sequence[str]) -> dict[str, list[str]]:
    """The lines of each key of a fence, what stands before the first one under an empty name."""
    start, end = inner_lines(words)
    inside = words[start:end]
    block, _ = quiz_block("", "\n".join(inside), 1)
    marks = sorted((line - 1, key) for key, line in block.lines.items())
    found = {"": list(inside[: marks[0][0] if marks else len(inside)])}
    for place, (line, key) in enumerate(marks):
        after = marks[place + 1][0] if place + 1 < len(marks) else len(inside)
        found[key] = list(inside[line:after])
    return found


def setting_lines(key: str, value: str) -> list[str]:
    """One setting in YAML, as a person would write it."""
    rows = [row.strip() for row in value.split("\n") if row.strip()]
    if key == "rubric":
        return ["rubric:", *(f"  - {_rubric(row)}" for row in rows)]
    if key == "labels":
        if not any(":" in row for row in rows):
            return [f"labels: [{', '.join(scalar(row, in_list=True) for row in rows)}]"]
        pairs = [row.partition(":") for row in rows]
        return ["labels:", *(f"  {_name(name.strip())}: {_scalar(words.strip())}" for name, _, words in pairs)]
    if key == "files":
        return [f"files: [{', '.join(scalar(word, in_list=True) for word in value.replace(',', ' ').split())}]"]
    words = _ENDS.sub(" ", value).strip()
    return [f"{key}: {words if key in NUMBERS and _NUMBER.fullmatch(words) else _scalar(words)}"]


def _name(text: str) -> str:
    """A key: a number as it is, words so that they stay words."""
    return text if _NUMBER.fullmatch(text) else _scalar(text)


def _rubric(row: str) -> str:
    points, colon, words = row.partition(":")
    is_pointed = bool(colon) and points.strip().replace(".", "", 1).isdigit()
    return f"{points.strip()}: {_scalar(words.strip())}" if is_pointed else _scalar(row)


def _scalar(text: str) -> str:
    """A value without quotes where YAML reads it as it stands, else in double quotes."""
    try:
        read = load_yaml(f"k: {text}").value
    except NotYaml:
        read = None
    value = read.get("k") if isinstance(read, dict) and len(read) == 1 else None
    is_same = _shown("", value) == text if not isinstance(value, dict | list) else False
    return text if is_same and text and not set(text) & set(",[]{}") else quoted(text)
