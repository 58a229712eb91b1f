"""Paths that stand in YAML: `lessons:` and `exam:` of a page's head, and the order files of other programs. Pure.

Only the paths change; every other byte stays, so comments and the author's way of writing do.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from lms.content.naming import PAGE_ENDINGS, folder_of, is_page
from lms.editing.heads import extent, page_of
from lms.editing.texts import MARK, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PATH = re.compile(r"""[^\s"'\[\]{},:#][^"'\[\]{},:#\n]*""")
_ITEM = re.compile(r"""^\s*-\s+(?:[^:"'\[\]{}\n]+:\s+)?["']?([^"'\[\]{},:#\n]+?)["']?\s*(?:#.*)?$""")
_NAMED = re.compile(r"""^\s*(?:-\s+)?(?:exam|file|root):\s+["']?([^"'\[\]{},:#\n]+?)["']?\s*(?:#.*)?$""")
_ENDINGS = ("", *PAGE_ENDINGS, ".quiz.md")


def repathed(
    text: str, old: str, new: str, orders: Mapping[str, str], moves: Mapping[str, str], files: Mapping[str, bytes]
) -> str:
    """A file with the paths of its lists as they are after a move; one that moves to nowhere is taken out.

    The file itself went from `old` to `new`; `orders` has the order files and the folders from which they count.
    """
    if is_page(old):
        ranges = _settings(text)
        bases = [folder_of(old), "", "quizzes"]
    else:
        ranges = [(1, len(lines_of(text)) + 1)] if old in orders else []
        bases = [orders.get(old, folder_of(old))]
    if not ranges:
        return text
    follow = _follower(bases, old, new, moves, files)
    mark = MARK if text.startswith(MARK) else ""
    made = []
    for number, (words, end) in enumerate(lines_of(text.removeprefix(MARK)), 1):
        fresh = _line(words, follow) if any(first <= number < last for first, last in ranges) else words
        if fresh is not None:
            made.append(fresh + end)
    return mark + "".join(made)


def _settings(text: str) -> list[tuple[int, int]]:
    """The lines of a page's head that name files."""
    page = page_of(text)
    return [extent(page, key) for key in ("lessons", "exam") if (key,) in page.lines]


def _follower(
    bases: list[str], old: str, new: str, moves: Mapping[str, str], files: Mapping[str, bytes]
) -> Callable[[str], str | None]:
    """What a path has to be after the move; None if its file is gone."""
    folders = _folders(moves, files)

    def follow(written: str) -> str | None:
        for base in bases:
            for ending in _ENDINGS:
                path = posixpath.normpath(posixpath.join(base, written.strip("/") + ending))
                wanted = moves.get(path, folders.get(path, path))
                if path in moves or path in folders or (path in files and old != new):
                    return _written(written, ending, wanted, _base(base, old, new))
        return written

    return follow


def _base(base: str, old: str, new: str) -> str:
    """The folder from which paths count, after the file that names them has moved."""
    if not base or base == "quizzes":
        return base
    return posixpath.normpath(posixpath.join(folder_of(new), posixpath.relpath(base, folder_of(old) or ".")))


def _written(written: str, ending: str, wanted: str, base: str) -> str | None:
    if not wanted:
        return None
    path = posixpath.relpath(wanted, base or ".")
    path = path.removesuffix(ending) if ending else path
    return path + "/" if written.endswith("/") else path


def _folders(moves: Mapping[str, str], files: Mapping[str, bytes]) -> dict[str, str]:
    """The folders all of whose files went to one other folder (or are gone)."""
    found: dict[str, str] = {}
    for folder in {folder_of(path) for path in moves} - {""}:
        under = [path for path in files if path.startswith(f"{folder}/")]
        ends = {
            moves[path].removesuffix(path[len(folder) :]) if moves[path].endswith(path[len(folder) :]) else "?"
            for path in under
            if path in moves
        }
        if len(ends) == 1 and all(path in moves for path in under):
            end = ends.pop()
            if end != "?":
                found[folder] = end
    return found


def _line(words: str, follow: Callable[[str], str | None]) -> str | None:
    """A line with its paths followed; None for an item whose file is gone."""
    item = _ITEM.match(words)
    if item:
        fresh = follow(item[1])
        return None if fresh is None else words[: item.start(1)] + fresh + words[item.end(1) :]

    def exchange(match: re.Match[str]) -> str:
        bare = match[0].rstrip()
        fresh = follow(bare) if "/" in bare or is_page(bare) else bare
        return (bare if fresh is None else fresh) + match[0][len(bare) :]

    named = _NAMED.match(words)
    if named:
        return words[: named.start(1)] + (follow(named[1]) or named[1]) + words[named.end(1) :]
    return _PATH.sub(exchange, words)
