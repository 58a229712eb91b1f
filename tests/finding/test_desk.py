"""The coordinator's pages, the letter before a point drops, and the file of a ministry."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy import select

from lms.cli import lms
from lms.events import HelpPointEnding
from lms.finding import desk_queries, importing, looking, queries
from lms.finding.importing import Manner, Outcome
from lms.finding.models import HelpPoint
from lms.finding.notices import point_ending
from lms.jobs import Job
from lms.people.models import Person, Unit
from tests.finding.world import DAY, OPEN, open_point
from tests.helping.world import certify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from lms.config import Settings
    from lms.db import Database
    from tests.cast import Cast

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DESK = "/coordination/help/points"
SENT: dict[str, Any] = {
    "place": "Main street 3", "phone": "6700 0000", "hours-1": "9:00-17:00", "services": ["health", "work"],
    "languages": "lv", "access": "step-free", "channels": "phone", "state": "public",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def test_a_coordinator_writes_an_entry_and_the_public_reads_it(cast: Cast, database: Database) -> None:
    nora = cast.at_browser("nora")
    assert "Choose a unit" in nora.get(DESK).text
    assert "Unit N-1" in nora.get(f"{DESK}?state=none").text
    answer = nora.post(f"{DESK}/N-1", SENT)
    assert "as soon as somebody here holds a valid certificate" in nora.get(answer.location).text
    assert nora.get("/find/N-1").status_code == 404
    with database.writing() as db:
        certify(db, cast["laura"], since=DAY - timedelta(days=9))
    nora.post(f"{DESK}/N-1", {**SENT, "hours-2": "9:00-12:00, 13:00-17:00"})
    page = nora.get("/find/N-1").text
    for words in ("9:00–12:00 and 13:00–17:00", "Work and taxes", "No steps"):
        assert words in page.replace("09:00", "9:00"), words
    assert "Unit N-1" in nora.get(DESK).text
    nora.post(f"{DESK}/N-1/state", {"state": "hidden"})
    assert nora.get("/find/N-1").status_code == 404


def test_what_cannot_be_kept_says_why_and_stays_typed(cast: Cast, database: Database) -> None:
    answer = cast.at_browser("nora").post(f"{DESK}/N-1", {**SENT, "hours-3": "mornings", "phone": "Anna"})
    assert answer.status_code == 422
    for words in ("“mornings” are no hours of a day.", 'value="mornings"', "telephone of the office with digits"):
        assert words in answer.text
    assert cast.at_browser("nora").post(f"{DESK}/N-1", {**SENT, "services": "magic"}).status_code == 422
    with database.reading() as db:
        assert db.scalar(select(HelpPoint.id)) is None


def test_a_coordinator_stays_in_her_units(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        open_point(db, cast.units["N-1"])
    sid = cast.at_browser("sid")
    assert "Unit N-1" not in sid.get(DESK).text
    for place in (f"{DESK}/N-1", f"{DESK}/N-1/poster"):
        assert sid.get(place).status_code == 404
    assert sid.post(f"{DESK}/N-1", SENT).status_code == 404
    assert sid.post(f"{DESK}/N-1/state", {"state": "hidden"}).status_code == 404


def test_coordinators_are_warned_once_before_a_point_drops(
    app: Flask, cast: Cast, database: Database, settings: Settings
) -> None:
    with database.writing() as db:
        db.get_one(Person, cast["nora"]).proved_email = "nora@example.org"
        point = open_point(db, cast.units["N-1"], until=DAY + timedelta(days=20))
        unit = db.get_one(Unit, cast.units["N-1"])
        for _ in range(2):
            looking.look_at(db, point, unit, DAY)
        told = [job.args for job in db.scalars(select(Job)) if job.args.get("kind") == HelpPointEnding.__name__]
        assert told == [{"kind": "HelpPointEnding", "fact": {"point": point.id}}]
        number = point.id
    with app.test_request_context():
        letters = point_ending(database, settings, "letter-1", number)
    assert [letter.to for letter in letters] == ["nora@example.org"]
    assert "until 13 December 2026" in letters[0].text
    assert "/coordination/help/points/N-1" in letters[0].text
    assert "drops within 30 days" in cast.at_browser("nora").get(DESK).text
    with database.writing() as db:
        certify(db, unit=cast.units["N-1"], since=DAY)
        looking.look_at(db, db.get_one(HelpPoint, number), db.get_one(Unit, cast.units["N-1"]), DAY)
        assert db.get_one(HelpPoint, number).warned_on is None


def test_the_daily_look_sees_who_has_left(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        certify(db, cast["laura"], since=DAY - timedelta(days=9))
        open_point(db, cast.units["N-1"], until=DAY - timedelta(days=1))
        assert queries.stands_until(db, cast.units["N-1"], "/1/2/4/", DAY, date.max) == date.max
    with database.reading() as db:
        page = desk_queries.edit_page(db, db.get_one(Unit, cast.units["N-1"]), NOON)
        assert page.is_shown


HEAD = "unit,place,phone,hours,services,languages,access,channels\n"


def write(folder: Path, text: str) -> Path:
    file = folder / "points.csv"
    file.write_text(HEAD + text, encoding="utf-8")
    return file


def test_each_row_of_a_file_is_accounted_for(cast: Cast, database: Database, tmp_path: Path) -> None:
    with database.writing() as db:
        open_point(db, cast.units["S-1"])
    file = write(
        tmp_path,
        "N-1,Main street 3,6700 0000,Mo-Fr 09:00-17:00,health;work,lv;ru,step-free,phone\n"
        "N-2,,,morning,,,,\n"
        "S-1,Elsewhere,,,,,,\n"
        "X-9,,,,,,,\n"
        "N-1,Again,,,,,,\n"
        "N,,,,magic,,,\n",
    )
    manner = Manner(DAY, ("lv", "ru"), is_dry=True)
    for is_dry in (True, False, False):
        brought = importing.bring_in(database, file, Manner(DAY, manner.languages, is_dry))
        assert brought.rows == sum(brought.counts.values()) == 6
    assert brought.counts[Outcome.UNCHANGED] == 1
    assert [(row, name) for row, _outcome, _unit, name, _problem in brought.troubles] == [
        (3, "hours"), (4, "kept"), (5, "unit"), (6, "twice"), (7, "services"),
    ]  # fmt: skip
    with database.reading() as db:
        point = db.scalars(select(HelpPoint).where(HelpPoint.unit_id == cast.units["N-1"])).one()
        assert (point.state, point.place) == ("proposed", "Main street 3")
        assert db.scalars(select(HelpPoint).where(HelpPoint.unit_id == cast.units["S-1"])).one().place == OPEN.place


@pytest.mark.usefixtures("cast")
def test_the_command_says_what_would_change(database: Database, settings: Settings, tmp_path: Path) -> None:
    told = {"LMS_HOME": str(settings.home), "LMS_DATABASE_URL": settings.database_url, "LMS_SECRET_KEY": "x" * 40}
    file = write(tmp_path, "N-1,Main street 3,,Mo 9:00-17:00,health,lv,,\nX-9,,,,,,,\n")
    answer = CliRunner(env=told).invoke(lms, ["help", "points", "import", str(file), "--dry-run", "--json"])
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.output)
    assert (said["rows"], said["proposed"], said["rejected"], said["dry_run"]) == (2, 1, 1, True)
    assert said["troubles"] == [
        {"row": 3, "outcome": "rejected", "unit": "X-9", "reason": "No open unit has the code X-9."}
    ]
    with database.reading() as db:
        assert db.scalar(select(HelpPoint.id)) is None
