"""`lms serve` and `lms work`: the server, and the worker beside it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading

import click
from granian import Granian
from granian.constants import Interfaces

from lms.app import create_app
from lms.cli.schema import revisions
from lms.config import Settings, load_settings
from lms.content.packs import offered_packs, watch
from lms.db import Database
from lms.jobs import Worker
from lms.reactions import handlers, schedule_housekeeping
from lms.web.logs import write_logs

THREADS = 64
BACKLOG = 128


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
    _refuse_old_tables(settings)
    stop = threading.Event()
    if worker:
        extra = ["--watch"] if watching else []
        threading.Thread(target=_keep_working, args=(stop, extra), daemon=True).start()
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "lms.wsgi:app",
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
    server.serve()
    stop.set()


def _keep_working(stop: threading.Event, extra: list[str]) -> None:
    """Run `lms work` beside the server, and again should it die."""
    while not stop.is_set():
        child = subprocess.Popen([sys.executable, "-m", "lms", "work", *extra])  # noqa: S603 - our own program
        while child.poll() is None and not stop.wait(0.5):
            pass
        if stop.is_set():
            child.terminate()
            child.wait(10)


def _refuse_old_tables(settings: Settings) -> None:
    database = Database(settings.database)
    present, needed = revisions(database)
    database.dispose()
    if present != needed:
        raise click.ClickException(
            f"The tables are at {present or 'nothing'}, this program needs {needed}: lms db upgrade"
        )


@click.command()
@click.option("--once", is_flag=True, help="Run what is due now, then end.")
@click.option("--watch", "watching", is_flag=True, help="Publish packs when their files change, too.")
def work(*, once: bool, watching: bool) -> None:
    """Run jobs: letters, overdue attempts. `lms serve` does it too, unless told --no-worker.

    Example: lms work
    """
    settings = load_settings()
    write_logs(settings.log)
    app = create_app(settings)
    database = app.extensions["lms_database"]
    worker, stop = Worker(database, handlers(app)), threading.Event()
    if once:
        worker.drain()
        return
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    schedule_housekeeping(database)
    if watching:
        types = app.extensions["lms_question_types"]
        args = (database, offered_packs(app.config["LMS"]), types, stop)
        threading.Thread(target=watch, args=args, daemon=True).start()
    _stop_with_parent(stop)
    worker.run_until(stop)


def _stop_with_parent(stop: threading.Event) -> None:
    """End when the server that started us is gone, however it ended."""
    parent = os.getppid()

    def look() -> None:
        while not stop.wait(2):
            if os.getppid() != parent:
                stop.set()

    threading.Thread(target=look, daemon=True).start()
