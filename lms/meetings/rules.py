"""Pure decisions about sessions: who is entitled to train others, how a typed list is read, what a short code is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lms.content.compiled import CompiledCourse

LEVELS = ("local", "national")
CODE_LENGTH = 6
MOST_LINES = 100  # as many as a big class, noted within half a second, so that nobody waits for it
LONGEST_LINE = 300
NEAR, MOST_NEAR = 0.6, 4


@dataclass(frozen=True, slots=True)
class Offer:
    """What the cascade needs to know of a course; `parts` are the courses of a programme."""

    gives_certificate: bool
    level: str = ""
    parts: tuple[str, ...] = ()


def offer_of(course: CompiledCourse) -> Offer:
    """What the cascade needs to know of a published course."""
    award = course.certificate
    return Offer(award is not None, award.level if award is not None else "", course.courses)


def entitling(course: str, offers: Mapping[str, Offer]) -> frozenset[str]:
    """The courses whose certificate entitles to train others in this one.

    That is the course itself, a programme that it is a part of, and every course of a higher level.
    """
    level = _rank(offers[course].level) if course in offers else len(LEVELS)
    higher = (name for name, offer in offers.items() if course in offer.parts or _rank(offer.level) > level)
    return frozenset({course, *higher})


def _rank(level: str) -> int:
    """A level's place; a level that we don't know, or none, is the lowest."""
    return LEVELS.index(level) if level in LEVELS else 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a typed list: its number as typed, who is meant, and the hours; None if none are written."""

    number: int
    text: str
    who: str
    hours: float | None


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a line may mean."""

    id: int
    code: str
    name: str
    latin_name: str
    unit: str


_NUMBERING = re.compile(r"^\d{1,3}[.)]\s+")
_HOURS = re.compile(r"^(?P<who>.*?\S)\s*[;,\t]\s*(?P<hours>\d{1,3}(?:[.,]\d{1,2})?)\s*h?$")


def read_lines(text: str) -> list[Line]:
    """The lines of a list that somebody typed or pasted: a code or a name, and perhaps `; hours`.

    Empty ones are skipped. A number in front, as lists on paper have it, is not part of the name.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        plain = _NUMBERING.sub("", " ".join(line.replace("\t", " ; ").split()))
        plain = plain.rstrip(" ;,")
        if not plain:
            continue
        split = _HOURS.match(plain)
        hours = float(split["hours"].replace(",", ".")) if split else None
        found.append(Line(number, line.strip(), split["who"].rstrip(" ;,") if split else plain, hours))
    return found


def nearest(wanted: str, folded: Mapping[int, Sequence[str]]) -> list[int]:
    """The ids whose names are most like what was typed, the likeliest first. All texts are folded."""
    words = " ".join(sorted(wanted.split()))
    likeness = {key: max(_alike(words, name) for name in names) for key, names in folded.items()}
    near = [key for key, share in likeness.items() if share >= NEAR]
    return sorted(near, key=lambda key: (-likeness[key], key))[:MOST_NEAR]


def _alike(sorted_words: str, name: str) -> float:
    return SequenceMatcher(None, sorted_words, " ".join(sorted(name.split()))).ratio()


def same_name(wanted: str, names: Iterable[str]) -> bool:
    """Whether what was typed is one of the names, in whatever order its words stand. All texts are folded."""
    words = sorted(wanted.replace(",", " ").split())
    return any(words == sorted(name.replace(",", " ").split()) for name in names)


def read_code(text: str) -> str:
    """The short code of a session as somebody typed it: without spaces and dashes, in capitals."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def show_code(code: str) -> str:
    """The same as it is printed, in two groups."""
    return f"{code[:3]}-{code[3:]}"
