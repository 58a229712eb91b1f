"""Columns by their names, and rows as values: every damage has its reason, and what is optional costs no row."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rosters import words
from lms.rosters.columns import family_comes_first, missing, suggest
from lms.rosters.entries import PersonEntry, Refused, UnitEntry, person_entry, unit_entry
from lms.tables import Row

FIELDS = ("code", "name", "email", "phone", "unit_code", "since", "until", "language")
COLUMNS = {field: place for place, field in enumerate(FIELDS)}


def person(**given):
    return person_entry(Row(7, [given.get(field, "") for field in FIELDS]), COLUMNS)


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        ("Họ và tên|Mã tổ|SĐT|Thư điện tử|Chức vụ", "name unit_code phone email category"),
        ("Vārds|Uzvārds|Kods|E-pasts|Iestādes kods", "given_name family_name code email unit_code"),
        ("სახელი და გვარი|ტელეფონი|ერთეულის კოდი", "name phone unit_code"),
        ("ФИО|Телефон|Код организации|Должность", "name phone unit_code category"),
        ("Ному насаб|Рақами телефон|Рамзи воҳид", "name phone unit_code"),
        ("Nume și prenume|Adresa de e-mail|Cod unitate", "name email unit_code"),
        ("sourcedId|givenName|familyName|email|orgSourcedIds", "code given_name family_name email unit_code"),
    ],
)
def test_columns_are_known_in_many_languages(names, fields):
    assert list(suggest("people", names.split("|"))) == fields.split()


def test_columns_of_units_have_names_in_languages():
    names = ["sourcedId", "name", "type", "parentSourcedId", "name:vi", "Name (ka)", "lat", "lon"]
    assert suggest("units", names) == {
        "code": 0, "name": 1, "kind": 2, "parent_code": 3, "name:vi": 4, "name:ka": 5, "latitude": 6, "longitude": 7,
    }  # fmt: skip
    assert missing("units", {"code": 0}) == "name"
    assert missing("people", {"family_name": 0}) == ""


def test_vietnamese_family_names_come_first():
    names = ["Họ", "Tên"]
    assert family_comes_first(names, suggest("people", names))
    row = Row(2, ["Nguyễn Văn", "Hòa"])
    found = person_entry(row, suggest("people", names), family_first=True)
    assert isinstance(found, PersonEntry)
    assert found.name == "Nguyễn Văn Hòa"
    assert not family_comes_first(["Uzvārds", "Vārds"], {"family_name": 0, "given_name": 1})


def test_a_full_row():
    found = person(
        code=" A1 ".strip(), name="Ilze  Ozola", email="Ilze@Example.ORG", phone="+371 2000-0000", unit_code="N-1; N-2",
        since="30.11.2026", until="2027-01-31", language="LV",
    )  # fmt: skip
    assert isinstance(found, PersonEntry)
    assert (found.name, found.email, found.phone, found.language) == (
        "Ilze Ozola",
        "ilze@example.org",
        "+37120000000",
        "lv",
    )
    assert (list(found.units), found.since, found.until) == (["N-1", "N-2"], date(2026, 11, 30), date(2027, 1, 31))
    assert found.notes == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"name": ""}, "no-name"),
        ({"name": "12345"}, "no-name"),
        ({"name": "www.buy.example"}, "strange-name"),
        ({"name": "a\u202eb"}, "strange-name"),
        ({"name": "x" * 201}, "long"),
        ({"name": "Anna", "since": "2026-13-01"}, "bad-day"),
        ({"name": "Anna", "since": "2026-02-01", "until": "2026-01-01"}, "ends-before"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(given, reason):
    found = person(**given)
    assert isinstance(found, Refused)
    assert (found.row, found.reason.key) == (7, reason)


@pytest.mark.parametrize(
    ("given", "note"),
    [
        ({"email": "ilze at example"}, "bad-email"),
        ({"phone": "091 23"}, "bad-phone"),
        ({"language": "?"}, "bad-language"),
    ],
)
def test_a_bad_contact_costs_the_contact_and_not_the_row(given, note):
    found = person(name="Anna", **given)
    assert isinstance(found, PersonEntry)
    assert [reason.key for reason in found.notes] == [note]
    assert not any(getattr(found, key) for key in given)


@given(st.lists(st.text(max_size=40), max_size=9))
def test_no_row_raises(cells):
    assert isinstance(person_entry(Row(2, cells), COLUMNS), PersonEntry | Refused)
    columns = {"code": 0, "name": 1, "kind": 2, "latitude": 3, "longitude": 4, "aliases": 5, "opened_on": 6}
    assert isinstance(unit_entry(Row(2, cells), columns), UnitEntry | Refused)


def test_every_reason_has_a_sentence():
    sources = [path.read_text(encoding="utf-8") for path in Path(words.__file__).parent.glob("*.py")]
    pattern = re.compile(r'(?:Wrong|Unreadable|Reason\.of)\(\s*"([a-z-]+)"')
    raised = {key for text in sources for key in pattern.findall(text)}
    assert len(raised) > 30
    assert raised - words.REASONS.keys() == set()
