"""Two texts beside each other: which lines differ, and which words in them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from lms.authoring.alike import alike

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind: TypeAlias = Literal["same", "ours", "theirs", "gap"]
AROUND = 3
MOST_LINES = 4000
MOST_SIGNS = 5000  # of a line whose words are compared
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
    for is_same, here, there in _runs(old, new):
        if is_same:
            lines += (Line("same", place + 1, ((new[place], False),)) for place in range(there.start, there.stop))
        else:
            lines += _pair(old[here], new[there], here.start + 1, there.start + 1)
    return tuple(_without_rest(lines))


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, slice, slice]]:
    """What is alike and what is not, in turn, as places in both."""
    first = second = 0
    pairs = [*alike(old, new), (len(old), len(new))]
    start = 0
    while start < len(pairs):
        a, b = pairs[start]
        if first < a or second < b:
            yield False, slice(first, a), slice(second, b)
        end = start
        while end < len(pairs) - 1 and pairs[end] == (a + end - start, b + end - start):
            end += 1
        first, second = a + end - start, b + end - start
        if end > start:
            yield True, slice(a, first), slice(b, second)
        start = max(end, start + 1)


def _pair(old: Sequence[str], new: Sequence[str], old_first: int, new_first: int) -> Iterator[Line]:
    """The lines that stand for each other, theirs before ours, their differing words marked."""
    marked = [_marked(_words(a), _words(b)) for a, b in zip(old, new, strict=False)]
    for place, words in enumerate(old):
        yield Line("theirs", old_first + place, marked[place][0] if place < len(marked) else ((words, True),))
    for place, words in enumerate(new):
        yield Line("ours", new_first + place, marked[place][1] if place < len(marked) else ((words, True),))


def _words(line: str) -> list[str]:
    return _WORD.findall(line) if len(line) <= MOST_SIGNS else [line]


def _marked(
    old: Sequence[str], new: Sequence[str]
) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    first: list[tuple[str, bool]] = []
    second: list[tuple[str, bool]] = []
    for is_same, here, there in _runs(old, new):
        first += [("".join(old[here]), not is_same)] if here.start < here.stop else []
        second += [("".join(new[there]), not is_same)] if there.start < there.stop else []
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
