"""A block of Markdown: what the reader finds in the lines, before it becomes HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "document", "quote", "list", "item", "paragraph", "heading", "fence", "indented", "html", "rule", "table",
    "footnote", "terms", "term", "meaning", "div",
]  # fmt: skip
CONTAINERS = frozenset({"document", "quote", "item", "footnote", "meaning"})
TAKES_LINES = frozenset({"paragraph", "fence", "indented", "html", "table"})


@dataclass(slots=True)
class Block:
    """A node of the block tree. What `level`, `info` and `width` mean depends on the kind.

    `level` is a heading's level, an ordered list's first number, the kind of raw HTML; `mark` a list's bullet
    or the sign after its number, a fence's sign; `info` a fence's info string, a footnote's label, a div's name;
    `width` the columns that belong to an item's marker, or a fence's length; `is_text_only` a paragraph in which
    a delimiter row did not fit its head: GitHub then makes no table of the rest either.
    """

    kind: Kind
    line: int
    parent: Block | None = None
    children: list[Block] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    level: int = 0
    mark: str = ""
    info: str = ""
    width: int = 0
    indent: int = 0
    is_open: bool = True
    is_tight: bool = True
    ends_blank: bool = False
    is_text_only: bool = False

    @property
    def last(self) -> Block | None:
        """The youngest child."""
        return self.children[-1] if self.children else None

    @property
    def text(self) -> str:
        """The lines as one string."""
        return "\n".join(self.lines)

    @property
    def is_ordered(self) -> bool:
        """Whether a list counts."""
        return self.mark in (".", ")")

    def depth(self) -> int:
        """How many blocks this one stands in."""
        count, block = 0, self.parent
        while block is not None:
            count, block = count + 1, block.parent
        return count

    def last_line(self) -> str:
        """The youngest line, empty if there is none."""
        return self.lines[-1] if self.lines else ""


def may_contain(parent: Block, kind: Kind) -> bool:
    """Whether a block of this kind can stand directly in the parent."""
    if parent.kind == "list":
        return kind == "item"
    if parent.kind == "terms":
        return kind in ("term", "meaning")
    return parent.kind in CONTAINERS and kind not in ("item", "term", "meaning")
