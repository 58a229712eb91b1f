"""Two texts beside each other: which lines differ, and which words in them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind: TypeAlias = Literal["same", "ours", "theirs", "gap"]
AROUND = 3
MOST_LINES = 4000  # comparing takes time by the square of the lines
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one text or of both; `pieces` are its words, each with whether only this text has it."""

    kind: Kind
    number: int
    pieces: tuple[tuple[str, bool], ...]


def differences(theirs: str, ours: str) -> tuple[Line, ...]:
    """What differs, with a few lines around it; a `gap` says how many lines that are alike were left out."""
    old, new = theirs.split("\n")[:MOST_LINES], ours.split("\n")[:MOST_LINES]
    lines: list[Line] = []
    for kind, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += (Line("same", place + 1, ((new[place], False),)) for place in range(new_start, new_end))
        else:
            lines += _pair(old[old_start:old_end], new[new_start:new_end], old_start + 1, new_start + 1)
    return tuple(_without_rest(lines))


def _pair(old: Sequence[str], new: Sequence[str], old_first: int, new_first: int) -> Iterator[Line]:
    """The lines that stand for each other, theirs before ours, their differing words marked."""
    pairs = [(_words(a), _words(b)) for a, b in zip(old, new, strict=False)]
    marked = [_marked(a, b) for a, b in pairs]
    for place, words in enumerate(old):
        yield Line("theirs", old_first + place, marked[place][0] if place < len(marked) else ((words, True),))
    for place, words in enumerate(new):
        yield Line("ours", new_first + place, marked[place][1] if place < len(marked) else ((words, True),))


def _words(line: str) -> list[str]:
    return _WORD.findall(line)


def _marked(
    old: Sequence[str], new: Sequence[str]
) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    first: list[tuple[str, bool]] = []
    second: list[tuple[str, bool]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        first += [("".join(old[a:b]), kind != "equal")] if a < b else []
        second += [("".join(new[c:d]), kind != "equal")] if c < d else []
    return tuple(first), tuple(second)


def _without_rest(lines: Sequence[Line]) -> Iterator[Line]:
    changed = [place for place, line in enumerate(lines) if line.kind != "same"]
    shown = {place for here in changed for place in range(here - AROUND, here + AROUND + 1)}
    left_out = 0
    for place, line in enumerate(lines):
        if place in shown:
            if left_out:
                yield Line("gap", left_out, ())
            left_out = 0
            yield line
        else:
            left_out += 1
    if left_out:
        yield Line("gap", left_out, ())
