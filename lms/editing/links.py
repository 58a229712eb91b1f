"""Where links stand in a Markdown text, and the text with other targets in their places. Pure."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lms.content.naming import folder_of

if TYPE_CHECKING:
    from collections.abc import Callable

_FENCED = re.compile(r"^[ \t>]*+(`{3,}+|~{3,}+)[^\n]*+\n(?:.*?^[ \t>]*\1[`~]*[ \t]*$|.*\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]+?(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINK = re.compile(
    r"""\]\(\s*(?:<(?P<angled>[^<>\n]+)>|(?P<bare>(?:[^\s()<>\\\[\]]|\\.|\([^\s()<>\[\]]*\))+))
    |^[ ]{0,3}\[[^\]\n]+\]:[ \t]*(?:<(?P<angled_below>[^<>\n]+)>|(?P<below>[^\s<>]+))
    |<[a-z]+\b[^<>]*?\s(?:href|src)\s*=\s*(?:"(?P<quoted>[^"\n]+)"|'(?P<single>[^'\n]+)')""",
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)


def relinked(text: str, change: Callable[[str], str | None]) -> str:
    """The text with every link's target as `change` wants it; None leaves a target as it is written."""
    found = []
    for match in _LINK.finditer(_without_code(text)):
        name = match.lastgroup or ""
        fresh = change(text[match.start(name) : match.end(name)])
        if fresh is not None:
            found.append((match.start(name), match.end(name), fresh if "angled" in name else _bare(fresh)))
    for start, end, fresh in reversed(found):
        text = text[:start] + fresh + text[end:]
    return text


def _without_code(text: str) -> str:
    """The text with code and comments blanked out, every other character in its place."""
    for pattern in (_FENCED, _COMMENT, _CODE):
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return text


def _bare(target: str) -> str:
    """A target as it may stand without angle brackets."""
    return target.replace(" ", "%20").replace("(", "%28").replace(")", "%29")


def place_of(target: str, page: str) -> str:
    """The path in the pack that a target on a page names, if it is one; empty for other sites and anchors."""
    before = target.partition("#")[0].partition("?")[0]
    if not before or before.startswith("/") or re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", before):
        return ""
    path = posixpath.normpath(posixpath.join(folder_of(page), unquote(before)))
    return "" if path == ".." or path.startswith("../") else path


def towards(path: str, page: str, target: str) -> str:
    """The target that leads from a page to a path, with the anchor of the one it takes the place of."""
    rest = target[len(target.partition("#")[0].partition("?")[0]) :]
    return posixpath.relpath(path, folder_of(page) or ".") + rest
