"""Reports: one set of rows for screen, CSV, XLSX and JSON; true of past days; nothing beyond one's scope."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from lms.app import REPORTS
from lms.cli import lms as command
from lms.figures import actions as counting
from lms.jobs import Job
from lms.people import actions as people
from lms.people import moving
from lms.people.models import Unit
from lms.people.rules import Role
from tests.flows.test_quiz import begin
from tests.flows.test_to_the_certificate import answer_rightly

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from time_machine import TimeMachineFixture

    from lms.config import Settings
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor

ASKED = "unit=N&course=first-aid"
NAMED = {"people", "missing", "trainers"}


@pytest.fixture
def certified(cast: Cast, database: Database) -> Cast:
    """Laura holds the certificate, and everything is counted."""
    laura = cast.at_browser("laura")
    for lesson in ("long-passwords", "helping"):
        laura.post(f"/courses/first-aid/read/{lesson}")
    attempt = begin(laura)
    answer_rightly(laura, database, attempt)
    laura.post(f"/attempts/{attempt}/submit")
    counting.recount(database)
    return cast


def table(body: bytes) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    return rows[: rows.index([])]


def make(browser: Visitor, worker: Worker, name: str, form: str) -> bytes:
    made = browser.post(f"/reports/{name}/file?{ASKED}", {"format": form, "file_id": str(uuid.uuid4())})
    assert made.status_code == 303
    worker.drain()
    page = browser.get(made.location)
    assert "The file is ready" in page.text
    with browser.get(f"{made.location}/download") as answer:
        return answer.data


def test_every_copy_has_the_same_rows(certified: Cast, worker: Worker) -> None:
    nora = certified.at_browser("nora")
    for name in REPORTS:
        compare_copies(name, nora, worker)


def compare_copies(name: str, nora: Visitor, worker: Worker) -> None:
    rows = table(nora.get(f"/reports/{name}.csv?{ASKED}").data)
    assert table(make(nora, worker, name, "csv")) == rows
    book = CalamineWorkbook.from_filelike(io.BytesIO(make(nora, worker, name, "xlsx")))
    sheet = book.get_sheet_by_index(0).to_python()
    body = sheet[sheet.index(rows[0] + [""] * (len(sheet[0]) - len(rows[0]))) :]
    assert [[*map(_plain, row)][: len(rows[0])] for row in body] == [[*map(_plain, row)] for row in rows]
    fields = json.loads(make(nora, worker, name, "json"))
    assert len(fields["rows"]) == len(rows) - 1
    assert fields["unit"] == "N"
    page = nora.get(f"/reports/{name}?{ASKED}").text
    assert page.count("<tr>") == (len(rows) if len(rows) > 1 else 0)


def _plain(cell: object) -> str:
    """Spreadsheets know one kind of number; CSV writes a share of nobody as 0.0."""
    return str(cell).removesuffix(".0")


def test_the_figures_of_a_unit(certified: Cast) -> None:
    rows = table(certified.at_browser("nora").get(f"/reports/units.csv?{ASKED}").data)
    north = dict(zip(rows[0], rows[1], strict=True))
    assert (north["Code"], north["Registered"], north["Certified"], north["Not started"]) == ("N", "1", "1", "0")


def test_a_past_day_comes_out_the_same_after_everything_moved(
    certified: Cast, database: Database, time_machine: TimeMachineFixture
) -> None:
    day = datetime.now(UTC).date().isoformat()
    time_machine.move_to(datetime.now(UTC) + timedelta(days=40))
    nora = certified.at_browser("nora")
    before = nora.get(f"/reports/units.csv?{ASKED}&as_of={day}").data
    with database.writing() as db:
        north, south = (db.scalars(select(Unit).where(Unit.code == code)).one() for code in ("N-1", "S"))
        moving.move(db, north, south, by=None)
    counting.recount(database)
    assert nora.get(f"/reports/units.csv?{ASKED}&as_of={day}").data == before
    assert b"N,Unit N,unit,1,0,0,0,1,0" in before
    assert b"N,Unit N,unit,0" in nora.get(f"/reports/units.csv?{ASKED}").data


def test_an_owner_sees_figures_and_nobodys_name(certified: Cast, database: Database) -> None:
    with database.writing() as db:
        people.grant_role(db, certified["otto"], Role.OWNER, unit=certified.units["N"], by=None)
    otto = certified.at_browser("otto")
    assert "Laura" not in otto.get(f"/reports/units?{ASKED}").text
    for name in NAMED:
        assert otto.get(f"/reports/{name}?{ASKED}").status_code == 403
        assert otto.get(f"/reports/{name}.csv?{ASKED}").status_code == 403
        assert otto.post(f"/reports/{name}/file?{ASKED}").status_code == 403
    assert "Who is missing" not in otto.get("/reports").text


def test_another_ones_unit_is_not_there(cast: Cast) -> None:
    sid = cast.at_browser("sid")
    for name in REPORTS:
        assert sid.get(f"/reports/{name}?{ASKED}").status_code == 404
        assert sid.get(f"/reports/{name}.csv?{ASKED}").status_code == 404
        assert sid.post(f"/reports/{name}/file?{ASKED}").status_code == 404


def test_a_file_is_not_made_for_somebody_who_lost_the_right(
    certified: Cast, database: Database, worker: Worker
) -> None:
    nora = certified.at_browser("nora")
    made = nora.post(f"/reports/people/file?{ASKED}", {"format": "csv"})
    with database.writing() as db:
        people.grant_role(db, certified["nora"], Role.OWNER, unit=certified.units["S"], by=None)
        from_grants = select(people.RoleGrant.id).where(people.RoleGrant.role == Role.COORDINATOR)
        for grant in db.scalars(from_grants.where(people.RoleGrant.person_id == certified["nora"])):
            people.end_role(db, grant, by=None)
    worker.drain()
    assert "was not made" in nora.get(made.location).text
    assert nora.get(f"{made.location}/download").status_code == 404


def test_somebody_elses_file_is_not_there(certified: Cast, worker: Worker) -> None:
    made = certified.at_browser("nora").post(f"/reports/people/file?{ASKED}", {"format": "csv"})
    worker.drain()
    sid = certified.at_browser("sid")
    assert sid.get(made.location).status_code == 404
    assert sid.get(f"{made.location}/download").status_code == 404


def test_asking_twice_with_one_id_is_one_file(certified: Cast, worker: Worker) -> None:
    nora, file_id = certified.at_browser("nora"), str(uuid.uuid4())
    for _ in range(2):
        nora.post(f"/reports/units/file?{ASKED}", {"format": "csv", "file_id": file_id})
    worker.drain()
    assert len(re.findall(r"/reports/files/[0-9a-f-]{36}", nora.get("/reports").text)) == 1


@pytest.mark.usefixtures("certified")
def test_the_public_sees_rounded_figures_only_if_they_are_published(
    app: Flask, client: Visitor, settings: Settings
) -> None:
    assert client.get("/figures").status_code == 404
    app.config["LMS"] = type(settings)(**{**_fields(settings), "public_figures": True})
    page = client.get("/figures").text
    assert "fewer than 5" in page
    assert "Laura" not in page


def _fields(settings: Settings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


def test_the_command_writes_the_same_rows(certified: Cast, settings: Settings, tmp_path: Path) -> None:
    environ = {"LMS_HOME": str(settings.home), "LMS_DATABASE_URL": settings.database_url, "LMS_SECRET_KEY": "x" * 40}
    target = tmp_path / "out.csv"
    runner = CliRunner()
    ran = runner.invoke(command, ["report", "units", "--unit", "N", "-o", str(target)], env=environ)
    assert ran.exit_code == 0, ran.output
    assert table(target.read_bytes()) == table(certified.at_browser("nora").get(f"/reports/units.csv?{ASKED}").data)
    wrong = runner.invoke(command, ["report", "units", "--unit", "nowhere"], env=environ)
    assert wrong.exit_code == 1
    assert "No unit has the code nowhere." in wrong.output


def test_a_file_that_the_worker_gave_up_says_why_and_is_tried_again(
    certified: Cast, worker: Worker, database: Database
) -> None:
    nora = certified.at_browser("nora")
    made = nora.post(f"/reports/units/file?{ASKED}", {"format": "csv"})
    failed = update(Job).where(Job.name == "report")
    with database.writing() as db:
        db.execute(failed.values(state="dead", attempts=8, error="PermissionError: [Errno 13] '/data'"))
    shown = nora.get(made.location).text
    assert "may not write into its data folder" in shown
    assert 'data-again="no"' in shown
    assert certified.at_browser("sid").post(f"{made.location}/again").status_code == 404
    assert nora.post(f"{made.location}/again").status_code == 303
    worker.drain()
    assert "The file is ready" in nora.get(made.location).text
