"""Several PDF files as one, piece by piece, so that memory does not grow with what it takes to lay all pages out.

typst lays a whole document out before it writes the first byte. So hundreds of sheets are laid out some at a time, and
put together here. pikepdf moves the pages; what it leaves behind are the parts that make them accessible (ISO 32000-1,
14.7): the tags that screen readers follow, the ways from the pages back to them, and the names of table headers. What
the document says of itself is the first piece's.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, NumberTree, Pdf, String

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pikepdf import Object

PAGE_COUNT = "{http://ns.adobe.com/xap/1.0/t/pg/}NPages"


def write(pieces: Iterable[bytes], path: Path) -> None:
    """Make one file of tagged PDF files, at least one, in their order; it appears under its name when it is whole.

    A single one stays as it is. The same pieces make the same bytes. Raises `pikepdf.PdfError` for what is no PDF, and
    what making a piece raises.
    """
    part = path.with_suffix(".part")
    rest = iter(pieces)
    try:
        first, second = next(rest), next(rest, None)
        if second is None:
            part.write_bytes(first)
        else:
            joined = Joined(first)
            joined.add(second)
            del first, second  # a piece may be large
            for piece in rest:
                joined.add(piece)
            joined.save(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class Joined:
    """The first piece, and what was added to it."""

    def __init__(self, first: bytes) -> None:
        self._pdf = _opened(first)
        self._digest = hashlib.sha256(first)
        self._tags = self._pdf.Root.StructTreeRoot
        self._ways: list[Object | int] = []
        self._names: list[Object] = []
        self._next_way = 0
        top = Dictionary(Type=Name.StructElem, S=Name.Document, P=self._tags, K=Array())
        self._document = self._pdf.make_indirect(top)
        self._move_names(self._tags)
        self._take_tags(self._tags)

    def add(self, pdf: bytes) -> None:
        """Put the pages of a piece behind those that are here."""
        self._digest.update(pdf)
        piece = _opened(pdf)
        for page in piece.pages:
            page.obj.StructParents += self._next_way
            for link in page.obj.get(Name.Annots, ()):
                link.StructParent += self._next_way
        self._move_names(piece.Root.StructTreeRoot)
        self._pdf.pages.extend(piece.pages)  # first, so that what leads to a page leads to the one that is here
        self._take_tags(self._pdf.copy_foreign(piece.Root.StructTreeRoot))
        if Name.Outlines in piece.Root:
            self._take_outline(self._pdf.copy_foreign(piece.Root.Outlines))

    def save(self, path: Path) -> None:
        """Write the file."""
        self._tags.K = Array([self._document])
        self._tags.ParentTree = Dictionary(Nums=Array(self._ways))
        self._tags.ParentTreeNextKey = self._next_way
        if self._names:
            self._tags.IDTree = Dictionary(Names=Array(self._names))
        with self._pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
            about[PAGE_COUNT] = str(len(self._pdf.pages))
            about["xmpMM:InstanceID"] = b64encode(self._digest.digest()[:16]).decode()
        self._pdf.save(path, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)

    def _move_names(self, tags: Object) -> None:
        """Give the table headers of a piece names of their own; they sort after those of the pieces before."""
        if Name.IDTree not in tags:
            return
        mark = b"p%05d" % len(self._document.K)
        for header in NameTree(tags.IDTree).values():
            header.ID = String(mark + bytes(header.ID))
        for cell in _elements(tags):
            for attributes in cell.get(Name.A, Array()).wrap_in_array():
                if Name.Headers in attributes:
                    attributes.Headers = Array([String(mark + bytes(name)) for name in attributes.Headers])

    def _take_tags(self, tags: Object) -> None:
        """Put the tags of a piece, in this file by now, into its tree: what was a document is a part of one."""
        for top in tags.K:
            top.S, top.P = Name.Part, self._document
            self._document.K.append(top)
        for name, role in tags.RoleMap.items():
            self._tags.RoleMap[name] = role
        for key, way in NumberTree(tags.ParentTree).items():
            self._ways += [key + self._next_way, way]
        self._next_way += int(tags.ParentTreeNextKey)
        if Name.IDTree in tags:
            for header in NameTree(tags.IDTree).values():
                self._names += [header.ID, header]

    def _take_outline(self, outline: Object) -> None:
        root = self._pdf.Root
        if Name.Outlines not in root:
            root.Outlines = outline
            return
        root.Outlines.Last.Next, outline.First.Prev = outline.First, root.Outlines.Last
        item: Object | None = outline.First
        while item is not None:
            item.Parent = root.Outlines
            item = item.get(Name.Next)
        root.Outlines.Last = outline.Last
        root.Outlines.Count += outline.Count


def _opened(pdf: bytes) -> Pdf:
    """The PDF to be read from; not closed, for what was taken from it is read when the file is saved.

    It is mapped from the disk, where qpdf reads it quicker than through a Python object; the map outlives the file.
    """
    with TemporaryFile() as file:
        file.write(pdf)
        file.flush()
        return Pdf.open(file, access_mode=pikepdf.AccessMode.mmap)


def _elements(above: Object) -> Iterator[Object]:
    """Everything below an element of the tree of tags."""
    for each in above.get(Name.K, Array()).wrap_in_array():
        if isinstance(each, Dictionary) and Name.S in each:
            yield each
            yield from _elements(each)
