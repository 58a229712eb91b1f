"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import func, select, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from lms.db import Base, Database

Row: TypeAlias = "Sequence[Any]"
BATCH = 50_000  # rows of one transaction: about a tenth of a second


def fill(database: Database, table: type[Base], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Write rows in batches, each a transaction; how many there were.

    Values are as both databases take them unchanged: numbers, text, booleans, None; days and moments as ISO text in
    UTC (`2026-03-01`, `2026-03-01 09:30:00.000000`), JSON as text.
    """
    waiting, written = iter(rows), 0
    while batch := list(islice(waiting, BATCH)):
        with database.writing() as db:
            _write(db, table.__tablename__, columns, batch)
        written += len(batch)
    return written


def _write(db: Session, table: str, columns: Sequence[str], rows: list[Row]) -> None:
    names = ", ".join(columns)
    if db.get_bind().dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        # names of tables and columns come from this program
        db.connection().exec_driver_sql(f"insert into {table} ({names}) values ({places})", [*map(tuple, rows)])  # noqa: S608
        return
    db.execute(text("set local time zone 'UTC'"))
    driver: Any = db.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"copy {table} ({names}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def next_id(database: Database, table: type[Base]) -> int:
    """The first free number of a table that counts its rows."""
    with database.reading() as db:
        return (db.scalar(select(func.max(table.__table__.c.id))) or 0) + 1


def count_on(database: Database, *tables: type[Base]) -> None:
    """Let PostgreSQL number the next rows after those that were written with their numbers."""
    with database.writing() as db:
        if db.get_bind().dialect.name != "postgresql":
            return
        for table in tables:
            name = table.__tablename__
            db.execute(text(f"select setval(pg_get_serial_sequence('{name}', 'id'), (select max(id) from {name}))"))  # noqa: S608


def look_over(database: Database) -> None:
    """Let PostgreSQL look at what was written, as it would by itself within minutes, so that it plans well at once."""
    with database.writing() as db:
        if db.get_bind().dialect.name == "postgresql":
            db.execute(text("analyze"))
