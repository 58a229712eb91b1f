"""The settings of a question file (its front matter) and of one question (its `quiz` block)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import get_args

from lms.content.fields import read_share
from lms.content.frontmatter import NotYaml, Page, load_yaml
from lms.content.structure import Json, Problem, QuizSettings, Review
from lms.plugins import QuestionType

COMMON_SETTINGS = frozenset({"type", "points", "outcome", "critical", "order", "level"})
LEVELS = ("recall", "understand", "apply")
_DURATION = re.compile(r"(\d{1,6}(?:\.\d+)?)\s*([a-z]*)\.?", re.ASCII)
_SECONDS = {"s": 1, "second": 1, "min": 60, "minute": 60, "": 60, "h": 3600, "hour": 3600, "day": 86400, "week": 604800}
_FLAGS = {"yes": True, "no": False, "true": True, "false": False, "on": True, "off": False}


class NotUnderstood(ValueError):
    """A value that a setting can't have; the message says what to write."""


def closest(word: str, known: Collection[str], otherwise: str) -> str:
    """A fix for an unknown word: the nearest known one, or something else to do."""
    near = get_close_matches(word.lower(), sorted(known), n=1)
    return f"Did you mean `{near[0]}`?" if near else otherwise


def read_duration(value: Json) -> int:
    """Seconds from `30` (minutes), `1 hour`, `2 days`. Raises `NotUnderstood`."""
    match = _DURATION.fullmatch(str(value).strip().lower()) if isinstance(value, str | int | float) else None
    seconds = _SECONDS.get(match[2].removesuffix("s") if len(match[2]) > 1 else match[2]) if match else None
    if match is None or seconds is None or isinstance(value, bool):
        raise NotUnderstood("Write a number of minutes, or a time such as `1 hour`.")
    return round(float(match[1]) * seconds)


def read_flag(value: Json) -> bool:
    """Yes or no. Raises `NotUnderstood`."""
    known = value if isinstance(value, bool) else _FLAGS.get(str(value).strip().lower())
    if known is None:
        raise NotUnderstood("Write `yes` or `no`.")
    return known


def _whole(value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise NotUnderstood("Write a whole number above 0.")
    return value


def _share(value: Json) -> float:
    share = read_share(value)
    if share is None or (isinstance(value, str) and value.strip().lower() == "all"):
        raise NotUnderstood("Write a share such as `80%` or `0.8`.")
    return share


def _time_limit(value: Json) -> int:
    seconds = read_duration(value)
    if seconds < 1:
        raise NotUnderstood("Write at least a minute, or leave it out for no limit.")
    return seconds


def _review(value: Json) -> Json:
    if value not in get_args(Review):
        words = ", ".join(f"`{word}`" for word in get_args(Review))
        raise NotUnderstood(closest(str(value), get_args(Review), f"Write one of {words}."))
    return value


def _by_outcome(read: Callable[[Json], Json]) -> Callable[[Json], Json]:
    def read_all(value: Json) -> Json:
        if isinstance(value, Mapping) and value:
            return {str(outcome): read(each) for outcome, each in value.items()}
        return {"total": read(value)}

    return read_all


_READERS: dict[str, tuple[str, Callable[[Json], Json]]] = {
    "pass": ("passing", _by_outcome(_share)),
    "draw": ("draw", _by_outcome(_whole)),
    "attempts": ("attempts", _whole),
    "retry_after": ("retry_after", read_duration),
    "minutes": ("time_limit", _time_limit),
    "review": ("review", _review),
    "shuffle": ("shuffle", read_flag),
    "offline": ("offline", read_flag),
}
FILE_SETTINGS = frozenset({"title", "language", "translated_from", *_READERS})


def file_settings(path: str, page: Page) -> tuple[QuizSettings, tuple[Problem, ...]]:
    """The settings in a question file's front matter; every unknown or unreadable key is an error."""
    values: dict[str, Json] = {}
    problems: list[Problem] = []
    if page.error:
        message, line = page.error
        fix = "Correct the lines between the --- lines; put text that has a colon in quotes."
        problems.append(Problem(path, line, "error", "front-matter-unreadable", message, fix))
    for key, line in page.doubles:
        message = f"`{key}` is given twice; the last one counts."
        problems.append(Problem(path, line, "warning", "front-matter-twice", message, "Keep one."))
    for key, value in page.values.items():
        if key not in FILE_SETTINGS:
            message = f"`{key}` is no setting of a question file."
            fix = closest(key, FILE_SETTINGS, "Remove it.")
            problems.append(Problem(path, page.line(key), "error", "quiz-setting-unknown", message, fix))
        elif key in _READERS and value is not None:
            name, read = _READERS[key]
            try:
                values[name] = read(value)
            except NotUnderstood as error:
                message = f"The value of `{key}` cannot be used."
                problems.append(Problem(path, page.line(key), "error", "quiz-setting-value", message, str(error)))
    return QuizSettings(**values), tuple(problems)


@dataclass(frozen=True, slots=True)
class QuizBlock:
    """A question's `quiz` block: its values, and the file's line of each key."""

    values: Mapping[str, Json] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


def quiz_block(path: str, text: str, line: int) -> tuple[QuizBlock, tuple[Problem, ...]]:
    """Read a `quiz` block whose first line of YAML is `line` of the file."""
    rule, fix = "question-setting-value", "Write `key: value`, one a line."
    try:
        document = load_yaml(text)
    except NotYaml as error:
        place = line + min(error.line, text.count("\n") + 1) - 1
        return QuizBlock(), (Problem(path, place, "error", rule, str(error), fix),)
    if document.value is None:
        return QuizBlock(), ()
    if not isinstance(document.value, dict):
        return QuizBlock(), (Problem(path, line, "error", rule, "This `quiz` block has no settings.", fix),)
    twice = tuple(
        Problem(path, line + place - 1, "error", rule, f"`{key}` stands here twice.", "Remove one.")
        for key, place in document.doubles
    )
    lines = {str(key[0]): line + place - 1 for key, place in document.lines.items() if len(key) == 1}
    return QuizBlock({str(key): value for key, value in document.value.items()}, lines), twice


def check_block(path: str, block: QuizBlock, type_: QuestionType) -> tuple[dict[str, Json], tuple[Problem, ...]]:
    """The settings that a type may have, common ones in their final form, and errors for all others."""
    values: dict[str, Json] = {}
    problems: list[Problem] = []
    known = COMMON_SETTINGS | type_.settings
    for key, value in block.values.items():
        line = block.lines.get(key, 0)
        if key not in known:
            message = f"`{key}` is no setting of a {type_.name} question."
            fix = closest(key, known, "Remove it.")
            problems.append(Problem(path, line, "error", "question-setting-unknown", message, fix))
            continue
        try:
            values[key] = _COMMON[key](value) if key in _COMMON else value
        except NotUnderstood as error:
            message = f"The value of `{key}` cannot be used."
            problems.append(Problem(path, line, "error", "question-setting-value", message, str(error)))
    return values, tuple(problems)


def _points(value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1_000_000:
        raise NotUnderstood("Write a number above 0.")
    return float(value)


def _order(value: Json) -> str:
    if value != "fixed":
        raise NotUnderstood("Write `order: fixed`, or leave it out.")
    return "fixed"


def _outcome(value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise NotUnderstood("Write the id of one outcome.")
    return str(value).strip()


def _level(value: Json) -> str:
    if value not in LEVELS:
        raise NotUnderstood(closest(str(value), LEVELS, "Write `recall`, `understand` or `apply`."))
    return str(value)


_COMMON: dict[str, Callable[[Json], Json]] = {
    "points": _points,
    "order": _order,
    "outcome": _outcome,
    "critical": read_flag,
    "level": _level,
}
