"""Which items of two sequences stand for each other, in time that hardly grows faster than they are long. Pure.

After Bram Cohen's patience diff: items that each side has once are anchors; what lies between two anchors is looked at
in the same way. `difflib` alone needs minutes for a long text of few different words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SMALL = 1000  # pairs of items of which every one may be tried
DEEPEST = 12  # anchors between anchors between anchors
Span = tuple[int, int, int, int]  # from and to in the one sequence, from and to in the other


def alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The places of items that are alike and in the same order, as (place in `old`, place in `new`), ascending."""
    found: list[tuple[int, int]] = []
    waiting: list[tuple[Span, int]] = [((0, len(old), 0, len(new)), 0)]
    while waiting:
        span, depth = waiting.pop()
        a, b, c, d = _without_ends(old, new, span, found)
        if (b - a) * (d - c) <= SMALL:
            match = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
            for first, second, count in match.get_matching_blocks():
                found += ((a + first + step, c + second + step) for step in range(count))
        elif depth < DEEPEST:
            anchors = [*_anchors(old, new, (a, b, c, d)), (b, d)]
            starts = [(a, c), *anchors[:-1]]
            if len(anchors) > 1:
                waiting += (
                    ((x, to_x, y, to_y), depth + 1) for (x, y), (to_x, to_y) in zip(starts, anchors, strict=True)
                )
    return sorted(found)


def _without_ends(old: Sequence[str], new: Sequence[str], span: Span, found: list[tuple[int, int]]) -> Span:
    """The span without what is alike at its beginning and end, which is noted."""
    a, b, c, d = span
    while a < b and c < d and old[a] == new[c]:
        found.append((a, c))
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
        found.append((b, d))
    return a, b, c, d


def _anchors(old: Sequence[str], new: Sequence[str], span: Span) -> Iterator[tuple[int, int]]:
    """What each side has exactly once: of these as many as stand in the same order on both sides."""
    a, b, c, d = span
    here, there = Counter(old[a:b]), Counter(new[c:d])
    place_of = {new[place]: place for place in range(c, d) if there[new[place]] == 1}
    once = [(place, place_of[old[place]]) for place in range(a, b) if here[old[place]] == 1 and old[place] in place_of]
    ends: list[int] = []  # of the best row of each length, where it stands in `new`
    last: list[int] = []  # and which of `once` that is
    before: list[int] = []
    for number, (_, place) in enumerate(once):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1], last[length : length + 1] = [place], [number]
    row, number = [], last[-1] if last else -1
    while number >= 0:
        row.append(once[number])
        number = before[number]
    return reversed(row)
