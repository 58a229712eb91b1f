"""The word in each message with which one press ends messages of this kind (RFC 8058)."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

SALT = "reminders"


def stop_token(person: int) -> str:
    """A word for an address with which this person says no to reminders. It ends nothing else and does not expire."""
    return str(URLSafeSerializer(current_app.secret_key or "", SALT).dumps(person))


def person_of(token: str) -> int | None:
    """Whose token it is; None if it is none of ours."""
    try:
        found = URLSafeSerializer(current_app.secret_key or "", SALT).loads(token)
    except BadData:
        return None
    return found if isinstance(found, int) else None
