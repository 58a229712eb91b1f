"""Help of a whole country: three million entries. Any unit's figures beside raw SQL; one more entry beside one row.

`LMS_BENCH_SCALE=0.01` makes people and entries a hundredth, to try the script.
"""

from __future__ import annotations

import random
import time
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, select, text

from lms.app import create_app
from lms.cli.schema import upgrade_database
from lms.clock import now
from lms.config import Settings
from lms.content.packs import offered_packs, publish_pack
from lms.db import Database
from lms.demo.programmes import make_programme
from lms.helping import counting
from lms.helping.models import HelpEntry
from lms.people import queries as people
from lms.people.models import Unit
from lms.people.session import open_session
from lms.reach import active_queries, chain_queries, unit_queries
from lms.reach.rules import Period, Span
from lms.reach.words import CRITERIA
from lms.reporting.months import last_day
from lms.vetting.looking import look
from lms.vetting.models import HelpFinding, HelpLook
from lms.web.ids import new_id
from tests.benchmarks.load import Ask, compare, round_of, server
from tests.benchmarks.national import SCALE, SECRET, environ_of, tell, times

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms.people.models import Unit as UnitRow
    from lms.reach.pages import HelpPage

pytestmark = pytest.mark.benchmark
ENTRIES = round(3_000_000 * SCALE)
TURNS, LIMIT = 60, 200.0  # ms at p95
LEAST_OF_FLOOR = 0.5
HELPERS = 60
# what the database alone takes to add the entries of a unit up, and to read sums that are kept
FROM_ENTRIES = text(
    "select e.kind, e.audience, sum(e.people), count(*) from help_entry e join unit u on u.id = e.unit_id"
    " where u.path >= :low and u.path < :high and e.undone_at is null group by e.kind, e.audience"
)
KEPT = text("select month, kind, audience, people, entries from help_figure where unit_id = :unit")
# what the database alone takes to read the entries of a district that count people, helper by helper
BY_HELPER = text(
    "select e.helper_id, sum(e.people), count(*) from unit u cross join help_entry e where e.unit_id = u.id"
    " and u.path >= :low and u.path < :high and e.undone_at is null and e.standing = 'covered'"
    " and e.kind <> 'visit' and e.helper_id is not null group by e.helper_id order by 2 desc limit 10"
)
# what it takes to read one kept row of each kind that a chain is made of
LINKS = text(
    "select f.under_way, f.failed, f.certified, (select sum(helpers) from helpers_last l where l.unit_id = f.unit_id)"
    " from unit_figure f where f.unit_id = :unit and f.course_id = '*'"
)
DISTRICTS, BEST, MOST_MS, FEW_TURNS = 30, 10, 2000.0, 5  # ms at p95 for the most active of all of them


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def helped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The national programme with its entries, on a database of each kind."""
    home: Path = tmp_path_factory.mktemp("help")
    url = f"sqlite:///{home / 'lms.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").create(f"t{uuid.uuid4().hex[:16]}")
    settings = Settings(home=home, url="http://127.0.0.1", database_url=url, secret_key=SECRET, demo=True)
    database = Database(settings.database)
    upgrade_database(database)
    types = create_app(settings, database).extensions["lms_question_types"]
    publish_pack(database, offered_packs(settings)[0], types)
    began = time.perf_counter()
    make_programme(database, types, "vietnam", scale=SCALE, help_entries=ENTRIES)
    print(f"\n{request.param}: the programme with {ENTRIES:,} entries made in {time.perf_counter() - began:.0f} s")
    if request.param == "postgresql":
        with database.reader_of_writers.connect() as db:
            db.execute(text("vacuum analyze"))  # as autovacuum does on a site, long before three million are noted
    (home / "sample.json").write_text('{"page": "", "people": 1, "first": 1}')
    database.dispose()
    return settings


@pytest.fixture
def database(helped: Settings) -> Iterator[Database]:
    """The database of the programme."""
    made = Database(helped.database)
    yield made
    made.dispose()


def some_units(database: Database) -> list[UnitRow]:
    """The country, provinces, and others by chance, always the same."""
    with database.reading() as db:
        top = list(db.scalars(select(Unit).where(Unit.kind.in_(("country", "province"))).order_by(Unit.id).limit(20)))
        lower = Unit.kind.in_(("district", "commune", "team"))
        below = list(db.scalars(select(Unit.id).where(lower).order_by(Unit.id)))
        drawn = random.Random(3).sample(below, min(40, len(below)))
        return top + [db.get_one(Unit, each) for each in drawn]


def test_figures_of_any_unit(database: Database) -> None:
    """All that the page on a unit's help asks for, equal to what the entries come to."""
    units, period, today = some_units(database), period_of_a_year(), now().date()
    with database.reading() as db:
        coordinator = people.by_login(db, "hoa")
        assert coordinator is not None

        def ours(turn: int) -> HelpPage:
            return unit_queries.help_page(db, coordinator.id, units[turn % len(units)], period, "", today)

        def floor(turn: int) -> object:
            return db.execute(KEPT, {"unit": units[turn % len(units)].id}).all()

        spent = times(ours, TURNS)
        tell("the page on a unit's help", spent, times(floor, TURNS))
        for turn, unit in enumerate(units):
            rows = db.execute(FROM_ENTRIES, within(unit)).all()
            counted = sum(row[2] for row in rows if row[0] == "consultation")
            assert ours(turn).shown.total["consulted"].number == counted, unit.code
    assert spent.p95 <= LIMIT


def test_figures_are_what_a_recount_says(database: Database) -> None:
    began = time.perf_counter()
    differences = counting.recount(database)
    print(f"\na recount of {ENTRIES:,} entries: {time.perf_counter() - began:.1f} s, {differences} differences")
    assert differences == 0


def test_what_is_odd_is_found_in_bounded_time(database: Database) -> None:
    """All entries from the first one, which happens once, and the nightly look, when nothing is new."""
    with database.writing() as db:
        db.execute(HelpLook.__table__.delete())
    began = time.perf_counter()
    look(database)
    whole = time.perf_counter() - began
    began = time.perf_counter()
    look(database)
    with database.reading() as db:
        found = db.scalar(select(func.count()).select_from(HelpFinding))
    again = time.perf_counter() - began
    print(f"\na look at {ENTRIES:,} entries: {whole:.0f} s; the next one {again:.1f} s; {found} listed")
    assert found


def test_one_more_entry(helped: Settings, database: Database) -> None:
    """POST /help, three taps' worth, beside one committed row on the same server."""
    cookies = _cookies(helped, database)
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json", "Accept-Language": "en",
               "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip

    def noted(turn: int) -> Ask:
        given = {"kind": "consultation", "audience": "citizen", "service": "health", "people": "1", "when": "today"}
        body = urlencode({**given, "client_id": new_id()})
        return Ask("POST", "/help", headers | {"Cookie": cookies[turn % len(cookies)]}, body)

    with server(environ_of(helped)) as (port, _pid):
        rate, tail = compare(
            "help noted",
            lambda: round_of(port, noted, amount=1000),
            lambda: round_of(port, lambda _: Ask("POST", "/floor/row", {"Accept-Language": "en"}), amount=1000),
        )
    assert rate >= LEAST_OF_FLOOR
    assert tail > 0


def _cookies(settings: Settings, database: Database) -> list[str]:
    app = create_app(settings, database)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    with app.test_request_context(), database.writing() as db:
        db.execute(text("drop table if exists floor_row"))
        key = "serial" if database.engine.dialect.name == "postgresql" else "integer"
        db.execute(text(f"create table floor_row (id {key} primary key, words text)"))
        helpers = db.scalars(select(HelpEntry.helper_id).distinct().order_by(HelpEntry.helper_id).limit(HELPERS)).all()
        opened = [open_session(db, each) for each in helpers if each is not None]
        return [f"lms={signer.dumps({'_user_id': each, '_fresh': True, '_permanent': True})}" for each in opened]


def units_of(db: Session, kind: str, most: int) -> list[UnitRow]:
    return list(db.scalars(select(Unit).where(Unit.kind == kind).order_by(Unit.id).limit(most)))


def test_the_most_active_of_many_districts(database: Database) -> None:
    """The ten most active in each of thirty districts, at once; beside the bare sums of each district, one by one."""
    period = period_of_a_year()
    with database.reading() as db:
        districts = units_of(db, "district", DISTRICTS)
        assert len(districts) == DISTRICTS

        def floor(_turn: int) -> object:
            return [db.execute(BY_HELPER, within(unit)).all() for unit in districts]

        bare = times(floor, FEW_TURNS)
        for by in CRITERIA:

            def ours(_turn: int, by: str = by) -> object:
                return active_queries.best(db, districts, period, by, BEST)

            spent = times(ours, FEW_TURNS)
            tell(f"ten most active in each of {DISTRICTS} districts, by {by}", spent, bare)
            assert spent.p95 <= MOST_MS
        found = active_queries.best(db, districts, period, "people", BEST)
        for group in found:
            summed = db.execute(BY_HELPER, within(group.unit)).all()
            assert [each.number for each in group.helpers] == [row[1] for row in summed]


def test_the_chain_of_any_unit(database: Database) -> None:
    """From the register to the people helped: the page of the country, of a province, of a district."""
    period, today = period_of_a_year(), now().date()
    with database.reading() as db:
        coordinator = people.by_login(db, "hoa")
        assert coordinator is not None
        for kind in ("country", "province", "district"):
            units = units_of(db, kind, 20)

            def ours(turn: int, units: list[UnitRow] = units) -> object:
                return chain_queries.chain_page(db, coordinator.id, units[turn % len(units)], period, 30, today)

            def floor(turn: int, units: list[UnitRow] = units) -> object:
                return db.execute(LINKS, {"unit": units[turn % len(units)].id}).all()

            spent = times(ours, TURNS)
            tell(f"the chain of a {kind}", spent, times(floor, TURNS))
            assert spent.p95 <= LIMIT


def within(unit: UnitRow) -> dict[str, str]:
    return {"low": unit.path, "high": unit.path[:-1] + "0"}


def period_of_a_year() -> Period:
    """The last twelve months and this one: all entries of the programme."""
    today = now().date()
    return Period(Span.MONTHS, (today - timedelta(days=365)).replace(day=1), last_day(today))
