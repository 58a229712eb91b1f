"""Whether a line still belongs to a block that is open."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from lms.markdown.block import Block
    from lms.markdown.cursor import Cursor

CLOSING_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*$")


class Answer(Enum):
    """What a block says of a line: it is mine, it is not, it is my end."""

    YES = auto()
    NO = auto()
    ENDED = auto()


def skip_quote_mark(cursor: Cursor) -> None:
    """Move past `>` and one space."""
    cursor.skip_indent()
    cursor.skip(1)
    if cursor.rest()[:1] in (" ", "\t"):
        cursor.skip(1)


def quote(_block: Block, cursor: Cursor) -> Answer:
    """A quote goes on with its mark."""
    if cursor.indent < 4 and cursor.at() == ">":
        skip_quote_mark(cursor)
        return Answer.YES
    return Answer.NO


def item(block: Block, cursor: Cursor) -> Answer:
    """An item goes on with its indent, or over blank lines once it has content."""
    if cursor.blank:
        if not block.children:
            return Answer.NO
        cursor.skip_indent()
        return Answer.YES
    if cursor.indent >= block.indent + block.width:
        cursor.skip(block.indent + block.width)
        return Answer.YES
    return Answer.NO


def footnote(_block: Block, cursor: Cursor) -> Answer:
    """A footnote goes on with an indent of four columns."""
    if cursor.indent >= 4:
        cursor.skip(4)
        return Answer.YES
    return Answer.YES if cursor.blank else Answer.NO


def fence(block: Block, cursor: Cursor) -> Answer:
    """Fenced code goes on to a fence of its own kind that is at least as long."""
    if cursor.indent < 4 and cursor.at() == block.mark:
        match = CLOSING_FENCE.match(cursor.content())
        if match and len(match[1]) >= block.width:
            return Answer.ENDED
    cursor.skip(min(block.indent, cursor.indent))
    return Answer.YES


def indented(_block: Block, cursor: Cursor) -> Answer:
    """Indented code goes on with its indent and over blank lines."""
    if cursor.indent >= 4:
        cursor.skip(4)
        return Answer.YES
    if cursor.blank:
        cursor.skip_indent()
        return Answer.YES
    return Answer.NO


def html(block: Block, cursor: Cursor) -> Answer:
    """Raw HTML goes on to its own end, or to a blank line."""
    return Answer.NO if cursor.blank and block.level in (6, 7) else Answer.YES


def text(_block: Block, cursor: Cursor) -> Answer:
    """Paragraphs and tables go on to a blank line."""
    return Answer.NO if cursor.blank else Answer.YES


def always(_block: Block, _cursor: Cursor) -> Answer:
    """A list goes on as long as its items do."""
    return Answer.YES


RULES: dict[str, Callable[[Block, Cursor], Answer]] = {
    "quote": quote,
    "item": item,
    "meaning": item,
    "footnote": footnote,
    "fence": fence,
    "indented": indented,
    "html": html,
    "paragraph": text,
    "table": text,
    "list": always,
    "terms": always,
}


def goes_on(block: Block, cursor: Cursor) -> Answer:
    """Ask a block whether the line is its own; if so the cursor stands behind its marks."""
    rule = RULES.get(block.kind)
    return rule(block, cursor) if rule else Answer.NO
