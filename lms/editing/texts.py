"""A file's bytes as the text in an editor's field, and back without touching what was not changed. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.authoring.alike import alike

MARK = "\ufeff"
_ENDING = re.compile(r"\r\n|\r|\n")


class NoText(ValueError):
    """These bytes are no text in UTF-8."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file as text with line feeds alone, and what its bytes had besides."""

    text: str
    raw: str = ""
    has_mark: bool = False


def as_text(content: bytes) -> Written:
    """The text of a file. Raises `NoText`."""
    try:
        raw = content.decode("utf-8")
    except UnicodeDecodeError:
        raise NoText from None
    if "\0" in raw:
        raise NoText
    raw, has_mark = raw.removeprefix(MARK), raw.startswith(MARK)
    return Written(plain(raw), raw, has_mark)


def plain(text: str) -> str:
    """A text with line feeds at its line ends, whatever a browser or a file has."""
    return _ENDING.sub("\n", text)


def as_bytes(text: str, before: Written) -> bytes:
    """A text as the bytes of its file: lines that did not change keep their ends, new ones get the commonest."""
    fresh = plain(text)
    raw = before.raw if fresh == before.text else _with_endings(fresh, before.raw)
    return ((MARK if before.has_mark else "") + raw).encode()


def _with_endings(text: str, raw: str) -> str:
    kinds = _ENDING.findall(raw)
    usual = max(sorted(set(kinds), reverse=True), key=kinds.count, default="\n")
    if len(set(kinds)) < 2:
        return text.replace("\n", usual)
    old, new = lines_of(raw), lines_of(text)
    ends = [usual if end else "" for _, end in new]
    for first, second in alike([words for words, _ in old], [words for words, _ in new]):
        if ends[second] and old[first][1]:
            ends[second] = old[first][1]
    return "".join(words + end for (words, _), end in zip(new, _apart(new, ends), strict=True))


def _apart(lines: list[tuple[str, str]], ends: list[str]) -> list[str]:
    """The same ends, but no carriage return right before a line feed: the two would be read as one end."""
    pairs = list(zip(lines, ends, strict=True))
    meets = [not words and end.startswith("\n") for (words, _), end in pairs[1:]] + [False]
    return ["\n" if end == "\r" and is_met else end for end, is_met in zip(ends, meets, strict=False)]


def lines_of(text: str) -> list[tuple[str, str]]:
    """Each line of a text and its end."""
    found, place = [], 0
    for end in _ENDING.finditer(text):
        found.append((text[place : end.start()], end[0]))
        place = end.end()
    return [*found, (text[place:], "")] if place < len(text) else found
