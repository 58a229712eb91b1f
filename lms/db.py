"""The database: engine, transactions, and the base of all tables.

Readers and writers are two views of one engine. A reader cannot write (`query_only` on SQLite, `READ ONLY` on
PostgreSQL). On SQLite a writer takes its turn: `lms.sqlite`.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from sqlalchemy import JSON, DateTime, MetaData, TypeDecorator, inspect
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.orm import DeclarativeBase, Session, aliased

from lms import postgresql, sqlite
from lms.shared_commits import SharedCommits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection, Dialect

T = TypeVar("T", bound="Base")
# at most 80 connections; what was asked for names people, so errors do not repeat it
OPENED: dict[str, Any] = {"pool_size": 16, "max_overflow": 64, "hide_parameters": True}
INSERTS: dict[str, Any] = {"sqlite": sqlite_dialect.insert, "postgresql": postgresql_dialect.insert}


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

    On SQLite the writers of a process share one connection, for which they queue. On PostgreSQL all engines share one
    pool, and whoever reads in order to write goes on where it has read (`reader_of_writers`, where nothing begins
    before it is asked to): each further connection, and each transaction, asks two or three times more.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        if url.startswith("sqlite"):
            self.engine = sqlite.open_writer(url, durable=durable, hide_parameters=True)
            self.reader = sqlite.open_reader(url, **OPENED)
            self.reader_of_writers = sqlite.open_reader(url, one_moment=False, **OPENED)
            self.reader_of_a_moment = self.reader
        else:
            self.engine = postgresql.open_pool(url, **OPENED)
            self.reader = postgresql.open_beside(self.engine, postgresql.READING)
            self.reader_of_writers = postgresql.open_beside(self.engine, postgresql.NOTHING)
            self.reader_of_a_moment = postgresql.open_beside(self.engine, postgresql.ONE_MOMENT)
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
    def at_one_moment(self) -> Iterator[Session]:
        """A snapshot to read from in many statements, which all see the same moment, however long that takes."""
        with Session(self.reader_of_a_moment, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that commits at the end of the block and rolls back on any exception."""
        with self.write_session() as session, session.begin():
            yield session

    def dispose(self) -> None:
        """Close all connections."""
        for engine in (self.reader, self.reader_of_writers, self.engine):
            engine.dispose()


def lasting_alias(table: type[T]) -> type[T]:
    """A second name of a table, for statements that all threads build on for as long as the process lives.

    SQLAlchemy makes an alias's columns when they are first asked for. Where two threads ask first at the same moment,
    one may get the table's own column and keep it: each statement from then on would join the alias to nothing. So
    they are made here, while there is one thread.
    """
    made = aliased(table)
    for column in inspect(made).selectable.c:
        getattr(made, column.key).expression  # noqa: B018 - asked for what it keeps
    return made


def insert_once(db: Session | Connection, table: type[Base], values: dict[str, Any]) -> bool:
    """Insert a row, unless one with its key is there; whether it was inserted. Both databases decide by themselves.

    `values` name every column that has no default in the database.
    """
    connection = db.connection() if isinstance(db, Session) else db
    return connection.execute(_insert_once(connection.dialect.name, table), values).rowcount == 1


@cache
def _insert_once(dialect: str, table: type[Base]) -> Any:
    """Built once: saving an answer should cost little more than the row."""
    # inline: nobody asks for the new row's key; the count of rows is kept before the cursor is closed
    made = INSERTS[dialect](table.__table__).on_conflict_do_nothing().inline()
    return made.execution_options(preserve_rowcount=True)
