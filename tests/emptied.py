"""Databases of PostgreSQL used for one test after the other.

To make one copies some six hundred files; to empty the few tables that a test has filled, and to fill again those that
had rows before, is ten times quicker. One that a test has changed in its tables, or filled with a lot, is given away
for a fresh one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from tests.postgres import Server

LARGE = 512 * 1024  # bytes: emptied rows still take room, and time to be read over
OTHERS = (
    "select pg_terminate_backend(pid) from pg_stat_activity"
    " where datname = current_database() and pid <> pg_backend_pid()"
)
SHAPE = (
    "select count(*), sum(hashtext(concat_ws(' ', relname, relkind, attname, atttypid, attnotnull))::bigint)::text"
    " from pg_class c join pg_attribute a on a.attrelid = c.oid"
    " where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped"
    " union all select count(*), string_agg(version_num, ' ') from alembic_version"
)
PAGES = (
    "select relname, size from pg_class, lateral (select pg_relation_size(oid) as size) as pages"
    " where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'alembic_version' and size > 0"
)
SEQUENCES = "select sequencename, last_value from pg_sequences where last_value is not null"
NUMBERED_ANEW = (
    "select setval(format('%%I.%%I', schemaname, sequencename)::regclass, coalesce(said.value, start_value),"
    " said.value is not null) from pg_sequences, lateral (select (%s::jsonb ->> sequencename)::bigint as value) as said"
    " where last_value is distinct from said.value"
)


class Databases:
    """The databases of one worker with one stock: `take` gives one, `give_back` makes it fit for the next test.

    `build` makes the tables and the stock in an empty database.
    """

    def __init__(self, server: Server, name: str, build: Callable[[str], object]) -> None:
        self._server = server
        self._template = server.template(f"template_{name}", build)
        self._free: list[str] = []
        self._connections: dict[str, psycopg.Connection] = {}
        with server.connection(self._template) as connection:
            self._shape = _shape(connection)
            self._stock = {table: _rows(connection, table) for table in _pages(connection)}
            self._numbers = Jsonb(dict(connection.execute(SEQUENCES).fetchall()))

    def take(self, name: str) -> tuple[str, str]:
        """The name and the URL of an empty database with all tables; `name` is for a new one."""
        if self._free:
            known = self._free.pop()
            return known, self._server.url(known)
        return name, self._server.create(name, self._template)

    def give_back(self, name: str) -> None:
        """Leave the stock alone in a database, or drop it."""
        if self._empty(name):
            self._free.append(name)
        else:
            self.let_go(name)
            self._server.drop(name)

    def let_go(self, name: str) -> None:
        """Close the connection that is kept to a database: whoever counts its connections finds none but their own."""
        if name in self._connections:
            self._connections.pop(name).close()

    def close(self) -> None:
        """Let go of all databases."""
        while self._connections:
            self._connections.popitem()[1].close()

    def _empty(self, name: str) -> bool:
        if name not in self._connections:  # kept: a new one would have to learn of every table anew
            self._connections[name] = self._server.connection(name)
        connection = self._connections[name]
        connection.execute(OTHERS)
        if _shape(connection) != self._shape:
            return False
        pages = _pages(connection)
        if max(pages.values(), default=0) > LARGE:
            return False
        with connection.transaction():
            connection.execute("set local session_replication_role = replica")  # whatever refers to whatever
            connection.execute(
                sql.SQL("; ").join(sql.SQL("delete from {}").format(sql.Identifier(each)) for each in pages)
            )
            for table, rows in self._stock.items():
                with connection.cursor().copy(_copy(table, "from stdin")) as copy:
                    copy.write(rows)
            connection.execute(NUMBERED_ANEW, [self._numbers])
        return True


def _shape(connection: psycopg.Connection) -> str:
    """What tells tables apart: their columns, and the revision that they say they are at."""
    return str(connection.execute(SHAPE).fetchall())


def _copy(table: str, where: str) -> sql.Composed:
    return sql.SQL("copy {} " + where + " (format binary)").format(sql.Identifier(table))


def _rows(connection: psycopg.Connection, table: str) -> bytes:
    """A table's rows, as the server reads them again."""
    with connection.cursor().copy(_copy(table, "to stdout")) as copy:
        return b"".join(copy)


def _pages(connection: psycopg.Connection) -> dict[str, int]:
    """The tables that have or had rows, and their bytes."""
    return dict(connection.execute(PAGES).fetchall())
