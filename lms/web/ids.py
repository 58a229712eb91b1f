"""Ids that clients make, so that what they send twice is one fact."""

from __future__ import annotations

import uuid

from flask import request


def client_id(field: str) -> str:
    """The id that the client made for this fact, from a field of the form. A missing or broken one is made here."""
    try:
        return str(uuid.UUID(request.form.get(field, "")))
    except ValueError:
        return str(uuid.uuid4())
