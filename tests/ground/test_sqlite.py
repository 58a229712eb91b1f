"""Writers of one file take turns: none is kept out by another who always has more to write."""

from __future__ import annotations

import os
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lms.db import Database

if TYPE_CHECKING:
    from pathlib import Path

ONE_MORE = text("update counted set number = number + 1")


@pytest.fixture
def two(tmp_path: Path) -> tuple[Database, Database]:
    """One file, opened twice as two processes would."""
    url = f"sqlite:///{tmp_path / 'lms.db'}"
    one = Database(url)
    with one.writing() as db:
        db.execute(text("create table counted (number integer not null)"))
        db.execute(text("insert into counted values (0)"))
    return one, Database(url)


def test_who_always_writes_lets_others_in(two: tuple[Database, Database]) -> None:
    busy, calm = two
    written, is_over = [0], threading.Event()

    def write_on() -> None:
        while not is_over.is_set():
            with busy.writing() as db:
                db.execute(ONE_MORE)
            written[0] += 1

    thread = threading.Thread(target=write_on)
    thread.start()
    meanwhile = []
    for _ in range(40):
        before = written[0]
        with calm.writing() as db:
            db.execute(ONE_MORE)
            meanwhile.append(written[0] - before)
    is_over.set()
    thread.join()
    with closing(busy.engine.raw_connection()) as driver:
        assert driver.cursor().execute("select number from counted").fetchone()[0] == written[0] + 40
    assert max(meanwhile) <= 10


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_file_of_turns_belongs_to_whom_the_database_belongs(tmp_path: Path) -> None:
    file = tmp_path / "lms.db"
    file.touch(0o640)
    os.chown(file, 12345, 12345)
    database = Database(f"sqlite:///{file}")
    with database.writing() as db:
        db.execute(text("create table counted (number integer)"))
    database.dispose()
    beside = (tmp_path / "lms.db-turn").stat()
    assert (beside.st_uid, beside.st_gid, beside.st_mode & 0o777) == (12345, 12345, 0o640)


def test_a_turn_ends_with_an_error_and_with_a_connection(two: tuple[Database, Database]) -> None:
    one, other = two
    with pytest.raises(IntegrityError), one.writing() as db:
        db.execute(text("update counted set number = null"))
    with other.writing() as db:
        db.execute(ONE_MORE)
    given_up = one.engine.connect()
    given_up.execute(ONE_MORE)
    given_up.invalidate()
    with other.writing() as db:
        db.execute(ONE_MORE)
        assert db.scalar(text("select number from counted")) == 2
    for each in two:
        each.dispose()
