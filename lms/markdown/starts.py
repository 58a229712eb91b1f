"""What may start on a line. Each start looks at the cursor, opens its block, or says that it is not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lms.markdown.going_on import skip_quote_mark
from lms.markdown.html_blocks import html_kind
from lms.markdown.list_starts import definition, list_item
from lms.markdown.opening import Builder, Start
from lms.markdown.references import take_definitions
from lms.markdown.rows import alignments, opens_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from lms.markdown.block import Block

ATX = re.compile(r"(#{1,6})(?:[ \t]+|$)")
ATX_END = re.compile(r"(?:^|(?<![ \t])[ \t]++)#++[ \t]*+$")
FENCE = re.compile(r"(`{3,})(?!.*`)|(~{3,})")
SETEXT = re.compile(r"(?:=+|-+)[ \t]*$")
RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$")
FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*")
DIV = re.compile(
    r":{3,}+[ \t]*+(?:\{(?P<braces>[^}]*+)\}|(?P<name>[A-Za-z][\w-]*+)(?P<title>\[.*\]|[ \t]++[^:]*+)?+)?+"
    r"[ \t]*+:*+[ \t]*+$"
)


def quote(reader: Builder, container: Block, _matched: Block) -> Start:
    """`> …`."""
    if reader.cursor.indent >= 4 or reader.cursor.at() != ">":
        return Start.NONE
    skip_quote_mark(reader.cursor)
    reader.add("quote", container)
    return Start.CONTAINER


def heading(reader: Builder, container: Block, _matched: Block) -> Start:
    """`# …` to `###### …`."""
    cursor = reader.cursor
    match = ATX.match(cursor.text, cursor.next) if cursor.indent < 4 else None
    if not match:
        return Start.NONE
    title = ATX_END.sub("", cursor.text[match.end() :]).strip(" \t")
    reader.add("heading", container, level=len(match[1]), lines=[title])
    return Start.LEAF


def fence(reader: Builder, container: Block, _matched: Block) -> Start:
    """Three or more backticks or tildes."""
    cursor = reader.cursor
    match = FENCE.match(cursor.text, cursor.next) if cursor.indent < 4 else None
    if not match:
        return Start.NONE
    info = cursor.text[match.end() :].strip()
    reader.add("fence", container, mark=match[0][0], width=len(match[0]), indent=cursor.indent, info=info)
    return Start.LEAF


def raw_html(reader: Builder, container: Block, _matched: Block) -> Start:
    """A tag, a comment, a declaration. A tag that is no block tag cannot end a paragraph."""
    cursor = reader.cursor
    if cursor.indent >= 4 or cursor.at() != "<":
        return Start.NONE
    kind = html_kind(cursor.content())
    if not kind or (kind == 7 and container.kind == "paragraph"):
        return Start.NONE
    reader.add("html", container, level=kind)
    return Start.LEAF


def underline(reader: Builder, container: Block, _matched: Block) -> Start:
    """`===` or `---` under a paragraph, which becomes a heading."""
    cursor = reader.cursor
    if cursor.indent >= 4 or container.kind != "paragraph" or not SETEXT.match(cursor.text, cursor.next):
        return Start.NONE
    text = take_definitions(container.text, reader.references)
    if not text.strip():
        container.lines = []
        return Start.LEAF
    level = 1 if cursor.at() == "=" else 2
    line = container.line + container.text.count("\n") - text.count("\n")
    parent = container.parent
    assert parent is not None
    container.lines = []
    reader.close(container)
    parent.children.remove(container)
    reader.add("heading", parent, level=level, lines=text.split("\n")).line = line
    return Start.LEAF


def rule(reader: Builder, container: Block, _matched: Block) -> Start:
    """`---`, `***`, `___`."""
    cursor = reader.cursor
    if cursor.indent >= 4 or not RULE.match(cursor.text, cursor.next):
        return Start.NONE
    reader.add("rule", container)
    return Start.LEAF


def footnote(reader: Builder, container: Block, _matched: Block) -> Start:
    """`[^label]: …`."""
    cursor = reader.cursor
    match = FOOTNOTE.match(cursor.text, cursor.next) if cursor.indent < 4 else None
    if not match:
        return Start.NONE
    cursor.skip_indent()
    cursor.skip(match.end() - match.start())
    reader.add("footnote", container, info=match[1])
    return Start.CONTAINER


def div(reader: Builder, container: Block, _matched: Block) -> Start:
    """A `:::` line. Only its place matters here: what stands between two of them is ordinary text."""
    cursor = reader.cursor
    match = DIV.match(cursor.text, cursor.next) if cursor.indent < 4 and cursor.at() == ":" else None
    if not match:
        return Start.NONE
    title = (match["title"] or "").strip(" \t[]")
    reader.add("div", container, info=match["braces"] or match["name"] or "", lines=[title] if title else [])
    return Start.LEAF


def indented_code(reader: Builder, container: Block, matched: Block) -> Start:
    """Four columns of indent, where no paragraph goes on."""
    cursor = reader.cursor
    is_in_paragraph = container.kind == "paragraph" or (container is matched and reader.tip.kind == "paragraph")
    if cursor.indent < 4 or cursor.blank or is_in_paragraph or is_under_div(reader, container):
        return Start.NONE
    cursor.skip(4)
    reader.add("indented", container)
    return Start.LEAF


def is_under_div(reader: Builder, container: Block) -> bool:
    """Whether the line before is a `:::` line: what is indented under it are its settings, not code."""
    before = container.last
    return before is not None and before.kind == "div" and before.line == reader.cursor.number - 1


def table(reader: Builder, container: Block, _matched: Block) -> Start:
    """A delimiter row under the last line of a paragraph."""
    cursor = reader.cursor
    if cursor.indent >= 4 or container.kind != "paragraph" or not container.lines or container.is_text_only:
        return Start.NONE
    header = container.lines[-1]
    if not opens_table(header, cursor.content()):
        container.is_text_only = alignments(cursor.content()) is not None
        return Start.NONE
    parent = container.parent
    assert parent is not None
    container.lines.pop()
    reader.close(container)
    if not container.lines and container in parent.children:
        parent.children.remove(container)
    reader.add("table", parent, lines=[header]).line = cursor.number - 1
    return Start.LEAF


STARTS: tuple[Callable[[Builder, Block, Block], Start], ...] = (
    quote,
    heading,
    fence,
    raw_html,
    underline,
    rule,
    footnote,
    list_item,
    div,
    definition,
    indented_code,
    table,
)
