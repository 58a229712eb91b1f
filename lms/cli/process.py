"""The application in one of the server's processes, which end when the `lms serve` that started them has ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

from lms.cli.orphans import when_orphaned
from lms.wsgi import app

__all__ = ["app"]
GRACE = 10  # seconds for the requests under way


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


_server = multiprocessing.parent_process()
if _server is not None and _server.pid is not None:
    when_orphaned(_server.pid, _end)
