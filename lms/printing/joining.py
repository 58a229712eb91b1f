"""Several PDF files that typst wrote as one, piece by piece, so that memory does not grow with the number of pages.

typst lays a whole document out before it writes the first byte. So hundreds of sheets are laid out some at a time, and
put together here: pages, fonts, the tags that screen readers follow with their ways back from the pages (ISO 32000-1,
14.7), the outline, the names of table headers. What the document says of itself is the first piece's. Only what typst
writes is understood: one table of cross references, no packed objects, direct dictionaries; anything else is refused.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

PAGES, OUTLINES, TAGS, DOCUMENT = 1, 2, 3, 4  # numbers of what is the file's own, written last
FIRST = 5  # number of the first object of a piece
ENTRY = 20  # bytes of a line in the table of cross references
TRAILER = re.compile(
    rb"trailer\n<</Size (?P<size>\d+)/Root (?P<root>\d+) 0 R/Info (?P<info>\d+) 0 R"
    rb"/ID\[\((?P<document>[^()\\]*)\)\((?P<instance>[^()\\]*)\)\]>>\nstartxref\n(?P<table>\d+)\n%%EOF\s*"
)
CATALOG = re.compile(
    rb"<</Type/Catalog/Pages (?P<pages>\d+) 0 R/Metadata (?P<metadata>\d+) 0 R/OutputIntents (?P<intents>\d+) 0 R"
    rb"(?P<more>/Lang\([^()\\]*\))/StructTreeRoot (?P<tags>\d+) 0 R"
    rb"(?P<how>/MarkInfo<<[^<>]*>>/ViewerPreferences<<[^<>]*>>)(?:/Outlines (?P<outlines>\d+) 0 R)?>>"
)
PAGE_TREE = re.compile(rb"<</Type/Pages/Count (?P<count>\d+)/Kids")
INTENTS = re.compile(rb"\[(?P<intent>\d+) 0 R\]")
TAG_TREE = re.compile(
    rb"<</Type/StructTreeRoot/RoleMap<<(?P<roles>[^<>]*)>>/K\[(?P<top>\d+) 0 R\]"
    rb"/ParentTree<</Nums\[(?P<ways>[^\]]*)\]>>"
    rb"(?:/IDTree<</Names\[(?P<names>.*)\]>>)?/ParentTreeNextKey (?P<next>\d+)>>"
)
TOP_TAG = re.compile(rb"<</Type/StructElem/S/Document/P \d+ 0 R")
OUTLINE = re.compile(rb"<</Type/Outlines/First (?P<first>\d+) 0 R/Last (?P<last>\d+) 0 R/Count (?P<count>\d+)>>")
ROLE = re.compile(rb"(/[^/]+)(/[^/]+)")
WAY = re.compile(rb"(\d+) (\d+) 0 R")
NAMED = re.compile(rb"\(([^()\\]*)\) ?(\d+) 0 R")
NAME = re.compile(rb"\(([^()\\]*)\)")
# what changes in an object when it moves into another file; texts are passed over, whatever stands in them
MOVED = re.compile(
    rb"(?P<number>\d+) 0 R\b|/(?P<key>StructParents?) (?P<place>\d+)|/ID\((?P<id>[^()\\]*)\)"
    rb"|/Headers\[(?P<headers>[^\]]*)\]|(?P<text>\()"
)
IN_TEXT = re.compile(rb"[()\\]")
COUNTED = re.compile(rb"<xmpTPg:NPages>\d+<")
STREAM = b"\nstream\n"


class OtherPdf(ValueError):
    """A PDF is not written as typst writes it: a new version does it differently, and this has to be taught."""


def write(pieces: Iterable[bytes], path: Path) -> None:
    """Make one file of PDF files, at least one, in their order; it appears under its name when it is whole.

    A single one stays as it is. The same pieces make the same bytes. Raises `OtherPdf`, and what making a piece raises.
    """
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            _join(iter(pieces), file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _join(pieces: Iterator[bytes], file: BinaryIO) -> None:
    first, second = next(pieces), next(pieces, None)
    if second is None:
        file.write(first)
        return
    joined = Joined(file)
    joined.add(first)
    joined.add(second)
    del first, second  # a piece may be large
    for piece in pieces:
        joined.add(piece)
    joined.close()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A PDF taken apart: what stands before the first object, objects by number, and where the important ones are."""

    head: bytes
    objects: Mapping[int, bytes]
    root: int
    info: int
    document: bytes
    instance: bytes
    catalog: re.Match[bytes]
    tags: re.Match[bytes]
    outline: re.Match[bytes] | None

    def at(self, name: str) -> int:
        """The number of what the catalogue calls so."""
        return int(self.catalog[name])


@dataclass(slots=True)
class _Kept:
    """What is collected from the pieces until the end."""

    pages: list[int] = field(default_factory=list)
    count: int = 0
    parts: list[int] = field(default_factory=list)
    roles: dict[bytes, bytes] = field(default_factory=dict)
    ways: list[bytes] = field(default_factory=list)
    names: list[bytes] = field(default_factory=list)
    next_way: int = 0
    outlined: int = 0
    first_item: int = 0
    last_item: tuple[int, bytes] | None = None
    instances: list[bytes] = field(default_factory=list)


class Joined:
    """A PDF file that grows by pieces."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0
        self._next = FIRST
        self._offsets: dict[int, int] = {}
        self._streams: dict[bytes, int] = {}
        self._kept = _Kept()
        self._first: _Piece | None = None
        self._about: dict[str, int] = {}

    def add(self, pdf: bytes) -> None:
        """Write the objects of a piece. Raises `OtherPdf`."""
        piece = _taken_apart(pdf)
        if self._first is None:
            self._put(piece.head)
        numbers = self._numbered(piece)
        if self._first is None:
            self._about = {"info": numbers[piece.info], "intents": numbers[piece.at("intents")]}
            self._first = piece
        self._note(piece, numbers)
        self._write_objects(piece, numbers)
        self._kept.next_way += int(piece.tags["next"])

    def close(self) -> None:
        """Write what belongs to the whole file."""
        kept, first = self._kept, self._first
        if first is None:
            raise OtherPdf("no piece was added")
        if kept.last_item is not None:
            self._write(*kept.last_item)
            ends = kept.first_item, kept.last_item[0], kept.outlined
            self._write(OUTLINES, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % ends)
        else:
            self._write(OUTLINES, b"null")
        self._write(PAGES, b"<</Type/Pages/Count %d/Kids[%b]>>" % (kept.count, _references(kept.pages)))
        parts = _references(kept.parts)
        self._write(DOCUMENT, b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (TAGS, parts))
        self._write(TAGS, _tag_tree(kept))
        instance = base64.b64encode(hashlib.sha256(b"".join(kept.instances)).digest()[:16])
        metadata = self._new()
        self._write(metadata, _metadata(first.objects[first.at("metadata")], first.instance, instance, kept.count))
        self._end(first, metadata, instance)

    def _numbered(self, piece: _Piece) -> dict[int, int]:
        """The numbers that the objects of a piece get here. What the file has once has none, or one that is known."""
        numbers = {piece.at("tags"): TAGS}
        if piece.outline:
            numbers[piece.at("outlines")] = OUTLINES
        gone = {piece.root, piece.at("metadata")}
        if self._first is not None:
            intents = _matched(INTENTS, piece.objects[piece.at("intents")])
            gone |= {piece.info, piece.at("intents"), int(intents["intent"])}
        for number, body in piece.objects.items():
            if number not in numbers and number not in gone:
                numbers[number] = self._known(body) or self._new()
        return numbers

    def _known(self, body: bytes) -> int:
        """The number of a stream that is in the file already, such as a profile of colours; 0 for anything else."""
        about, mark, _data = body.partition(STREAM) if body.endswith(b"endstream") else (b"", b"", b"")
        if not mark or MOVED.search(about):
            return 0
        digest = hashlib.sha256(body).digest()
        if digest in self._streams:
            return self._streams[digest]
        self._streams[digest] = self._next  # the number that it gets now
        return 0

    def _note(self, piece: _Piece, numbers: Mapping[int, int]) -> None:
        kept, tags = self._kept, piece.tags
        pages = _matched(PAGE_TREE, piece.objects[piece.at("pages")], is_whole=False)
        kept.pages.append(numbers[piece.at("pages")])
        kept.count += int(pages["count"])
        kept.parts.append(numbers[int(tags["top"])])
        kept.instances.append(piece.instance)
        kept.roles = {**dict(ROLE.findall(tags["roles"])), **kept.roles}
        for key, number in WAY.findall(tags["ways"]):
            kept.ways.append(b"%d %d 0 R" % (int(key) + kept.next_way, numbers[int(number)]))
        for name, number in NAMED.findall(tags["names"] or b""):
            kept.names.append(b"(%b%b)%d 0 R" % (self._mark(), name, numbers[int(number)]))

    def _mark(self) -> bytes:
        """Goes before the names of table headers of the piece that is added, which have to be in order and unique."""
        return b"p%05d" % len(self._kept.parts)

    def _write_objects(self, piece: _Piece, numbers: Mapping[int, int]) -> None:
        top, pages = int(piece.tags["top"]), piece.at("pages")
        last = int(piece.outline["last"]) if piece.outline else 0
        for number, body in piece.objects.items():
            new = numbers.get(number)
            if new is None or new < FIRST or new in self._offsets:
                continue
            moved = self._moved(body, numbers)
            if number == top:
                moved = _part(moved)
            elif number == pages:
                moved = b"<</Type/Pages/Parent %d 0 R%b" % (PAGES, moved.removeprefix(b"<</Type/Pages"))
            if piece.outline and number == int(piece.outline["first"]):
                moved = self._after_last(new, moved)
            if number == last:
                self._kept.last_item = (new, moved)  # what comes after it is not known yet
            else:
                self._write(new, moved)
        if piece.outline:
            self._kept.outlined += int(piece.outline["count"])

    def _after_last(self, number: int, item: bytes) -> bytes:
        """The first line of a piece's outline comes after the last one of the piece before."""
        if self._kept.last_item is None:
            self._kept.first_item = number
            return item
        before, words = self._kept.last_item
        self._write(before, b"<</Next %d 0 R%b" % (number, words.removeprefix(b"<<")))
        self._kept.last_item = None
        return b"<</Prev %d 0 R%b" % (before, item.removeprefix(b"<<"))

    def _moved(self, body: bytes, numbers: Mapping[int, int]) -> bytes:
        about, mark, data = body.partition(STREAM) if body.endswith(b"endstream") else (body, b"", b"")
        made, at = [], 0
        while found := MOVED.search(about, at):
            end = _end_of_text(about, found.start()) if found["text"] else found.end()
            said = about[found.start() : end] if found["text"] else self._said(found, numbers)
            made += [about[at : found.start()], said]
            at = end
        return b"".join([*made, about[at:], mark, data])

    def _said(self, found: re.Match[bytes], numbers: Mapping[int, int]) -> bytes:
        if found["number"]:
            if int(found["number"]) not in numbers:
                raise OtherPdf(f"object {int(found['number'])} is not looked for here")
            return b"%d 0 R" % numbers[int(found["number"])]
        if found["key"]:
            return b"/%b %d" % (found["key"], int(found["place"]) + self._kept.next_way)
        named = b"(%b\\1)" % self._mark()
        if found["id"] is not None:
            return b"/ID" + NAME.sub(named, b"(%b)" % found["id"])
        return b"/Headers[%b]" % NAME.sub(named, found["headers"])

    def _new(self) -> int:
        self._next += 1
        return self._next - 1

    def _write(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._at
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)

    def _end(self, first: _Piece, metadata: int, instance: bytes) -> None:
        catalog, about = first.catalog, (PAGES, metadata, self._about["intents"])
        parts = [
            b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/OutputIntents %d 0 R" % about,
            b"%b/StructTreeRoot %d 0 R%b" % (catalog["more"], TAGS, catalog["how"]),
            b"/Outlines %d 0 R>>" % OUTLINES if self._kept.first_item else b">>",
        ]
        root = self._new()
        self._write(root, b"".join(parts))
        table, size = self._at, self._next
        lines = (b"%010d 00000 n\r\n" % self._offsets[number] for number in range(1, size))
        self._put(b"xref\n0 %d\n%010d 65535 f\r\n%b" % (size, 0, b"".join(lines)))
        document = instance if first.document == first.instance else first.document
        ends = (size, root, self._about["info"], document, instance, table)
        self._put(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[(%b)(%b)]>>\nstartxref\n%d\n%%%%EOF" % ends)


def _taken_apart(pdf: bytes) -> _Piece:
    trailer = TRAILER.search(pdf, max(0, len(pdf) - 1000))
    if trailer is None:
        raise OtherPdf("the end of the file is another one")
    objects, head = _objects(pdf, int(trailer["table"]), int(trailer["size"]))
    catalog = _matched(CATALOG, objects[int(trailer["root"])])
    outline = _matched(OUTLINE, objects[int(catalog["outlines"])]) if catalog["outlines"] else None
    tags = _matched(TAG_TREE, objects[int(catalog["tags"])])
    ids = (trailer["document"], trailer["instance"])
    return _Piece(head, objects, int(trailer["root"]), int(trailer["info"]), *ids, catalog, tags, outline)


def _objects(pdf: bytes, table: int, size: int) -> tuple[dict[int, bytes], bytes]:
    """The objects by number, as they stand between their beginning and their end, and what stands before the first."""
    start = b"xref\n0 %d\n" % size
    if not pdf.startswith(start, table):
        raise OtherPdf("there is no table of cross references where one should be")
    lines = [pdf[at : at + ENTRY] for at in range(table + len(start), table + len(start) + ENTRY * size, ENTRY)]
    places = {number: int(line[:10]) for number, line in enumerate(lines) if line[17:18] == b"n"}
    ends = dict(zip(sorted(places.values()), [*sorted(places.values())[1:], table], strict=True))
    found = {}
    for number, place in places.items():
        begin, whole = b"%d 0 obj\n" % number, pdf[place : ends[place]].rstrip(b"\n")
        if not whole.startswith(begin) or not whole.endswith(b"\nendobj"):
            raise OtherPdf(f"object {number} does not stand where it should")
        found[number] = whole[len(begin) : -len(b"\nendobj")]
    return found, pdf[: min(ends)]


def _matched(pattern: re.Pattern[bytes], body: bytes, *, is_whole: bool = True) -> re.Match[bytes]:
    found = pattern.fullmatch(body) if is_whole else pattern.match(body)
    if found is None:
        raise OtherPdf(f"typst writes this differently now: {body[:200]!r}")
    return found


def _part(body: bytes) -> bytes:
    """What was a document is a part of one."""
    found = _matched(TOP_TAG, body, is_whole=False)
    return b"<</Type/StructElem/S/Part/P %d 0 R%b" % (DOCUMENT, body[found.end() :])


def _end_of_text(body: bytes, start: int) -> int:
    """Where a text in parentheses ends; those inside stand in pairs, or behind a backslash (ISO 32000-1, 7.3.4.2)."""
    depth, at = 0, start
    while found := IN_TEXT.search(body, at):
        at = found.end()
        if found[0] == b"\\":
            at += 1
        else:
            depth += 1 if found[0] == b"(" else -1
            if depth == 0:
                return at
    raise OtherPdf("a text does not end")


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _tag_tree(kept: _Kept) -> bytes:
    roles = b"".join(name + role for name, role in kept.roles.items())
    names = b"/IDTree<</Names[%b]>>" % b"".join(kept.names) if kept.names else b""
    said = (roles, DOCUMENT, b" ".join(kept.ways), names, kept.next_way)
    return b"<</Type/StructTreeRoot/RoleMap<<%b>>/K[%d 0 R]/ParentTree<</Nums[%b]>>%b/ParentTreeNextKey %d>>" % said


def _metadata(body: bytes, before: bytes, instance: bytes, pages: int) -> bytes:
    """What the first piece says of itself, with the number of all pages and a name of its own."""
    said = body.partition(STREAM)[2].removesuffix(b"\nendstream")
    said = COUNTED.sub(b"<xmpTPg:NPages>%d<" % pages, said).replace(before, instance)
    return b"<</Length %d/Type/Metadata/Subtype/XML>>%b%b\nendstream" % (len(said), STREAM, said)
