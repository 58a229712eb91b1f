"""What a file's name says: its number, its words, its language, its place in the natural order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import TypeAlias

from lms.content.languages import language_tag

PAGE_ENDINGS = (".md", ".markdown")
_PREFIX = re.compile(r"^\d{1,3}[-_. ]+(?=.)")
_DATE = re.compile(r"^\d{1,2}[-_.]\d{1,2}[-_.](?:19|20)\d\d(?!\d)")
_NUMBERS = re.compile(r"(\d+)")
_INDEX_NAMES = {"index": 0, "_index": 0, "readme": 1}


def is_page(path: str) -> bool:
    """Whether a file is Markdown."""
    return path.lower().endswith(PAGE_ENDINGS)


def is_question_file(path: str) -> bool:
    """Whether the name says that a file holds questions."""
    return is_page(path) and stem(path).lower().endswith(".quiz")


def folder_of(path: str) -> str:
    """The folder of a path, empty at the top."""
    return path.rpartition("/")[0]


def stem(path: str) -> str:
    """A path without the ending that makes it Markdown."""
    for ending in PAGE_ENDINGS:
        if path.lower().endswith(ending):
            return path[: -len(ending)]
    return path


def index_rank(path: str) -> int | None:
    """0 for an index, 1 for a README, None for any other page; a language tag is taken off before."""
    return _INDEX_NAMES.get(stem(path).rpartition("/")[2].lower())


def split_language(path: str, pages: Collection[str], listed: Collection[str]) -> tuple[str, str]:
    """A page's path without its language tag, and the tag in canonical form; empty if it has none.

    `xx` in `name.xx.md` is a language only if it is a known tag and `name.md` is among `pages`, or `listed`
    names the language. The tag stands before `.quiz` in a question file.
    """
    base = stem(path)
    ending = path[len(base) :]
    if base.lower().endswith(".quiz"):
        base, ending = base[:-5], base[-5:] + ending
    name, dot, last = base.rpartition(".")
    if not dot or not name or name.endswith("/"):
        return path, ""
    tag = language_tag(last)
    if tag is None or not (name + ending in pages or tag in listed):
        return path, ""
    return name + ending, tag


def without_number(name: str) -> str:
    """One part of a path without the number that only gives it a place; dates and `3d-` stay."""
    return name if _DATE.match(name) else _PREFIX.sub("", name)


def identity(path: str) -> str:
    """A page's id: its path without number prefixes and ending; an index is its folder, at the top `index`."""
    bare = stem(path)
    if bare.lower().endswith(".quiz"):
        bare = bare[:-5]
    parts = [without_number(part) for part in bare.split("/")]
    if parts[-1].lower() in _INDEX_NAMES:
        return "/".join(parts[:-1]) or "index"
    return "/".join(parts)


def words_of(name: str) -> str:
    """A title made from a file or folder name: no number, no dashes, a capital first letter."""
    text = re.sub(r"[-_\s]+", " ", without_number(name)).strip() or name
    return text[:1].upper() + text[1:]


def slug(text: str) -> str:
    """Words as a piece of an id: small letters of any script and digits, joined by dashes."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-_") or "part"


PartKey: TypeAlias = tuple[tuple[tuple[int, int, str], ...], str]


def natural_key(path: str) -> tuple[PartKey, ...]:
    """A sort key by which `2-x` comes before `10-x`, part by part."""
    return tuple(_part_key(part) for part in stem(path).split("/"))


def _part_key(part: str) -> PartKey:
    pieces = _NUMBERS.split(unicodedata.normalize("NFC", part).casefold())
    keyed = tuple(
        (0, int(piece), piece) if piece.isdecimal() and len(piece) < 20 else (1, 0, piece) for piece in pieces if piece
    )
    return keyed, part


def unique(name: str, taken: Collection[str]) -> str:
    """The name itself, or with the first of `-2`, `-3` … that is free."""
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate
