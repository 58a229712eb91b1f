"""Drawings (SVG) as they are sent: without scripts, foreign pages, handlers, or anything fetched from elsewhere.

A drawing is a document that can act. What is sent holds elements and attributes of SVG alone; a drawing that acts in
no way is sent as it is, byte by byte.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
SPACES = (SVG, "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace")
ACTIVE = frozenset({"script", "foreignObject", "iframe", "embed", "object", "handler", "listener", "audio", "video"})
MOVING = frozenset({"animate", "set", "animateTransform", "animateMotion"})  # they can change where a link leads
INSIDE = re.compile(r"#|data:image/(?:png|jpeg|gif|webp)[;,]", re.IGNORECASE)
FETCHING = re.compile(r"@import|url\(\s*['\"]?(?!\s*['\"]?#)", re.IGNORECASE)
LONGEST_ENTITY = 200
MOST_BYTES = 4 * 1024 * 1024
DEEPEST = 200  # groups in groups; drawing programs need some twenty
ET.register_namespace("", SVG)
ET.register_namespace("xlink", SPACES[1])


class BrokenDrawing(ValueError):
    """A drawing is not well-formed XML, is nested without end, or declares more than short entities.

    `args[0]` is the line, 0 if unknown.
    """


def is_drawing(path: str) -> bool:
    """Whether a file is sent as a drawing."""
    return path.lower().endswith(".svg")


def sent(path: str, data: bytes) -> bytes:
    """A file of a pack as browsers get it. A drawing that cannot be read is sent empty: no browser shows it either."""
    if not is_drawing(path):
        return data
    try:
        return _cleaned(data)[0]
    except BrokenDrawing:
        return b""


def findings(data: bytes) -> tuple[str, ...]:
    """What is taken out of a drawing, in words, each once. Raises `BrokenDrawing`."""
    return _cleaned(data)[1]


@lru_cache(maxsize=512)
def _cleaned(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    root = _parsed(data)
    found = tuple(dict.fromkeys(_clean(root)))
    if not found:
        return data, ()
    return ET.tostring(root, encoding="utf-8", xml_declaration=True), found


def _parsed(data: bytes) -> ET.Element:
    """The document. Entities may be short names for addresses, as drawing programs write them, and nothing else."""
    reader = ET.XMLParser(target=_Shallow())  # noqa: S314 - declarations of entities are looked at below, before parsing
    if not all(_is_harmless(entity) for entity in _entities(data)) or len(data) > MOST_BYTES:
        raise BrokenDrawing(0)
    try:
        reader.feed(data)
        return reader.close()
    except ET.ParseError as error:
        raise BrokenDrawing(error.position[0]) from error


class _Shallow(ET.TreeBuilder):
    """Builds a tree that can be walked through: what is nested too deeply would end the walk, not the drawing."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BrokenDrawing(0)
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self.depth -= 1
        return super().end(tag)


def _entities(data: bytes) -> list[tuple[bool, str | None]]:
    """The entities that a document declares: whether it is a parameter's, and its text (None: it lies elsewhere)."""
    found: list[tuple[bool, str | None]] = []
    reader = expat.ParserCreate()
    reader.EntityDeclHandler = lambda _name, is_parameter, value, *_: found.append((bool(is_parameter), value))
    reader.StartElementHandler = lambda *_: _stop()
    with suppress(_Enough, expat.ExpatError):  # what is broken is told by the parser that reads it all
        reader.Parse(data, True)
    return found


def _is_harmless(entity: tuple[bool, str | None]) -> bool:
    """Whether an entity is a short text without others in it: nested ones are how a small file becomes a huge one."""
    is_parameter, value = entity
    return not is_parameter and value is not None and len(value) <= LONGEST_ENTITY and not set(value) & set("&%<")


class _Enough(Exception):
    """The part before the first element has been read."""


def _stop() -> None:
    raise _Enough


def _clean(element: ET.Element) -> Iterator[str]:
    yield from _clean_attributes(element)
    for child in list(element):
        reason = _why_not(child)
        if reason is None:
            yield from _clean(child)
            continue
        element.remove(child)
        yield reason


def _why_not(element: ET.Element) -> str | None:
    """Why an element is taken out; None if it may stay."""
    if not isinstance(element.tag, str):
        return None
    space, _brace, name = element.tag[1:].partition("}") if element.tag.startswith("{") else ("", "", element.tag)
    if space not in (SVG, ""):
        return f"<{name}> of another language than SVG"
    if name in ACTIVE:
        return f"<{name}>"
    if name in MOVING and element.get("attributeName", "").endswith("href"):
        return f"<{name}> that changes a link"
    if name == "style" and FETCHING.search("".join(element.itertext())):
        return "<style> that fetches something"
    return None


def _clean_attributes(element: ET.Element) -> Iterator[str]:
    for name, value in list(element.attrib.items()):
        reason = _why_not_attribute(name, value)
        if reason is not None:
            del element.attrib[name]
            yield reason


def _why_not_attribute(name: str, value: str) -> str | None:
    space, _brace, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
    if space and space not in SPACES:
        return f"{local}= of another language than SVG"
    if local.lower().startswith("on"):
        return f"{local}="
    if name in ("href", LINK) and not INSIDE.match(value.strip()):
        return f"a link to {value.strip()[:40] or 'nowhere'}"
    if FETCHING.search(value):
        return f"{local}= that fetches something"
    return None
