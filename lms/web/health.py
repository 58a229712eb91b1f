"""Whether the program is alive, and its counters for whoever watches it."""

from __future__ import annotations

import hmac
import os
import time
from functools import cache
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from sqlalchemy import text

from lms.web.transaction import reading

if TYPE_CHECKING:
    from lms.config import Settings

# anything else that somebody sends is one label, so that nobody can make us keep a counter for each word
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def init_health(app: Flask, settings: Settings) -> None:
    """Offer /healthz to everybody and /metrics to whoever has the token."""
    registry = CollectorRegistry()
    count = Counter("lms_requests", "Requests answered", ["method", "status"], registry=registry)
    spent = Histogram("lms_request_seconds", "Time to answer", ["method"], registry=registry)

    counted, lasting = cache(count.labels), cache(spent.labels)

    @app.after_request
    def _count(response: Response) -> Response:
        method, started = request.method, g.get("started")
        if method not in METHODS:
            method = "other"
        counted(method, response.status_code).inc()
        if started is not None:
            lasting(method).observe(time.perf_counter() - started)
        return response

    def healthz() -> tuple[dict[str, str], int]:
        reading().execute(text("select 1"))
        return {"status": "ok"}, 200

    def metrics() -> Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not settings.metrics_token or not hmac.compare_digest(given.encode(), settings.metrics_token.encode()):
            abort(404)
        return Response(generate_latest(_all_processes(registry)), content_type=CONTENT_TYPE_LATEST)

    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/metrics", "metrics", metrics)


def _all_processes(own: CollectorRegistry) -> CollectorRegistry:
    """The counters of every server process where they share a folder (`lms serve` sets it), else our own."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return own
    shared = CollectorRegistry()
    multiprocess.MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared
