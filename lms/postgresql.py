"""PostgreSQL whose transactions begin as each engine says, on connections of one pool that are all alike.

A driver that begins transactions by itself has to be told how each time that a connection is taken, and to forget it
when it is given back. Here no connection knows more than whether it is in a transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection

WRITING = "BEGIN"
READING = "BEGIN READ ONLY"
ONE_MOMENT = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
NOTHING = ""


def open_pool(url: str, **settings: Any) -> Engine:
    """An engine that writes, with a pool; `settings` are those of `create_engine`."""
    return _open(url, WRITING, connect_args={"autocommit": True}, pool_pre_ping=True, **settings)


def open_beside(engine: Engine, begins: str) -> Engine:
    """An engine on the pool of another one. With `NOTHING` each of its statements is a transaction by itself."""
    return _open(engine.url, begins, pool=engine.pool, hide_parameters=engine.hide_parameters)


class PGDialect_transactions(PGDialect_psycopg):  # noqa: N801 - named as SQLAlchemy names dialects
    """Says by itself how a transaction begins."""

    supports_statement_cache = True

    def __init__(self, begins: str = WRITING, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        self.begins = begins
        self.supports_server_side_cursors = bool(begins)  # they end with their transaction

    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        """Begin in the way of this engine."""
        driver: Any = dbapi_connection
        if self.begins:
            driver.execute(self.begins, prepare=False)

    def on_connect(self) -> None:
        """Nothing: the engines of a pool would all do it to each connection."""

    def set_isolation_level(self, dbapi_connection: DBAPIConnection, level: str) -> None:
        """Refused: the next one who is given this connection would find it changed."""
        raise NotImplementedError(f"{level}: an engine of its own says so, see lms.postgresql.open_beside")


registry.register("postgresql.transactions", __name__, PGDialect_transactions.__name__)


def _open(url: str | URL, begins: str, **settings: Any) -> Engine:
    address = make_url(url)
    named = address.set(drivername="postgresql+transactions")
    engine = create_engine(named, begins=begins, use_native_hstore=False, **settings)
    engine.url = address  # the address as it was given, for whoever asks where the database is
    return engine
