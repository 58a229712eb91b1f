"""What is gathered while one text is rendered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lms.markdown.labels import LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.markdown.links import Links
    from lms.markdown.result import Heading, Link, Oddity

LINE = "data-line"
SOURCE = "data-source"
RAW = "raw-html"
TIGHT = "tight-text"
ODD_TAG = "odd-tag"
STASHED = re.compile("\x02wzxhzdk:([0-9]+)\x03")


@dataclass(slots=True)
class Page:
    """One rendering: what it was asked for, and what it has found so far."""

    links_to: Links
    language: str = "en"
    is_inline: bool = False
    has_colours: bool = True
    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[Link] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    embeds: list[str] = field(default_factory=list)
    footnotes: dict[str, str] = field(default_factory=dict)
    words: int = 0
    code_blocks: int = 0
    tables: int = 0

    @property
    def labels(self) -> Mapping[str, str]:
        """The few words that rendering itself writes, in the language of the text."""
        return LABELS.get(self.language.partition("-")[0].lower(), LABELS["en"])
