"""The one way in which this program asks another machine for something over HTTP.

Where it asks is set by the operator; no redirect is followed, so that nobody else can send it anywhere.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.client import HTTPMessage

SECONDS = 15


class Refused(Exception):
    """The other side understood and said no; asking again changes nothing. `args[0]` is the status."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: HTTPMessage, newurl: str) -> None:
        """Follow nothing."""


_opener = urllib.request.build_opener(_NoRedirect)


def post_json(url: str, body: Mapping[str, Any], *, token: str = "") -> int:
    """Send a JSON object; the status of the answer. Raises `Refused` (400 to 499), `OSError` (anything else)."""
    if not url.startswith(("https://", "http://")):
        raise Refused(0)
    headers = {"Content-Type": "application/json", "User-Agent": "Handrail"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - checked above
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            if 400 <= error.code < 500 and error.code not in (408, 425, 429):
                raise Refused(error.code) from error
        raise OSError(f"the other side answered {error.code}") from error
