"""Items of lists and of definition lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lms.markdown.block import Block
from lms.markdown.opening import Builder, Start

if TYPE_CHECKING:
    from lms.markdown.cursor import Cursor

MARKER = re.compile(r"(?:(?P<bullet>[*+-])|(?P<number>\d{1,9})(?P<sign>[.)]))(?=[ \t]|$)")
LONGEST_TERM = 3
DEFINITION = re.compile(r":(?=[ \t]+\S)")


def list_item(reader: Builder, container: Block, _matched: Block) -> Start:
    """Open an item, and a list around it if the last one has another mark."""
    cursor = reader.cursor
    match = MARKER.match(cursor.text, cursor.next) if cursor.indent < 4 else None
    if not match:
        return Start.NONE
    is_empty = not cursor.text[match.end() :].strip()
    if container.kind == "paragraph" and (is_empty or (match["number"] and int(match["number"]) != 1)):
        return Start.NONE
    mark = match["bullet"] or match["sign"]
    indent = cursor.indent
    width = skip_marker(cursor, match.end() - match.start())
    if container.kind != "list" or container.mark != mark:
        container = reader.add("list", container, mark=mark, level=int(match["number"] or 0))
    reader.add("item", container, indent=indent, width=width)
    return Start.CONTAINER


def skip_marker(cursor: Cursor, length: int) -> int:
    """Move past a marker and the blanks that belong to it; the columns they take."""
    cursor.skip_indent()
    cursor.skip(length)
    blanks = cursor.indent
    if cursor.blank or blanks > 4:
        cursor.skip(1)
        return length + 1
    cursor.skip(blanks)
    return length + blanks


def definition(reader: Builder, container: Block, _matched: Block) -> Start:
    """Open the meaning of a term: `: …` under a paragraph, which becomes the term."""
    cursor = reader.cursor
    if cursor.indent >= 4 or not DEFINITION.match(cursor.text, cursor.next):
        return Start.NONE
    terms = terms_before(reader, container)
    if terms is None:
        return Start.NONE
    indent = cursor.indent
    width = skip_marker(cursor, 1)
    last = terms.last
    after_blank = last is not None and last.ends_blank
    meaning = reader.add("meaning", terms, indent=indent, width=min(width, 4), is_tight=not after_blank)
    meaning.ends_blank = False
    return Start.CONTAINER


def terms_before(reader: Builder, container: Block) -> Block | None:
    """The definition list that a meaning on this line goes on with, made from the paragraph before it."""
    if container.kind == "terms":
        return container
    paragraph = container if container.kind == "paragraph" else container.last
    if paragraph is None or paragraph.kind != "paragraph" or len(paragraph.lines) > LONGEST_TERM:
        return None
    if paragraph.is_open and paragraph is not container:
        return None
    parent, after_blank = paragraph.parent, paragraph.ends_blank
    if paragraph.is_open:
        reader.close(paragraph)
    if parent is None or paragraph not in parent.children:
        return None
    parent.children.remove(paragraph)
    terms = reopened_terms(reader, parent)
    for number, line in enumerate(paragraph.lines):
        term = Block("term", paragraph.line + number, terms, lines=[line], is_open=False, ends_blank=after_blank)
        terms.children.append(term)
    return terms


def reopened_terms(reader: Builder, parent: Block) -> Block:
    """The definition list that ends a block so far, or a new one."""
    before = parent.last
    if before is None or before.kind != "terms":
        return reader.add("terms", parent)
    before.is_open = True
    reader.tip = before
    return before
