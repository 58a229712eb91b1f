"""Where links lead: the question that rendering asks, a plain answer, and which addresses are safe at all."""

from __future__ import annotations

import re
from typing import Protocol
from urllib.parse import urlsplit

ANCHOR_PREFIX = "t-"
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]")
SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")


class Links(Protocol):
    """Turns targets as written (HTML already unescaped) into URLs.

    Targets that are only a fragment (`#part`) are not asked for: they stay on the page. A URL with a fragment
    of another page of lesson text must carry `ANCHOR_PREFIX` before its anchor.
    """

    def link(self, target: str) -> str | None:
        """The URL of a link; None leaves the href out and keeps the text."""
        ...

    def image(self, target: str) -> str | None:
        """The URL of an image, audio or video file of the pack; None leaves its alternative text only."""
        ...

    def embed(self, target: str) -> str | None:
        """The key of what replaces a top-level paragraph of just this link; None keeps the paragraph."""
        ...


class PlainLinks:
    """Leaves every target as written and embeds nothing."""

    def link(self, target: str) -> str | None:
        """Return the target itself."""
        return target

    def image(self, target: str) -> str | None:
        """Return the source itself."""
        return target

    def embed(self, target: str) -> str | None:  # noqa: ARG002  # the protocol names it
        """Return None: nothing is embedded."""
        return None


def is_safe(url: str) -> bool:
    """Whether a URL is relative or has a scheme that cannot run code."""
    scheme = SCHEME.match(INVISIBLE.sub("", url))
    return scheme is None or scheme[1].lower() in SCHEMES


def host(url: str) -> str:
    """The host of an absolute http(s) or `//host` URL; empty for any other."""
    bare = INVISIBLE.sub("", url).replace("\\", "/")
    if not re.match(r"(?:https?:)?//", bare, re.IGNORECASE):
        return ""
    try:
        return urlsplit(bare).hostname or "?"
    except ValueError:
        return "?"
