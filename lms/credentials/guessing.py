"""The brake on guessing codes: it is hopeless anyway; this keeps it cheap for us, too."""

from __future__ import annotations

from flask import abort, request

from lms.people.actions import TooOften, count_try
from lms.web.transaction import database


def slow_down() -> None:
    """Count a code that nobody has; who asks for too many in an hour is told so (429)."""
    try:
        count_try(database(), "certificate code", request.remote_addr or "", limit=60, seconds=3600)
    except TooOften:
        abort(429)
