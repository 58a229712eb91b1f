"""A running site for browser tests: the real app behind a real server, in a thread of the test's own process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from lms.app import create_app
from lms.config import load_settings

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).parents[2]
KEY = "a-key-for-tests-that-is-long-enough-to-be-accepted"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the app answers, and the app itself."""

    url: str
    app: Flask


class Quiet(WSGIRequestHandler):
    """Serves without a line for every request."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the name in werkzeug
        """Say nothing."""


def make_demo(home: Path) -> None:
    """Fill a data folder as `lms demo` does: the shipped courses and made-up people."""
    program = [sys.executable, "-W", "error", "-c", "from lms.cli import main; main()", "demo"]
    subprocess.run(program, cwd=ROOT, env=os.environ | environment(home), check=True, stdout=subprocess.DEVNULL)


def environment(home: Path) -> dict[str, str]:
    """The settings of a demonstration in this data folder."""
    return {"LMS_HOME": str(home), "LMS_DEMO": "1", "LMS_SECRET_KEY": KEY}


@contextmanager
def serving(home: Path) -> Iterator[Site]:
    """The app on a free port of this machine, with the data in `home`."""
    server = make_server("127.0.0.1", 0, _not_yet, threaded=True, request_handler=Quiet)
    url = f"http://127.0.0.1:{server.server_port}"
    app = create_app(load_settings({**environment(home), "LMS_URL": url}))
    server.app = app
    thread = threading.Thread(target=server.serve_forever, name="site")
    thread.start()
    try:
        yield Site(url, app)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _not_yet(_environ: object, _start: object) -> list[bytes]:
    raise RuntimeError("the app is put in before the server starts")
