"""The sentences of a Markdown text with the lines at which they begin: what a reader reads, not what a machine does.

Code, tables, headings, pictures, raw HTML, link definitions and lines that are only a link are left out. A list item is
a piece of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_FENCE = re.compile(r"\s*+(?:>\s?+)*+\s*+(`{3,}|~{3,})")
_SKIPPED = re.compile(r"\s*(?:#{1,6}(?:\s|$)|\||<[A-Za-z/!]|\[[^\]^]+\]:\s|[-=*_]{3,}\s*$|:{3})|.*\|\s*$")
_INDENTED = re.compile(r"(?: {4}|\t)")
_QUOTES = re.compile(r"(?:\s*+>\s?+)*+")
_CALLOUT = re.compile(r"\[![A-Za-z]+\]\s*$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?|\s*\[\^[^\]]+\]:\s*|\s*:\s+")
_ONLY_LINK = re.compile(r"\s*!?\[[^\]]*\]\([^)]*\)\s*$")
_CODE = re.compile(r"(?<!`)(`++)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^)\n]{0,1000}\)|\[[^\[\]]*\])?")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^)\n]{0,1000}\)|\[[^\[\]]*\])")
_NOTE = re.compile(r"\[\^[^\[\]]+\]")
_TAG = re.compile(r"<[^<>\n]+>|https?://\S+")
_MARKS = re.compile(r"[*~]+|(?<!\w)_++|(?<!_)_++(?!\w)|\\(?=[^\w\s])")
_MARKED = re.compile(r"[`\[*~_<\\]|://")
_WORD = re.compile(r"[^\W_]+(?:[’'.\-‑@/][^\W_]+)*")
_STOP = re.compile(r"(?<![.!?…։。！？])[.!?…։。！？]++[\"'”»’)\]]*+(?=\s)")
_SHORTENED = re.compile(
    r"(?:\b[^\W\d_]|\b(?:e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr|Prof|St|No|Nr|art|Art|p|pp|piem|u\.c|utt|т\.е|т\.д|т\.п|ст|г))\.$"
)


class Sentence(NamedTuple):
    """A sentence as plain text, its words, and the line of the text (from 1) at which it begins."""

    line: int
    text: str
    words: tuple[str, ...]


def sentences(markdown: str) -> Iterator[Sentence]:
    """The sentences of a text, in order. A piece without a full stop, such as a list item, is one too."""
    for line, text in _pieces(markdown):
        yield from _split(line, plain(text))


def plain(text: str) -> str:
    """A paragraph's Markdown as plain words, line breaks kept; a piece of code counts as one word."""
    if not _MARKED.search(text):
        return text
    text = _CODE.sub(lambda code: "Code" + "\n" * code[2].count("\n"), text) if "`" in text else text
    if "[" in text:
        text = _NOTE.sub("", _LINK.sub(r"\1", _IMAGE.sub("", text)))
    return _MARKS.sub("", _TAG.sub("", text))


def words_of(text: str) -> tuple[str, ...]:
    """The words of plain text; what has neither letter nor digit is none."""
    return tuple(_WORD.findall(text))


def _pieces(markdown: str) -> Iterator[tuple[int, str]]:
    """Paragraphs and list items with their first lines."""
    fence, start = "", 0
    piece: list[str] = []
    for number, raw in enumerate(markdown.split("\n"), start=1):
        opening = _FENCE.match(raw)
        if opening or fence:
            fence = _after(fence, opening)
            text, begins = "", True
        else:
            text, begins = _reading(raw, has_begun=bool(piece))
        if piece and (begins or not text):
            yield start, "\n".join(piece)
            piece = []
        if text:
            start = start if piece else number
            piece.append(text)
    if piece:
        yield start, "\n".join(piece)


def _after(fence: str, opening: re.Match[str] | None) -> str:
    """The fence that is open after a line with or without a fence on it."""
    if not fence:
        return opening[1] if opening else ""
    return "" if opening and opening[1].startswith(fence) else fence


def _reading(raw: str, *, has_begun: bool) -> tuple[str, bool]:
    """What of a line is read, and whether it begins a new piece."""
    line = _QUOTES.sub("", raw, count=1)
    item = _ITEM.match(line)
    if item:
        return line[item.end() :], True
    is_code = not has_begun and _INDENTED.match(line) and not line.lstrip().startswith(("-", "*", "+"))
    if is_code or _SKIPPED.match(line) or _CALLOUT.match(line.strip()) or (not has_begun and _ONLY_LINK.match(line)):
        return "", True
    return line.strip(), False


def _split(line: int, text: str) -> Iterator[Sentence]:
    start = 0
    for stop in _STOP.finditer(text):
        if _goes_on(text, stop):
            continue
        yield from _sentence(line, text, start, stop.end())
        start = stop.end()
    yield from _sentence(line, text, start, len(text))


def _goes_on(text: str, stop: re.Match[str]) -> bool:
    """Whether a sentence goes on after a stop: an abbreviation, or a small letter follows."""
    following = text[stop.end() :].lstrip(" \n\"'“„«‘([")[:1]
    has_case = following.lower() != following.upper() and not "ა" <= following <= "ჿ"  # Georgian begins small
    return (has_case and following.islower()) or bool(
        _SHORTENED.search(text, max(0, stop.start() - 8), stop.start() + 1)
    )


def _sentence(line: int, text: str, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end]
    words = words_of(piece)
    if words:
        begin = start + len(piece) - len(piece.lstrip())
        yield Sentence(line + text.count("\n", 0, begin), " ".join(piece.split()), words)
