"""Lines to blocks: the block structure of CommonMark with GitHub's tables and footnotes, and a little more.

The procedure is the one the CommonMark specification describes in its appendix: each line is offered to the
blocks that are still open, then to the starts of new ones; what is left is text. Python-Markdown's own block
parser cannot give GitHub's structure, because it splits at blank lines before it knows what encloses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.markdown.block import TAKES_LINES, Block, Kind, may_contain
from lms.markdown.cursor import Cursor
from lms.markdown.going_on import Answer, goes_on
from lms.markdown.html_blocks import ENDS
from lms.markdown.opening import Start
from lms.markdown.references import take_definitions
from lms.markdown.starts import STARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

MAYBE_START = frozenset("#`~*+_=<>-|:[0123456789")
DEEPEST = 60


class Reader:
    """Builds the block tree of one text. `references` are its link definitions by label."""

    def __init__(self) -> None:
        self.document = Block("document", 1)
        self.tip = self.document
        self.references: dict[str, tuple[str, str]] = {}
        self.cursor = Cursor("", 0)

    def read(self, lines: Sequence[str]) -> Block:
        """The document that the lines make."""
        for number, line in enumerate(lines, 1):
            self.take(Cursor(line, number))
        self.close_to(None)
        return self.document

    def take(self, cursor: Cursor) -> None:
        """Fit one more line in."""
        self.cursor = cursor
        container, ended = self.matched()
        if ended:
            return
        old_tip, matched = self.tip, container
        container = self.opened(container)
        is_lazy = old_tip is self.tip and matched is container and container is not old_tip
        if is_lazy and old_tip.kind == "paragraph" and not cursor.blank:
            old_tip.lines.append(cursor.content())
            return
        if container is matched:
            self.close_to(matched)
        self.note_blank(container)
        self.add_text(container)

    def matched(self) -> tuple[Block, bool]:
        """The innermost open block that the line still belongs to, and whether the line ended it."""
        container = self.document
        while (last := container.last) is not None and last.is_open:
            self.cursor.look()
            answer = goes_on(last, self.cursor)
            if answer is Answer.ENDED:
                self.close(last)
                return container, True
            if answer is Answer.NO:
                break
            container = last
        return container, False

    def opened(self, container: Block) -> Block:
        """Open what starts on this line and return the innermost block."""
        matched = container
        is_leaf = container.kind in TAKES_LINES and container.kind not in ("paragraph", "table")
        while not is_leaf:
            self.cursor.look()
            if self.cursor.indent < 4 and self.cursor.at() not in MAYBE_START:
                break
            start = self.first_start(container, matched)
            if start is Start.NONE:
                break
            container = self.tip
            is_leaf = start is Start.LEAF
        return container

    def first_start(self, container: Block, matched: Block) -> Start:
        """Try what may start here, in the order that decides between them."""
        if container.depth() > DEEPEST:
            return Start.NONE
        for start in STARTS:
            found = start(self, container, matched)
            if found is not Start.NONE:
                return found
        return Start.NONE

    def add(self, kind: Kind, container: Block, **values: object) -> Block:
        """Open a new block in the container, or in the nearest block around it that may hold it."""
        while not may_contain(container, kind):
            self.close_to(container)
            self.close(container)
            assert container.parent is not None
            container = container.parent
        self.close_to(container)
        block = Block(kind, self.cursor.number, container)
        for name, value in values.items():
            setattr(block, name, value)
        container.children.append(block)
        self.tip = block
        return block

    def close_to(self, container: Block | None) -> None:
        """Close the open blocks inside the container; all with None."""
        while self.tip is not container and self.tip.parent is not None:
            self.close(self.tip)
        if container is None:
            self.document.is_open = False

    def close(self, block: Block) -> None:
        """Close one block, after all inside it, and settle what only its end tells."""
        while self.tip is not block and self.is_inside(self.tip, block):
            self.close(self.tip)
        block.is_open = False
        if self.tip is block and block.parent is not None:
            self.tip = block.parent
        if block.kind == "paragraph":
            self.settle_paragraph(block)
        elif block.kind == "list":
            block.is_tight = is_tight(block)
        elif block.kind == "indented":
            while block.lines and not block.lines[-1].strip(" \t"):
                block.lines.pop()

    @staticmethod
    def is_inside(block: Block, outer: Block) -> bool:
        """Whether `outer` is one of the blocks around `block`."""
        parent = block.parent
        while parent is not None and parent is not outer:
            parent = parent.parent
        return parent is outer

    def settle_paragraph(self, block: Block) -> None:
        """Take link definitions off a paragraph, and the paragraph away if nothing else is in it."""
        if not block.lines or not block.lines[0].startswith("["):
            return
        text = block.text
        rest = take_definitions(text, self.references)
        block.line += text.count("\n") - rest.count("\n")
        block.lines = rest.split("\n") if rest.strip() else []
        if not block.lines and block.parent is not None and block in block.parent.children:
            block.parent.children.remove(block)

    def note_blank(self, container: Block) -> None:
        """Remember blank lines: they decide between loose and tight lists."""
        blank = self.cursor.blank
        if blank and container.last is not None:
            container.last.ends_blank = True
        is_new_item = container.kind == "item" and not container.children and container.line == self.cursor.number
        container.ends_blank = blank and container.kind not in ("quote", "heading", "rule", "fence") and not is_new_item
        parent = container.parent
        while parent is not None:
            parent.ends_blank = False
            parent = parent.parent

    def add_text(self, container: Block) -> None:
        """Put what is left of the line where it belongs."""
        cursor = self.cursor
        if container.kind == "paragraph" or (container.kind == "table" and not cursor.blank):
            if not cursor.blank:
                container.lines.append(cursor.content())
        elif container.kind == "fence" and container.line == cursor.number:
            return
        elif container.kind in TAKES_LINES:
            if container.kind != "table":
                container.lines.append(cursor.rest())
            if container.kind == "html" and container.level in ENDS and ENDS[container.level].search(cursor.rest()):
                self.close(container)
        elif not cursor.blank and container.kind not in ("heading", "rule", "div"):
            paragraph = self.add("paragraph", container)
            paragraph.lines.append(cursor.content())


def ends_blank(block: Block) -> bool:
    """Whether a blank line follows the end of a block, seen through lists and items."""
    found: Block | None = block
    while found is not None:
        if found.ends_blank:
            return True
        found = found.last if found.kind in ("list", "item") else None
    return False


def is_tight(block: Block) -> bool:
    """Whether no two items of a list, and no two blocks in an item, have a blank line between them."""
    for item in block.children:
        is_last = item is block.children[-1]
        if item.ends_blank and not is_last:
            return False
        for child in item.children:
            if ends_blank(child) and not (is_last and child is item.children[-1]):
                return False
    return True
