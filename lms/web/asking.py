"""What the browser, or a script in it, wants to get: which form of an answer, which page of a list."""

from __future__ import annotations

from flask import request

from lms.paging import At

JSON = "application/json"


def wants_json() -> bool:
    """Whether a script asks, that takes JSON before anything else. The usual header is told without being read."""
    accept = request.environ.get("HTTP_ACCEPT", "")
    return accept == JSON or (JSON in accept and request.accept_mimetypes.best == JSON)


def place_in_list() -> At:
    """Which page of a list the address asks for."""
    return At(request.args.get("after", ""), request.args.get("before", ""))
