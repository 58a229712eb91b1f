"""What rendering gives back: safe HTML in pieces, and the facts about a text that pages and checks need."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A Markdown heading. `id` has no prefix: it is the anchor that authors write. Lines count from 1."""

    level: int
    id: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image as written. `text` is the words shown, for an image its alternative text.

    `raw` tells that it was written as HTML, so a count of Markdown links or images can leave it out.
    """

    target: str
    text: str
    line: int
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Embed:
    """A top-level paragraph that was exactly one link which `Links.embed` recognised."""

    key: str


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in a text that was rendered, but hardly as its author meant."""

    line: int
    rule: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered text. `parts` are safe HTML and embeds in page order; the joined HTML parts are the page.

    `words` counts tokens with a letter or digit in headings, paragraphs, list items, table cells, inline code
    and image alternatives; code blocks and raw HTML don't count. `code_blocks` are fenced and indented ones.
    """

    parts: tuple[str | Embed, ...] = ()
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[Link, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    words: int = 0
    code_blocks: int = 0
    tables: int = 0

    @property
    def html(self) -> str:
        """The whole page without its embeds."""
        return "".join(part for part in self.parts if isinstance(part, str))
