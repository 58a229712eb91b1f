"""Correcting the name of somebody who cannot do it: an account that was made for them and that they never opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, select

from lms.clock import now
from lms.folding import fold
from lms.people.actions import LONGEST_FOLDED, record
from lms.people.models import Person, PersonName, SignInCode, UserSession

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class HasSignedIn(Exception):
    """The person has opened the account: the name is theirs to correct."""


def never_signed_in() -> ColumnElement[bool]:
    """The SQL condition on `Person` that holds while nobody has ever opened the account or chosen a way to do so."""
    return and_(
        Person.password_hash == "",
        Person.proved_email.is_(None),
        ~exists(select(UserSession.id).where(UserSession.actor_id == Person.id).correlate(Person)),
        ~exists(
            select(SignInCode.id)
            .where(SignInCode.person_id == Person.id, SignInCode.used_at.is_not(None))
            .correlate(Person)
        ),
    )


def correct_name(db: Session, person: int, *, name: str, latin_name: str, by: int) -> bool:
    """Correct a name and keep the one before; False if nothing changed. Raises `HasSignedIn`."""
    known = db.scalar(select(Person).where(Person.id == person, never_signed_in()))
    if known is None:
        raise HasSignedIn
    new, latin = " ".join(name.split()), " ".join(latin_name.split())
    if (known.name, known.latin_name) == (new, latin):
        return False
    db.add(PersonName(person_id=person, name=known.name, latin_name=known.latin_name, until=now(), changed_by=by))
    known.name, known.latin_name, known.folded_name = new, latin, fold(f"{new} {latin}")[:LONGEST_FOLDED]
    record(db, "name-corrected", by, person)
    return True
