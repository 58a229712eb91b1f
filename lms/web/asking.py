"""What the browser, or a script in it, wants to get."""

from __future__ import annotations

from flask import request

JSON = "application/json"


def wants_json() -> bool:
    """Whether a script asks, that takes JSON before anything else. The usual header is told without being read."""
    accept = request.environ.get("HTTP_ACCEPT", "")
    return accept == JSON or (JSON in accept and request.accept_mimetypes.best == JSON)
