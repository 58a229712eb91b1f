"""`lms serve` and `lms work`: the server, and the worker beside it."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click
from granian import Granian
from granian.constants import Interfaces

from lms.app import create_app
from lms.cli.schema import revisions
from lms.config import Settings, load_settings
from lms.content.packs import offered_packs, watch
from lms.jobs import Worker
from lms.reactions import handlers, schedule_housekeeping
from lms.web.logs import write_logs

if TYPE_CHECKING:
    from flask import Flask

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
    """Serve until told to stop. The server's processes read the same settings from the environment."""
    app = create_app(settings)
    _refuse_old_tables(app)
    stop = threading.Event()
    if worker:
        _in_background(_work, app, stop)
    if watching:
        _in_background(_watch, app, stop)
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


def _in_background(target: object, app: Flask, stop: threading.Event) -> None:
    threading.Thread(target=target, args=(app, stop), daemon=True).start()  # type: ignore[arg-type]


def _refuse_old_tables(app: Flask) -> None:
    present, needed = revisions(app.extensions["lms_database"])
    if present != needed:
        raise click.ClickException(f"The tables are at {present or 'nothing'}, this program needs {needed}: lms db upgrade")


def _work(app: Flask, stop: threading.Event) -> None:
    database = app.extensions["lms_database"]
    schedule_housekeeping(database)
    Worker(database, handlers(app, database)).run_until(stop)


def _watch(app: Flask, stop: threading.Event) -> None:
    types = app.extensions["lms_question_types"]
    watch(app.extensions["lms_database"], offered_packs(app.config["LMS"]), types, stop)


@click.command()
@click.option("--once", is_flag=True, help="Run what is due now, then end.")
def work(*, once: bool) -> None:
    """Run jobs: letters, overdue attempts. `lms serve` does it too, unless told --no-worker.

    Example: lms work
    """
    write_logs()
    app = create_app(load_settings())
    stop = threading.Event()
    if once:
        database = app.extensions["lms_database"]
        Worker(database, handlers(app, database)).drain()
        return
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    _work(app, stop)
