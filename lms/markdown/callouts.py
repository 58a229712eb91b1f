"""Callouts: quotes that open with `[!NOTE]`, and the `:::` divs of other dialects, in the markup of the design."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from lms.markdown.block import Block
    from lms.markdown.page import Page

OPENING = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][+-]?[ \t]*(.*)$", re.IGNORECASE)
CLASSES = {
    "note": "note",
    "tip": "note note-ok",
    "important": "note note-plain",
    "warning": "note note-warn",
    "caution": "note note-stop",
}
ICONS = {
    "note": "info",
    "note note-ok": "tip",
    "note note-plain": "flag",
    "note note-warn": "warn",
    "note note-stop": "stop",
}
FOLDED = ("solution", "hint", "spoiler", "answer")


def callout(parent: Element, block: Block, page: Page) -> Element | None:
    """The element for a callout's content, its label in place; None if the quote is a quote."""
    first = block.children[0] if block.children else None
    match = OPENING.match(first.lines[0]) if first is not None and first.kind == "paragraph" else None
    if not match or first is None:
        return None
    kind = match[1].lower()
    del first.lines[0]
    first.line += 1
    if not first.lines:
        del block.children[0]
    box = SubElement(parent, "div", {"class": CLASSES[kind]})
    inner = SubElement(box, "div")
    label = SubElement(SubElement(inner, "p"), "b")
    label.text = match[2] or page.labels[kind]
    return inner


def div_element(block: Block, page: Page) -> tuple[str, str]:
    """The opening and closing HTML of a `:::` div: something to unfold, or a panel."""
    name = block.info.strip(". \t").partition(" ")[0].lower()
    title = block.text
    if name in FOLDED:
        words = title or page.labels["solution" if name in ("solution", "answer") else "hint"]
        return f"<details><summary>{html.escape(words)}</summary>", "</details>"
    heading = f"<p><b>{html.escape(title)}</b></p>" if title else ""
    return f'<div class="panel">{heading}', "</div>"
