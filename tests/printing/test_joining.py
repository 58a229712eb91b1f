"""Pieces of a print job as one file: every page, tag and way between them is where a file of one piece has it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from pikepdf import PdfError
from pypdf import PdfReader

from lms.content.structure import DESIGNS
from lms.credentials.facts import Look
from lms.credentials.paper import render_many, render_pieces
from lms.printable import MissingLetters
from lms.printing import joining, statement_paper
from lms.printing.statement_paper import write_statements
from tests.credentials.test_paper import CASES, ENGLISH, MICRO, certificate, elements, paper
from tests.printing.test_statements import LOOKS, STATEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lms.credentials.paper import Paper

TITLE = "Certificates 1–8"
# what looks like a reference or an end of a text inside of a text
TRICKY = r"Li \ ((12 0 R) /ID(x) /StructParents 3"


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    """Seven languages in three designs, and one of two pages with a name that looks like PDF."""
    made = [replace(certificate(case)[0], look=Look(DESIGNS[place % 3])) for place, case in enumerate(CASES)]
    made.insert(4, replace(ENGLISH, holder=TRICKY, title=TRICKY, outcomes=ENGLISH.outcomes * 10, micro=MICRO))
    return [paper(each) for each in made]


@pytest.fixture(scope="module")
def joined(papers: list[Paper], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("joined") / "many.pdf"
    joining.write(render_pieces(papers, TITLE, 3), path)
    return path.read_bytes()


def texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_every_page_says_what_it_said(papers: list[Paper], joined: bytes) -> None:
    assert texts(joined) == texts(render_many(papers, TITLE))
    assert len(texts(joined)) == len(papers) + 1
    assert TRICKY in PdfReader(BytesIO(joined)).pages[4].extract_text().replace("\n", " ")


def test_the_same_pieces_make_the_same_bytes(papers: list[Paper], joined: bytes, tmp_path: Path) -> None:
    joining.write(render_pieces(papers, TITLE, 3), tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == joined
    joining.write(render_pieces(papers[1:], TITLE, 3), tmp_path / "others.pdf")
    others = PdfReader(tmp_path / "others.pdf").trailer["/ID"]
    assert others != PdfReader(BytesIO(joined)).trailer["/ID"]
    assert [each.name for each in tmp_path.iterdir() if each.suffix != ".pdf"] == []


def test_a_single_piece_stays_as_it_is(papers: list[Paper], tmp_path: Path) -> None:
    joining.write(render_pieces(papers, TITLE), tmp_path / "one.pdf")
    assert (tmp_path / "one.pdf").read_bytes() == render_many(papers, TITLE)


def test_the_file_says_of_itself_what_one_piece_does(papers: list[Paper], joined: bytes) -> None:
    one, other = PdfReader(BytesIO(render_many(papers, TITLE))), PdfReader(BytesIO(joined))
    assert other.metadata == one.metadata
    for name in ("/Lang", "/MarkInfo", "/ViewerPreferences"):
        assert other.trailer["/Root"][name] == one.trailer["/Root"][name]
    profiles = [each.trailer["/Root"]["/OutputIntents"][0]["/DestOutputProfile"].get_data() for each in (one, other)]
    assert profiles[0] == profiles[1]
    assert xmp(other) == xmp(one)
    assert ("NPages", str(len(papers) + 1)) in xmp(other)


def xmp(reader: PdfReader) -> list[tuple[str, str]]:
    """What the file says of itself, apart from the names that only this very file has."""
    told = ET.fromstring(reader.trailer["/Root"]["/Metadata"].get_data())
    texts_of = [(each.tag.partition("}")[2], (each.text or "").strip()) for each in told.iter()]
    return [(name, text) for name, text in texts_of if name.lower() != "instanceid"]


def test_a_screen_reader_finds_the_same_tags_in_the_same_order(papers: list[Paper], joined: bytes) -> None:
    def told(pdf: bytes) -> list[tuple[Any, ...]]:
        found = [(each["/S"], each.get("/Lang"), each.get("/Alt"), each.get("/T")) for each in elements(pdf)]
        return [each for each in found if each[0] not in {"/Document", "/Part"}]

    assert told(joined) == told(render_many(papers, TITLE))
    kinds = [each["/S"] for each in elements(joined)]
    assert (kinds.count("/Document"), kinds.count("/Part"), kinds.count("/H1")) == (1, 3, len(papers))


def test_every_way_between_pages_and_tags_leads_back(joined: bytes) -> None:
    reader = PdfReader(BytesIO(joined))
    tree = reader.trailer["/Root"]["/StructTreeRoot"]
    numbers = tree["/ParentTree"]["/Nums"]
    ways = dict(zip(numbers[::2], numbers[1::2], strict=True))
    assert list(ways) == sorted(ways) == list(range(tree["/ParentTreeNextKey"]))
    used = []
    for page in reader.pages:
        used.append(page["/StructParents"])
        for place, element in enumerate(ways[page["/StructParents"]].get_object()):
            assert element["/Pg"] == page
            assert place in element["/K"]
        for link in page.get("/Annots", ()):
            used.append(link["/StructParent"])
            tag = ways[link["/StructParent"]].get_object()
            assert tag["/S"] == "/Link"
            assert link.get_object() in [
                kid.get_object()["/Obj"] for kid in tag["/K"] if hasattr(kid.get_object(), "get")
            ]
    assert sorted(used) == list(ways)
    parents_are_right(tree)


def parents_are_right(node: Any) -> None:
    """Every element names the one above it."""
    for child in node.get("/K", ()):
        below = child.get_object()
        if hasattr(below, "get") and "/S" in below:
            assert below["/P"] == node
            parents_are_right(below)


def test_the_outline_leads_through_all_pieces_and_back(papers: list[Paper], joined: bytes) -> None:
    reader = PdfReader(BytesIO(joined))
    root = reader.trailer["/Root"]["/Outlines"]
    items = list(chained(root["/First"], "/Next"))
    assert [item["/Title"] for item in items] == [each.facts.title.replace("  ", " ") for each in papers]
    assert [item["/Title"] for item in chained(root["/Last"], "/Prev")] == [item["/Title"] for item in items][::-1]
    assert all(item["/Parent"] == root for item in items)
    assert [reader.get_destination_page_number(each) for each in reader.outline if not isinstance(each, list)] == [
        0, 1, 2, 3, 4, 6, 7, 8,
    ]  # fmt: skip


def chained(item: Any, name: str) -> Iterator[Any]:
    while item is not None:
        yield item
        item = item.get(name)


def test_what_the_file_has_once_is_in_it_once(joined: bytes) -> None:
    for kind in (b"Catalog", b"Pages", b"Metadata", b"Outlines", b"OutputIntent", b"StructTreeRoot"):
        assert joined.count(b"/Type /%b " % kind) == 1


def test_tables_keep_their_headers_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_paper, "PIECE", 2)
    write_statements(tmp_path / "s.pdf", [replace(STATEMENT, holder=f"Nino {n}") for n in range(5)], LOOKS, "All")
    pdf = (tmp_path / "s.pdf").read_bytes()
    assert len(texts(pdf)) == 5
    heads = [each["/ID"] for each in elements(pdf) if each["/S"] == "/TH"]
    assert len(set(heads)) == len(heads) == 15
    named = PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]["/IDTree"]["/Names"]
    assert named[::2] == sorted(heads)
    assert all(each.get_object()["/ID"] == name for name, each in zip(named[::2], named[1::2], strict=True))
    asked = {name for each in elements(pdf) if each["/S"] == "/TD" for name in each["/A"][0]["/Headers"]}
    assert asked <= set(heads)
    assert len(asked) == 15


def test_nothing_is_left_where_a_piece_cannot_be_made(papers: list[Paper], tmp_path: Path) -> None:
    chinese = replace(papers[-1], facts=replace(papers[-1].facts, holder="李"))
    with pytest.raises(MissingLetters):
        joining.write(render_pieces([*papers, chinese], TITLE, 3), tmp_path / "no.pdf")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_pdf_is_refused(papers: list[Paper], tmp_path: Path) -> None:
    with pytest.raises(PdfError):
        joining.write([render_many(papers[:1], TITLE), b"No PDF"], tmp_path / "no.pdf")
    assert list(tmp_path.iterdir()) == []
