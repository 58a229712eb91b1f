"""Ids that clients make, so that what they send twice is one fact."""

from __future__ import annotations

import secrets
import time
import uuid

from flask import request

VERSION, VARIANT = 7 << 76, 2 << 62


def new_id() -> str:
    """An id that begins with its time: a UUID of version 7 (RFC 9562, section 5.7). `static/ids.js` makes the same.

    What is kept at one time so stands together in the index of a table, however large that is.
    """
    milliseconds = time.time_ns() // 1_000_000
    chance = secrets.randbits(12) << 64 | secrets.randbits(62)
    return str(uuid.UUID(int=milliseconds << 80 | VERSION | VARIANT | chance))


def client_id(field: str) -> str:
    """The id that the client made for this fact, from a field of the form. A missing or broken one is made here."""
    try:
        return str(uuid.UUID(request.form.get(field, "")))
    except ValueError:
        return new_id()
