"""The database: engine, transactions, and the base of all tables.

Readers and writers are two views of one engine. A reader cannot write (`query_only` on SQLite, `READ ONLY` on
PostgreSQL). A writer on SQLite begins with `BEGIN IMMEDIATE`, so that what it reads cannot change before it writes.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import JSON, DateTime, Engine, MetaData, TypeDecorator, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, registry, sqlite
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.orm import DeclarativeBase, Session

from lms.shared_commits import SharedCommits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL, Connection, Dialect
    from sqlalchemy.engine.interfaces import DBAPIConnection

MOST_CONNECTIONS = 80
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone. Stored as UTC: SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone, since nobody knows when it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's moments their zone back."""
        if value is not None and dialect.name == "sqlite":
            return value.replace(tzinfo=UTC)
        return value


class Base(DeclarativeBase):
    """What every table has in common: named constraints, typed columns."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}


class Database:
    """One database, opened once in each process. `durable` keeps what was acknowledged through a power cut.

    SQLite lets one write at a time: the writers of a process share one connection, so that they queue for it in order
    instead of sleeping and trying again. On PostgreSQL, whoever reads in order to write goes on where it has read
    (`reader_of_writers`): each further connection asks the server three times more.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        if url.startswith("sqlite"):
            self.engine = _open_sqlite(url, begin="BEGIN IMMEDIATE", durable=durable, most=1)
            self.reader = _open_sqlite(url, begin="BEGIN", durable=durable, most=MOST_CONNECTIONS)
            event.listen(self.reader, "connect", _refuse_to_write)
            self.reader_of_writers = self.reader
        else:
            self.engine = _open(url, most=MOST_CONNECTIONS, pool_pre_ping=True)
            self.reader = self.engine.execution_options(postgresql_readonly=True)
            self.reader_of_writers = self.engine
        self.shared = SharedCommits(self.engine)

    def read_session(self) -> Session:
        """A session that cannot write. The caller closes it."""
        return Session(self.reader, expire_on_commit=False)

    def write_session(self) -> Session:
        """A session that may write. The caller commits and closes it."""
        return Session(self.engine, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A snapshot to read from."""
        with self.read_session() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that commits at the end of the block and rolls back on any exception."""
        with self.write_session() as session, session.begin():
            yield session

    def dispose(self) -> None:
        """Close all connections."""
        self.reader.dispose()
        self.engine.dispose()


class SQLiteDialect_transactions(SQLiteDialect_pysqlite):  # noqa: N801 - named as SQLAlchemy names dialects
    """SQLite with real transactions: the driver's own leave DDL and SELECT outside of them.

    A dialect begins them, and not a listener: an engine with a listener asks for more of them at each statement.
    """

    supports_statement_cache = True

    def __init__(self, begin: str = "BEGIN", **settings: Any) -> None:
        super().__init__(**settings)
        self._begin = begin

    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        """Begin in the way of this engine."""
        driver: Any = dbapi_connection
        driver.execute(self._begin).close()


registry.register("sqlite.transactions", __name__, SQLiteDialect_transactions.__name__)


def _open(url: str | URL, *, most: int, **settings: Any) -> Engine:
    # what was asked for names people, so errors do not repeat it
    return create_engine(url, hide_parameters=True, pool_size=min(16, most), max_overflow=max(0, most - 16), **settings)


def _open_sqlite(url: str, *, begin: str, durable: bool, most: int) -> Engine:
    engine = _open(make_url(url).set(drivername="sqlite+transactions"), most=most, begin=begin)
    engine.url = make_url(url)  # the address as it was given, for whoever asks where the database is

    @event.listens_for(engine, "connect")
    def _connected(driver: Any, _record: object) -> None:
        driver.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            "busy_timeout=10000",
            "foreign_keys=ON",
        ):
            driver.execute(f"PRAGMA {pragma}").close()

    return engine


def _refuse_to_write(driver: Any, _record: object) -> None:
    driver.execute("PRAGMA query_only=ON").close()


def insert_once(db: Session | Connection, table: type[Base], values: dict[str, Any]) -> bool:
    """Insert a row, unless one with its key is there; whether it was inserted. Both databases decide by themselves.

    `values` name every column that has no default in the database.
    """
    connection = db.connection() if isinstance(db, Session) else db
    return connection.execute(_insert_once(connection.dialect.name, table), values).one_or_none() is not None


@cache
def _insert_once(dialect: str, table: type[Base]) -> Any:
    """Built once: saving an answer should cost little more than the row."""
    # asks for the key, not for `rowcount`: psycopg's is -1 where SQLAlchemy asks for the new row's key
    return INSERTS[dialect](table.__table__).on_conflict_do_nothing().returning(*table.__table__.primary_key)
