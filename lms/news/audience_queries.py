"""Whom announcements are for, as SQL: of one audience, to count and to list; of any, to find what somebody may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, or_, select

from lms.credentials.models import Certificate
from lms.db import lasting_alias
from lms.news.models import Announcement
from lms.people.models import Membership, Person, RoleGrant, Unit
from lms.people.queries import is_below, is_current

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement

    from lms.news.rules import Audience

# the unit of an announcement, where many announcements are asked at once; made once
Top = lasting_alias(Unit)
_Place, _GrantPlace = lasting_alias(Unit), lasting_alias(Unit)


def people_of(audience: Audience, today: date) -> list[ColumnElement[bool]]:
    """The SQL conditions on `Person` that hold for everybody of one audience. A small unit is read from its members."""
    conditions: list[ColumnElement[bool]] = [Person.closed_at.is_(None)]
    if audience.role:
        conditions.append(_holds(audience.role, audience.path, today))
    elif audience.path:
        conditions.append(Person.id.in_(_members(audience.path, today)))
    if audience.language:
        conditions.append(Person.language == audience.language)
    if audience.course:
        conditions.append(Person.id.in_(_holders(today).where(Certificate.course_id == audience.course)))
    return conditions


def is_for(today: date) -> ColumnElement[bool]:
    """The SQL condition on `Announcement`, its unit `Top` and `Person`: somebody may read it, today.

    The statement joins `Top` from outside, because an announcement may be for no unit in particular.
    """
    everywhere = Announcement.unit_id.is_(None)
    inside = _members(Top.path, today).where(Membership.person_id == Person.id).correlate(Top, Person).exists()
    held = _grants(today, Announcement.role, everywhere, Top.path)
    certified = _holders(today).where(
        Certificate.course_id == Announcement.course_id, Certificate.actor_id == Person.id
    )
    return and_(
        Person.closed_at.is_(None),
        Announcement.withdrawn_at.is_(None),
        Announcement.starts_on <= today,
        or_(Announcement.language == "", Announcement.language == Person.language),
        or_(
            and_(Announcement.role == "", or_(everywhere, inside)),
            and_(Announcement.role != "", held),
        ),
        or_(Announcement.course_id.is_(None), certified.correlate(Announcement, Person).exists()),
    )


def _members(path: Any, today: date) -> Any:
    return (
        select(Membership.person_id)
        .join(_Place, _Place.id == Membership.unit_id)
        .where(is_below(_Place.path, path), is_current(today))
    )


def _holders(today: date) -> Any:
    """Whoever holds a certificate that is valid on a day."""
    return select(Certificate.actor_id).where(
        Certificate.actor_id.is_not(None),
        Certificate.revoked_at.is_(None),
        Certificate.superseded_by.is_(None),
        Certificate.erased_at.is_(None),
        or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today),
    )


def _holds(role: str, path: str, today: date) -> ColumnElement[bool]:
    """Holds a role in a unit or below it; one that holds everywhere counts for members of the unit."""
    grants = select(RoleGrant.person_id).where(RoleGrant.role == role, RoleGrant.ended_at.is_(None))
    if not path:
        return Person.id.in_(grants)
    there = grants.join(_GrantPlace, _GrantPlace.id == RoleGrant.unit_id).where(is_below(_GrantPlace.path, path))
    anywhere = grants.where(RoleGrant.unit_id.is_(None))
    return or_(Person.id.in_(there), and_(Person.id.in_(anywhere), Person.id.in_(_members(path, today))))


def _grants(today: date, role: Any, everywhere: ColumnElement[bool], path: Any) -> ColumnElement[bool]:
    """The same as `_holds`, where role and unit are columns."""
    inside = _members(path, today).where(Membership.person_id == Person.id).correlate(Top, Person).exists()
    grants = (
        select(RoleGrant.id)
        .outerjoin(_GrantPlace, _GrantPlace.id == RoleGrant.unit_id)
        .where(
            RoleGrant.person_id == Person.id,
            RoleGrant.role == role,
            RoleGrant.ended_at.is_(None),
            or_(everywhere, is_below(_GrantPlace.path, path), and_(RoleGrant.unit_id.is_(None), inside)),
        )
    )
    return exists(grants.correlate(Announcement, Top, Person))
