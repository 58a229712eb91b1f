"""A country's registers: rows a second beside a raw insert of the same run, and how long an answer waits meanwhile.

`LMS_BENCH_SCALE=0.1` tries it with a tenth of the people.
"""

from __future__ import annotations

import os
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from lms.cli.schema import upgrade_database
from lms.db import Database
from lms.people import bulk
from lms.rosters import run_actions, run_queries, running
from tests.benchmarks.registers import Registers, Saver, write_registers
from tests.postgres import server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.benchmark
SCALE = float(os.environ.get("LMS_BENCH_SCALE", "1"))
TEAMS, PEOPLE = int(46_105 * SCALE), int(212_761 * SCALE)
MOST_SECONDS, LONGEST_WAIT = 60.0, 0.5
FLOOR_BATCH = 1000


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that keeps what it acknowledged, as in production."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'lms.db'}"
        return
    with server() as running_server:
        yield running_server.create("registers")


def bring_in(database: Database, folder: Path, kind: str, name: str) -> run_queries.Counts:
    """One file, as the worker does it."""
    upload = run_actions.Upload(str(uuid.uuid4()), kind, None, name, name, "", 30)
    with database.writing() as db:
        run_id = run_actions.receive(db, upload, by=None, language="vi")
    running.carry_on(database, folder, run_id)
    with database.writing() as db:
        columns = run_queries.summary(db, run_id).columns
        run_actions.enter(db, run_id, run_actions.Choice(columns, language="vi"))
    running.carry_on(database, folder, run_id)
    with database.reading() as db:
        return run_queries.summary(db, run_id).counts


def floor(database: Database, registers: Registers) -> float:
    """Seconds for the bare rows: an actor, a person and a membership each, in batches, and nothing looked up."""
    moment, started = datetime.now(UTC), time.perf_counter()
    with database.reading() as db:
        unit = db.execute(text("select max(id) from unit")).scalar_one()
    blank = dict.fromkeys(("latin_name", "email", "phone", "category", "employer"), "")
    for first in range(0, registers.people_rows, FLOOR_BATCH):
        rows = [
            {**blank, "code": f"F{n}", "name": f"Floor {n}", "folded_name": f"floor {n}", "language": "vi"}
            for n in range(first, min(first + FLOOR_BATCH, registers.people_rows))
        ]
        with database.writing() as db:
            ids = bulk.add_people(db, rows, moment)
            bulk.change_memberships(db, [bulk.Joining(key, unit, moment.date(), None) for key in ids], [], ())
    return time.perf_counter() - started


def test_a_country_comes_in(url: str, tmp_path: Path) -> None:
    registers = write_registers(tmp_path, teams=TEAMS, people=PEOPLE)
    database = Database(url)
    upgrade_database(database)
    with database.writing() as db:
        db.execute(text("create table floor_row (words text)"))
    with Saver(url) as saver:
        started = time.perf_counter()
        units = bring_in(database, tmp_path, "units", registers.units.name)
        middle = time.perf_counter()
        people = bring_in(database, tmp_path, "people", registers.people.name)
        ended = time.perf_counter()
    assert (units.created, people.created) == (registers.unit_rows, registers.people_rows)
    again = time.perf_counter()
    assert bring_in(database, tmp_path, "people", registers.people.name).unchanged == registers.people_rows
    again = time.perf_counter() - again
    bare = floor(database, registers)
    database.dispose()
    print(
        f"\n{url.partition(':')[0]}: {registers.unit_rows:,} units {middle - started:.1f} s,"
        f" {registers.people_rows:,} people {ended - middle:.1f} s"
        f" ({registers.people_rows / (ended - middle):,.0f} rows/s), second run {again:.1f} s;"
        f" bare insert {bare:.1f} s ({registers.people_rows / bare:,.0f} rows/s);"
        f" longest of {saver.count:,.0f} saves meanwhile {saver.longest * 1000:.0f} ms"
    )
    if SCALE == 1:
        assert ended - started <= MOST_SECONDS
        assert saver.longest <= LONGEST_WAIT
