"""What every test may ask for: a real database of each kind, the app, a browser-like client, the worker, the cast."""

from __future__ import annotations

import os
import socket
import uuid
from contextlib import ExitStack, closing
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lms.app import create_app
from lms.config import Settings
from lms.db import Database
from lms.jobs import Worker
from lms.memory import settle
from lms.reactions import handlers
from tests.cast import Cast, Visitor, invite, known_cast
from tests.emptied import Databases
from tests.packs import SMALL, publish
from tests.postgres import BinariesMissing, Server, server
from tests.quick import hash_with_little_work, share_routes, share_statements, share_templates
from tests.stock import HELD, Stock, build, copied, held, sqlite_files, wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

SECRET = "a key for tests, long enough to be taken"
# the longest first; the wheel second, so that one worker installs it while the other makes the demonstration for both
FIRST = (
    "tests/browser/test_pages.py", "tests/wheel/", "tests/browser/", "tests/docs/test_install.py", "tests/demo/",
    "tests/contracts/", "tests/i18n/test_pages.py", "tests/coordination/test_people_scope.py",
    "tests/organisation/test_scope.py", "tests/crash/",
)  # fmt: skip
_connect = socket.socket.connect


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker is left alone with it at the end.

    What asks pages rather than statements asks PostgreSQL in `make test-long` only; there and in `make test`
    `test_gets` and `test_posts` open and send every page on it.
    """
    for item in items:
        if item.get_closest_marker("mostly_sqlite") and "[postgresql" in item.name:
            item.add_marker(pytest.mark.long)
    items.sort(key=lambda item: next((turn for turn, place in enumerate(FIRST) if item.nodeid.startswith(place)), 99))


def pytest_collection_finish() -> None:
    """Eight thousand tests and all that they import stay: the collector need not look through them again and again."""
    settle()


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        share_templates(patch)
        share_routes(patch)
        share_statements(patch)
        hash_with_little_work(patch)
        yield


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in a test may reach another machine."""

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise OSError(f"a test tried to reach {address}")
        _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of this run's own."""
    try:
        with server() as running:
            yield running
    except BinariesMissing as error:
        if os.environ.get("LMS_REQUIRE_PG") == "1":
            pytest.fail(f"no PostgreSQL: {error}")
        pytest.skip(f"no PostgreSQL: {error}")


@pytest.fixture(scope="session")
def postgres_databases(postgres: Server) -> Iterator[Callable[[Stock], Databases]]:
    """Databases with all tables and a stock, one for each test that runs."""
    with ExitStack() as made:

        @cache
        def databases(stock: Stock) -> Databases:
            return made.enter_context(closing(Databases(postgres, stock, partial(build, stock=stock))))

        yield databases


@pytest.fixture(scope="session")
def sqlite_stocks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Stock], Path]:
    """SQLite files with all tables and a stock, to be copied."""
    return sqlite_files(tmp_path_factory)


@pytest.fixture(scope="session")
def sqlite_template(sqlite_stocks: Callable[[Stock], Path]) -> Path:
    """A SQLite file with all tables, to be copied."""
    return sqlite_stocks(Stock.NOTHING)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with all tables, of each kind in turn, for one test alone.

    It is empty, unless the test asks for the app or the cast, too: then their course and their people are in it.
    """
    stock = request.node.stash[HELD] = wanted(request.fixturenames)
    if request.param == "sqlite":
        made = copied(request.getfixturevalue("sqlite_stocks")(stock), tmp_path / "lms.db")
        yield made
        made.dispose()
        return
    databases: Databases = request.getfixturevalue("postgres_databases")(stock)
    name, url = databases.take(f"t{uuid.uuid4().hex[:16]}")
    if request.node.get_closest_marker("unshared"):
        databases.let_go(name)
    made = Database(url, durable=False)
    yield made
    made.dispose()
    databases.give_back(name)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings as in production, but over plain http."""
    url = database.engine.url.render_as_string(hide_password=False)
    return Settings(
        home=tmp_path, url="http://localhost", database_url=url, secret_key=SECRET, key_passphrase=SECRET,
        shipped_pack=False,
    )  # fmt: skip


@pytest.fixture
def app(request: pytest.FixtureRequest, settings: Settings, database: Database) -> Flask:
    """The app on that database, with the small course published."""
    made = create_app(settings, database)
    if held(request.node) is Stock.NOTHING:
        publish(database, SMALL)
    return made


@pytest.fixture
def client(app: Flask) -> Visitor:
    """Somebody at a browser who has not signed in."""
    return Visitor(app)


@pytest.fixture
def cast(request: pytest.FixtureRequest, app: Flask) -> Cast:
    """The people of our tests: who learns, who teaches, who coordinates the north, who is nobody here."""
    return known_cast(app) if held(request.node) is Stock.CAST else invite(app)


@pytest.fixture
def worker(app: Flask, database: Database) -> Worker:
    """The worker that answers events and sends letters; `drain()` runs all that is due."""
    return Worker(database, handlers(app))
