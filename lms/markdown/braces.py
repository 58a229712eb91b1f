"""Attribute lists in braces, which other Markdown dialects read and nobody wants to see."""

from __future__ import annotations

import re

LINE_OF_BRACES = re.compile(r"[ \t]*\{(?::[^}\n]*|[#.][^}\n]*)\}[ \t]*")
HEADING_BRACES = re.compile(
    r"(?<![ \t])[ \t]*+\{:?[ \t]*(?P<inner>(?:[#.][^{}\n]*|[\w-]+=[^{}\n]*|-))\}[ \t]*(?:#+[ \t]*)?$"
)
CLOSING_MARKS = re.compile(r"(?<![ \t])[ \t]++#++$")
ID = re.compile(r"#([^\s{}#.]+)")
VALUE = re.compile(r"""\b(?P<name>[\w-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'}]+))""")


def without_braces(lines: list[str]) -> list[str]:
    """The lines that are not only braces."""
    return [line for line in lines if not LINE_OF_BRACES.fullmatch(line)]


def heading_id(text: str) -> tuple[str, str]:
    """A heading's text without its braces, and the id in them, empty if there is none."""
    match = HEADING_BRACES.search(text)
    if not match:
        return text, ""
    found = ID.search(match["inner"])
    title = CLOSING_MARKS.sub("", text[: match.start()].rstrip())
    return title, found[1] if found else ""


def values(inner: str) -> dict[str, str]:
    """The `name=value` pairs of an attribute list."""
    return {match["name"]: match["double"] or match["single"] or match["bare"] or "" for match in VALUE.finditer(inner)}
