"""A running site for browser tests: the real app behind a real server, in a thread of the test's own process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from lms.app import create_app
from lms.cli.demo import prepare_demo
from lms.config import Settings
from lms.db import Database

if TYPE_CHECKING:
    from flask import Flask

KEY = "a-key-for-tests-that-is-long-enough-to-be-accepted"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the app answers, the app itself, and its database."""

    url: str
    app: Flask
    database: Database


class Quiet(WSGIRequestHandler):
    """Serves without a line for every request."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the name in werkzeug
        """Say nothing."""


def make_demo(home: Path) -> None:
    """Fill a data folder as `lms demo` does: the shipped courses and made-up people."""
    prepare_demo(_settings(home))


@contextmanager
def serving(home: Path) -> Iterator[Site]:
    """The app on a free port of this machine, with the data in `home`."""
    server = make_server("127.0.0.1", 0, _not_yet, threaded=True, request_handler=Quiet)
    url = f"http://127.0.0.1:{server.server_port}"
    settings = _settings(home, url)
    database = Database(settings.database, durable=False)
    server.app = create_app(settings, database)
    thread = threading.Thread(target=server.serve_forever, name="site")
    thread.start()
    try:
        yield Site(url, server.app, database)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database.dispose()


def _settings(home: Path, url: str = "http://127.0.0.1") -> Settings:
    home.mkdir(parents=True, exist_ok=True)
    return Settings(home=home, url=url, secret_key=KEY, demo=True)


def _not_yet(_environ: object, _start: object) -> list[bytes]:
    raise RuntimeError("the app is put in before the server starts")
