"""Whether the program is alive, and its counters for whoever watches it."""

from __future__ import annotations

import hmac
import time
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy import text

from lms.web.transaction import reading

if TYPE_CHECKING:
    from lms.config import Settings


def init_health(app: Flask, settings: Settings) -> None:
    """Offer /healthz to everybody and /metrics to whoever has the token."""
    registry = CollectorRegistry()
    count = Counter("lms_requests", "Requests answered", ["method", "status"], registry=registry)
    spent = Histogram("lms_request_seconds", "Time to answer", ["method"], registry=registry)

    @app.after_request
    def _count(response: Response) -> Response:
        count.labels(request.method, response.status_code).inc()
        if "started" in g:
            spent.labels(request.method).observe(time.perf_counter() - g.started)
        return response

    def healthz() -> tuple[dict[str, str], int]:
        reading().execute(text("select 1"))
        return {"status": "ok"}, 200

    def metrics() -> Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not settings.metrics_token or not hmac.compare_digest(given, settings.metrics_token):
            abort(404)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/metrics", "metrics", metrics)
