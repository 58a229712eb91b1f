"""Codes on slips of paper: made by a coordinator, used once."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lms.clock import now
from lms.db import insert_once
from lms.people.actions import NameTaken, record
from lms.people.models import Person, SignInCode
from lms.people.short_codes import new_code, read_code
from lms.people.slip_queries import is_shown, may_use_slips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

LASTS = timedelta(days=30)


class CodeSpent(Exception):
    """A code was used before, is too old, or was never ours."""


class AlreadyShown(Exception):
    """The codes of this batch were made and shown before; nobody can show them again."""


def make_codes(db: Session, people: Sequence[int], *, by: int, batch: str, secret: str) -> dict[int, str]:
    """A new code for each of these people who may use one; earlier codes of theirs end. Raises `AlreadyShown`.

    `batch` is made by the client, so that a page loaded again makes nothing. Only a keyed hash of each code is kept:
    whoever reads the database alone cannot try codes against it.
    """
    if is_shown(db, batch):
        raise AlreadyShown(batch)
    moment, codes = now(), {}
    allowed = db.scalars(select(Person.id).where(Person.id.in_(people), may_use_slips()).order_by(Person.id)).all()
    spent = update(SignInCode).where(SignInCode.person_id.in_(allowed), SignInCode.used_at.is_(None))
    db.execute(spent.where(SignInCode.expires_at > moment).values(expires_at=moment))
    for person in allowed:
        code = new_code()
        fact = {"code_hash": _hashed(code, secret), "person_id": person, "made_by": by, "batch": batch}
        if not insert_once(db, SignInCode, {**fact, "created_at": moment, "expires_at": moment + LASTS}):
            raise AlreadyShown(batch)  # somebody sent the same page a moment earlier
        record(db, "sign-in-code-made", by, person)
        codes[person] = code
    return codes


def use_code(db: Session, typed: str, *, secret: str) -> Person:
    """Spend a code: its person. Raises `CodeSpent`, the same for every reason."""
    moment, code = now(), read_code(typed)
    spent = db.execute(
        update(SignInCode)
        .where(SignInCode.code_hash == _hashed(code, secret), SignInCode.used_at.is_(None))
        .where(SignInCode.expires_at > moment)
        .values(used_at=moment)
        .returning(SignInCode.person_id)
    ).one_or_none()
    # asked again: a role or a proved address may have come since the slip was printed
    person = db.scalar(select(Person).where(Person.id == spent.person_id, may_use_slips())) if code and spent else None
    if person is None:
        raise CodeSpent
    record(db, "sign-in-code-used", person.id, person.id)
    return person


def choose_user_name(db: Session, person: Person, user_name: str) -> None:
    """Give somebody without one a user name. Raises `NameTaken`."""
    try:
        with db.begin_nested():
            person.user_name = user_name.strip().casefold()
    except IntegrityError as error:
        raise NameTaken(user_name) from error


def _hashed(code: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"slip/{code}".encode(), hashlib.sha256).hexdigest()
