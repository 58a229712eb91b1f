"""Where code ends and meaning begins: gaps, arrows and code spans in Markdown, and plain words out of HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

FIRST_TOKEN = 0xF0000
LAST_TOKEN = 0xFFFFD
_TOKENS = re.compile(f"[{chr(FIRST_TOKEN)}-{chr(LAST_TOKEN)}]")
_FENCE = re.compile(r"^[ \t]*+(?:>[ \t]?+)*+[ \t]*+(`{3,}|~{3,})[ \t]*(.*)$")
_INDENTED = re.compile(r"^(?: {4}|\t)")
_BACKTICKS = re.compile(r"`+")
_GAP = re.compile(r"(?<!\\)\[\[(?!\s)((?:(?!\]\](?!\])|\[\[)[^\n])+?)(?<!\s)\]\](?!\])")
_ARROW = re.compile(r"(?:^|(?<=\s))->(?=\s|$)")
_DELIMITER_ROW = re.compile(r"^\s*+\|?+\s*+:?+-++:?+\s*+(?:\|\s*+:?+-++:?+\s*+)*+\|?+\s*+$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ALTERNATIVE = re.compile(r"^<img\b[^<>]*\balt=\"([^\"<>]*)\"")


@dataclass(frozen=True, slots=True)
class Gap:
    """A `[[…]]` in Markdown: where it stands, what is between the brackets, and whether in a table."""

    start: int
    end: int
    inner: str
    in_table: bool


def code_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """Where `text` is code: fences (except those tagged `gaps`), indented blocks and code spans."""
    ranges: list[tuple[int, int]] = []
    prose_start = 0
    for start, end, is_code in _blocks_of_code(text):
        ranges.extend(_spans(text, prose_start, start))
        if is_code:
            ranges.append((start, end))
        prose_start = end
    ranges.extend(_spans(text, prose_start, len(text)))
    return tuple(ranges)


def _blocks_of_code(text: str) -> list[tuple[int, int, bool]]:
    """Fences and indented blocks as (start, end, is code); a fence tagged `gaps` is listed as not code."""
    found: list[tuple[int, int, bool]] = []
    fence = ""
    start, position, is_code = 0, 0, True
    before = ""
    for line in text.splitlines(keepends=True):
        opening = _FENCE.match(line.rstrip("\n"))
        if fence:
            if opening and opening[1].startswith(fence) and not opening[2].strip():
                found.append((start, position + len(line), is_code))
                fence = ""
        elif opening and not (opening[1][0] == "`" and "`" in opening[2]):
            fence, start = opening[1], position
            is_code = "gaps" not in opening[2].split()
        elif _INDENTED.match(line) and _opens_indented(before, line):
            found.append((position, position + len(line), True))
        before = line if line.strip() or not _INDENTED.match(before) else before
        position += len(line)
    if fence:
        found.append((start, position, is_code))
    return found


def _opens_indented(before: str, line: str) -> bool:
    """Whether an indented line is code: after a blank line or more code, and no item of a list."""
    return bool(line.strip()) and (not before.strip() or bool(_INDENTED.match(before))) and not _ITEM.match(line)


def _spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Code spans between two positions; a span never crosses a blank line."""
    found: list[tuple[int, int]] = []
    position = start
    while opening := _BACKTICKS.search(text, position, end):
        position = opening.end()
        if opening.start() and text[opening.start() - 1] == "\\":
            continue
        blank = text.find("\n\n", position, end)
        limit = end if blank < 0 else blank
        closing = next((m for m in _BACKTICKS.finditer(text, position, limit) if m[0] == opening[0]), None)
        if closing:
            found.append((opening.start(), closing.end()))
            position = closing.end()
    return found


def _is_inside(position: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= position < end for start, end in ranges)


def find_gaps(text: str) -> tuple[Gap, ...]:
    """Every gap of `text` in order: outside code, or in a fence tagged `gaps`; no space at the brackets' edges."""
    if "[[" not in text:
        return ()
    ranges = code_ranges(text)
    return tuple(
        Gap(match.start(), match.end(), match[1], _is_in_table(text, match.start()))
        for match in _GAP.finditer(text)
        if not _is_inside(match.start(), ranges)
    )


def _is_in_table(text: str, position: int) -> bool:
    """Whether the lines around `position`, up to blank ones, are a table."""
    start = text.rfind("\n\n", 0, position)
    end = text.find("\n\n", position)
    lines = text[start + 2 if start >= 0 else 0 : end if end >= 0 else len(text)].splitlines()
    return any("|" in line and _DELIMITER_ROW.match(line) for line in lines)


def untag_gap_fences(text: str) -> str:
    """The text whose fences tagged `gaps` are ordinary fences, in the language that stood beside the tag."""
    lines = []
    fence = ""
    for line in text.split("\n"):
        match = _FENCE.match(line)
        shown = line
        if fence and match and match[1].startswith(fence) and not match[2].strip():
            fence = ""
        elif not fence and match:
            fence = match[1]
            words = [word for word in match[2].split() if word != "gaps"]
            shown = line[: match.end(1)] + " ".join(words)
        lines.append(shown)
    return "\n".join(lines)


def gap_token(number: int) -> str:
    """The one character that stands for gap `number` (from 0) in a body: private use, so Markdown keeps it."""
    return chr(FIRST_TOKEN + number)


def without_tokens(text: str) -> str:
    """The text without characters that could be taken for gaps."""
    return _TOKENS.sub("", text)


def split_at_gaps(html: str) -> tuple[str | int, ...]:
    """Rendered text cut at its gaps: strings of HTML and, between them, the numbers of gaps from 0."""
    pieces: list[str | int] = []
    position = 0
    for match in _TOKENS.finditer(html):
        pieces += [html[position : match.start()], ord(match[0]) - FIRST_TOKEN]
        position = match.end()
    return (*pieces, html[position:])


def split_arrow(text: str) -> tuple[str, str] | None:
    r"""Both sides of the first ` -> ` outside code, or None. `\->` is an arrow that doesn't split."""
    ranges = code_ranges(text)
    for match in _ARROW.finditer(text):
        if not _is_inside(match.start(), ranges):
            return text[: match.start()].strip().replace("\\->", "->"), text[match.end() :].strip().replace(
                "\\->", "->"
            )
    return None


def unwrap_code(text: str) -> str:
    """What stands in a code span if the whole text is one, else the text."""
    stripped = text.strip()
    ticks = _BACKTICKS.match(stripped)
    if not ticks or len(stripped) <= 2 * len(ticks[0]) or not stripped.endswith(ticks[0]):
        return stripped
    if code_ranges(stripped) != ((0, len(stripped)),):
        return stripped
    inner = stripped[len(ticks[0]) : -len(ticks[0])]
    has_padding = inner.startswith(" ") and inner.endswith(" ") and inner.strip()
    return inner[1:-1] if has_padding else inner


def plain(html: str) -> str:
    """The words of a piece of HTML in one line, an image by its alternative text."""
    words = _TAG.sub(lambda tag: alternative[1] if (alternative := _ALTERNATIVE.search(tag[0])) else "", html)
    return " ".join(unescape(words).split())
