"""Drawings are sent without anything that acts or fetches, and otherwise as they are."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from lms.content import drawings
from lms.paths import shipped

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
LINE = '<path d="M0 0h9"/>'


def sent(body: str) -> str:
    return drawings.sent("a.SVG", f"{HEAD}{body}{LINE}</svg>".encode()).decode()


@pytest.mark.parametrize(
    ("body", "gone"),
    [
        ("<script>alert(1)</script>", "script"),
        ("<g><script xlink:href='x.js'/></g>", "script"),
        ("<foreignObject><b xmlns='http://www.w3.org/1999/xhtml'>x</b></foreignObject>", "foreignObject"),
        ("<x:b xmlns:x='http://www.w3.org/1999/xhtml'>x</x:b>", "xhtml"),
        ("<rect onclick='alert(1)'/>", "onclick"),
        ("<rect ONload='alert(1)'/>", "load"),
        ("<a href='javascript:alert(1)'><text>x</text></a>", "javascript"),
        ("<a xlink:href=' https://example.org/'><text>x</text></a>", "example"),
        ("<image href='https://example.org/x.png'/>", "example"),
        ("<image href='data:image/svg+xml,x'/>", "svg+xml"),
        ("<use href='other.svg#a'/>", "other.svg"),
        ("<set attributeName='xlink:href' to='javascript:1'/>", "javascript"),
        ("<style>@import 'https://example.org/a.css';</style>", "example"),
        ("<rect style='fill:url(https://example.org/a)'/>", "example"),
    ],
)
def test_what_acts_or_fetches_is_taken_out_and_the_picture_stays(body: str, gone: str) -> None:
    found = sent(body)
    assert gone not in found.replace(HEAD, "")
    assert ET.fromstring(found).find("{http://www.w3.org/2000/svg}path") is not None


def test_what_points_inside_the_drawing_stays() -> None:
    body = "<style>path{fill:url(#red)}</style><use href='#a'/><image href='data:image/png;base64,AA=='/>"
    assert sent(body) == f"{HEAD}{body}{LINE}</svg>"


@pytest.mark.parametrize(
    "data",
    [
        b"<svg><path></svg>",
        b"",
        b"\x00",
        b"<!DOCTYPE svg [<!ENTITY a '<b/>'>]><svg>&a;</svg>",
        b"<!DOCTYPE svg [<!ENTITY a SYSTEM 'x'>]><svg>&a;</svg>",
    ],
)
def test_a_drawing_that_cannot_be_read_is_sent_empty(data: bytes) -> None:
    assert drawings.sent("a.svg", data) == b""


def test_a_small_file_cannot_become_a_huge_one() -> None:
    levels = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    bomb = f"<!DOCTYPE svg [<!ENTITY l0 'ha'>{levels}]><svg>&l11;</svg>".encode()
    assert drawings.sent("a.svg", bomb) == b""


def test_our_own_drawings_are_sent_byte_by_byte() -> None:
    own = list(shipped("courses").rglob("*.svg"))
    assert own
    assert all(drawings.sent(path.name, path.read_bytes()) == path.read_bytes() for path in own)


def test_the_short_names_of_drawing_programs_are_understood() -> None:
    named = f"<!DOCTYPE svg [<!ENTITY s 'http://www.w3.org/2000/svg'>]><svg xmlns='&s;'>{LINE}</svg>".encode()
    assert drawings.sent("a.svg", named) == named


def test_other_files_are_left_alone() -> None:
    assert drawings.sent("a.png", b"<script>") == b"<script>"


def test_a_drawing_nested_without_end_is_broken_and_ends_nothing() -> None:
    many = 100_000
    data = b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * many + b"</g>" * many + b"</svg>"
    assert drawings.sent("x.svg", data) == b""
