"""XML as a tree with line numbers. No entities, no document types, nothing fetched: a file that has them is refused."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from lms.exchange.found import CannotRead

_DEPTH = 200
_MARKED = re.compile(r"<!\[CDATA\[|<!--|<\?")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:(\w{1,31});)?")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NEVER = "Save the questions anew from the program that made the file; a question file needs no document type."


@dataclass(slots=True)
class Element:
    """An element with its content in order: texts and elements."""

    tag: str
    attributes: dict[str, str]
    line: int
    content: list[str | Element] = field(default_factory=list)

    @property
    def children(self) -> list[Element]:
        """The elements inside."""
        return [each for each in self.content if isinstance(each, Element)]

    def all(self, tag: str) -> list[Element]:
        """The elements of this name inside."""
        return [each for each in self.children if each.tag == tag]

    def first(self, *path: str) -> Element | None:
        """The first element at the end of a path of names."""
        here: Element | None = self
        for tag in path:
            here = next((each for each in here.children if each.tag == tag), None) if here else None
        return here

    def text(self, *path: str) -> str:
        """What stands in the element at a path, tags that were meant as HTML put back; empty if there is none."""
        found = self.first(*path)
        return "".join(_again(found)) if found else ""


def _again(element: Element) -> Iterator[str]:
    """The content as text; elements, which a careless program left unquoted, as the HTML they were."""
    has_tags = any(isinstance(each, Element) for each in element.content)
    for each in element.content:
        if isinstance(each, Element):
            attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in each.attributes.items())
            yield f"<{each.tag}{attributes}>{''.join(_again(each))}</{each.tag}>"
        else:
            yield html.escape(each, quote=False) if has_tags else each


def read_tree(text: str) -> Element:
    """The root of an XML text. Raises `CannotRead` with the line."""
    text = _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), _NOT_XML.sub("", text))
    try:
        return _Builder().read(text)
    except expat.ExpatError:
        return _mended(text)


def _mended(text: str) -> Element:
    """A second try with `&nbsp;` and a bare `&` as HTML has them."""
    pieces, position = [], 0
    while opening := _MARKED.search(text, position):
        end = text.find(_ENDS[opening[0]], opening.end())
        if end < 0:
            break
        pieces += [_AMPERSAND.sub(_character, text[position : opening.start()]), text[opening.start() : end]]
        position = end
    try:
        return _Builder().read("".join([*pieces, _AMPERSAND.sub(_character, text[position:])]))
    except expat.ExpatError as error:
        message = f"The XML cannot be read: {expat.ErrorString(error.code)}."
        fix = "Open the file in an editor at this line; often a tag is not closed or HTML stands outside CDATA."
        raise CannotRead(error.lineno, message, fix) from None


def _character(match: re.Match[str]) -> str:
    known = html.unescape(match[0]) if match[1] else ""
    return html.escape(known, quote=False) if known and known != match[0] else f"&amp;{match[0][1:]}"


class _Builder:
    """Makes elements while expat reads."""

    def __init__(self) -> None:
        self.open: list[Element] = []
        self.root: Element | None = None
        self.parser = expat.ParserCreate(encoding="utf-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    def read(self, text: str) -> Element:
        self.parser.Parse(text.encode("utf-8"), True)
        assert self.root is not None
        return self.root

    def refuse(self, *_declared: object) -> None:
        """Nothing that a document type could declare is ever read."""
        raise CannotRead(self.parser.CurrentLineNumber, "The XML declares a document type or entities.", _NEVER)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, attributes, self.parser.CurrentLineNumber)
        if len(self.open) > _DEPTH:
            raise CannotRead(element.line, "The XML is nested too deeply.", _NEVER)
        if self.open:
            self.open[-1].content.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, _tag: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        if self.open:
            self.open[-1].content.append(text)
