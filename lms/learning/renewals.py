"""Certificates renewed by a fresh exam: one for each that ended or ends soon, in the transaction of the last fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.clock import now
from lms.content import queries as content
from lms.credentials import actions as issuing
from lms.credentials import queries as credentials
from lms.learning.earning import earned
from lms.people import queries as people
from lms.quiz import queries as quizzes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse
    from lms.credentials.models import Certificate
    from lms.quiz.models import Attempt


def settle_renewals(db: Session, actors: Sequence[int], current: content.Current) -> None:
    """Renew what these people have passed a fresh exam for in a course. Repeated, nothing happens."""
    db.flush()
    for attempt in quizzes.renewals_passed(db, actors, current.course.id):
        old = credentials.standing_for(db, attempt.renews or 0)
        if old is not None and old.course_id == current.course.id and old.actor_id == attempt.actor_id:
            _renew(db, old, current, attempt)
        for programme in content.catalogue(db):
            if current.course.id in programme.course.courses:
                _renew_programme(db, attempt.actor_id, programme)


def _renew_programme(db: Session, actor: int, programme: content.Current) -> None:
    old = credentials.renewable(db, actor, programme.course.id, now().date())
    if old is not None and not parts_left(db, old, programme.course):
        _renew(db, old, programme, None)


def parts_left(db: Session, old: Certificate, programme: CompiledCourse) -> list[str]:
    """The courses of a programme whose exam has still to be passed afresh, to renew its certificate."""
    actor, renews = old.actor_id or 0, set(credentials.before_corrections(db, old))
    return [
        part.id
        for part in parts_with_exam(db, programme)
        if not credentials.is_renewed_since(db, actor, part.id, old.issued_at)
        and not any(each.renews in renews for each in quizzes.renewals_passed(db, (actor,), part.id))
    ]


def parts_with_exam(db: Session, programme: CompiledCourse) -> list[CompiledCourse]:
    """The courses of a programme that can be tested out of."""
    parts = (content.current(db, name) for name in programme.courses)
    return [part.course for part in parts if part is not None and part.course.exam in part.course.quizzes]


def _renew(db: Session, old: Certificate, current: content.Current, attempt: Attempt | None) -> None:
    person = people.person(db, old.actor_id or 0)
    if person is None or current.course.certificate is None:
        return
    exam = quizzes.as_pass(attempt) if attempt is not None else None
    key = credentials.renewal_key(old.id)
    issuing.renew(db, old, earned(db, person, current, basis="renewal", key=key, exam=exam))
