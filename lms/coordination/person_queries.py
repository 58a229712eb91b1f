"""The page of one person, as far as the reader may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from lms.coordination.missing_queries import is_visible
from lms.coordination.people_line_queries import described
from lms.coordination.person_pages import Belonging, FormerName, Freed, Given, Held, Known, PersonPage, Tries
from lms.credentials import rules as credentials
from lms.credentials.models import Certificate
from lms.learning.assignment_queries import assigned
from lms.learning.models import Exemption
from lms.people.latin import in_latin_letters
from lms.people.models import Membership, Person, PersonName, Unit
from lms.people.names import never_signed_in
from lms.people.queries import is_current, visible_units
from lms.people.rules import Right
from lms.quiz.models import Allowance, Attempt

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.coordination.pages import Desk


def person(db: Session, desk: Desk, person_id: int) -> PersonPage | None:
    """A person in scope: where they stand, their tries, what they hold, where they belong. None for anybody else."""
    if not is_visible(db, desk.coordinator, person_id, desk.today):
        return None
    found = db.execute(select(Person, never_signed_in().label("is_unopened")).where(Person.id == person_id)).one()
    somebody: Person = found[0]
    return PersonPage(
        row=described(db, desk, [somebody])[0],
        known=Known(
            code=somebody.code or "",
            email=somebody.email,
            phone=somebody.phone,
            employer=somebody.employer,
            category=somebody.category,
            has_signed_in=not found.is_unopened,
            computed_latin="" if somebody.latin_name else in_latin_letters(somebody.name, somebody.language),
        ),
        may_act=is_visible(db, desk.coordinator, person_id, desk.today, Right.COORDINATE),
        deadlines={course: given.due_on for course, given in assigned(db, person_id, desk.today).items()},
        tries=_tries(db, person_id),
        given=_given(db, person_id),
        certificates=_held(db, desk.today, person_id),
        belongings=_belongings(db, desk, person_id),
        former_names=_former_names(db, person_id),
        exemptions=_exemptions(db, person_id),
    )


def _tries(db: Session, actor: int) -> dict[tuple[str, str], Tries]:
    rows = db.execute(
        select(
            Attempt.course_id,
            Attempt.quiz_id,
            func.count(),
            func.count(case((Attempt.submitted_at.is_(None), 1))),
            func.count(case((Attempt.passed.is_(True), 1))),
        )
        .where(Attempt.actor_id == actor)
        .group_by(Attempt.course_id, Attempt.quiz_id)
    )
    return {(row[0], row[1]): Tries(row[2], row[3] > 0, row[4] > 0) for row in rows}


def _given(db: Session, actor: int) -> list[Given]:
    rows = db.execute(
        select(Allowance, Person.name)
        .outerjoin(Person, Person.id == Allowance.given_by)
        .where(Allowance.actor_id == actor)
        .order_by(Allowance.id.desc())
    )
    return [
        Given(row.course_id, row.quiz_id, row.attempts, row.minutes, row.reason, name or "", row.given_at)
        for row, name in rows
    ]


def _held(db: Session, today: date, actor: int) -> list[Held]:
    rows = db.scalars(select(Certificate).where(Certificate.actor_id == actor).order_by(Certificate.id.desc()))
    return [
        Held(
            row.code,
            row.facts["title"],
            row.issued_at,
            row.valid_until,
            credentials.state(
                valid_until=row.valid_until,
                is_revoked=row.revoked_at is not None,
                is_superseded=row.superseded_by is not None,
                today=today,
            ),
        )
        for row in rows
    ]


def _belongings(db: Session, desk: Desk, person_id: int) -> list[Belonging]:
    """The units in scope to which somebody belongs or belonged, the latest first; what lies elsewhere stays there."""
    rows = db.execute(
        select(Unit.code, Unit.name, Membership.since, Membership.until, is_current(desk.today).label("is_now"))
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id == person_id, visible_units(desk.coordinator, Right.SEE_PEOPLE))
        .order_by(Membership.since.desc(), Membership.id.desc())
    )
    return [Belonging(row.code, row.name, row.since, row.until, bool(row.is_now)) for row in rows]


def _former_names(db: Session, person_id: int) -> list[FormerName]:
    rows = db.execute(
        select(PersonName.name, PersonName.latin_name, PersonName.until, Person.name.label("by"))
        .outerjoin(Person, Person.id == PersonName.changed_by)
        .where(PersonName.person_id == person_id)
        .order_by(PersonName.id.desc())
    )
    return [FormerName(row.name, row.latin_name, row.until, row.by or "") for row in rows]


def _exemptions(db: Session, person_id: int) -> list[Freed]:
    rows = db.execute(
        select(Exemption, Person.name)
        .outerjoin(Person, Person.id == Exemption.approved_by)
        .where(Exemption.person_id == person_id)
        .order_by(Exemption.id.desc())
    )
    return [Freed(row.id, row.course_id, row.reason, name or "", row.approved_at, row.ended_at) for row, name in rows]
