"""The CSV holds exactly what the list shows, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from lms.coordination import export_queries
from lms.people import actions
from lms.spreadsheets import as_csv, for_spreadsheet
from tests.coordination.world import COURSE, add_many, count_all, give_certificate


@pytest.fixture
def nora(cast):
    return cast.at_browser(cast.north)


def lines(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("cell", ["=1+1", "+371 1", "-2", "@sum", "\tx", "\rx", "=", "-"])
def test_formulas_are_disarmed(cell) -> None:
    assert for_spreadsheet(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Anna", "1-1", "a=b", "'=1", " =1"])
def test_other_text_stays(cell) -> None:
    assert for_spreadsheet(cell) == cell


def test_head_and_rows_are_disarmed_and_quoted() -> None:
    made = b"".join(as_csv(["=Name", "B"], [["@x", 'a "b", c'], ["two\nlines", "ž"]]))
    assert made.startswith(b"\xef\xbb\xbf'=Name,B\r\n'@x,")
    assert list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""))) == [
        ["'=Name", "B"],
        ["'@x", 'a "b", c'],
        ["two\nlines", "ž"],
    ]


def test_long_lists_leave_in_pieces() -> None:
    pieces = list(as_csv(["n"], ([str(number)] * 50 for number in range(3000))))
    assert len(pieces) > 3
    assert max(map(len, pieces)) < 70_000
    assert b"".join(pieces).count(b"\r\n") == 3001


def test_export_holds_exactly_what_is_filtered(database, cast, nora, monkeypatch) -> None:
    monkeypatch.setattr(export_queries, "CHUNK", 300)
    with database.writing() as db:
        ids = add_many(db, cast.units["N-1"], 1100)
        add_many(db, cast.units["S-1"], 3)
        give_certificate(db, ids[0])
    count_all(database)
    everybody = nora.get("/coordination/people.csv?q=person")
    assert everybody.mimetype == "text/csv"
    assert everybody.headers["Content-Disposition"].startswith("attachment")
    rows = lines(everybody)
    assert [row[0] for row in rows[1:]] == [f"Person {number:05}" for number in range(1100)]
    assert rows[1][2:4] == ["Unit N-1", "N-1"]
    certified = lines(nora.get(f"/coordination/people.csv?course={COURSE}&state=certified"))
    assert [row[0] for row in certified[1:]] == ["Person 00000"]
    assert certified[1][4] == "Certified"
    assert date.fromisoformat(certified[1][7]) == date(2026, 5, 19)


def test_a_hostile_name_is_disarmed(database, cast, nora) -> None:
    with database.writing() as db:
        person = actions.sign_up(db, actions.NewPerson("=HYPERLINK(1)", "bad", ""), "")
        actions.join_unit(db, person.id, cast.units["N-1"], since=date(2026, 1, 1))
    assert "'=HYPERLINK(1)" in [row[0] for row in lines(nora.get("/coordination/people.csv"))]


def test_rows_are_not_gathered_to_be_compressed(nora) -> None:
    answer = nora.get("/coordination/people.csv", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert lines(answer)[0][:2] == ["Name", "Name in Latin letters"]
