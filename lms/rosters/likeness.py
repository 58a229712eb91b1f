"""Which people of one unit may be one, by their names. Pure, and linear in the number of people.

Names that fold to the same text are alike, in whatever order their words stand. So are names that differ by one letter:
each name is filed under itself and under itself without one letter, and who meets in a file is alike (deletion
neighbourhoods; Mor and Fraenkel 1982).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHORTEST = 8  # letters; in shorter names one letter makes another name
MOST_CLOSE = 3000  # members of one unit whose names are compared letter by letter; of more, only equal ones are found
MOST_ALIKE = 5  # in one file; where more people have one name, the name says nothing


class Named(NamedTuple):
    """A person of a unit. `folded_name` is the name as searching compares it."""

    id: int
    folded_name: str
    code: str | None


def alike(people: Iterable[Named]) -> Iterator[tuple[int, int]]:
    """Pairs of people of one unit who may be one, the lower id first; each pair once.

    Two who have codes are two to the register: a differing letter alone says nothing about them.
    """
    files: dict[str, list[tuple[Named, str]]] = defaultdict(list)
    members = list(people)
    for person in members:
        name = " ".join(sorted(person.folded_name.split()))
        for key in _keys(name) if len(members) <= MOST_CLOSE else (name,):
            files[key].append((person, name))
    found: set[tuple[int, int]] = set()
    for filed in files.values():
        if 2 <= len(filed) <= MOST_ALIKE:
            found.update(_pairs(filed))
    yield from sorted(found)


def _keys(name: str) -> set[str]:
    keys = {name}
    if len(name) >= SHORTEST:
        keys.update(name[:place] + name[place + 1 :] for place in range(len(name)))
    return keys


def _pairs(filed: list[tuple[Named, str]]) -> Iterator[tuple[int, int]]:
    for place, (one, name) in enumerate(filed):
        for other, other_name in filed[place + 1 :]:
            if one.id == other.id or (one.code and other.code and name != other_name):
                continue
            yield min(one.id, other.id), max(one.id, other.id)
