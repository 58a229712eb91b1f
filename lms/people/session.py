"""Who is here: Flask-Login on a revocable session row, for people and for guests."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, request, session
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user

from lms.clock import now
from lms.people import queries
from lms.people.models import Actor, UserSession
from lms.people.rules import Grant, Right, rights_of
from lms.web.transaction import read_connection, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LASTS = timedelta(days=30)
LASTS_SHARED = timedelta(hours=2)
GUEST = "guest"


def digest(token: str) -> str:
    """What is kept of a token: tokens are long and random, so a plain hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(eq=False)
class SignedIn(UserMixin):  # type: ignore[misc]
    """The person of this request, with everything that pages need to know of them."""

    token: str
    session_id: int
    actor: int
    name: str
    language: str
    rights: frozenset[Right] = rights_of((), signed_in=True)

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's token, never the person."""
        return self.token


class Visitor(AnonymousUserMixin):  # type: ignore[misc]
    """Nobody in particular; perhaps a guest who has answered something."""

    name = ""
    rights = rights_of((), signed_in=False)


class Sessions(LoginManager):  # type: ignore[misc]
    """Flask-Login without what our session rows make needless, and what would be asked for at every request."""

    def init_app(self, app: Flask, *_words: bool) -> None:
        """Join it to an app, without its cookie that remembers: a session lasts as its row says."""
        app.login_manager = self  # type: ignore[attr-defined]

    def _session_protection_failed(self) -> bool:
        """Phones change networks, so nothing is made of the address; the session row can be ended instead."""
        return False


def init_sessions(app: Flask) -> None:
    """Join Flask-Login to the session table."""
    manager = Sessions(app)
    manager.anonymous_user = Visitor
    manager.user_loader(_load)
    app.config.update(PERMANENT_SESSION_LIFETIME=LASTS)
    app.jinja_env.globals.update(Right=Right)


def _load(token: str) -> SignedIn | None:
    found = queries.signed_in(read_connection(), digest(token), now())
    if found is None:
        return None
    return SignedIn(token, found.session_id, found.actor, found.name, found.language, _rights(found.grants))


@lru_cache(maxsize=256)
def _rights(grants: frozenset[Grant]) -> frozenset[Right]:
    """Few people have grants, and few of these differ."""
    return rights_of(grants, signed_in=True)


def open_session(db: Session, actor: int, *, is_shared: bool = False) -> str:
    """A new session row for an actor; its token, which only the browser keeps."""
    token, moment = secrets.token_urlsafe(32), now()
    db.add(
        UserSession(
            token_hash=digest(token),
            actor_id=actor,
            created_at=moment,
            seen_at=moment,
            expires_at=moment + (LASTS_SHARED if is_shared else LASTS),
            is_shared=is_shared,
            device=_device(),
        )
    )
    return token


def _device() -> str:
    agent: Any = request.user_agent.string if request else ""
    for name in ("Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari"):
        if name in agent:
            system = next((s for s in ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux") if s in agent), "")
            return f"{name.replace('Edg', 'Edge')} · {system}".strip(" ·")
    return ""


def guest_actor() -> int | None:
    """The actor of a guest who has done something in this browser before."""
    if "guest_actor" not in g:
        token = session.get(GUEST)
        g.guest_actor = queries.guest(reading(), digest(token), now()) if token else None
    return g.guest_actor  # type: ignore[no-any-return]


def has_session() -> bool:
    """Whether the browser sent a session at all, right or wrong. Who sent none is nobody, and nobody need ask who."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def acting() -> int | None:
    """The actor of this request: the person's, else the guest's, else None."""
    return current_user.actor if current_user.is_authenticated else guest_actor()


def acting_to_write() -> int:
    """The actor of this request; a visitor becomes a guest, so that what is answered now can be kept."""
    actor = acting()
    if actor is not None:
        return actor
    db = writing()
    guest = Actor(created_at=now())
    db.add(guest)
    db.flush()
    session[GUEST] = open_session(db, guest.id)
    g.guest_actor = guest.id
    return guest.id
