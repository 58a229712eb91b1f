"""Pure decisions about messages of other systems: whether one is genuine, and what it says."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass

WINDOW = 300  # seconds that a message may be on its way, or a clock be wrong
LONGEST_ID = 120


class NotGenuine(ValueError):
    """Whoever sent this does not know the secret, or sent it at another time."""


class NotUnderstood(ValueError):
    """A genuine message that says nothing we can keep; the message tells what is wrong."""


@dataclass(frozen=True, slots=True)
class Message:
    """What another system says: who did what for which course, or (`done` false) did not after all."""

    id: str
    course: str
    action: str
    code: str
    email: str
    done: bool


def signature(secret: str, at: str, body: bytes) -> str:
    """HMAC-SHA256 (RFC 2104), in hexadecimal digits, over the moment, a full stop and the body."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def check(secret: str, at: str, signed: str, body: bytes, *, moment: float) -> None:
    """Refuse what is not signed with the secret, or was signed more than five minutes from `moment` (Unix seconds).

    Raises `NotGenuine`.
    """
    right = signature(secret, at, body)
    if not hmac.compare_digest(right.encode(), signed.strip().lower().encode()):
        raise NotGenuine("signature")
    if not (at.isascii() and at.isdecimal() and len(at) <= 12 and abs(moment - int(at)) <= WINDOW):
        raise NotGenuine("time")


def read(body: bytes) -> Message:
    """What a body says. Raises `NotUnderstood`, with a sentence for whoever writes the other system."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood("The body is not JSON.") from error
    person = given.get("person") if isinstance(given, dict) else None
    if not isinstance(person, dict):
        raise NotUnderstood('The body must be an object with "id", "person", "course" and "action".')
    texts = {name: _text(given, name) for name in ("id", "course", "action")}
    code, email = (_text(person, name, needed=False) for name in ("code", "email"))
    if bool(code) == bool(email):
        raise NotUnderstood('"person" must have either "code" or "email".')
    done = given.get("done", True)
    if not isinstance(done, bool):
        raise NotUnderstood('"done" must be true or false.')
    return Message(code=code, email=email, done=done, **texts)


def _text(given: dict[str, object], name: str, *, needed: bool = True) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST_ID or not value.isprintable():
        raise NotUnderstood(f'"{name}" must be a text of at most {LONGEST_ID} characters.')
    if needed and not value.strip():
        raise NotUnderstood(f'"{name}" is missing.')
    return value.strip()
