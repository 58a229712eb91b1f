"""The last walk over a page's elements: what it says, what it links to, and what only now can be set."""

from __future__ import annotations

import html
from secrets import token_hex
from typing import TYPE_CHECKING

from lms.markdown.anchors import Anchors
from lms.markdown.page import LINE, ODD_TAG, RAW, SOURCE, STASHED, TIGHT
from lms.markdown.raw_html import left_out, note_link, shown, spaced
from lms.markdown.result import Heading, Link

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from lms.markdown.page import Page

EMBED = "embed-" + token_hex(8) + "-"
OWN = ("footnote-mark", "footnote-back")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class Walk:
    """One walk in page order. `stash` is Python-Markdown's list of raw pieces."""

    def __init__(self, page: Page, stash: Sequence[object]) -> None:
        self.page = page
        self.stash = stash
        self.anchors = Anchors()
        self.line = 1
        self.is_counted = False
        self.words: list[str] = []
        self.label = ""

    def run(self, root: Element) -> None:
        """Visit everything."""
        for element in list(root):
            self.visit(element)
        self.count_words()
        for place, element in enumerate(root):
            key = self.embed_key(element)
            if key is not None:
                self.page.embeds.append(key)
                tail = element.tail
                element.clear()
                element.tag, element.tail = "hr", tail
                element.set("class", f"{EMBED}{len(self.page.embeds) - 1}")
                root[place] = element

    def visit(self, element: Element) -> None:
        """Take what an element says, then what is in it."""
        line = element.attrib.pop(LINE, None)
        element.attrib.pop(SOURCE, None)
        if line is not None:
            self.count_words()
            self.line, self.is_counted = int(line), True
            if element.tag != TIGHT:
                element.tail = element.tail or "\n"
        if element.tag == RAW:
            return
        start = self.line
        if element.get("class") in OWN:
            return
        self.take_text(element.text)
        for child in element:
            self.visit(child)
            self.take_text(child.tail)
        self.note(element, start)

    def take_text(self, text: str | None) -> None:
        """Keep words to be counted and move down with the lines."""
        if text:
            for match in STASHED.finditer(text):
                note_link(self.piece(match), self.line + text.count("\n", 0, match.start()), self.page)
            self.words.append(text)
            self.line += text.count("\n")

    def count_words(self) -> None:
        """Count the tokens of the text that ends here."""
        if self.is_counted:
            text = self.plain("".join(self.words))
            self.page.words += sum(1 for token in text.split() if token[0].isalnum() or any(map(str.isalnum, token)))
        self.words.clear()

    def plain(self, text: str) -> str:
        """Text without raw tags, its entities as characters."""
        return html.unescape(STASHED.sub(self.restored, text))

    def piece(self, match: re.Match[str]) -> str:
        """The raw piece that a placeholder stands for."""
        number = int(match[1])
        return str(self.stash[number]) if number < len(self.stash) else ""

    def restored(self, match: re.Match[str]) -> str:
        """What a placeholder says as text: an entity its character, a tag nothing."""
        piece = self.piece(match)
        return piece if piece.startswith("&") else ""

    def note(self, element: Element, line: int) -> None:
        """Record an element by its kind."""
        if element.tag == "a" and element.get("class") not in OWN:
            self.page.links.append(Link(html.unescape(element.get("href") or ""), self.words_in(element), line))
        elif element.tag == "img":
            self.image(element)
        elif element.tag in HEADINGS:
            self.heading(element, line)
        elif element.tag == "table":
            element.set("aria-label", self.label or self.page.labels["table"])
        elif element.tag == ODD_TAG:
            self.odd_tag(element, line)

    def odd_tag(self, element: Element, line: int) -> None:
        """Record words in angle brackets, a tag of another tool, or a link that is none."""
        if "shown" in element.attrib:
            self.page.oddities.append(shown(element.attrib.pop("shown"), line))
        elif "left-out" in element.attrib:
            self.page.oddities.append(left_out(element.attrib.pop("left-out"), line))
        elif "spaced" in element.attrib:
            self.page.oddities.append(spaced(element.attrib.pop("spaced"), line))

    def image(self, element: Element) -> None:
        """Record an image; its alternative text counts as words."""
        alternative = self.plain(element.get("alt") or "")
        element.set("alt", alternative)
        self.words.append(f" {alternative} ")
        self.page.images.append(Link(html.unescape(element.get("src") or ""), alternative, self.line))

    def heading(self, element: Element, line: int) -> None:
        """Record a heading and give it its anchor."""
        title = " ".join(self.words_in(element).split())
        anchor = self.anchors.anchor(title, element.get("id", ""))
        element.set("id", anchor)
        self.label = title
        self.page.headings.append(Heading(int(element.tag[1]), anchor, title, line))

    def words_in(self, element: Element) -> str:
        """The text that an element shows, images by their alternative text."""
        pieces = [element.text or ""]
        for child in element:
            pieces.append(child.get("alt", "") if child.tag == "img" else self.words_in(child))
            pieces.append(child.tail or "")
        return self.plain("".join(pieces)).strip()

    def embed_key(self, element: Element) -> str | None:
        """The key of what replaces a paragraph of exactly one link."""
        if element.tag != "p" or len(element) != 1 or (element.text or "").strip():
            return None
        link = element[0]
        if link.tag != "a" or (link.tail or "").strip() or "href" not in link.attrib:
            return None
        return self.page.links_to.embed(html.unescape(link.attrib["href"]))
