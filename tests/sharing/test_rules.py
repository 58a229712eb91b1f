"""Which materials are taken, and what licences allow."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from lms.sharing.rules import LICENCES, Wanted, against, clean_address, is_office, problems

GOOD = Wanted("Leaflet", "How to sign", "en", (), "by", "", is_own=True, is_harmless=True)


def wrong(*, has_file=True, above="", **changes):
    return problems(replace(GOOD, **changes), {"en", "lv"}, has_file=has_file, source_licence=above)


def test_what_is_whole_is_taken():
    assert wrong() == {}
    assert wrong(has_file=False, address="https://example.org/a") == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": ""}, {"title": "empty"}),
        ({"title": "x" * 201}, {"title": "long"}),
        ({"title": "Call 371 2912 3456"}, {"title": "personal"}),
        ({"about": "ask ann@example.org"}, {"about": "personal"}),
        ({"about": "as for Anna Ozola"}, {"names_nobody": "doubtful"}),
        ({"about": "as for Anna Ozola", "names_nobody": True}, {}),
        ({"language": "tlh"}, {"language": "unknown"}),
        ({"licence": ""}, {"licence": "unknown"}),
        ({"is_own": False}, {"author": "empty"}),
        ({"is_own": False, "author": "Ministry", "licence": "here"}, {"licence": "unallowed"}),
        ({"is_own": False, "author": "Ministry", "licence": "here", "is_allowed": True}, {}),
        ({"source": "javascript:alert(1)"}, {"source": "broken"}),
        ({"address": "https://example.org"}, {"address": "both"}),
        ({"is_harmless": False}, {"is_harmless": "untold"}),
    ],
)
def test_what_is_wrong_is_named(changes, expected):
    assert wrong(**changes) == expected


def test_something_has_to_be_shared():
    assert wrong(has_file=False) == {"address": "nothing"}
    assert wrong(has_file=False, address="ftp://example.org/x") == {"address": "broken"}


@pytest.mark.parametrize(
    ("source", "chosen", "expected"),
    [
        ("by-nd", "by-nd", "adapting"),
        ("here", "here", "adapting"),
        ("by-sa", "by", "alike"),
        ("by-sa", "by-sa", ""),
        ("by-nc", "by", "commercial"),
        ("by-nc", "by-nc-sa", ""),
        ("by", "cc0", "naming"),
        ("by", "by-sa", ""),
        ("cc0", "here", ""),
    ],
)
def test_a_changed_version_keeps_to_the_licence_of_its_source(source, chosen, expected):
    assert against(source, chosen) == expected
    assert wrong(above=source, licence=chosen) == ({"licence": expected} if expected else {})
    assert wrong(above=source, licence=chosen, is_allowed=True) == {}


def test_only_what_cannot_be_taken_back_outlives_its_author():
    assert {code for code, each in LICENCES.items() if not each.is_free} == {"here"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" https://Example.ORG/A?b=1 ", "https://example.org/A?b=1"),
        ("https://example.org", "https://example.org/"),
        ("https://ann@example.org/", None),
        ("https://localhost/", None),
        ("data:text/html,x", None),
        ("https://[broken/", None),
        ("https://example.org/a b", None),
    ],
)
def test_addresses_are_kept_in_one_spelling(typed, kept):
    assert clean_address(typed) == kept


def office(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def test_office_files_are_known_by_what_is_in_them():
    word = {"[Content_Types].xml": "", "word__document.xml": ""}
    assert is_office("docx", office(**word))
    assert not is_office("xlsx", office(**word))
    assert not is_office("docx", office(**{**word, "word__vbaProject.bin": ""}))
    assert is_office("odt", office(mimetype="application/vnd.oasis.opendocument.text"))
    assert not is_office("ods", office(mimetype="application/vnd.oasis.opendocument.text"))
    assert not is_office("odt", office(mimetype="application/vnd.oasis.opendocument.text", Basic__a=""))
    assert not is_office("docx", b"<html>")
