"""Print jobs of a unit: counted first, made file by file, stopped, gone on with, the same again, and only hers."""

from __future__ import annotations

import csv
import re
import uuid
from datetime import timedelta
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import delete, select

from lms.clock import now
from lms.credentials.actions import revoke
from lms.credentials.models import Certificate
from lms.jobs import Job
from lms.people.models import Person, RoleGrant, SecurityEvent
from lms.presses import actions, making
from lms.presses.models import PrintFile, PrintRun
from lms.presses.rules import Order, Sheet, files_for, parted
from lms.printing.jobs import AT_ONCE
from lms.sealing.actions import seal_waiting
from tests.sealing.issuing import issue_many

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor

pytestmark = pytest.mark.mostly_sqlite

NORTH = {"unit": "N", "order": "unit", "course": "", "since": "", "until": "", "design": ""}
YEAR = now().year


def test_so_many_papers_make_so_many_files() -> None:
    assert [files_for(count) for count in (0, 1, AT_ONCE, AT_ONCE + 1)] == [0, 1, 1, 2]


def test_sheets_lie_by_unit_and_name_or_by_name_alone() -> None:
    sheets = [Sheet(1, "C-1", "South", "Anna"), Sheet(2, "C-2", "north", "Zane"), Sheet(3, "C-3", "north", "ilze")]
    assert [each.id for each in parted(sheets, Order.UNIT)[0]] == [3, 2, 1]
    assert [each.id for each in parted(sheets, Order.NAME)[0]] == [1, 3, 2]
    many = [Sheet(number, "", "", "") for number in range(AT_ONCE + 1)]
    assert [len(file) for file in parted(many, Order.UNIT)] == [AT_ONCE, 1]


@pytest.fixture
def nora(database: Database, settings: Settings, cast: Cast) -> Visitor:
    """Who coordinates the north, where Laura holds three certificates; Otto in the south holds two."""
    issue_many(database, cast["laura"], range(1, 4))
    issue_many(database, cast["otto"], range(4, 6))
    seal_waiting(database, settings)
    return cast.at_browser(cast.north)


def begin(visitor: Visitor, what: str = "certificates", **more: object) -> str:
    """Start a print job; the address of its page."""
    asked = {"unit": "N", "order": "unit", "year": YEAR} if what == "statements" else NORTH
    answer = visitor.post(f"/prints/new/{what}", {"print_id": str(uuid.uuid4()), **asked, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def digests(database: Database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(PrintFile.digest).order_by(PrintFile.run_id, PrintFile.number)))


def state(database: Database) -> str:
    with database.reading() as db:
        return db.scalars(select(PrintRun.state).order_by(PrintRun.id.desc())).first() or ""


def status(visitor: Visitor, path: str) -> int:
    with visitor.get(path) as answer:
        return answer.status_code


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_she_sees_how_many_sheets_that_makes_before_anything_is_made(
    nora: Visitor, database: Database, cast: Cast
) -> None:
    counted = nora.get("/prints/new/certificates", query_string=NORTH).text
    assert "3 certificates" in counted
    assert "in 1 file" in counted
    assert "Nothing to print" in nora.get("/prints/new/certificates", query_string={**NORTH, "unit": "N-2"}).text
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    today = now().date().isoformat()
    of_today = {**NORTH, "since": today, "until": today}
    assert "3 certificates" in nora.get("/prints/new/certificates", query_string=of_today).text
    later = {**NORTH, "since": tomorrow}
    assert "Nothing to print" in nora.get("/prints/new/certificates", query_string=later).text
    issue_many(database, cast["laura"], range(6, 7))
    assert "1 more is being signed" in nora.get("/prints/new/certificates", query_string=NORTH).text
    assert digests(database) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"unit": "S-1"}, "None of your units"),
        ({"unit": ""}, "This is needed"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "lies before the first one"),
        ({"since": "yesterday"}, "Write a day as year-month-day"),
        ({"design": "wallpaper"}, "Not a valid choice"),
        ({"course": "nowhere"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_printed_is_said_and_nothing_begins(
    nora: Visitor, database: Database, wrong: dict[str, str], words: str
) -> None:
    counted = nora.get("/prints/new/certificates", query_string={**NORTH, **wrong})
    refused = nora.post("/prints/new/certificates", {**NORTH, **wrong})
    assert (counted.status_code, refused.status_code) == (422, 422)
    assert words in counted.text
    assert words in refused.text
    assert state(database) == ""


def test_the_files_are_made_and_taken_and_the_same_when_repeated(
    nora: Visitor, database: Database, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.presses.rules.AT_ONCE", 2)
    page = begin(nora)
    assert "being chosen" in nora.get(page).text
    worker.drain()
    shown = nora.get(page).text
    assert "Ready to be printed" in shown
    assert "2 of 2 files are ready · 3 sheets" in shown
    with nora.get(f"{page}/1.pdf") as first, nora.get(f"{page}/2.pdf") as second:
        assert first.headers["Cache-Control"] == "private, no-store"
        read = pages(first.data) + pages(second.data)
    assert [re.search(r"C-\d", text)[0] for text in read] == ["C-1", "C-2", "C-3"]  # type: ignore[index]
    rows = list(csv.DictReader(StringIO(nora.get(f"{page}/index.csv").data.decode("utf-8-sig"))))
    assert [(row["File"], row["Place"], row["Certificate"]) for row in rows] == [
        ("certificates-0001.pdf", "1", "C-1"),
        ("certificates-0001.pdf", "2", "C-2"),
        ("certificates-0002.pdf", "1", "C-3"),
    ]
    begin(nora)
    worker.drain()
    made = digests(database)
    assert made[:2] == made[2:]
    assert len(set(made)) == 2
    begin(nora, design="plain")
    worker.drain()
    assert len(set(digests(database))) == 4


def test_a_form_that_is_sent_twice_prints_once(nora: Visitor, database: Database, cast: Cast) -> None:
    once = str(uuid.uuid4())
    assert begin(nora, print_id=once) == begin(nora, print_id=once)
    with database.reading() as db:
        assert len(db.scalars(select(PrintRun)).all()) == 1
    stolen = cast.at_browser(cast.south).post("/prints/new/certificates", {**NORTH, "unit": "S", "print_id": once})
    assert stolen.status_code == 404


def test_a_killed_worker_goes_on_at_the_next_file(
    nora: Visitor, database: Database, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.presses.rules.AT_ONCE", 1)
    page = begin(nora)
    until_file(database, worker, 1)
    assert "1 of 3 files" in nora.get(page).text
    with database.writing() as db:  # killed in the middle of the second: its lease is over
        job = db.scalars(select(Job).where(Job.name == actions.JOB)).one()
        job.lease_until, job.worker, job.attempts = now() - timedelta(minutes=3), "killed", 1
    first = digests(database)[0]
    worker.drain()
    assert state(database) == "done"
    assert digests(database)[0] == first
    assert all(digests(database))


def until_file(database: Database, worker: Worker, count: int) -> None:
    """Let the worker run until so many files are there."""
    while sum(map(bool, digests(database))) < count:
        assert worker.run_due()


def test_stopped_half_way_it_keeps_what_is_there_and_goes_on_when_asked(
    nora: Visitor, database: Database, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.presses.rules.AT_ONCE", 1)
    page = begin(nora)
    until_file(database, worker, 1)
    assert nora.post(f"{page}/stop").status_code == 303
    assert nora.post(f"{page}/stop").status_code == 303  # too late, and no harm
    worker.drain()
    assert sum(map(bool, digests(database))) == 1
    assert [status(nora, f"{page}/{number}.pdf") for number in (1, 2)] == [200, 404]
    nora.post(f"{page}/on")
    worker.drain()
    assert (state(database), all(digests(database))) == ("done", True)
    with database.reading() as db:
        log = [event.kind for event in db.scalars(select(SecurityEvent).where(SecurityEvent.kind.like("print-%")))]
    assert log == ["print-begun", "print-stopped", "print-begun", "print-done"]


def test_only_who_coordinates_the_unit_sees_and_takes_them(nora: Visitor, worker: Worker, cast: Cast) -> None:
    page = begin(nora)
    worker.drain()
    sid, laura = cast.at_browser(cast.south), cast.at_browser(cast.learner)
    for path in ("", "/1.pdf", "/index.csv"):
        assert [status(each, f"{page}{path}") for each in (nora, sid, laura)] == [200, 404, 403]
    assert sid.post(f"{page}/stop").status_code == 404
    assert "Unit N<" not in sid.get("/prints").text
    assert "Unit N<" in nora.get("/prints").text


def test_nothing_is_made_for_somebody_who_lost_the_right(
    nora: Visitor, database: Database, worker: Worker, cast: Cast
) -> None:
    begin(nora)
    with database.writing() as db:
        db.execute(delete(RoleGrant).where(RoleGrant.person_id == cast["nora"]))
    worker.drain()
    assert state(database) == "refused"
    assert digests(database) == []


def test_files_and_names_are_deleted_after_their_days(
    nora: Visitor, database: Database, worker: Worker, settings: Settings
) -> None:
    page = begin(nora)
    worker.drain()
    assert list((settings.home / making.FOLDER).rglob("*.pdf"))
    with time_machine.travel(now() + timedelta(days=settings.print_days, minutes=1)):
        worker.drain()
    assert not list((settings.home / making.FOLDER).rglob("*.pdf"))
    with database.reading() as db:
        assert db.scalars(select(PrintFile.sheets)).one() == []
    assert "were deleted" in nora.get(page).text
    assert status(nora, f"{page}/1.pdf") == 404


def test_what_was_withdrawn_or_cannot_be_printed_is_left_out_and_named(
    nora: Visitor, database: Database, worker: Worker
) -> None:
    page = begin(nora)
    worker.run_due()
    until_chosen(database, worker)
    with database.writing() as db:
        one, other = (db.scalars(select(Certificate).where(Certificate.code == code)).one() for code in ("C-1", "C-2"))
        revoke(db, one, reason="Mistake")
        other.facts = {**other.facts, "holder": "劳拉"}
        db.execute(delete(Job).where(Job.name == "event"))
    worker.drain()
    shown = nora.get(page).text
    assert "1 was left out" in shown
    assert "1 of 1 file is ready · 2 sheets" in shown


def until_chosen(database: Database, worker: Worker) -> None:
    """Let the worker run until the papers are chosen."""
    while state(database) == "waiting":
        assert worker.run_due()


def test_the_yearly_statements_of_a_unit(nora: Visitor, database: Database, worker: Worker, cast: Cast) -> None:
    asked = {"unit": "N", "order": "unit", "year": YEAR}
    assert "1 statement" in nora.get("/prints/new/statements", query_string=asked).text
    empty = nora.get("/prints/new/statements", query_string={**asked, "year": YEAR - 2}).text
    assert "Nobody in Unit N has anything" in empty
    page = begin(nora, "statements")
    worker.drain()
    with nora.get(f"{page}/1.pdf") as answer:
        text = " ".join(pages(answer.data))
    assert "Laura Lapiņa" in text
    assert "C-3" in text
    assert f"statements-{YEAR}-0001.pdf" in nora.get(page).text
    with database.writing() as db:
        db.get_one(Person, cast["laura"]).name = "劳拉"
    page = begin(nora, "statements")
    worker.drain()
    assert "1 was left out" in nora.get(page).text
    assert status(nora, f"{page}/1.pdf") == 404


def test_a_job_with_a_sheet_of_somebody_who_is_erased_is_deleted(
    nora: Visitor, database: Database, worker: Worker, cast: Cast, settings: Settings
) -> None:
    page = begin(nora)
    begin(nora, "statements")
    begin(nora, unit="N-2")  # of nobody
    worker.drain()
    laura = cast.at_browser(cast.learner)
    assert laura.post("/account/erasure", {"sure": "y", "current": "correct horse battery"}).status_code == 303
    worker.drain()
    with database.reading() as db:
        gone = db.scalars(select(PrintRun.forgotten_at).order_by(PrintRun.id)).all()
    assert [moment is not None for moment in gone] == [True, True, False]
    assert not list((settings.home / making.FOLDER).rglob("*.pdf"))
    assert "were deleted" in nora.get(page).text


def fail_for_good(database: Database, error: str, attempts: int = 8) -> None:
    """What becomes of the job of a print job that the worker could not do."""
    with database.writing() as db:
        job = db.scalars(select(Job).where(Job.name == actions.JOB)).one()
        job.attempts, job.error, job.state = attempts, error, "dead" if attempts == 8 else "waiting"
        job.run_at = now() + timedelta(hours=1)


def test_what_the_worker_gave_up_says_why_and_is_tried_again(
    nora: Visitor, database: Database, worker: Worker, cast: Cast
) -> None:
    page = begin(nora)
    until_chosen(database, worker)
    fail_for_good(database, "OSError: [Errno 28] No space left on device", attempts=2)
    shown = nora.get(page).text
    assert "The last try did not work." in shown
    assert "data-live" in shown
    fail_for_good(database, "OSError: [Errno 28] No space left on device")
    shown = nora.get(page).text
    assert "The disk of the server is full" in shown
    assert "given up after eight tries" in shown
    assert "data-live" not in shown
    assert "Failed" in nora.get("/prints").text
    assert cast.at_browser(cast.south).post(f"{page}/on").status_code == 404
    assert nora.post(f"{page}/on").status_code == 303
    worker.drain()
    assert "Ready to be printed" in nora.get(page).text
    assert "Failed" not in nora.get("/prints").text


def test_what_was_given_up_and_stopped_goes_on_all_the_same(nora: Visitor, database: Database, worker: Worker) -> None:
    page = begin(nora)
    until_chosen(database, worker)
    fail_for_good(database, "concurrent.futures.process.BrokenProcessPool: A process was terminated abruptly")
    assert "too little memory" in nora.get(page).text
    nora.post(f"{page}/stop")
    assert "eight tries" not in nora.get(page).text
    nora.post(f"{page}/on")
    worker.drain()
    assert state(database) == "done"
