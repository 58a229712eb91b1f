"""The coordinator's pages for a whole country, each beside the least that SQL alone would take for it."""

from __future__ import annotations

import csv
import http.client
import io
import random
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from lms.figures.actions import recount_all
from tests.benchmarks.national import Spent, tell, times

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.national import Country

pytestmark = pytest.mark.benchmark
TURNS = 60
LIMIT = 200.0  # ms at p95
CHILDREN = text(
    "select u.id, u.code, u.name, f.course_id, f.people, f.certified, f.under_way, f.failed, f.exempt from unit u"
    " left join unit_figure f on f.unit_id = u.id where u.parent_id = (select id from unit where code = :code)"
)
LISTED = text(
    "select distinct p.id, p.name, p.folded_name, s.state, s.since from unit top"
    " join unit u on u.path >= top.path and u.path < :end"
    " join membership m on m.unit_id = u.id and m.until is null join person p on p.id = m.person_id"
    " left join standing s on s.person_id = p.id and s.course_id = 'e-services'"
    " where top.code = :code and coalesce(s.state, 'not-started') = :state order by p.folded_name, p.id limit 50"
)
EVERYBODY = text(
    "select p.name, p.latin_name, u.name, u.code, s.state, s.since from person p"
    " join membership m on m.person_id = p.id and m.until is null"
    " join unit u on u.id = m.unit_id and u.path like (select path || '%' from unit where code = 'VN')"
    " left join standing s on s.person_id = p.id and s.course_id = 'e-services' order by p.folded_name, p.id"
)
FILTERS = (
    {"state": "not-started"},
    {"state": "left"},
    {"state": "under-way"},
    {"state": "stuck", "days": "14"},
    {"state": "failed"},
    {"state": "certified"},
    {"state": "expiring", "days": "30"},
    {"state": "expired"},
    {"state": "exempt"},
    {"late": "1"},
    {"q": "nguyen thi"},
    {"q": "lan", "state": "not-started"},
    {},
)


def asking(country: Country, path_of: Callable[[int], str], amount: int) -> Spent:
    """Ask for pages over one connection, as a browser that stays."""
    headers = {"Cookie": country.coordinator, "Accept-Language": "en"}
    with closing(http.client.HTTPConnection("127.0.0.1", country.port, timeout=60)) as connection:

        def ask(turn: int) -> None:
            connection.request("GET", path_of(turn), headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (path_of(turn), answer.status)

        return times(ask, amount)


def running(country: Country, statement: Any, arguments: Callable[[int], dict[str, Any]]) -> Callable[[int], object]:
    def run(turn: int) -> object:
        with country.database.reading() as db:
            return db.execute(statement, arguments(turn)).all()

    return run


def after(path: str) -> str:
    return path[:-1] + "0"


@pytest.mark.parametrize("which", ["national home", "any province", "any unit"])
def test_pages_of_units(country: Country, which: str) -> None:
    chance = random.Random(1)
    any_unit = [chance.choice(country.units) for _ in range(TURNS)]
    codes = {"national home": ["VN"], "any province": country.provinces, "any unit": any_unit}[which]

    def path(turn: int) -> str:
        return "/coordination" if which == "national home" else f"/coordination/units/{codes[turn % len(codes)]}"

    ours = asking(country, path, TURNS)
    floor = times(running(country, CHILDREN, lambda turn: {"code": codes[turn % len(codes)]}), TURNS)
    print()
    tell(which, ours, floor)
    assert ours.p95 <= LIMIT


def test_who_is_missing(country: Country) -> None:
    """The first page in a province, whatever is asked for; the country as a whole is printed beside it."""
    with country.database.reading() as db:
        ends = dict(db.execute(text("select code, path from unit where parent_id is null or kind = 'province'")).all())
    staffed = [code for code in country.provinces if code not in {"LCH", "BAK", "DIB"}]
    slow = []
    print()
    for asked in FILTERS:
        for where in ("a province", "the country"):
            codes = staffed if where == "a province" else ["VN"]

            def path(turn: int, codes: list[str] = codes, asked: dict[str, str] = asked) -> str:
                query = {"course": "e-services", **asked, "unit": codes[turn % len(codes)]}
                return f"/coordination/people?{urlencode(query)}"

            def arguments(turn: int, codes: list[str] = codes, asked: dict[str, str] = asked) -> dict[str, Any]:
                code = codes[turn % len(codes)]
                return {"code": code, "end": after(ends[code]), "state": asked.get("state", "certified")}

            turns = TURNS if where == "a province" else TURNS // 6
            ours = asking(country, path, turns)
            tell(f"{urlencode(asked) or 'everybody'} in {where}", ours, times(running(country, LISTED, arguments), 5))
            if where == "a province" and ours.p95 > LIMIT:
                slow.append((asked, ours.p95))
    assert not slow


def test_roll_ups_are_what_a_recount_finds(country: Country) -> None:
    began = time.perf_counter()
    found = recount_all(country.database)
    whole = time.perf_counter() - began
    began = time.perf_counter()
    with country.database.reading() as db:
        db.execute(
            text(
                "select top.id, s.course_id, s.state, count(distinct m.person_id) from unit top"
                " join unit u on u.path >= top.path and u.path < top.path || 'a' join membership m on m.unit_id = u.id"
                " join standing s on s.person_id = m.person_id where top.kind in ('country', 'province')"
                " group by top.id, s.course_id, s.state"
            )
        ).all()
    floor = time.perf_counter() - began
    print(
        f"\nrecount of {found.people:,} people in {found.units:,} units: {whole:.1f} s, "
        f"{found.differences} differences; one GROUP BY for the two upper levels alone: {floor:.1f} s"
    )
    assert found.people >= country.people
    assert found.differences == 0
    assert whole <= 30


def test_everybody_as_csv(country: Country) -> None:
    before, peak, read = resident(country.pid), 0, 0
    began = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", country.port, timeout=120)) as connection:
        connection.request(
            "GET", "/coordination/people.csv?unit=VN&course=e-services", headers={"Cookie": country.coordinator}
        )
        answer = connection.getresponse()
        assert answer.status == 200
        while piece := answer.read(1 << 20):
            read += piece.count(b"\n")
            peak = max(peak, resident(country.pid))
    ours = time.perf_counter() - began
    began = time.perf_counter()
    floor_rows = write_plainly(country)
    floor = time.perf_counter() - began
    print(
        f"\nCSV of {read - 1:,} people: {ours:.1f} s, the server grew by {(peak - before) / 1024:.0f} MiB; "
        f"one SELECT and csv.writer for {floor_rows:,}: {floor:.1f} s"
    )
    assert read - 1 == country.people
    assert ours <= 10
    assert peak - before < 96 * 1024


def write_plainly(country: Country) -> int:
    rows = 0
    with country.database.reading() as db:
        found = db.execute(EVERYBODY.execution_options(yield_per=2000))
        for part in found.partitions():
            sink = io.StringIO()
            csv.writer(sink).writerows(part)
            rows += len(part)
    return rows


def resident(pid: int) -> int:
    """KiB in memory of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return own + sum(resident(int(child)) for child in children)
