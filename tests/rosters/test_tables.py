"""Files as they come: encodings, separators, titles above the head, broken rows, workbooks, bombs."""

from __future__ import annotations

import unicodedata
import zipfile
from datetime import date
from functools import partial

import pytest
import xlsxwriter

from lms import tables
from lms.rosters import columns
from lms.tables import Layout, Unreadable, look, rows

PEOPLE = partial(columns.familiar, "people")


def write(tmp_path, content, name="register.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def vietnamese(text):
    """Text in windows-1258, which writes tones as marks of their own."""
    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            *base, tone = unicodedata.normalize("NFD", letter)
            if tone in {"\u0302", "\u0306"}:  # the tone stands before the hat here
                base, tone = [base[0], tone], base[1]
            out += unicodedata.normalize("NFC", "".join(base)).encode("cp1258") + tone.encode("cp1258")
    return out


@pytest.mark.parametrize(
    ("content", "encoding", "first"),
    [
        ("Vārds uzvārds;Iestādes kods\nIlze Ozoliņa;RIX\n".encode(), "utf-8", "Ilze Ozoliņa"),
        ("name,unit code\nАлиса,1\n".encode("utf-8-sig"), "utf-8-sig", "Алиса"),
        ("name\tunit code\nნინო\t1\n".encode("utf-16"), "utf-16", "ნინო"),
        ("name,unit code\nAnna,1\n".encode("utf-16-le"), "utf-16-le", "Anna"),
        ("ФИО;Код организации\nМария Петрова;12\n".encode("cp1251"), "windows-1251", "Мария Петрова"),
        ("Vārds uzvārds\tIestādes kods\nIlze Ozoliņa\tRIX\n".encode("cp1257"), "windows-1257", "Ilze Ozoliņa"),
        ("Numele complet;Cod unitate\nIon Ţurcanu;12\nŞtefan Vodă;3\n".encode("cp1250"), "windows-1250", "Ion Ţurcanu"),
        (vietnamese("Họ và tên;Mã tổ\nNguyễn Thị Hòa;10-03\n"), "windows-1258", "Nguyễn Thị Hòa"),
    ],
)
def test_letters_are_recognised(tmp_path, content, encoding, first):
    seen = look(write(tmp_path, content), PEOPLE)
    assert seen.layout.encoding == encoding
    assert seen.samples[0][0] == unicodedata.normalize("NFC", first)
    assert set(columns.suggest("people", seen.names)) == {"name", "unit_code"}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_recognised_also_with_quotes(tmp_path, separator):
    text = f'name{separator}employer\n"Ozola{separator} Ilze"{separator}"SIA ""Ozols"""\nA B{separator}C\n'
    seen = look(write(tmp_path, text), PEOPLE)
    assert (seen.layout.separator, seen.rows) == (separator, 2)
    assert seen.samples[0] == [f"Ozola{separator} Ilze", 'SIA "Ozols"']


def test_a_title_above_the_head_is_passed_over(tmp_path):
    seen = look(write(tmp_path, "Ministry,,\n30.11.2026,,\nname,phone,unit code\nAnna,1,2\n"), PEOPLE)
    assert (seen.layout.head, list(seen.names), seen.rows) == (3, ["name", "phone", "unit code"], 1)


def test_rows_have_the_number_that_people_see_and_formula_signs_are_off(tmp_path):
    path = write(tmp_path, "name,phone\n\nAnna,'+371 2000\n'=HYPERLINK(1),x\n'Aisha,y\n")
    found = list(rows(path, look(path, PEOPLE).layout))
    assert [(row.number, list(row.cells)) for row in found] == [
        (3, ["Anna", "+371 2000"]),
        (4, ["=HYPERLINK(1)", "x"]),
        (5, ["'Aisha", "y"]),
    ]


def test_what_cannot_be_read_is_a_row_with_a_problem(tmp_path):
    text = "name,x\nA\0nna,1\n" + "B" * 3000 + ",1\n" + ",".join("c" * 300) + "\nDora,1\n"
    path = write(tmp_path, text)
    found = list(rows(path, Layout("utf-8", ",")))
    assert [row.problem for row in found] == ["nul", "long-cell", "too-many-cells", ""]
    assert found[-1].number == 5


def test_a_quote_that_is_never_closed_does_not_swallow_the_file_unseen(tmp_path):
    lines = "".join(f"Person {number},x\n" for number in range(20_000))
    path = write(tmp_path, f'name,x\nAnna,"y\n{lines}')
    found = list(rows(path, Layout("utf-8", ",")))
    assert found[0].problem in {"broken-row", "open-quote"}
    assert sum(not row.problem for row in found) > 5000


def test_letters_of_another_encoding_are_said_row_by_row(tmp_path):
    path = write(tmp_path, b"name,x\nAnna,1\n" + "Zoë,1\n".encode("latin-1"))
    assert [row.problem for row in rows(path, Layout("utf-8", ","))] == ["", "wrong-letters"]


def test_a_workbook_gives_what_people_see(tmp_path):
    path = tmp_path / "register.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Tổ CNSCĐ")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(2, 0, ["Họ và tên", "SĐT", "Từ ngày", "Mã tổ"])
        sheet.write_row(3, 0, ["Giàng A Súa", 912345678])
        sheet.write_datetime(3, 2, date(2026, 11, 22), day)
        sheet.write_string(3, 3, "014")
        book.add_worksheet("other")
    seen = look(path, PEOPLE)
    assert (seen.layout.sheet, seen.layout.head, list(seen.sheets)) == ("Tổ CNSCĐ", 3, ["Tổ CNSCĐ", "other"])
    assert [list(row.cells) for row in rows(path, seen.layout)] == [["Giàng A Súa", "912345678", "2026-11-22", "014"]]


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.csv", "empty"),
        (b"name,x\n", "a.csv", "no-rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old Excel", "a.xls", "foreign-format"),
        (b"%PDF-1.7 ...", "a.csv", "foreign-format"),
        (b"PK\x03\x04 broken", "a.xlsx", "broken-workbook"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, content, name, reason):
    with pytest.raises(Unreadable) as found:
        look(write(tmp_path, content, name), PEOPLE)
    assert found.value.reason == reason


def test_a_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(Unreadable) as found:
        look(path, PEOPLE)
    assert found.value.reason == "large-workbook"


def test_a_file_of_too_many_rows_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(Unreadable) as found:
        look(write(tmp_path, "name\na\nb\nc\nd\n"), PEOPLE)
    assert found.value.reason == "too-many-rows"
