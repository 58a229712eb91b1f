"""`lms serve` and `lms work`: the server, and the worker beside it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from typing import TYPE_CHECKING, Protocol

import click
from granian import Granian
from granian.constants import Interfaces

from lms.app import create_app
from lms.authoring.fetching import schedule_looks
from lms.authoring.steps import who_changed
from lms.cli.orphans import when_orphaned
from lms.cli.schema import ready_database
from lms.config import Settings, load_settings
from lms.content.packs import offered_packs, watch
from lms.demo import has_people
from lms.issuers import keyring
from lms.jobs import Worker
from lms.reactions import LANES, handlers, schedule_housekeeping
from lms.web.logs import write_logs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from lms.db import Database

log = logging.getLogger(__name__)
THREADS = 64
BACKLOG = 128
PATIENCE = 8  # seconds that jobs get to finish


@click.command()
@click.option("--worker/--no-worker", default=True, help="Run jobs beside the server.")
@click.option("--watch/--no-watch", "watching", default=False, help="Publish packs when their files change.")
def serve(*, worker: bool, watching: bool) -> None:
    """Serve the platform.

    Example: LMS_URL=https://learn.example.org LMS_SECRET_KEY=… lms serve
    """
    run_server(load_settings(), worker=worker, watching=watching)


def run_server(settings: Settings, *, worker: bool, watching: bool) -> None:
    """Serve until told to stop. The server's processes read the same settings from the environment.

    No process is forked: an open SQLite file must never be carried into a child.
    """
    _refuse_unfit(settings)
    _refuse_taken_port(settings)
    stop = threading.Event()
    extra = ["--parent", str(os.getpid()), *(["--watch"] if watching else [])]
    _share_counters(settings)  # changes the environment, which must stand still while another program starts
    beside = threading.Thread(target=_keep_working, args=(stop, extra), daemon=True)
    if worker:
        beside.start()
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "lms.cli.process:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=THREADS,
        backpressure=BACKLOG,
        websockets=False,
        respawn_failed_workers=True,
        log_enabled=False,
    )
    try:
        server.serve()
    finally:
        stop.set()
        if worker:
            beside.join()


def _share_counters(settings: Settings) -> None:
    """Give the server's processes a folder for their counters, so that /metrics tells of all of them."""
    folder = settings.home / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _keep_working(stop: threading.Event, extra: list[str]) -> None:
    """Run `lms work` beside the server, and again should it die."""
    while not stop.is_set():
        child = subprocess.Popen([sys.executable, "-m", "lms", "work", *extra])  # noqa: S603 - our own program
        while child.poll() is None and not stop.wait(0.5):
            pass
        if child.poll() is None:
            _end(child)
        stop.wait(1)  # so that one that cannot even start does not start without end


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let the worker end by itself, but not for ever."""
    child.terminate()
    try:
        child.wait(PATIENCE + 2)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _refuse_unfit(settings: Settings) -> None:
    """Raise `ClickException` for tables of another program, and for made-up people beside real ones."""
    with ready_database(settings) as database, database.reading() as db:
        if not settings.demo and has_people(db, demo=True):
            raise click.ClickException(
                "The database holds the people of a demonstration, whose password everybody knows. Take an empty "
                "LMS_HOME; or, to show the demonstration, set LMS_DEMO=yes."
            )
        if settings.demo and has_people(db, demo=False) and not has_people(db, demo=True):
            raise click.ClickException("LMS_DEMO is set, but the database holds real people. Take LMS_DEMO away.")
        see_to_keys(settings, database)


def see_to_keys(settings: Settings, database: Database) -> None:
    """Make the issuer and its keys, if there are none; raise `ClickException` where they cannot be opened."""
    try:
        with database.reading() as db:
            needed = keyring.needs_keys(db)
            keyring.check_keys(db, settings)
        if needed:
            with database.writing() as db:
                keyring.ensure_keys(db, settings)
    except keyring.NoKey as problem:
        raise click.ClickException(str(problem)) from None


def _refuse_taken_port(settings: Settings) -> None:
    """Say it now: the server's processes would each fail, and be started again, without end."""
    kind = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise click.ClickException(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.") from None


@click.command()
@click.option("--once", is_flag=True, help="Run what is due now, then end.")
@click.option("--watch", "watching", is_flag=True, help="Publish packs when their files change, too.")
@click.option("--parent", type=int, hidden=True, help="The process that started this one, to end with it.")
def work(*, once: bool, watching: bool, parent: int | None) -> None:
    """Run jobs: letters, overdue attempts. `lms serve` does it too, unless told --no-worker.

    Example: lms work
    """
    settings = load_settings()
    write_logs(settings.log)
    with ready_database(settings) as database:
        see_to_keys(settings, database)
        app = create_app(settings, database)
        if once:
            Worker(database, handlers(app)).drain()
        else:
            _work_until_told(app, database, watching=watching, parent=parent)


def _work_until_told(app: Flask, database: Database, *, watching: bool, parent: int | None) -> None:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    schedule_housekeeping(database)
    schedule_looks(database, app.config["LMS"])
    if watching:
        types = app.extensions["lms_question_types"]
        args = (database, partial(offered_packs, app.config["LMS"]), types, stop, who_changed)
        threading.Thread(target=watch, args=args, daemon=True).start()
    if parent is not None:
        when_orphaned(parent, stop.set)
    work_in_lanes([Worker(database, handlers(app), only=names) for names in LANES], stop)


class Lane(Protocol):
    """What works until it is told to stop: `lms.jobs.Worker`."""

    def run_until(self, stop: threading.Event, /) -> None:
        """Work on."""


def work_in_lanes(lanes: Sequence[Lane], stop: threading.Event) -> None:
    """Work until told to stop, or until a lane breaks: with its error, so that somebody starts the worker again.

    The jobs at hand may finish, but not for ever: one that is cut off is run again, as after a power cut.
    """
    pool = ThreadPoolExecutor(len(lanes))
    ends = [pool.submit(lane.run_until, stop) for lane in lanes]
    for end in ends:
        end.add_done_callback(lambda _: stop.set())
    stop.wait()
    ended, late = wait(ends, PATIENCE)
    broken = [error for end in ended if (error := end.exception()) is not None]
    if late:
        log.warning("a job was cut off; it is run again", exc_info=broken[0] if broken else None)
        logging.shutdown()
        os._exit(1 if broken else 0)  # nothing may be closed under the hands of a thread that still writes
    if broken:
        raise broken[0]
