"""What a database holds when a test begins: nothing, the small course, or that and the cast.

To publish and to sign up for each test took longer than most tests; rows that are copied cost next to nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from contextlib import nullcontext
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest
import time_machine

from lms.cli.schema import upgrade_database
from lms.db import Database
from tests.cast import sign_up_everybody
from tests.packs import SMALL, publish
from tests.shared import made_once


class Stock(StrEnum):
    """How much there is; each has all that the one before has."""

    NOTHING = "nothing"
    COURSE = "course"
    CAST = "cast"


TRAVELLING = frozenset({"time_machine", "clock"})
HELD = pytest.StashKey[Stock]()


def wanted(fixtures: Collection[str]) -> Stock:
    """What a test begins with that asks for these fixtures. Who travels in time has people join on that day."""
    if TRAVELLING & set(fixtures):
        return Stock.NOTHING
    if "cast" in fixtures:
        return Stock.CAST
    return Stock.COURSE if "app" in fixtures else Stock.NOTHING


def held(item: pytest.Item) -> Stock:
    """What the database of a test came with."""
    return item.stash.get(HELD, Stock.NOTHING)


def build(url: str, stock: Stock) -> None:
    """Make the tables in an empty database and fill them: today, whatever day the test that asks first pretends."""
    database = Database(url, durable=False)
    hatch = time_machine.escape_hatch
    with time_machine.travel(hatch.time.time()) if hatch.is_travelling() else nullcontext():
        upgrade_database(database)
        if stock is not Stock.NOTHING:
            publish(database, SMALL)
        if stock is Stock.CAST:
            with database.writing() as db:
                sign_up_everybody(db)
    database.dispose()


def sqlite_files(factory: pytest.TempPathFactory) -> Callable[[Stock], Path]:
    """Finds the file that is copied for a test."""

    @cache
    def file(stock: Stock) -> Path:
        return made_once(factory, f"{stock}.db", lambda path: build(f"sqlite:///{path}", stock))

    return file


def copied(template: Path, path: Path) -> Database:
    """A SQLite database of a test's own."""
    shutil.copy(template, path)
    return Database(f"sqlite:///{path}", durable=False)
