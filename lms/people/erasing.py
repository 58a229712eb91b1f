"""Erasing a person: what names somebody is deleted, the facts stay with a pseudonym, so that sums stay true.

The row of the person stays as an empty shell, because memberships of past days hang on it and figures of past days
count them; it holds nothing but a number. Everybody above says what of theirs is to be deleted (`Eraser`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, or_, select, update

from lms import jobs
from lms.clock import now
from lms.people.actions import record, touch
from lms.people.models import MailToken, Person, PersonName, RoleGrant, SecurityEvent, SignInCode, UserSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from sqlalchemy.orm import Session

    # deletes what one part keeps of a person that tells who it is; the names of files in `uploads` that go with it
    Eraser: TypeAlias = Callable[[Session, int], Iterable[str]]

JOB = "delete_files"
OF_THE_PERSON = (PersonName, MailToken, SignInCode)


class HasRole(Exception):
    """Whoever has a role hands it over or gives it back first: nobody else may be left without a coordinator."""


def erase(db: Session, erasers: Iterable[Eraser], person: int, *, by: int) -> None:
    """Erase a person, and the accounts that turned out to be the same person's. Raises `HasRole`.

    The files that the person handed in are deleted by the worker, after this is committed.
    """
    if db.scalar(select(exists().where(RoleGrant.person_id == person, RoleGrant.ended_at.is_(None)))):
        raise HasRole
    erasers, files = tuple(erasers), list[str]()
    rows = db.scalars(select(Person).where(or_(Person.id == person, Person.merged_into_id == person))).all()
    for row in rows:
        for eraser in erasers:
            files.extend(eraser(db, row.id))
        _empty(db, row)
        touch(db, row.id)
    if files:
        jobs.enqueue(db, JOB, {"files": files})
    record(db, "person-erased", by if by != person else None, person)


def _empty(db: Session, row: Person) -> None:
    for table in OF_THE_PERSON:
        db.execute(delete(table).where(table.person_id == row.id))
    db.execute(delete(UserSession).where(UserSession.actor_id == row.id))
    about = update(SecurityEvent).where(SecurityEvent.subject_id == row.id)
    db.execute(about.values(detail={}))
    row.name = row.latin_name = row.folded_name = ""
    row.email = row.phone = row.password_hash = row.category = row.employer = ""
    row.code = row.user_name = row.proved_email = None
    row.reminds, row.closed_at = False, row.closed_at or now()
    db.flush()
