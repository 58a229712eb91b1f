"""Links and images by reference whose labels may hold code, escapes and tags: compared as they were written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import (
    IMAGE_REFERENCE_RE,
    REFERENCE_RE,
    ImageReferenceInlineProcessor,
    ReferenceInlineProcessor,
)

from lms.markdown.inline_links import WithinBrackets
from lms.markdown.page import SOURCE, STASHED
from lms.markdown.references import label_key

if TYPE_CHECKING:
    from markdown import Markdown

STASHED_NODE = re.compile("\x02klzzwxh:([0-9]+)\x03")
ESCAPED = re.compile("\x02([0-9]+)\x03")
LABEL = re.compile(r"\[([^\[\]]*)\]")


def as_written(text: str, md: Markdown) -> str:
    """Text in which earlier patterns left placeholders, as its author wrote it."""
    nodes = md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]

    def node_source(match: re.Match[str]) -> str:
        node = nodes.get(match[1])
        return node.get(SOURCE, "") if isinstance(node, Element) else str(node or "")

    def raw_source(match: re.Match[str]) -> str:
        number = int(match[1])
        pieces = md.htmlStash.rawHtmlBlocks
        return str(pieces[number]) if number < len(pieces) else ""

    text = STASHED.sub(raw_source, STASHED_NODE.sub(node_source, text))
    return ESCAPED.sub(lambda match: "\\" + chr(int(match[1])), text)


class ReferenceLink(WithinBrackets, ReferenceInlineProcessor):
    """`[text][label]`, `[label][]`."""

    md: Markdown

    def evalId(self, data: str, index: int, text: str) -> tuple[str | None, int, bool]:  # noqa: N802
        """Return the label's key, where the reference ends, and whether there is one."""
        match = LABEL.match(data, index)
        if not match:
            return None, index, False
        return label_key(as_written(match[1] or text, self.md)), match.end(), True


class ShortReferenceLink(ReferenceLink):
    """`[label]`, if no other label stands right after it."""

    def evalId(self, data: str, index: int, text: str) -> tuple[str | None, int, bool]:  # noqa: N802
        """Return the label's key; the reference ends with the label."""
        if LABEL.match(data, index):
            return None, index, False
        return label_key(as_written(text, self.md)), index, True


class ReferenceImage(ReferenceLink):
    """`![text][label]`, `![label][]`."""

    makeTag = ImageReferenceInlineProcessor.makeTag  # noqa: N815


class ShortReferenceImage(ShortReferenceLink):
    """`![label]`."""

    makeTag = ImageReferenceInlineProcessor.makeTag  # noqa: N815


def register_references(md: Markdown) -> None:
    """Put these in the places of Python-Markdown's own."""
    md.inlinePatterns.register(ReferenceLink(REFERENCE_RE, md), "reference", 170)
    md.inlinePatterns.register(ReferenceImage(IMAGE_REFERENCE_RE, md), "image_reference", 140)
    md.inlinePatterns.register(ShortReferenceLink(REFERENCE_RE, md), "short_reference", 130)
    md.inlinePatterns.register(ShortReferenceImage(IMAGE_REFERENCE_RE, md), "short_image_ref", 125)
