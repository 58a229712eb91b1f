"""The reports on help say what the desk's pages say: on the screen, as CSV, XLSX and JSON, and from the terminal."""

from __future__ import annotations

import csv
import io
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from lms.app import REPORTS
from lms.cli import lms as command
from lms.clock import now
from lms.figures.actions import recount
from lms.helping import counting
from lms.helping.models import HelpEntry, HelpPeriod
from lms.people import actions as people
from lms.people import moving
from lms.people.models import Unit
from lms.people.rules import Role
from lms.reach import actions
from lms.reach.rules import TOTAL
from tests.helping.world import certify
from tests.reach.world import SUMMER, days_ago, note, write_closed

if TYPE_CHECKING:
    from time_machine import TimeMachineFixture

    from lms.config import Settings
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor

JULY, AUGUST = date(2026, 7, 5), date(2026, 8, 31)
MONTHS = "since=2026-06&until=2026-08"
ASKED = f"unit=N&{MONTHS}"


@pytest.fixture
def helped(database: Database, cast: Cast) -> None:
    """In summer Laura helped 7 in N-1, with 3 apart; a tally of N-2 says 20; there was help elsewhere and later."""
    with database.writing() as db:
        certify(db, cast["laura"], since=date(2026, 1, 1))
        note(db, cast, "N-1", 7, JULY)
        note(db, cast, "N-1", 3, JULY, standing="lapsed")
        note(db, cast, "N-2", 20, AUGUST, None)
        note(db, cast, "S-1", 5, JULY, "otto")
        note(db, cast, "N-1", 4, days_ago(1))
    count(database)


def count(database: Database) -> None:
    counting.count_new(database)
    recount(database)
    counting.count_last_days(database)


def rows_of(body: bytes) -> list[dict[str, str]]:
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    head, *found = rows[: rows.index([])]
    return [dict(zip(head, row, strict=True)) for row in found]


def report(browser: Visitor, name: str, asked: str = ASKED) -> list[dict[str, str]]:
    return rows_of(browser.get(f"/reports/{name}.csv?{asked}").data)


def numbers(rows: list[dict[str, str]], definition: str = TOTAL) -> dict[tuple[str, str], tuple[str, ...]]:
    """Unit and month -> number, tallied, apart."""
    return {
        (row["Code"], row["Month"]): (row["Number"], row["Of them tallied"], row["Counted apart"])
        for row in rows
        if row["Definition"] == definition
    }


@pytest.mark.usefixtures("helped")
def test_the_report_says_month_by_month_what_the_page_says(cast: Cast) -> None:
    nora = cast.at_browser("nora")
    found = report(nora, "help")
    assert numbers(found) == {
        ("N", "Whole period"): ("27", "20", "3"), ("N", "2026-07"): ("7", "0", "3"),
        ("N", "2026-08"): ("20", "20", "0"),
        ("N-1", "Whole period"): ("7", "0", "3"), ("N-1", "2026-07"): ("7", "0", "3"),
        ("N-2", "Whole period"): ("20", "20", "0"), ("N-2", "2026-08"): ("20", "20", "0"),
    }  # fmt: skip
    screen = rows_of(nora.get(f"/coordination/help/units/N.csv?span=months&{MONTHS}").data)
    whole = {
        (row["Code"], row["Counts"]): (row["Number"], row["Version"]) for row in found if row["Month"] == "Whole period"
    }
    for row in screen:
        for title, version in (("Trained", "1"), ("Consulted", "1"), ("Visits", "1"), ("People helped", "")):
            assert whole[row["Code"], title] == (row[title], version)
        total = numbers(found)[row["Code"], "Whole period"]
        assert total == (row["People helped"], row["Of them tallied"], row["Counted apart"])


@pytest.mark.usefixtures("helped")
@pytest.mark.parametrize("name", ["help", "chain", "gaps"])
def test_every_copy_and_the_command_have_the_same_rows(
    cast: Cast, worker: Worker, settings: Settings, name: str
) -> None:
    nora = cast.at_browser("nora")
    rows = report(nora, name)
    assert rows
    screen = nora.get(f"/reports/{name}?{ASKED}").text
    assert screen.count("<tr>") == len(rows) + 1
    ran = terminal(settings, name, "csv")
    assert rows_of(ran.encode()) == rows
    told = json.loads(terminal(settings, name, "json"))
    assert [[_plain(cell) for cell in row.values()] for row in told["rows"]] == [
        [_plain(cell) for cell in row.values()] for row in rows
    ]
    sheet = xlsx(nora, worker, name)
    head = list(rows[0])
    body = sheet[sheet.index(head + [""] * (len(sheet[0]) - len(head))) + 1 :]
    assert [[_plain(cell) for cell in row[: len(head)]] for row in body] == [
        [_plain(cell) for cell in row.values()] for row in rows
    ]


def terminal(settings: Settings, name: str, form: str, *more: str) -> str:
    environ = {"LMS_HOME": str(settings.home), "LMS_DATABASE_URL": settings.database_url, "LMS_SECRET_KEY": "x" * 40}
    months = [] if name == "gaps" else ["--since", "2026-06", "--until", "2026-08"]
    asked = ["report", name, "--unit", "N", *months, "--format", form, *more]
    ran = CliRunner().invoke(command, asked, env=environ)
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def xlsx(browser: Visitor, worker: Worker, name: str) -> list[list[Any]]:
    made = browser.post(f"/reports/{name}/file?{ASKED}", {"format": "xlsx", "file_id": str(uuid.uuid4())})
    worker.drain()
    with browser.get(f"{made.location}/download") as answer:
        return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def _plain(cell: object) -> object:
    """Shares are rounded in CSV; spreadsheets know one kind of number; JSON leaves empty what has no value."""
    if cell in (None, "", "Whole period"):
        return ""
    try:
        return round(float(str(cell)), 4)
    except ValueError:
        return str(cell)


@pytest.mark.usefixtures("helped")
def test_every_copy_names_definition_period_and_moment(cast: Cast, worker: Worker, settings: Settings) -> None:
    nora = cast.at_browser("nora")
    named = ("(version 1): ", "1 June 2026", "31 August 2026", "As of ", "People helped, with the code *")
    copies = [
        nora.get(f"/reports/help?{ASKED}").text,
        nora.get(f"/reports/help.csv?{ASKED}").text,
        str(xlsx(nora, worker, "help")),
    ]
    for copy in copies:
        assert [words for words in named if words not in copy] == []
    told = json.loads(terminal(settings, "help", "json"))
    assert (told["since"], told["until"], told["as_of"]) == ("2026-06", "2026-08", now().date().isoformat())
    assert told["counted_at"]
    assert any("(version 1): " in each for each in told["notes"])


@pytest.mark.usefixtures("helped")
def test_a_past_day_comes_out_the_same_whatever_happened_since(
    cast: Cast, database: Database, time_machine: TimeMachineFixture
) -> None:
    day = now().date().isoformat()
    time_machine.move_to(datetime.now(UTC) + timedelta(days=3))
    nora = cast.at_browser("nora")
    before = report(nora, "help", f"{ASKED}&as_of={day}")
    assert numbers(before)["N", "Whole period"] == ("27", "20", "3")
    with database.writing() as db:
        note(db, cast, "N-1", 50, JULY)
        db.scalars(select(HelpEntry).where(HelpEntry.people == 7)).one().undone_at = now()
        moving.move(db, db.get_one(Unit, cast.units["N-2"]), db.get_one(Unit, cast.units["S"]), by=None)
    count(database)
    assert report(nora, "help", f"{ASKED}&as_of={day}") == before
    assert numbers(report(nora, "help"))["N", "Whole period"] == ("50", "0", "3")


@pytest.mark.usefixtures("helped")
def test_a_closed_period_is_read_as_it_was_closed_beside_what_changed(
    cast: Cast, database: Database, worker: Worker
) -> None:
    with database.writing() as db:
        actions.open_period(db, cast.units["ALL"], SUMMER, now().date())
        actions.close_period(db, db.scalars(select(HelpPeriod)).one(), cast["nora"], now().date())
    write_closed(worker)
    with database.writing() as db:
        note(db, cast, "N-1", 12, JULY)
        note(db, cast, "N-2", 2, date(2026, 6, 30), None)
    count(database)
    nora = cast.at_browser("nora")
    found = report(nora, "help")
    assert numbers(found)["N", "Whole period"] == ("27", "20", "3")
    changed = {(row["Code"], row["Month"]): row["Change since closing"] for row in found if row["Definition"] == TOTAL}
    assert changed == {
        ("N", "Whole period"): "14", ("N", "2026-06"): "2", ("N", "2026-07"): "12", ("N", "2026-08"): "0",
        ("N-1", "Whole period"): "12", ("N-1", "2026-07"): "12",
        ("N-2", "Whole period"): "2", ("N-2", "2026-06"): "2", ("N-2", "2026-08"): "0",
    }  # fmt: skip
    assert "these figures never change" in nora.get(f"/reports/help?{ASKED}").text
    other = report(nora, "help", "unit=N&since=2026-06&until=2026-09")
    assert {row["Change since closing"] for row in other} == {""}
    [north, *_] = report(nora, "chain")
    assert north["People helped"] == "27"


@pytest.mark.usefixtures("helped")
def test_the_chain_is_that_of_the_page(cast: Cast) -> None:
    nora = cast.at_browser("nora")
    page = nora.get(f"/coordination/help/units/N/chain?span=months&{MONTHS}").text
    north, _, _ = report(nora, "chain")
    assert (north["Registered"], north["Trained"], north["Certified"]) == ("1", "1", "1")
    assert (north["Active in the last 30 days"], north["Active in the last 90 days"]) == ("1", "1")
    assert (north["Certified of the trained"], north["People helped"]) == ("1.0", "27")
    for words in ("100% of the registered have begun a course", "100% of the trained", "<b>27</b> people were helped"):
        assert words in page


@pytest.mark.usefixtures("helped")
def test_the_places_without_a_helper_are_those_of_the_page(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        top = db.get_one(Unit, cast.units["N-2"])
        people.add_unit(db, kind="team", code="T", name="Team", parent=top)
    count(database)
    nora = cast.at_browser("nora")
    found = report(nora, "gaps", "unit=N")
    assert [(row["Code"], row["Lies in"]) for row in found] == [("T", "Unit N-2"), ("N-2", "Unit N")]
    for row in found:
        assert row["Unit"] in nora.get(f"/coordination/help/units/N/gaps?kind={row['Kind']}").text


@pytest.mark.usefixtures("helped")
def test_who_oversees_figures_sees_them_and_nobody_elses(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        people.grant_role(db, cast["otto"], Role.OWNER, unit=cast.units["N"], by=None)
    otto, sid = cast.at_browser("otto"), cast.at_browser("sid")
    for name in ("help", "chain", "gaps"):
        assert not REPORTS[name].report.has_names
        assert "Laura" not in otto.get(f"/reports/{name}?{ASKED}").text
        assert report(otto, name)
        assert sid.get(f"/reports/{name}?{ASKED}").status_code == 404
        assert sid.post(f"/reports/{name}/file?{ASKED}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["help", "--unit", "N", "--since", "2026-13"], "they take months such as"),
        (["help", "--unit", "N", "--since", "2026-05", "--until", "2026-04"], "the same or a later one"),
        (["units", "--unit", "N", "--since", "2026-05"], "is about no period"),
        (["chain", "--unit", "N", "--as-of", "2026-01-01"], "is made for today only"),
    ],
)
def test_the_command_says_what_it_takes(settings: Settings, cast: Cast, asked: list[str], said: str) -> None:
    environ = {"LMS_HOME": str(settings.home), "LMS_DATABASE_URL": settings.database_url, "LMS_SECRET_KEY": "x" * 40}
    ran = CliRunner().invoke(command, ["report", *asked], env=environ)
    assert ran.exit_code == 2, ran.output
    assert said in " ".join(ran.output.replace("│", " ").split())
    assert cast
