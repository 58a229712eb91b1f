"""Blocks to the element tree on which Python-Markdown's inline patterns work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from lms.markdown.braces import heading_id, without_braces
from lms.markdown.callouts import callout, div_element
from lms.markdown.code import code_block, language_of
from lms.markdown.page import LINE, RAW, TIGHT
from lms.markdown.raw_html import TAG, is_placeholder, tame
from lms.markdown.result import Oddity
from lms.markdown.rows import alignments, cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown import Markdown

    from lms.markdown.block import Block
    from lms.markdown.page import Page

TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
LONGEST = 10_000  # characters of one paragraph; marks in it cost time that grows with the square of its length
ONLY_TAG = re.compile(r"\s*(?:" + TAG.pattern + r")\s*", re.DOTALL)


class TreeBuilder:
    """Turns the blocks of one page into elements."""

    def __init__(self, md: Markdown, page: Page) -> None:
        self.md = md
        self.page = page
        self.notes: list[Block] = []
        self.open_divs: list[str] = []
        self.builders: dict[str, Callable[[Element, Block], None]] = {
            "paragraph": self.paragraph,
            "heading": self.heading,
            "list": self.list_,
            "quote": self.quote,
            "fence": self.fence,
            "indented": self.indented,
            "html": self.html,
            "rule": self.rule,
            "table": self.table,
            "terms": self.terms,
            "div": self.div,
            "footnote": lambda _, block: self.notes.append(block),
        }

    def build(self, document: Block, tag: str) -> Element:
        """The root element of the page, its footnotes last."""
        root = Element(tag)
        self.fill(root, document.children)
        while self.open_divs:
            self.raw(root, self.open_divs.pop())
        if self.notes:
            section = SubElement(root, "section", {"class": "footnotes"})
            items = SubElement(section, "ol")
            for note in list(self.notes):
                item = SubElement(items, "li", {"id": "fn-" + note.info.lower()})
                self.fill(item, note.children)
        return root

    def fill(self, parent: Element, blocks: list[Block]) -> None:
        """Put blocks into an element."""
        skip: Block | None = None
        for place, block in enumerate(blocks):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if block is skip:
                continue
            if block.kind in ("fence", "indented") and following is not None and self.names_language(block, following):
                skip = following if not without_braces(following.lines) else None
            self.builders[block.kind](parent, block)

    @staticmethod
    def names_language(block: Block, following: Block) -> bool:
        """Take a code block's language from a kramdown line right after it."""
        if following.kind != "paragraph" or not following.lines:
            return False
        match = re.match(r"\{:\s*\.(?:language-)?([\w+#-]+)\s*\}\s*$", following.lines[0])
        if match and not block.info:
            block.info = match[1]
        return match is not None

    def text(self, parent: Element, tag: str, lines: list[str], line: int) -> Element:
        """An element with text that inline patterns will read; a text without end is shown as it is written."""
        element = SubElement(parent, tag, {LINE: str(line)})
        element.text = readable("\n".join(lines).rstrip(" \t"), line, self.page)
        return element

    def raw(self, parent: Element, source: str) -> None:
        """HTML that no inline pattern may touch."""
        if source:
            element = SubElement(parent, RAW)
            element.text = AtomicString(self.md.htmlStash.store(source))

    def paragraph(self, parent: Element, block: Block, tag: str = "p") -> None:
        """A paragraph, unless nothing but kramdown braces is in it."""
        lines = without_braces(block.lines)
        if lines:
            self.text(parent, tag, lines, block.line)

    def heading(self, parent: Element, block: Block) -> None:
        """A heading, its own anchor taken off."""
        text, wished = heading_id("\n".join(line.lstrip(" \t") for line in block.lines))
        element = self.text(parent, f"h{block.level}", [text], block.line)
        if wished:
            element.set("id", wished)

    def list_(self, parent: Element, block: Block) -> None:
        """A list with its items."""
        element = SubElement(parent, "ol" if block.is_ordered else "ul")
        if block.is_ordered and block.level != 1:
            element.set("start", str(block.level))
        for item in block.children:
            self.item(SubElement(element, "li", {LINE: str(item.line)}), item, is_tight=block.is_tight)

    def item(self, element: Element, block: Block, *, is_tight: bool) -> None:
        """An item; its paragraphs are bare text in a tight list."""
        first = block.children[0] if block.children else None
        task = TASK.match(first.lines[0]) if first is not None and first.kind == "paragraph" else None
        if task and first is not None:
            first.lines[0] = first.lines[0][task.end() :]
        if is_tight:
            for child in block.children:
                if child.kind == "paragraph":
                    self.paragraph(element, child, TIGHT)
                else:
                    self.fill(element, [child])
        else:
            self.fill(element, block.children)
        if task and len(element):
            box = Element("wbr", {"class": "task-open" if task[1] == " " else "task-done"})
            box.tail, element[0].text = element[0].text, None
            element[0].insert(0, box)

    def quote(self, parent: Element, block: Block) -> None:
        """A quote, or the callout that it is."""
        inner = callout(parent, block, self.page)
        if inner is None:
            inner = SubElement(parent, "blockquote")
        self.fill(inner, block.children)

    def fence(self, parent: Element, block: Block) -> None:
        """Fenced code."""
        self.page.code_blocks += 1
        text = block.text + "\n" if block.lines else ""
        self.raw(parent, code_block(text, language_of(block.info), has_colours=self.page.has_colours))

    def indented(self, parent: Element, block: Block) -> None:
        """Indented code."""
        self.page.code_blocks += 1
        self.raw(parent, code_block(block.text + "\n", language_of(block.info), has_colours=self.page.has_colours))

    def html(self, parent: Element, block: Block) -> None:
        """Raw HTML; a placeholder that stands alone on its line is the paragraph it was meant to be."""
        match = ONLY_TAG.match(block.lines[0])
        if block.level == 7 and match and is_placeholder(match):
            self.paragraph(parent, block)
            return
        self.raw(parent, tame(block.text, block.line, self.page))

    @staticmethod
    def rule(parent: Element, _block: Block) -> None:
        """A line across."""
        SubElement(parent, "hr")

    def table(self, parent: Element, block: Block) -> None:
        """A table, rows filled or cut to the width of its head."""
        self.page.tables += 1
        classes = alignments(block.lines[1]) or []
        element = SubElement(parent, "table")
        head = SubElement(SubElement(element, "thead"), "tr")
        self.row(head, "th", block.lines[0], classes, block.line)
        rows = [(number, line) for number, line in enumerate(block.lines[2:], 2) if without_braces([line])]
        body = SubElement(element, "tbody") if rows else element
        for number, line in rows:
            self.row(SubElement(body, "tr"), "td", line, classes, block.line + number)

    def row(self, row: Element, tag: str, line: str, classes: list[str], number: int) -> None:
        """The cells of one row."""
        texts = cells(line)
        texts += [""] * (len(classes) - len(texts))
        for text, name in zip(texts, classes, strict=False):
            cell = self.text(row, tag, [text], number)
            if name:
                cell.set("class", name)
            if tag == "th":
                cell.set("scope", "col")

    def terms(self, parent: Element, block: Block) -> None:
        """A definition list."""
        element = SubElement(parent, "dl")
        for child in block.children:
            if child.kind == "term":
                self.text(element, "dt", child.lines, child.line)
                continue
            meaning = SubElement(element, "dd", {LINE: str(child.line)})
            is_tight = child.is_tight and len(child.children) == 1 and child.children[0].kind == "paragraph"
            if is_tight:
                self.paragraph(meaning, child.children[0], TIGHT)
            else:
                self.fill(meaning, child.children)

    def div(self, parent: Element, block: Block) -> None:
        """Open or close what a `:::` line opens or closes; a close too many is nothing."""
        if block.info or block.lines:
            opening, closing = div_element(block, self.page)
            self.open_divs.append(closing)
            self.raw(parent, opening)
        elif self.open_divs:
            self.raw(parent, self.open_divs.pop())


def readable(text: str, line: int, page: Page) -> str:
    """A text for inline patterns; one that is longer than any paragraph is closed to them, and noted."""
    if len(text) <= LONGEST:
        return text
    message = f"This paragraph has {len(text):,} characters; beyond {LONGEST:,} it is shown as plain text."
    page.oddities.append(Oddity(line, "paragraph-endless", message, "Part it by empty lines."))
    return AtomicString(text)
