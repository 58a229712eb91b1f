"""The order of lessons and modules in their folder: told by numbers in names, or by a list of lessons. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from lms.content.naming import folder_of, index_rank, is_page, split_language, stem, without_number
from lms.editing.heads import extent, page_of
from lms.editing.moving import family, inside
from lms.editing.opened import course_of
from lms.editing.texts import MARK, lines_of
from lms.editing.tree import tree_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lms.editing.opened import Opened
    from lms.editing.tree import Node

Way: TypeAlias = Literal["up", "down"]
OWN_ORDER = frozenset({"mkdocs", "summary", "toc", "config"})
_NUMBER = re.compile(r"^(\d{1,3})([-_. ]+)")


class OrderElsewhere(ValueError):
    """A file says the order of the lessons, in a way that only its author can change; `path` is that file."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class Rearranged:
    """What puts something in another place: files that get other names, or a page with another list."""

    moves: dict[str, str]
    pages: dict[str, bytes]


def rearranged(known: Opened, path: str, way: Way) -> Rearranged:
    """A lesson or module one place further up or down; nothing to do at the end. Raises `OrderElsewhere`."""
    names = siblings(known, path)
    place = names.index(path) if path in names else -1
    other = place + (-1 if way == "up" else 1)
    if place < 0 or not 0 <= other < len(names):
        return Rearranged({}, {})
    listed = _listed(known, path)
    if listed:
        return Rearranged({}, {listed: _swapped(known, listed, names[place], names[other])})
    wanted = list(names)
    wanted[place], wanted[other] = wanted[other], wanted[place]
    return Rearranged(renumbered(known, names, wanted), {})


def siblings(known: Opened, path: str) -> list[str]:
    """The lessons and modules beside a lesson or module, in the order of trainees; a folder's own page stays first."""
    course = course_of(known.pack, path if "." in path.rpartition("/")[2] else f"{path}/")
    if course is None:
        return []
    nodes = next((node.children for node in tree_of(known).courses if node.path == course.path), ())
    beside = _beside(nodes, path)
    folder = folder_of(path)
    return [
        node.path
        for node in beside
        if node.kind in ("lesson", "module") and folder_of(node.path) == folder and index_rank(node.path) is None
    ]


def _beside(nodes: Sequence[Node], path: str) -> Sequence[Node]:
    if any(node.path == path for node in nodes):
        return nodes
    return next((found for node in nodes if (found := _beside(node.children, path))), ())


def _listed(known: Opened, path: str) -> str:
    """The page whose `lessons:` says the order; empty if names say it. Raises `OrderElsewhere`."""
    course = course_of(known.pack, path if "." in path.rpartition("/")[2] else f"{path}/")
    if course is None:
        return ""
    front = course.index.get(course.language, "")
    own = next((page for page in known.files if folder_of(page) == folder_of(path) and index_rank(page) == 0), "")
    for page in dict.fromkeys((front, own)):
        if page and isinstance(page_of(_text(known, page)).values.get("lessons"), list):
            return page
    if course.order_by in OWN_ORDER:
        raise OrderElsewhere(course.order_file)
    return ""


def _text(known: Opened, path: str) -> str:
    return known.files[path].decode("utf-8", "surrogateescape")


def _swapped(known: Opened, page: str, one: str, other: str) -> bytes:
    """A page with two items of its `lessons:` exchanged. Raises `OrderElsewhere` where they are no plain items."""
    text = _text(known, page)
    places = [_item(known, page, path) for path in (one, other)]
    head = page_of(text)
    starts = sorted(line for key, line in head.lines.items() if len(key) == 2 and key[0] == "lessons")
    if None in places or len(set(starts)) != len(starts) or head.lines.get(("lessons",)) in starts:
        raise OrderElsewhere(page)
    ends = dict(zip(starts, [*starts[1:], extent(head, "lessons")[1]], strict=True))
    (first, second) = sorted(place for place in places if place is not None)
    mark, lines = MARK if text.startswith(MARK) else "", lines_of(text.removeprefix(MARK))
    pieces = (
        lines[: first - 1],
        lines[second - 1 : ends[second] - 1],
        lines[ends[first] - 1 : second - 1],
        lines[first - 1 : ends[first] - 1],
        lines[ends[second] - 1 :],
    )
    written = "".join(words + end for piece in pieces for words, end in piece)
    return (mark + written).encode("utf-8", "surrogateescape")


def _item(known: Opened, page: str, path: str) -> int | None:
    """The line at which the list of a page names a file or folder."""
    head = page_of(_text(known, page))
    wanted = path[len(folder_of(page)) + 1 :] if folder_of(page) else path
    for number, item in enumerate(head.values.get("lessons", ())):
        target = next(iter(item.values()), "") if isinstance(item, dict) and len(item) == 1 else item
        if isinstance(target, str) and target.strip("/") in (wanted, stem(wanted)):
            return head.lines.get(("lessons", number))
    return None


def renumbered(known: Opened, names: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
    """The moves that give things the wanted order: the numbers stay where they are, the names change places.

    Where not all have a number, or two the same, all get new ones.
    """
    parts = [_NUMBER.match(_name(path)) for path in names]
    numbers = [part[1] for part in parts if part]
    values = [int(number) for number in numbers]
    if len(numbers) < len(names) or values != sorted(set(values)):
        width = max(2, len(str(len(names))))
        numbers = [f"{place:0{width}}" for place in range(1, len(names) + 1)]
    moves: dict[str, str] = {}
    for path, number in zip(wanted, numbers, strict=True):
        own = _NUMBER.match(_name(path))
        bare = without_number(_name(path))
        moves |= renamed(known, path, f"{number}{own[2] if own else '-'}{bare}")
    return {old: new for old, new in moves.items() if old != new}


def base_name(known: Opened, path: str) -> str:
    """The name of a file or folder without number, language and endings."""
    return without_number(_base(known, path).rpartition("/")[2] if path in known.files else _name(path))


def _name(path: str) -> str:
    return (stem(path) if is_page(path) else path).rpartition("/")[2]


def renamed(known: Opened, path: str, name: str, folder: str | None = None) -> dict[str, str]:
    """The moves that give a folder, or a page with everything that belongs to it, another name or folder."""
    above = folder_of(path) if folder is None else folder
    start = f"{above}/" if above else ""
    if path not in known.files:
        return {each: start + name + each[len(path) :] for each in inside(known, path)}
    base = _base(known, path)
    return {
        each: start + name + each[len(base) :] if each.startswith(base) else each for each in family(known.pack, path)
    }


def _base(known: Opened, path: str) -> str:
    """A path without what follows its name: a language, `.quiz`, the ending; other files keep their last ending."""
    if not is_page(path):
        return path.rpartition(".")[0] or path
    course = course_of(known.pack, path)
    tags = (course.language, *course.languages) if course else ()
    bare = stem(split_language(path, known.files, tags)[0])
    return bare[: -len(".quiz")] if bare.lower().endswith(".quiz") else bare


def next_number(known: Opened, folder: str) -> str:
    """The number that puts something after everything in a folder, with its hyphen; empty where nothing has one."""
    start = f"{folder}/" if folder else ""
    names = {path[len(start) :].partition("/")[0] for path in known.files if path.startswith(start)}
    pages = [name for name in names if index_rank(name) is None and (is_page(name) or "." not in name)]
    found = [match for name in pages if (match := _NUMBER.match(name))]
    if pages and 2 * len(found) < len(pages):
        return ""
    last = max((int(match[1]) for match in found), default=0)
    width = max((len(match[1]) for match in found), default=2)
    return f"{last + 1:0{width}}-"
