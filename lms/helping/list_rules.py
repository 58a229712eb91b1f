"""Pure decisions about a programme's own lists and definitions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CODE, LONGEST_NAME, LONGEST_TEXT = 40, 80, 1000
COUNTS = ("people", "entries")


@dataclass(frozen=True, slots=True)
class NewChoice:
    """An audience or a service as it is typed. `position` counts from 1; `ended_on` is its last day."""

    code: str
    names: Mapping[str, str]
    situation: str = ""
    position: int = 0
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewDefinition:
    """A version of a definition as it is typed, in force from a day on."""

    code: str
    since: date | None
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    kinds: Collection[str] = ()
    audiences: Collection[str] = ()
    counts: str = "people"


def choice_problems(new: NewChoice, taken: Collection[str]) -> dict[str, str]:
    """Field -> what is wrong with it: `unreadable`, `taken`, `empty` or `long`."""
    found = {"code": _code_problem(new.code, taken), "names": _words_problem(new.names, LONGEST_NAME)}
    return {field: problem for field, problem in found.items() if problem}


def definition_problems(
    new: NewDefinition, *, previous: date | None, closed: date | None, listed: Mapping[str, Collection[str]]
) -> dict[str, str]:
    """Field -> what is wrong with it; `early` and `closed` for a day that the version before or a closed period has.

    `previous` is the first day of the version before, `closed` the last day of the last closed period, `listed` what
    kinds and audiences there are.
    """
    found = {
        "code": _code_problem(new.code, ()),
        "titles": _words_problem(new.titles, LONGEST_NAME),
        "texts": _words_problem(new.texts, LONGEST_TEXT),
        "since": _since_problem(new.since, previous, closed),
        "counts": "" if new.counts in COUNTS else "unreadable",
        "kinds": "" if set(new.kinds) <= set(listed["kinds"]) else "unreadable",
        "audiences": "" if set(new.audiences) <= set(listed["audiences"]) else "unreadable",
    }
    return {field: problem for field, problem in found.items() if problem}


def _code_problem(code: str, taken: Collection[str]) -> str:
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        return "unreadable"
    return "taken" if code in taken else ""


def _words_problem(words: Mapping[str, str], longest: int) -> str:
    if not any(words.values()):
        return "empty"
    return "long" if any(len(each) > longest for each in words.values()) else ""


def _since_problem(since: date | None, previous: date | None, closed: date | None) -> str:
    if since is None:
        return "unreadable"
    if previous is not None and since <= previous:
        return "early"
    return "closed" if closed is not None and since <= closed else ""
