"""Who may sign in with a code on a slip of paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, select

from lms.people.models import Person, RoleGrant, SignInCode

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def may_use_slips() -> ColumnElement[bool]:
    """The SQL condition on `Person` that holds for open accounts without a role and without a proved address.

    Whoever can receive a link needs no paper, and a code that a coordinator has seen must open nothing but a learner's
    account.
    """
    has_role = exists(
        select(RoleGrant.id).where(RoleGrant.person_id == Person.id, RoleGrant.ended_at.is_(None)).correlate(Person)
    )
    return and_(Person.closed_at.is_(None), Person.proved_email.is_(None), ~has_role)


def is_shown(db: Session, batch: str) -> bool:
    """Whether the codes of a batch were made, and so shown, before."""
    return db.scalar(select(SignInCode.id).where(SignInCode.batch == batch).limit(1)) is not None
