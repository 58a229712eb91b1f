"""Help points are found among 46,105 units in 200 ms of processor time, beside one reading of the units' names."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from lms.cli.schema import upgrade_database
from lms.db import Database
from lms.finding import search_queries
from lms.finding.models import HelpPoint
from lms.finding.pages import Wish
from lms.folding import fold
from lms.paging import At
from lms.people.models import Unit

pytestmark = pytest.mark.benchmark
UNITS, MOST = 46_105, 0.200
WORDS = ("Hà Nội 7", "xa 4711", "nothing of this name", "")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def fill(database: Database) -> None:
    names = [f"Xã {number}" if number % 40 else f"Hà Nội {number // 40}" for number in range(1, UNITS + 1)]
    units = [
        {"id": place, "path": f"/1/{place}/" if place > 1 else "/1/", "parent_id": 1 if place > 1 else None,
         "kind": "commune", "code": f"U-{place}", "name": name, "folded_name": fold(name),
         "latitude": 8 + place % 211 / 15, "longitude": 102 + place % 97 / 14}
        for place, name in enumerate(names, 1)
    ]  # fmt: skip
    common = {"state": "public", "stands_until": date.max, "looked_on": NOON.date(), "token": "t"}
    moments = {"token_since": NOON, "edited_at": NOON}
    with database.writing() as db:
        db.execute(insert(Unit), units)
        db.execute(insert(HelpPoint), [{"unit_id": unit["id"], **common, **moments} for unit in units])


def median(work: Callable[[], object], times: int = 9) -> float:
    taken = []
    for _ in range(times):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return statistics.median(taken)


def test_points_are_found_among_all_units_of_a_country(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'find.db'}"
    database = Database(url)
    upgrade_database(database)
    fill(database)
    with database.reading() as db:
        names = select(func.count()).select_from(Unit).where(Unit.folded_name.contains("noi 7"))
        print(f"floor, one reading of the names: {1000 * median(lambda: db.scalar(names)):.1f} ms")
        for words in WORDS:
            wish = Wish(words, "", "", step_free=False, open_now=False, near=None, at=At())
            taken = median(lambda wish=wish: search_queries.find(db, wish, NOON))
            print(f"{words!r}: {1000 * taken:.1f} ms")
            assert taken <= MOST, (words, taken)
    database.dispose()
