"""The pages of tallies: boxes on a screen, a paper that prints, files that are brought in."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from lms.cli import lms
from lms.clock import now
from lms.helping import tally_queries
from lms.helping.models import HelpEntry, HelpPeriod
from lms.helping.rules import OLDEST_IN_TALLY
from lms.helping.tally_files import ColumnsMissing, columns
from lms.helping.tally_rules import last_day
from lms.people.models import RoleGrant
from tests.helping.world import certify

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lms.config import Settings
    from lms.db import Database
    from tests.cast import Cast, Visitor

MONTH = f"{now().date().replace(day=1) - timedelta(days=1):%Y-%m}"
HEAD = ("unit", "month", "kind", "audience", "service", "people", "minutes", "channel", "outcome")


@pytest.fixture
def nora(cast: Cast) -> Visitor:
    return cast.at_browser("nora")


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/help/tally/{cast.units['N-1']}/{MONTH}"


def people(database: Database) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(select(HelpEntry.people).where(HelpEntry.undone_at.is_(None)).order_by(HelpEntry.id)))


def test_numbers_are_entered_shown_and_undone(nora: Visitor, database: Database, address: str) -> None:
    nora.post(address, {"n:visit:citizen:": "12", "n:training:business:": "", "w:training:business:": ""})
    page = nora.get(address).text
    assert 'name="n:visit:citizen:" inputmode="numeric" autocomplete="off" value="12"' in page
    assert "Nora North" in page
    with database.reading() as db:
        key = db.scalars(select(HelpEntry.client_id)).one()
    assert nora.post(f"/help/tally/undo/{key}").location.startswith(address)
    page = nora.get(address).text
    assert "<del>" in page
    assert "undone by Nora North" in page
    assert people(database) == []


def test_a_box_that_somebody_else_entered_meanwhile_stays(nora: Visitor, database: Database, address: str) -> None:
    nora.post(address, {"n:visit:citizen:": "12", "w:visit:citizen:": ""})
    nora.post(address, {"n:visit:citizen:": "", "w:visit:citizen:": "", "n:training:citizen:": "3"})
    assert people(database) == [12, 3]


def test_a_month_too_long_ago_shows_no_boxes(nora: Visitor, database: Database, cast: Cast) -> None:
    address, said = f"/help/tally/{cast.units['N-1']}", "nothing can be entered for it any more"
    oldest = now().date() - timedelta(days=OLDEST_IN_TALLY)
    for day, is_old in ((oldest, False), (oldest.replace(day=1) - timedelta(days=1), True)):
        page = nora.get(f"{address}/{day:%Y-%m}").text
        assert ((said in page), ('name="n:visit:citizen:"' in page)) == (is_old, not is_old), day
    answer = nora.post(f"{address}/2010-01", {"n:visit:citizen:": "12", "w:visit:citizen:": ""})
    assert answer.status_code == 422
    assert said in answer.text
    assert "Write a whole number" not in answer.text
    assert people(database) == []


def test_what_is_no_number_is_refused_and_kept(nora: Visitor, database: Database, address: str) -> None:
    for bad in ("a dozen", "20001"):
        answer = nora.post(address, {"n:visit:citizen:": bad, "n:training:citizen:": "3"})
        assert answer.status_code == 422
        assert f'value="{bad}" aria-invalid="true"' in answer.text
        assert "What you typed is still here." in answer.text
    assert people(database) == []


def test_boxes_by_service(nora: Visitor, database: Database, address: str) -> None:
    page = nora.get(address, query_string={"kind": "consultation"}).text
    assert 'name="n:consultation:citizen:health"' in page
    nora.post(address, {"kind": "consultation", "n:consultation:citizen:health": "4"})
    with database.reading() as db:
        assert db.scalars(select(HelpEntry.service)).all() == ["health"]


def test_what_stands_in_other_boxes_is_said_beside_a_box(nora: Visitor, address: str) -> None:
    more = "more in the list below"
    nora.post(f"{address}?kind=consultation", {"n:consultation:citizen:health": "15", "kind": "consultation"})
    assert f"15 {more}" in nora.get(address).text
    assert more not in nora.get(f"{address}?kind=consultation").text
    send(nora, as_file(("N-1", MONTH, "consultation", "citizen", "health", 4, "", "phone", "")))
    assert f"19 {more}" in nora.get(address).text
    assert f"4 {more}" in nora.get(f"{address}?kind=consultation").text


def test_a_month_that_was_closed_says_so(nora: Visitor, cast: Cast, database: Database, address: str) -> None:
    closed = "This month lies in a period that was closed."
    assert closed not in nora.get(address).text
    month = date.fromisoformat(f"{MONTH}-01")
    with database.writing() as db:
        db.add(HelpPeriod(unit_id=cast.units["ALL"], first_day=month, last_day=last_day(month), closed_at=now()))
    assert closed in nora.get(address).text


def test_a_coordinator_stays_at_her_desk(nora: Visitor, address: str) -> None:
    for page in ("/help/tally", "/help/tally/file", address, f"{address}/paper"):
        assert 'href="/coordination" aria-current="true">My units' in nora.get(page).text


def test_others_do_not_see_a_unit_s_tally(cast: Cast, database: Database, address: str) -> None:
    for login in ("sid", "otto", "tina"):
        visitor = cast.at_browser(login)
        assert visitor.get(address).status_code == 404
        assert visitor.post(address, {"n:visit:citizen:": "12"}).status_code == 404
    assert cast.at_browser("nora").get(f"/help/tally/{cast.units['N-1']}/2099-01").status_code == 404
    assert people(database) == []


def test_others_take_no_entry_of_a_unit_s_tally_back(
    cast: Cast, nora: Visitor, database: Database, address: str
) -> None:
    nora.post(address, {"n:visit:citizen:": "40"})
    with database.reading() as db:
        key = db.scalars(select(HelpEntry.client_id)).one()
    assert cast.at_browser("sid").post(f"/help/tally/undo/{key}").status_code == 404
    with database.writing() as db:  # she entered it, and answers for the unit no more
        db.execute(update(RoleGrant).where(RoleGrant.person_id == cast["nora"]).values(ended_at=now()))
    for path in (f"/help/tally/undo/{key}", f"/help/{key}/undo"):
        assert nora.post(path).status_code == 404
    with database.reading() as db:
        assert db.scalars(select(HelpEntry.undone_at)).all() == [None]


def test_a_certified_member_enters_her_unit_s_tally(cast: Cast, database: Database, address: str) -> None:
    laura = cast.at_browser("laura")
    assert "It opens when you hold a valid certificate" in laura.get("/help/tally").text
    with database.writing() as db:
        certify(db, cast["laura"], since=now().date() - timedelta(days=9))
    assert address in laura.get("/help/tally").text
    laura.post(address, {"n:visit:citizen:": "12"})
    assert people(database) == [12]


def test_the_code_of_the_paper_leads_to_its_page(nora: Visitor, address: str) -> None:
    paper = nora.get(f"{address}/paper").text
    assert f"N-1 {MONTH}" in paper
    assert paper.count("<tbody>") == 3
    answer = nora.get("/help/tally", query_string={"unit": f"N-1 {MONTH}"})
    assert answer.location == address
    assert "None of your units is called so." in nora.get("/help/tally", query_string={"unit": "S-1 2026-01"}).text


def as_file(*lines: Sequence[object], head: Sequence[str] = HEAD) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([head, *lines])
    return text.getvalue().encode()


def send(visitor: Visitor, content: bytes, what: str = "enter", name: str = "tally.csv") -> str:
    return str(visitor.post("/help/tally/file", {"file": (io.BytesIO(content), name), "what": what}).text)


LINES = (
    ("N-1", MONTH, "visit", "citizen", "", 5, "", "", ""),
    ("N-1", f"{MONTH}-03", "Visit", "A citizen", "", 2, 60, "", ""),
    ("N-2", MONTH, "consultation", "citizen", "health", 9, "", "phone", "solved"),
    ("S-1", MONTH, "visit", "citizen", "", 5, "", "", ""),
    ("N-1", "soon", "visit", "citizen", "", 5, "", "", ""),
    ("N-1", MONTH, "visit", "martian", "", 5, "", "", ""),
    ("N-1", MONTH, "visit", "business", "", "", "", "", ""),
)


def test_a_file_adds_its_rows_up_and_changes_nothing_twice(nora: Visitor, database: Database) -> None:
    seen = send(nora, as_file(*LINES), "look")
    assert "Nothing was changed yet." in seen
    assert people(database) == []
    page = send(nora, as_file(*LINES))
    assert people(database) == [7, 9]
    for words in ("None of your units has the code S-1.", "This row names no month.", "martian is on no list"):
        assert words in page
    assert "Row 7" in page
    send(nora, as_file(*LINES))
    assert people(database) == [7, 9]
    send(nora, as_file(LINES[0]))
    assert people(database) == [9, 5]


def test_two_files_in_any_order_wait_for_units_in_one(
    nora: Visitor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two who bring in the same units at once may wait for each other for ever."""
    waited: list[int] = []
    monkeypatch.setattr(tally_queries, "take_turns", lambda _db, unit: waited.append(unit))
    send(nora, as_file(*((code, MONTH, "visit", "citizen", "", "3", "", "", "") for code in ("N-2", "N-1"))))
    assert waited == [cast.units["N-1"], cast.units["N-2"]]


def test_the_file_to_fill_in_comes_back_filled_in(nora: Visitor, database: Database) -> None:
    template = nora.get("/help/tally/file-to-fill-in.csv").get_data(as_text=True)
    lines = list(csv.reader(io.StringIO(template.removeprefix("\ufeff"))))
    assert {line[0] for line in lines[1:]} == {"N", "N-1", "N-2"}
    lines[2][5] = "4"
    send(nora, as_file(*lines[1:]))
    assert people(database) == [4]
    workbook = nora.get(f"/help/tally/file-to-fill-in.xlsx?month={MONTH}").data
    assert workbook.startswith(b"PK")
    send(nora, workbook, name="tally.xlsx")
    assert people(database) == [4]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_to_fill_in_reads_its_units_once(nora: Visitor, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    read: list[object] = []
    units_to_fill_in = tally_queries.units_to_fill_in

    def watched(*asked: Any) -> Any:
        read.append(asked)
        return units_to_fill_in(*asked)

    monkeypatch.setattr(tally_queries, "units_to_fill_in", watched)
    assert nora.get(f"/help/tally/file-to-fill-in.{kind}").status_code == 200
    assert len(read) == 1


def test_a_workbook_is_read_too(nora: Visitor, database: Database, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "t.xlsx") as book:
        sheet = book.add_worksheet()
        for place, line in enumerate([HEAD, *LINES[:2]]):
            sheet.write_row(place, 0, line)
    send(nora, (tmp_path / "t.xlsx").read_bytes(), name="t.xlsx")
    assert people(database) == [7]


def test_a_file_that_cannot_be_read_says_why(nora: Visitor, database: Database) -> None:
    without_month = as_file(("N-1", "visit"), head=("unit", "kind", "audience", "people"))
    assert "The file has no column for: Month (month)" in send(nora, without_month)
    assert "This kind of file cannot be read." in send(nora, b"%PDF-1.4", name="x.pdf")
    for picture in (b"\x89PNG\r\n\x1a\n\x01IHDR\n\x02", b"GIF89a\x01;\x02;\x03\n\x04;\x05\n"):
        assert "This file holds no table." in send(nora, picture, name="tally.csv")
    assert "Choose a file." in nora.post("/help/tally/file", {"what": "enter"}).text
    assert people(database) == []


@pytest.mark.usefixtures("cast")
def test_the_command_brings_a_file_in(database: Database, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "tally.csv"
    file.write_bytes(as_file(*LINES))
    told = {"LMS_HOME": str(settings.home), "LMS_DATABASE_URL": settings.database_url, "LMS_SECRET_KEY": "x" * 40}

    def run(*words: str) -> Result:
        return CliRunner(env=told).invoke(lms, ["help", "import", str(file), *words])

    assert run().exit_code == 2
    looked = json.loads(run("--dry-run", "--json").stdout)
    assert people(database) == []
    first = json.loads(run("--by", "nora", "--json").stdout)
    assert looked == {**first, "dry_run": True}
    assert (first["rows"], first["created"], first["unchanged"], first["rejected"]) == (6, 4, 0, 2)
    assert [each["row"] for each in first["troubles"]] == [6, 7]
    assert run("--by", "nora").stdout.startswith("created 0, changed 0, unchanged 4, rejected 2")
    assert people(database) == [7, 9, 5]
    assert run("--by", "nobody").exit_code == 1


def test_columns_go_by_other_names_too() -> None:
    assert columns(["Date", "Unit code", "Kind", "Pour qui", "persons"], {"Pour qui": "audience"}) == {
        "month": 0, "unit": 1, "kind": 2, "audience": 3, "people": 4,
    }  # fmt: skip
    with pytest.raises(ColumnsMissing):
        columns(["unit"], {})
