"""In which letters a file comes, and which format it is."""

from __future__ import annotations

import pytest

from lms.exchange.bringing import MOST_BYTES, recognise
from lms.exchange.found import CannotRead
from tests.exchange.files import answer, brought, only, question, xml

LATVIAN = "::vārds::Kur ir grāmata, ko šķirsti?{=šeit ~tur}"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (LATVIAN, "utf-8"),
        (LATVIAN, "utf-8-sig"),
        (LATVIAN, "utf-16"),
        (LATVIAN, "utf-16-le"),
        (LATVIAN, "utf-16-be"),
        (LATVIAN, "windows-1257"),
        ("::é::Où est la bibliothèque fermée à Noël ?{=ici près de l'école ~là-bas}", "windows-1252"),
        ("::д::Где библиотека и сколько в ней книг?{=здесь ~там}", "windows-1251"),
    ],
)
def test_letters_are_recognised(text: str, encoding: str) -> None:
    found, report = only(text.encode(encoding))
    there = text.partition("{")[0].rpartition("::")[2]
    assert found.stem == there
    assert bool(report.losses) == encoding.startswith("windows")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-13", "windows-1251", "windows-1252"])
def test_xml_says_its_letters_itself(encoding: str) -> None:
    text = {"windows-1251": "Где книга?", "windows-1252": "Où est-ce ?"}.get(encoding, "Kur ir grāmata?")
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    asked = question("truefalse", text, answer("true", "100") + answer("false"))
    assert only(xml(asked, head=head).encode(encoding))[0].stem == text


def test_xml_that_says_the_wrong_letters_is_recognised_all_the_same() -> None:
    asked = question("essay", "Où est la bibliothèque fermée à Noël ?")
    assert only(xml(asked).encode("windows-1252"))[0].stem == "Où est la bibliothèque fermée à Noël ?"
    head = '<?xml version="1.0" encoding="klingon"?>'
    assert only(xml(question("essay", "Kur?"), head=head).encode())[0].stem == "Kur?"


def test_letters_can_be_named() -> None:
    assert only("Œ{T}".encode("cp1252"), encoding="cp1252")[0].stem == "Œ"
    with pytest.raises(CannotRead):
        brought("Œ{T}".encode("cp1252"), encoding="utf-8")
    with pytest.raises(CannotRead):
        brought(b"x{T}", encoding="no-such-letters")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('<?xml version="1.0"?><quiz/>', "moodle-xml"),
        ("\n<quiz></quiz>", "moodle-xml"),
        ("<!-- made by hand --><quiz/>", "moodle-xml"),
        ("Which?\nA. {x}\nB. y\nANSWER: A", "aiken"),
        ("::n::Which ANSWER: A?{=a ~b}", "gift"),
        ("$CATEGORY: x", "gift"),
        ("What?{}", "gift"),
    ],
)
def test_formats_are_recognised(text: str, name: str) -> None:
    assert recognise(text) == name


@pytest.mark.parametrize("data", [b"", b"Dear all,\n\nsee you.", b"\x00\x01\x02\x03", b"PK\x03\x04 a zip file"])
def test_other_files_are_refused_with_a_way_out(data: bytes) -> None:
    with pytest.raises(CannotRead) as refused:
        brought(data)
    assert "--format" in refused.value.fix


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(CannotRead, match="larger than 10 MB"):
        brought(b"x" * (MOST_BYTES + 1))


def test_too_many_questions_are_refused() -> None:
    with pytest.raises(CannotRead, match="5000"):
        brought("q{T}\n\n" * 5001)
