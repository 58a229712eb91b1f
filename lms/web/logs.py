"""Structured logs: one JSON object a line, with the request's id and without personal data."""

from __future__ import annotations

import json
import logging
import random
import smtplib
import sys
import time
import traceback

from flask import Flask, Response, g, has_request_context, request
from sqlalchemy.exc import OperationalError

USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
log = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """One record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON: time, level, logger, message, request id, and what the caller added."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if has_request_context() and "request_id" in g:
            line["request"] = g.request_id
        line |= {key: value for key, value in vars(record).items() if key not in USUAL}
        if record.exc_info:
            line["error"] = _without_words(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _without_words(error: BaseException | None) -> list[str]:
    """An exception and what it came from, as classes and places. Its words may quote somebody's name or address."""
    lines: list[str] = []
    while error is not None:
        places = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        is_ours = isinstance(error, OSError | OperationalError) and not isinstance(error, smtplib.SMTPException)
        lines += [f"{type(error).__module__}.{type(error).__qualname__}{f': {error}' if is_ours else ''}", *places]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def write_logs(path: str = "", level: int = logging.INFO) -> None:
    """Send all logs of this process to a file, else to standard error, as JSON lines."""
    handler = logging.FileHandler(path, encoding="utf-8") if path else logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def init_logs(app: Flask) -> None:
    """Give each request an id and a line. The path's pattern is logged, not the path: codes stay out of logs."""

    @app.before_request
    def _begin() -> None:
        g.request_id = f"{random.getrandbits(48):012x}"
        g.started = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
        if log.isEnabledFor(logging.INFO):
            rule, started = request.url_rule, g.get("started")
            log.info(
                "request",
                extra={
                    "method": request.method,
                    "route": rule.rule if rule else "-",
                    "status": response.status_code,
                    "ms": None if started is None else round((time.perf_counter() - started) * 1000, 1),
                },
            )
        return response
