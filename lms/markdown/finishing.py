"""Tree processors of our own: footnotes in the order of their marks, figures, and the walk that gathers facts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from lms.markdown.facts import Walk
from lms.markdown.result import Oddity

if TYPE_CHECKING:
    from markdown import Markdown

    from lms.markdown.page import Page


class Finish(Treeprocessor):
    """Runs once inline patterns have read everything."""

    md: Markdown
    page: Page

    def run(self, root: Element) -> None:
        """Finish the page's elements in place."""
        number_footnotes(root, self.page)
        if not self.page.is_inline:
            for paragraph in list(root.iter("p")):
                make_figure(paragraph)
        Walk(self.page, self.md.htmlStash.rawHtmlBlocks).run(root)


def make_figure(paragraph: Element) -> None:
    """Turn a paragraph of one image with a title into a figure, the title its caption."""
    if len(paragraph) != 1 or (paragraph.text or "").strip() or (paragraph[0].tail or "").strip():
        return
    image = paragraph[0]
    title = image.get("title") if image.tag == "img" else None
    if not title:
        return
    del image.attrib["title"]
    paragraph.tag = "figure"
    caption = SubElement(paragraph, "figcaption")
    caption.text = title


def number_footnotes(root: Element, page: Page) -> None:
    """Number marks in page order, sort the notes likewise, and take away notes that no mark calls."""
    section = root.find("section[@class='footnotes']")
    if section is None:
        return
    numbers: dict[str, int] = {}
    counts: dict[str, int] = {}
    for mark in [element for element in root.iter("sup") if element.get("class") == "footnote"]:
        label = mark.attrib.pop("label", "")
        number = numbers.setdefault(label, len(numbers) + 1)
        counts[label] = counts.get(label, 0) + 1
        mark.set("id", f"fnref-{label}" + (f"-{counts[label]}" if counts[label] > 1 else ""))
        words = page.labels["footnote"].format(n=number)
        link = SubElement(mark, "a", {"href": f"#fn-{label}", "aria-label": words, "class": "footnote-mark"})
        link.text = AtomicString(str(number))
        mark.attrib.pop("class")
    settle_notes(root, section, numbers, page)


def settle_notes(root: Element, section: Element, numbers: dict[str, int], page: Page) -> None:
    """Keep the notes that are called, in order, each with its way back."""
    items = section[0]
    called = [item for item in items if item.get("id", "")[3:] in numbers]
    for item in items:
        label = item.get("id", "")[3:]
        if label not in numbers:
            page.oddities.append(unused(label, page))
    items[:] = sorted(called, key=lambda item: numbers[item.get("id", "")[3:]])
    if not called:
        root.remove(section)
        return
    section.set("aria-label", page.labels["footnotes"])
    for item in called:
        holder = item[-1] if len(item) and item[-1].tag == "p" else SubElement(item, "p")
        back = {"href": "#fnref-" + item.get("id", "")[3:], "aria-label": page.labels["back"], "class": "footnote-back"}
        link = SubElement(holder, "a", back)
        link.text = AtomicString("↩")


def unused(label: str, page: Page) -> Oddity:
    """What to tell the author of a footnote that nothing points to."""
    line = int(page.footnotes.get(label, "0"))
    return Oddity(
        line, "footnote-unused", f"No text points to the footnote [^{label}].", f"Write [^{label}] in the text."
    )
