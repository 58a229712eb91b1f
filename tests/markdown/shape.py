"""The shape of a page: what a reader sees of its structure, whatever the attributes and spaces."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TypeAlias

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options

from lms.markdown import render

Event: TypeAlias = tuple[object, ...]
GITHUB = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "q", "s", "section", "span", "strong",
    "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
DROPPED = {"script", "style", "textarea", "title", "svg", "iframe"}
HEADING = re.compile(r"h[1-6]$")


class Shape(HTMLParser):
    """Collects headings, lists, tables, code, quotes and paragraphs in order; footnotes are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[Event] = []
        self.text: list[str] = []
        self.tables: list[list[int]] = []
        self.footnotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self.footnotes += 1
        if self.footnotes:
            return
        if HEADING.match(tag) or tag == "pre":
            self.text = []
        elif tag in ("ul", "ol", "li", "blockquote", "p", "hr"):
            self.events.append((tag, dict(attrs).get("start")))
        else:
            self.start_table_part(tag)

    def start_table_part(self, tag: str) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append(0)
        elif tag in ("td", "th") and self.tables:
            self.tables[-1][-1] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self.footnotes -= 1
        if self.footnotes:
            return
        if HEADING.match(tag):
            self.events.append((tag, " ".join("".join(self.text).split())))
        elif tag == "pre":
            self.events.append((tag, "".join(self.text)))
        elif tag in ("ul", "ol", "blockquote"):
            self.events.append(("end " + tag,))
        elif tag == "table":
            self.events.append((tag, *self.tables.pop()))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def shape(html: str) -> list[Event]:
    """The shape of HTML."""
    found = Shape()
    found.feed(html)
    found.close()
    return found.events


def ours(text: str) -> list[Event]:
    """The shape that we give a text."""
    return shape(render(text).html)


def github(text: str) -> list[Event]:
    """The shape that GitHub gives a text, its raw HTML balanced as a browser balances it."""
    html = cmarkgfm.github_flavored_markdown_to_html(text, GITHUB)
    attributes = {"section": {"class"}, "ol": {"start"}}
    return shape(nh3.clean(html, tags=TAGS, clean_content_tags=DROPPED, attributes=attributes))
