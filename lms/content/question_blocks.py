"""The top-level blocks of a question, line by line: fences, lists, quotes and the rest.

Only what a question file needs of Markdown's block structure; everything else is `text` and is left to the renderer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "fence", "comment", "quote", "list"]
_FENCE = re.compile(r"^( {0,3})(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)$")
_QUOTE = re.compile(r"^ {0,3}>")
_CALLOUT = re.compile(r"^ {0,3}>[ \t]?\[!([A-Za-z]+)\][ \t]*$")
_MARKER = re.compile(r"^( {0,3})([-*+]|(\d{1,9})([.)]))(?:([ \t]+)(.*)|$)")
_RULE = re.compile(r"^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_HEADING = re.compile(r"^ {0,3}#{1,6}(?:[ \t]|$)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list: its marker (`-` or `1.`), its lines without marker and indent, and its first line."""

    marker: str
    lines: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block from line `start` to before `end` (0-based). `info` is a fence's, or a callout's kind."""

    kind: Kind
    start: int
    end: int
    info: str = ""
    entries: tuple[Entry, ...] = ()


def indent_of(line: str) -> int:
    """The columns of white space at the start, tabs to the next multiple of four."""
    head = line[: len(line) - len(line.lstrip(" \t"))]
    return len(head.expandtabs(4))


def dedented(line: str, columns: int) -> str:
    """The line without at most `columns` columns of its indent."""
    body = line.lstrip(" \t")
    return " " * max(0, indent_of(line) - columns) + body if body else ""


def without_quote(lines: Sequence[str]) -> str:
    """The text inside a quote."""
    return "\n".join(re.sub(r"^ {0,3}>[ \t]?", "", line) for line in lines).strip("\n")


def heading_text(line: str, level: int) -> str | None:
    """The words of an ATX heading of one level, without closing signs; None if the line is none."""
    bare = line.strip()
    words = bare.lstrip("#")
    if indent_of(line) > 1 or len(bare) - len(words) != level or not (words == "" or words[0] in " \t"):
        return None
    opened = words.rstrip("#")
    return (opened if not opened or opened[-1] in " \t" else words).strip()


def heading_lines(lines: Sequence[str]) -> list[int]:
    """Where top-level ATX headings of level 2 stand, outside fences and comments."""
    found = []
    index = 0
    while index < len(lines):
        after = _end_of_opaque(lines, index)
        if after is None and heading_text(lines[index], 2) is not None:
            found.append(index)
        index = after or index + 1
    return found


def _end_of_opaque(lines: Sequence[str], start: int) -> int | None:
    """After the fence or comment that begins at a line, or None if none does."""
    opening = _FENCE.match(lines[start])
    if opening:
        return _end_of_fence(lines, start, opening[2])
    if lines[start].lstrip().startswith("<!--") and indent_of(lines[start]) < 4:
        return next((i + 1 for i in range(start, len(lines)) if "-->" in lines[i]), len(lines))
    return None


def _end_of_fence(lines: Sequence[str], start: int, fence: str) -> int:
    for index in range(start + 1, len(lines)):
        bare = lines[index].strip()
        if len(bare) >= len(fence) and set(bare) == {fence[0]}:
            return index + 1
    return len(lines)


def blocks_of(lines: Sequence[str], first_line: int = 1) -> list[Block]:
    """The top-level blocks of some lines; `first_line` is the file's line of the first, for list items."""
    blocks: list[Block] = []
    index = 0
    while index < len(lines):
        if not lines[index].strip():
            index += 1
            continue
        block = _block_at(lines, index, first_line)
        blocks.append(block)
        index = block.end
    return blocks


def _block_at(lines: Sequence[str], start: int, first_line: int) -> Block:
    opaque = _end_of_opaque(lines, start)
    if opaque is not None:
        fence = _FENCE.match(lines[start])
        return Block("fence", start, opaque, fence[3].strip()) if fence else Block("comment", start, opaque)
    if _QUOTE.match(lines[start]):
        return _quote_at(lines, start)
    if _MARKER.match(lines[start]) and not _RULE.match(lines[start]):
        return _list_at(lines, start, first_line)
    end = start + 1
    while end < len(lines) and lines[end].strip() and not _HEADING.match(lines[start]) and not _interrupts(lines[end]):
        end += 1
    return Block("text", start, end)


def _interrupts(line: str) -> bool:
    """Whether a line ends the paragraph before it."""
    marker = _MARKER.match(line)
    if marker and not _RULE.match(line):
        return bool(marker[6]) and marker[3] in {None, "1"}
    return bool(_FENCE.match(line) or _QUOTE.match(line) or _HEADING.match(line) or _RULE.match(line))


def _quote_at(lines: Sequence[str], start: int) -> Block:
    callout = _CALLOUT.match(lines[start])
    end = start + 1
    while end < len(lines) and lines[end].strip() and not _CALLOUT.match(lines[end]):
        is_lazy = not _QUOTE.match(lines[end])
        if is_lazy and (_interrupts(lines[end]) or lines[end - 1].strip() == ">" or _CALLOUT.match(lines[end - 1])):
            break
        end += 1
    return Block("quote", start, end, callout[1].upper() if callout else "")


def _list_at(lines: Sequence[str], start: int, first_line: int) -> Block:
    opening = _MARKER.match(lines[start])
    assert opening is not None
    base = len(opening[1])
    starts = [start]
    index = start + 1
    while index < len(lines):
        line = lines[index]
        if not line.strip():
            index = _after_blanks(lines, index)
            if index < len(lines) and (_is_inside(lines[index], base) or _is_sibling(lines[index], base, opening)):
                continue
            break
        if _is_inside(line, base):
            index = _end_of_inner_fence(lines, index, base)
        elif _is_sibling(line, base, opening):
            starts.append(index)
            index += 1
        elif _is_lazy(lines, index):
            index += 1
        else:
            break
    end = index
    while not lines[end - 1].strip():
        end -= 1
    bounds = [*starts, end]
    entries = tuple(_entry(lines[a:b], first_line + a) for a, b in pairwise(bounds))
    return Block("list", start, end, entries=entries)


def _after_blanks(lines: Sequence[str], index: int) -> int:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _is_inside(line: str, base: int) -> bool:
    return indent_of(line) >= base + 2


def _is_sibling(line: str, base: int, opening: re.Match[str]) -> bool:
    marker = _MARKER.match(line)
    if not marker or _RULE.match(line) or len(marker[1]) >= base + 2:
        return False
    return marker[4] == opening[4] and (marker[4] is not None or marker[2] == opening[2])


def _is_lazy(lines: Sequence[str], index: int) -> bool:
    """Whether an unindented line still belongs to the paragraph of the item before it."""
    before = lines[index - 1].lstrip()
    is_paragraph = bool(before) and not _FENCE.match(before) and not before.startswith(">")
    return is_paragraph and not _interrupts(lines[index]) and not _MARKER.match(lines[index])


def _end_of_inner_fence(lines: Sequence[str], index: int, base: int) -> int:
    """After the fence inside an item that begins here, or the next line if none does."""
    opening = _FENCE.match(lines[index].lstrip())
    if not opening:
        return index + 1
    end = _end_of_fence(lines, index, opening[2])
    inside = range(index + 1, end)
    return next((i for i in inside if lines[i].strip() and not _is_inside(lines[i], base)), end)


def _entry(lines: Sequence[str], line: int) -> Entry:
    marker = _MARKER.match(lines[0])
    assert marker is not None
    width = len(marker[1]) + len(marker[2]) + 1
    indents = [indent_of(each) for each in lines[1:] if each.strip() and indent_of(each) >= 2]
    columns = min([width + 4, *indents]) if marker[6] and marker[6].startswith("[") else min([width, *indents])
    rest = [dedented(each, columns) for each in lines[1:]]
    return Entry(marker[2], (marker[6] or "", *rest), line)
