"""Links and images with their target in round brackets: read as Git hosts read them, in time that grows evenly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import IMAGE_LINK_RE, LINK_RE, ImageInlineProcessor, LinkInlineProcessor
from markdown.util import AtomicString

from lms.markdown.page import ODD_TAG

if TYPE_CHECKING:
    from markdown import Markdown

DEEPEST = 32  # brackets inside brackets; without a bound each unclosed one would be sought to the end of the text
BRACKET = re.compile(r"[\[\]]")
BLANK = r"[ \t\r\n\f\v]"
# Tags of template programs may hold spaces: course sites write `{{ page.root }}/next` and mean a link.
TAGS = r"\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}"
PLAIN = r"[^ \t\r\n\f\v()]"
ROUND = rf"\((?:{PLAIN}++|\((?:{PLAIN}++|\({PLAIN}*+\))*+\))*+\)"
TARGET = re.compile(
    rf"\({BLANK}*+(?:<(?P<angled>[^<>\n]*)>|(?!<)(?P<bare>(?>{TAGS}|{ROUND}|{PLAIN})*+))"
    rf"(?:{BLANK}++(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|\((?P<round>[^()]*)\)))?{BLANK}*+\)"
)
SPACED = re.compile(r"\([^()<>\"\n]*[^()<>\"\s] [^()<>\"\n]*\.\w{2,5}(?:#[^()\s]*)?\)")


class WithinBrackets(LinkInlineProcessor):
    """Finds where the square bracket of a link ends."""

    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802  # Python-Markdown's name
        """Return what stands in the brackets, the place after them, and whether they end at all."""
        depth = 1
        for match in BRACKET.finditer(data, index):
            depth += 1 if match[0] == "[" else -1
            if depth == 0:
                return data[index : match.start()], match.end(), True
            if depth > DEEPEST:
                break
        return "", index, False


class TargetLink(WithinBrackets):
    """`[text](target "title")`."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        """Return the link or the image."""
        found = super().handleMatch(m, data)
        return self.odd(m, data) if found[0] is None else found

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:  # noqa: N802
        """Return target, title, the place after them, and whether this is a link."""
        match = TARGET.match(data, index)
        if match is None:
            return "", None, index, False
        target = match["bare"] if match["angled"] is None else match["angled"]
        title = next((match[name] for name in ("double", "single", "round") if match[name] is not None), None)
        if title is not None:
            title = " ".join(self.unescape(title).split())
        return self.unescape(target).strip(), title, match.end(), True

    def odd(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:
        """What looks like a link but has a space in its target: text, as on Git hosts, but the author is told."""
        _text, index, is_closed = self.getText(data, m.end(0))
        match = SPACED.match(data, index) if is_closed else None
        if match is None:
            return None, None, None
        odd = Element(ODD_TAG, {"spaced": self.unescape(match[0][1:-1])})
        odd.text = AtomicString(self.unescape(data[m.start(0) : match.end()]))
        return odd, m.start(0), match.end()


class TargetImage(TargetLink, ImageInlineProcessor):
    """`![alternative text](source "title")`."""


def register_links(md: Markdown) -> None:
    """Put these in the places of Python-Markdown's own."""
    md.inlinePatterns.register(TargetLink(LINK_RE, md), "link", 160)
    md.inlinePatterns.register(TargetImage(IMAGE_LINK_RE, md), "image_link", 150)
