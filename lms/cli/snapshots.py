"""How a database becomes one file, and a file the database again: SQLite's own copy, or PostgreSQL's dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from lms.config import Settings

SQLITE, POSTGRESQL = "lms.db", "lms.pgdump"


def kind(settings: Settings) -> str:
    """The name that the database's file has in a backup."""
    return SQLITE if make_url(settings.database).get_backend_name() == "sqlite" else POSTGRESQL


def sqlite_file(settings: Settings) -> Path:
    """Where the SQLite database lies."""
    return Path(str(make_url(settings.database).database))


def take(settings: Settings, folder: Path) -> Path:
    """Copy the database into a folder as it is at one moment, while others write; the file."""
    copy = folder / kind(settings)
    if copy.name == SQLITE:
        source = sqlite3.connect(f"{sqlite_file(settings).resolve().as_uri()}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    else:
        _run(settings, "pg_dump", "--format=custom", f"--file={copy}", _without_password(settings))
    return copy


def refuse_damaged(file: Path) -> None:
    """Raise `ClickException` unless the file holds a whole database of ours."""
    if file.name == SQLITE:
        try:
            with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                state = connection.execute("pragma quick_check").fetchone()[0]
                connection.execute("select version_num from alembic_version").fetchone()
        except sqlite3.DatabaseError as error:
            state = str(error)
        if state != "ok":
            raise click.ClickException(f"The database in the backup is damaged: {state}. Nothing was changed.")
    elif not file.read_bytes().startswith(b"PGDMP"):
        raise click.ClickException("The dump in the backup is damaged. Nothing was changed.")


def is_there(settings: Settings) -> bool:
    """Whether there is a database already, with tables in it."""
    if kind(settings) == SQLITE:
        return sqlite_file(settings).exists()
    with _engine(settings) as engine:
        return bool(inspect(engine).get_table_names())


def is_in_use(settings: Settings) -> bool:
    """Whether another process has the database open."""
    if kind(settings) == SQLITE:
        return _is_sqlite_in_use(sqlite_file(settings))
    others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    with _engine(settings) as engine, engine.connect() as connection:
        return bool(connection.execute(text(others)).scalar_one())


def _is_sqlite_in_use(file: Path) -> bool:
    """Only who is alone can leave SQLite's write-ahead log, which also writes what is in it into the file."""
    if not file.exists():
        return False
    with closing(sqlite3.connect(file, timeout=0)) as connection:
        try:
            connection.execute("pragma journal_mode=delete")
        except sqlite3.OperationalError:
            return True
        except sqlite3.DatabaseError:
            return False  # so damaged that it is good for nothing but to be replaced
    return False


def put_back(settings: Settings, file: Path) -> None:
    """Make a copy that `take` made the database. It holds either all of the copy or what it held before."""
    if file.name == SQLITE:
        _put_file(file, sqlite_file(settings))
    else:
        _put_dump(settings, file)


def _put_file(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.restored")
    shutil.copyfile(file, beside)  # the data folder may lie on another disk
    with beside.open("rb") as copied:
        os.fsync(copied.fileno())
    for leftover in (Path(f"{target}-wal"), Path(f"{target}-shm")):
        leftover.unlink(missing_ok=True)
    beside.replace(target)


def _put_dump(settings: Settings, file: Path) -> None:
    """Drop all tables, those of a newer program too, and make the dump's, in one transaction."""
    dumped = file.with_suffix(".sql")
    _run(settings, "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-acl", f"--file={dumped}", str(file))
    with _engine(settings) as engine:
        quote = engine.dialect.identifier_preparer.quote
        tables = [quote(name) for name in inspect(engine).get_table_names()]
    drop = [f"--command=drop table {', '.join(tables)} cascade"] if tables else []
    options = ("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1")
    _run(settings, "psql", *options, *drop, f"--file={dumped}", _without_password(settings))


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    """An engine for a few statements."""
    engine = create_engine(settings.database, poolclass=NullPool)
    try:
        yield engine
    finally:
        engine.dispose()


def _without_password(settings: Settings) -> str:
    """The address for PostgreSQL's programs. Everybody on a machine can read the arguments of its programs."""
    url = make_url(settings.database).set(drivername="postgresql", password=None)
    return url.render_as_string(hide_password=False)


def _run(settings: Settings, program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise click.ClickException(f"{program} is missing. Install PostgreSQL's client programs.")
    password = make_url(settings.database).password
    environment = {**os.environ, "PGPASSWORD": str(password)} if password else None
    done = subprocess.run(  # noqa: S603 - own arguments
        [found, *arguments], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        raise click.ClickException(f"{program} failed: {done.stderr.strip()[-500:]}")
