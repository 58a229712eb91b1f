"""The last step: only HTML that cannot harm leaves here, and then our own, trusted insertions.

The sanitiser's output is canonical (quoted attributes, balanced tags), so one expression finds every tag in it.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import nh3

from lms.markdown.callouts import ICONS
from lms.markdown.code import TOKEN_CLASSES
from lms.markdown.facts import EMBED, HEADINGS
from lms.markdown.links import ANCHOR_PREFIX, SCHEMES, host, is_safe
from lms.markdown.raw_html import INLINE, SAFE

if TYPE_CHECKING:
    from lms.markdown.page import Page

CLASSES = TOKEN_CLASSES | {
    "left", "center", "right", "tbl", "scroll", "note", "note-ok", "note-plain", "note-warn", "note-stop", "panel",
    "footnotes", "footnote-mark", "footnote-back", "task-open", "task-done",
}  # fmt: skip
LANGUAGE_CLASS = re.compile(r"language-[a-z0-9_+#-]+")
EVERYWHERE = {"id", "class", "lang", "dir", "title", "aria-label"}
ATTRIBUTES = {
    "*": EVERYWHERE,
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height"},
    "audio": {"src", "controls"},
    "video": {"src", "controls", "width", "height", "poster"},
    "source": {"src", "type"},
    "track": {"src", "kind", "srclang", "label"},
    "th": {"colspan", "rowspan", "scope", "align"},
    "td": {"colspan", "rowspan", "align"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "details": {"open"},
    "time": {"datetime"},
}
DROPPED_WHOLE = {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript",
                 "template", "svg", "math", "canvas", "applet", "object", "select", "head"}  # fmt: skip
ATTRIBUTE = re.compile(r" ([a-z-]+)=\"([^\"]*)\"")
CAPTURED = {"a", "img", "audio", "video", "source", "track", "table", "pre", "div", "wbr", "th", "td"}
TAG = re.compile(rf"<(/?)({'|'.join(sorted({*CAPTURED, *HEADINGS}))})((?: [a-z-]+=\"[^\"]*\")*)>")
ICON = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><use href="/static/icons.svg#{}"/></svg>'


def keep_attribute(tag: str, name: str, value: str) -> str | None:
    """The value with which an allowed attribute may stay, None if it may not."""
    if name == "class":
        return " ".join(word for word in value.split() if is_class(word)) or None
    if name == "id" or (name == "name" and tag == "a"):
        bare = "".join(value.split())
        return ANCHOR_PREFIX + bare if bare else None
    if name in ("width", "height", "colspan", "rowspan", "span"):
        return value if value.isascii() and value.isdigit() and len(value) < 5 else None
    return value


def is_class(word: str) -> bool:
    """Whether a class is one of ours."""
    return word in CLASSES or word.startswith(EMBED) or LANGUAGE_CLASS.fullmatch(word) is not None


CLEANER = nh3.Cleaner(
    tags=set(SAFE),
    clean_content_tags=DROPPED_WHOLE,
    attributes=ATTRIBUTES,
    attribute_filter=keep_attribute,
    link_rel=None,
    url_schemes=set(SCHEMES),
)


INLINE_CLEANER = nh3.Cleaner(
    tags=set(INLINE),
    clean_content_tags=DROPPED_WHOLE,
    attributes=ATTRIBUTES,
    attribute_filter=keep_attribute,
    link_rel=None,
    url_schemes=set(SCHEMES),
)


def clean(source: str, *, is_inline: bool = False) -> str:
    """HTML with nothing in it that could run, call out, or disturb the page around it."""
    return str((INLINE_CLEANER if is_inline else CLEANER).clean(source))


class Insertions:
    """Resolves links and images in clean HTML and puts in what authors cannot write themselves."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.in_link = False
        self.in_heading = False

    def run(self, source: str) -> str:
        """The HTML as the page shows it."""
        return TAG.sub(self.replace, source)

    def replace(self, match: re.Match[str]) -> str:
        """One tag as it shall be."""
        name = match[2]
        if name in HEADINGS:
            self.in_heading = not match[1]
        if name not in CAPTURED:
            return match[0]
        if match[1]:
            if name == "a":
                self.in_link = False
            return match[0] + ("</div>" if name == "table" else "")
        attributes = {key: html.unescape(value) for key, value in ATTRIBUTE.findall(match[3])}
        if name in ("audio", "video", "source", "track"):
            return self.media(name, attributes)
        change = getattr(self, "tag_" + name, None)
        return change(match[0], attributes) if change else match[0]

    def tag_a(self, _tag: str, attributes: dict[str, str]) -> str:
        """A link, resolved."""
        self.in_link = True
        target = attributes.pop("href", None)
        url = None if target is None else self.resolved(target)
        if url is not None:
            attributes = {"href": url, **attributes}
            if host(url):
                attributes["rel"] = "noopener noreferrer"
        return tag("a", attributes)

    def resolved(self, target: str) -> str | None:
        """The URL of a link; an anchor on the page gets the prefix that its id got."""
        if target.startswith("#"):
            return f"#{ANCHOR_PREFIX}{target[1:]}" if len(target) > 1 else target
        url = self.page.links_to.link(target)
        return url if url is not None and is_safe(url) else None

    def tag_img(self, _tag: str, attributes: dict[str, str]) -> str:
        """An image of the pack; a link to one elsewhere; else its alternative text."""
        source, alternative = attributes.get("src", ""), attributes.get("alt", "")
        name = host(source)
        if name:
            return self.remote_image(source, alternative, name)
        url = self.page.links_to.image(source) if source else None
        if url is None or not is_safe(url):
            return html.escape(alternative, quote=False)
        return tag("img", {**attributes, "src": url, "alt": alternative, "loading": "lazy"})

    def remote_image(self, source: str, alternative: str, name: str) -> str:
        """A link to an image on another host, so that reading a lesson tells nobody of it."""
        if self.in_heading and not alternative:
            return ""
        if self.in_link:
            return html.escape(alternative or name, quote=False)
        words = self.page.labels["picture"].format(alt=alternative, host=name).strip()
        return tag("a", {"href": source, "rel": "noopener noreferrer"}) + html.escape(words, quote=False) + "</a>"

    def media(self, name: str, attributes: dict[str, str]) -> str:
        """Sound or film of the pack; nothing is fetched from elsewhere."""
        for key in ("src", "poster"):
            if key in attributes:
                source = attributes.pop(key)
                url = None if host(source) else self.page.links_to.image(source)
                if url is not None and is_safe(url):
                    attributes[key] = url
        return tag(name, attributes)

    def tag_table(self, _tag: str, attributes: dict[str, str]) -> str:
        """A table in a region that can be scrolled with the keyboard."""
        label = attributes.pop("aria-label", "") or self.page.labels["table"]
        region = {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label}
        return tag("div", region) + tag("table", {**attributes, "class": "tbl"})

    def tag_pre(self, _tag: str, attributes: dict[str, str]) -> str:
        """Code that can be scrolled with the keyboard."""
        return tag("pre", {**attributes, "tabindex": "0"})

    def tag_div(self, text: str, attributes: dict[str, str]) -> str:
        """A callout gets its icon."""
        icon = ICONS.get(attributes.get("class", ""))
        return text + ICON.format(icon) if icon else text

    def tag_wbr(self, text: str, attributes: dict[str, str]) -> str:
        """A task's box."""
        name = attributes.get("class", "")
        if name not in ("task-open", "task-done"):
            return text
        label = html.escape(self.page.labels[name.removeprefix("task-")])
        checked = " checked" if name == "task-done" else ""
        return f'<input type="checkbox" disabled{checked} aria-label="{label}"> '

    def tag_th(self, text: str, attributes: dict[str, str]) -> str:
        """A head cell; the old align attribute becomes a class."""
        return aligned("th", text, attributes)

    def tag_td(self, text: str, attributes: dict[str, str]) -> str:
        """A cell; the old align attribute becomes a class."""
        return aligned("td", text, attributes)


def aligned(name: str, text: str, attributes: dict[str, str]) -> str:
    """A cell with its alignment as a class."""
    side = attributes.pop("align", "").lower()
    if not side:
        return text
    if side in ("left", "center", "right"):
        attributes["class"] = side
    return tag(name, attributes)


def tag(name: str, attributes: dict[str, str]) -> str:
    """An opening tag."""
    return f"<{name}" + "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items()) + ">"
