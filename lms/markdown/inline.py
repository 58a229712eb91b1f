"""Inline patterns that GitHub has and Python-Markdown lacks, or reads in another way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import BACKTICK_RE, BacktickInlineProcessor, InlineProcessor, SubstituteTagInlineProcessor
from markdown.util import AtomicString

from lms.markdown.braces import values
from lms.markdown.inline_links import register_links
from lms.markdown.page import ODD_TAG, SOURCE
from lms.markdown.raw_html import COMMENT, RAW_TEXT, SAFE, TAG, UNWRAPPED, is_placeholder
from lms.markdown.reference_links import register_references

if TYPE_CHECKING:
    from markdown import Markdown

    from lms.markdown.page import Page

BACKSLASH_BREAK = r"\\(?=\n)"
SPACES_BREAK = r" {2,}(?=\n)"
ANY_HTML = rf"(?:{TAG.pattern})|<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>"
FOOTNOTE = r"\[\^([^\]\s]+)\]"
BARE = (
    r"(?:(?<![A-Za-z0-9/])(?:https?|ftp)://|(?<![^\s*_~(])www\.)[\w\-]+(?:\.[\w\-]+)*[^\s<\x02\x03]*"
    r"|(?<![\w.+/:@-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[\w-]*[A-Za-z](?![\w@-])"
)
TRAILING = re.compile(r"(?:&[A-Za-z0-9]+;|[?!.,:;*_~'\"])$")
BRACES = "\x02klzzwxh:([0-9]+)\x03\\{(?!%)([^{}\\n]*)\\}"
LOOKS_LIKE_BRACES = re.compile(r"[ \t]*(?:[:.#]|[\w-]+=)")


class Code(BacktickInlineProcessor):
    """Code that remembers how it was written, because the label of a reference may be code."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        """Return the code element."""
        found, start, end = super().handleMatch(m, data)
        if isinstance(found, Element):
            found.set(SOURCE, data[start:end])
        return found, start, end


class Html(InlineProcessor):
    """Tags within a line; words in angle brackets stay words."""

    md: Markdown

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        """Return the tag's placeholder, or what it looks like if it is no tag."""
        start = m.start(0)
        if data[max(0, start - 2) : start] == "](":
            return None, None, None
        if COMMENT.fullmatch(m[0]):
            return "", start, m.end(0)
        name, written = m[2].lower(), self.restored(m[0])
        if name in SAFE or name in UNWRAPPED:
            return self.md.htmlStash.store(written), start, m.end(0)
        odd = Element(ODD_TAG)
        is_text = name in RAW_TEXT or is_placeholder(m)
        odd.text = AtomicString(written if is_text else "")
        if name not in RAW_TEXT and not m[1]:
            odd.set("shown" if is_text else "left-out", written)
        return odd, start, m.end(0)

    @staticmethod
    def restored(tag: str) -> str:
        """The tag as written, with what was already read as a backslash escape."""
        return re.sub("\x02([0-9]+)\x03", lambda match: "\\" + chr(int(match[1])), tag)


class FootnoteMark(InlineProcessor):
    """`[^label]`, if the text has such a footnote."""

    def __init__(self, pattern: str, md: Markdown) -> None:
        super().__init__(pattern, md)
        self.page: Page | None = None

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element | None, int | None, int | None]:
        """Return the raised link to the footnote; its number comes once the order is known."""
        label = m[1].lower()
        if self.page is None or label not in self.page.footnotes:
            return None, None, None
        mark = Element("sup", {"class": "footnote", "label": label})
        mark.text = AtomicString("")
        return mark, m.start(0), m.end(0)


class BareLink(InlineProcessor):
    """Web and mail addresses that stand in the text as they are."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element | None, int | None, int | None]:
        """Return the link, without the punctuation that belongs to the sentence."""
        text = trimmed(m[0])
        is_mail = "@" in text and not text.startswith(("http", "www.", "ftp"))
        if not is_mail and text.startswith("www.") and "." not in text[4:]:
            return None, None, None
        link = Element("a", {"href": ("mailto:" if is_mail else "http://" if text.startswith("www.") else "") + text})
        link.text = AtomicString(text)
        return link, m.start(0), m.start(0) + len(text)


def trimmed(address: str) -> str:
    """An address without closing punctuation; a bracket stays if it was opened in the address."""
    while True:
        if address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1]
            continue
        match = TRAILING.search(address)
        if not match:
            return address
        address = address[: match.start()]


class Braces(InlineProcessor):
    """`{: …}` or `{alt='…'}` right after a link, an image or code: not shown; an alternative text is used."""

    md: Markdown

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element | None, int | None, int | None]:
        """Return the element without the braces."""
        node = self.md.treeprocessors["inline"].stashed_nodes.get(m[1])  # type: ignore[attr-defined]
        if not isinstance(node, Element) or not LOOKS_LIKE_BRACES.match(m[2]):
            return None, None, None
        alternative = values(m[2]).get("alt")
        if node.tag == "img" and alternative is not None:
            if node.get("alt"):
                node.set("title", node.get("title") or node.get("alt") or "")
            node.set("alt", alternative)
        return node, m.start(0), m.end(0)


def register(md: Markdown) -> FootnoteMark:
    """Put the patterns where Python-Markdown's own would stand; return the one that needs to know the page."""
    patterns = md.inlinePatterns
    patterns.deregister("html")
    patterns.register(Code(BACKTICK_RE), "backtick", 190)
    register_references(md)
    register_links(md)
    marks = FootnoteMark(FOOTNOTE, md)
    patterns.register(SubstituteTagInlineProcessor(BACKSLASH_BREAK, "br"), "backslash_break", 185)
    patterns.register(SubstituteTagInlineProcessor(SPACES_BREAK, "br"), "linebreak", 100)
    patterns.register(marks, "footnote_mark", 178)
    patterns.register(Html(ANY_HTML, md), "inline_html", 175)
    patterns.register(Braces(BRACES, md), "braces", 119)
    patterns.register(Braces(BRACES, md), "braces_after_emphasis", 50)
    patterns.register(BareLink(BARE, md), "bare_link", 105)
    md.ESCAPED_CHARS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
    return marks
