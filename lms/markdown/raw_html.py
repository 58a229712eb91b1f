"""Raw HTML in a text, before the sanitiser sees it: which tags are tags, and which are words in angle brackets."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from lms.markdown.links import host
from lms.markdown.result import Link, Oddity

if TYPE_CHECKING:
    from lms.markdown.page import Page

SAFE = frozenset(
    {
        "a", "abbr", "audio", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col",
        "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1",
        "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "picture",
        "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "source", "span", "strike",
        "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr",
        "track", "tt", "u", "ul", "var", "video", "wbr",
    }
)  # fmt: skip
INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins", "kbd",
        "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
        "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
UNWRAPPED = frozenset(
    {
        "acronym", "address", "article", "aside", "base", "basefont", "big", "body", "button", "center",
        "data", "datalist", "dialog", "dir", "embed", "fieldset", "font", "footer", "form", "frame",
        "frameset", "g", "head", "header", "hgroup", "html", "input", "label", "legend", "link", "main",
        "map", "area", "menu", "menuitem", "meta", "meter", "nav", "object", "optgroup", "option", "output",
        "param", "path", "progress", "search", "select", "slot",
    }
)  # fmt: skip
RAW_TEXT = frozenset(
    {
        "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript",
        "plaintext", "template", "svg", "math", "canvas", "applet",
    }
)  # fmt: skip
TAG = re.compile(
    r"<(/?)([a-zA-Z][^\s\"'<>/=@]*)((?:\s+[^\s\"'=<>/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>]+))?)*)\s*/?>"
)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<![A-Za-z].*?(?:>|\Z)", re.DOTALL)
VALUE = r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))"""
VALUES = {name: re.compile(rf"\s{name}{VALUE}", re.IGNORECASE) for name in ("src", "href", "alt")}


def whole(name: str) -> re.Pattern[str]:
    """Matches an element with its contents, or its lone tag."""
    return re.compile(rf"<{name}\b[^>]*>(?:.*?</{name}\s*>)?|</{name}\s*>", re.IGNORECASE | re.DOTALL)


RAW_TEXT_ELEMENTS = re.compile(r"<(?:" + "|".join(sorted(RAW_TEXT)) + r")\b", re.IGNORECASE)
WHOLE = tuple(whole(name) for name in sorted(RAW_TEXT - {"iframe"}))
FRAME = whole("iframe")


def is_tag(name: str) -> bool:
    """Whether a name is an HTML element's, not a placeholder in angle brackets."""
    lowered = name.lower()
    return lowered in SAFE or lowered in UNWRAPPED or lowered in RAW_TEXT


def is_placeholder(match: re.Match[str]) -> bool:
    """Whether what `TAG` found stands for something a reader fills in, not for markup of some other tool."""
    return not (is_tag(match[2]) or match[1] or "=" in match[3] or match[0].endswith("/>"))


def shown(text: str, line: int) -> Oddity:
    """What to tell the author of words in angle brackets."""
    return Oddity(
        line,
        "angle-brackets",
        f"{text} is not an HTML tag; it is shown as text.",
        f"Write it as code, `{text}`, or with a backslash, \\{text}.",
    )


def left_out(text: str, line: int) -> Oddity:
    """What to tell the author of a tag that belongs to another tool."""
    return Oddity(
        line,
        "unknown-tag",
        f"{text} is not an HTML tag; it is left out, what it encloses is shown.",
        "Take the tag out, or use one that HTML has.",
    )


def spaced(target: str, line: int) -> Oddity:
    """What to tell the author of a link whose target has a space in it."""
    return Oddity(
        line,
        "link-with-space",
        f"({target}) has a space in it, so this is no link.",
        f"Write %20 for a space, or put the path in angle brackets: (<{target}>).",
    )


def same_lines(match: re.Match[str]) -> str:
    """Nothing but the line breaks of what is taken away, so that lines can still be counted."""
    return "\n" * match[0].count("\n")


def tame(source: str, line: int, page: Page) -> str:
    """A block of raw HTML without comments, scripts and other tools' tags, and with words in angle brackets as text."""
    source = COMMENT.sub(same_lines, source)
    if RAW_TEXT_ELEMENTS.search(source):
        source = FRAME.sub(lambda match: frame_link(match[0], page) + same_lines(match), source)
        for element in WHOLE:
            source = element.sub(same_lines, source)

    def keep_or_show(match: re.Match[str]) -> str:
        place = line + source.count("\n", 0, match.start())
        if is_tag(match[2]):
            note_link(match[0], place, page)
            return match[0]
        if is_placeholder(match):
            page.oddities.append(shown(match[0], place))
            return html.escape(match[0], quote=False)
        if not match[1]:
            page.oddities.append(left_out(match[0], place))
        return ""

    return TAG.sub(keep_or_show, source)


def frame_link(frame: str, page: Page) -> str:
    """A link to what a frame would have shown from another site."""
    source = value_of(frame, "src") or ""
    name = host(source)
    if not name:
        return ""
    words = page.labels["page"].format(host=name)
    return f'<a href="{html.escape(source)}">{html.escape(words)}</a>'


def value_of(tag: str, name: str) -> str | None:
    """The value of an attribute in a tag, None if it is not there."""
    match = VALUES[name].search(tag)
    return html.unescape(next((part for part in match.groups() if part), "")) if match else None


def note_link(tag: str, line: int, page: Page) -> None:
    """Record a link or an image that was written as HTML."""
    name = tag[1:4].lower()
    if name == "img":
        page.images.append(Link(value_of(tag, "src") or "", value_of(tag, "alt") or "", line, raw=True))
    elif name[:1] == "a" and name[1:2].isspace():
        target = value_of(tag, "href")
        if target is not None:
            page.links.append(Link(target, "", line, raw=True))
