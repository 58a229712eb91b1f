"""Credentials inside of pictures: baked badges (Open Badges 3.0, section 5.3).

A PNG carries one in an `iTXt` chunk (PNG 1.2, section 4.2.3.3), an SVG in an element of its own.
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING, Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from lms.badges.jsonld import BadDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

PNG = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
MOST_BYTES = 1024 * 1024  # of what a picture carries
NO_CREDENTIAL = "The picture carries no Open Badge."
SEVERAL = "The picture carries several Open Badges; it should carry one."


def into_png(picture: bytes, credential: str) -> bytes:
    """The picture with a credential, JSON or a token, uncompressed; one that it carried is taken out."""
    content = KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0" + credential.encode()
    baked = [PNG]
    for kind, data in _chunks(picture):
        if kind == b"IEND":
            baked.append(_chunk(b"iTXt", content))
        if not _is_ours(kind, data):
            baked.append(_chunk(kind, data))
    return b"".join(baked)


def out_of_png(picture: bytes) -> str:
    """The credential that a picture carries. Raises `BadDocument`."""
    found = [data for kind, data in _chunks(picture) if _is_ours(kind, data)]
    if len(found) != 1:
        raise BadDocument(SEVERAL if found else NO_CREDENTIAL)
    rest = found[0][len(KEYWORD) + 1 :]
    is_packed, method, tail = rest[:1] == b"\x01", rest[1:2], rest[2:]
    _language, _sep, tail = tail.partition(b"\0")
    _translated, separator, text = tail.partition(b"\0")
    if not separator or (is_packed and method != b"\0"):
        raise BadDocument("The part of the picture that should carry the badge is damaged.")
    if is_packed:
        text = _unpacked(text)
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise BadDocument("The part of the picture that should carry the badge is damaged.") from error


def into_svg(picture: bytes, credential: str) -> bytes:
    """The picture with a credential as its first element: a token as attribute, JSON as text."""
    if credential.startswith("{"):
        inside = credential.replace("]]>", "]]]]><![CDATA[>")
        element = f"<openbadges:credential><![CDATA[{inside}]]></openbadges:credential>"
    else:
        element = f"<openbadges:credential verify={quoteattr(credential)}></openbadges:credential>"
    start = re.search(r"<svg\b[^>]*>", picture.decode())
    if start is None:
        raise BadDocument("This is no SVG picture.")
    opened = f'{start[0][:-1]} xmlns:openbadges="{NAMESPACE}">'
    text = picture.decode()
    return f"{text[: start.start()]}{opened}{element}{text[start.end() :]}".encode()


def out_of_svg(picture: bytes) -> str:
    """The credential that a picture carries, wherever it stands in it. Raises `BadDocument`."""
    reader = _Reader()
    try:
        reader.parser.Parse(picture, True)
    except (expat.ExpatError, LookupError) as error:
        raise BadDocument("This SVG picture cannot be read.") from error
    found = [each.strip() for each in reader.found if each.strip()]
    if len(found) != 1:
        raise BadDocument(SEVERAL if found else NO_CREDENTIAL)
    return found[0]


class _Reader:
    """Collects what stands in `openbadges:credential`; a document type, in which bombs hide, ends the reading."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.inside = 0
        self.parser: Any = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{NAMESPACE} credential":
            self.inside += 1
            self.found.append(attributes.get("verify", ""))

    def _end(self, name: str) -> None:
        if name == f"{NAMESPACE} credential":
            self.inside -= 1

    def _text(self, words: str) -> None:
        if self.inside:
            self.found[-1] += words

    def _refuse(self, *_declared: object) -> None:
        raise BadDocument("This SVG picture has a document type, which a badge has no use for.")


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not picture.startswith(PNG):
        raise BadDocument("This is no PNG picture.")
    place = len(PNG)
    while place + 12 <= len(picture):
        size = int.from_bytes(picture[place : place + 4], "big")
        kind, data = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + size]
        check = picture[place + 8 + size : place + 12 + size]
        if check != struct.pack(">I", zlib.crc32(kind + data)):
            raise BadDocument("The PNG picture is damaged.")
        yield kind, data
        if kind == b"IEND":
            return
        place += 12 + size
    raise BadDocument("The PNG picture is damaged.")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _is_ours(kind: bytes, data: bytes) -> bool:
    return kind == b"iTXt" and data.startswith(KEYWORD + b"\0")


def _unpacked(text: bytes) -> bytes:
    opener = zlib.decompressobj()
    try:
        found = opener.decompress(text, MOST_BYTES)
    except zlib.error as error:
        raise BadDocument("The part of the picture that should carry the badge is damaged.") from error
    if opener.unconsumed_tail or not opener.eof:
        raise BadDocument("The picture carries more than a badge can be.")
    return found
