"""Who is stuck at a quiz of a course: attempts used up, or one still open; and what was given to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import Select, Subquery, and_, case, func, null, or_, select, tuple_

from lms.folding import fold
from lms.learning.models import Enrolment
from lms.people.models import Person
from lms.quiz.models import Allowance, Attempt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse

PAGE = 50
People: TypeAlias = "Select[int, str, str | None, str]"


@dataclass(frozen=True, slots=True)
class Standing:
    """One person at one quiz. `allowed` is None where attempts are unlimited."""

    quiz: str
    handed_in: int
    allowed: int | None
    is_open: bool
    is_passed: bool

    @property
    def is_used_up(self) -> bool:
        """Whether no attempt is left, and one would be needed."""
        return not self.is_passed and self.allowed is not None and self.handed_in >= self.allowed


@dataclass(frozen=True, slots=True)
class Stuck:
    """Somebody in a course, and how they stand at its quizzes."""

    id: int
    name: str
    login: str
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class AllowancesPage:
    """The people found. `next` is the id after which the next page begins."""

    words: str
    people: tuple[Stuck, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody was given before, by whom, why."""

    quiz: str
    attempts: int
    minutes: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AllowancePage:
    """One person, and everything given to them in this course, newest first."""

    person: Stuck
    given: tuple[Given, ...]


def allowances_page(db: Session, course: CompiledCourse, words: str, after: int) -> AllowancesPage:
    """Whoever waits at a quiz of the course; with words, anybody in the course who has this name or login."""
    found = select(Person.id, Person.name, Person.user_name, Person.email).where(Person.closed_at.is_(None))
    found = found.where(Person.id.in_(select(Enrolment.actor_id).where(Enrolment.course_id == course.id)))
    if words:
        found = _named(found, words)
    else:
        standings = _standings(course)
        found = found.where(Person.id.in_(select(standings.c.actor_id).where(_is_waiting(standings))))
    place = db.execute(select(Person.folded_name, Person.id).where(Person.id == after)).one_or_none()
    if place is not None:
        found = found.where(tuple_(Person.folded_name, Person.id) > tuple_(*place))
    rows = db.execute(found.order_by(Person.folded_name, Person.id).limit(PAGE + 1)).all()
    people = _with_standings(db, course, [(row[0], row[1], row[2] or row[3]) for row in rows[:PAGE]])
    return AllowancesPage(words, people, people[-1].id if len(rows) > PAGE else None)


def _named(found: People, words: str) -> People:
    plain = words.casefold().strip()
    by_name = and_(*(Person.folded_name.contains(term, autoescape=True) for term in fold(words).split()))
    return found.where(or_(by_name, Person.user_name == plain, Person.email == plain))


def _standings(course: CompiledCourse) -> Subquery:
    """For each person and quiz of a course: attempts handed in and open, passed or not, and how many are allowed."""
    extra = (
        select(Allowance.actor_id, Allowance.quiz_id, func.sum(Allowance.attempts).label("attempts"))
        .where(Allowance.course_id == course.id)
        .group_by(Allowance.actor_id, Allowance.quiz_id)
        .subquery()
    )
    limits = {quiz.id: quiz.settings.attempts for quiz in course.quizzes.values() if quiz.settings.attempts is not None}
    limit = case(limits, value=Attempt.quiz_id) if limits else null()
    return (
        select(
            Attempt.actor_id,
            Attempt.quiz_id,
            func.count(Attempt.submitted_at).label("handed_in"),
            (func.count() - func.count(Attempt.submitted_at)).label("open"),
            func.max(case((Attempt.passed.is_(True), 1), else_=0)).label("passed"),
            (limit + func.coalesce(func.max(extra.c.attempts), 0)).label("allowed"),
        )
        .outerjoin(extra, and_(extra.c.actor_id == Attempt.actor_id, extra.c.quiz_id == Attempt.quiz_id))
        .where(Attempt.course_id == course.id, Attempt.quiz_id.in_(list(course.quizzes)))
        .group_by(Attempt.actor_id, Attempt.quiz_id)
        .subquery()
    )


def _is_waiting(standings: Subquery):  # type: ignore[no-untyped-def]  # noqa: ANN202 - an SQL condition
    row = standings.c
    return or_(row.open > 0, and_(row.passed == 0, row.handed_in >= row.allowed))


def _with_standings(db: Session, course: CompiledCourse, people: Sequence[tuple[int, str, str]]) -> tuple[Stuck, ...]:
    standings = _standings(course)
    rows = db.execute(
        select(standings)
        .where(standings.c.actor_id.in_([person[0] for person in people]))
        .order_by(standings.c.quiz_id)
    ).all()
    of: dict[int, tuple[Standing, ...]] = {}
    for row in rows:
        standing = Standing(row.quiz_id, row.handed_in, row.allowed, row.open > 0, bool(row.passed))
        of[row.actor_id] = (*of.get(row.actor_id, ()), standing)
    return tuple(Stuck(*person, of.get(person[0], ())) for person in people)


def allowance_page(db: Session, course: CompiledCourse, person_id: int) -> AllowancePage | None:
    """Somebody who is enrolled in the course; None for anybody else."""
    row = db.execute(
        select(Person.id, Person.name, Person.user_name, Person.email)
        .join(Enrolment, and_(Enrolment.actor_id == Person.id, Enrolment.course_id == course.id))
        .where(Person.id == person_id, Person.closed_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    person = _with_standings(db, course, [(row[0], row[1], row[2] or row[3])])[0]
    given = db.execute(
        select(Allowance, Person.name)
        .outerjoin(Person, Person.id == Allowance.given_by)
        .where(Allowance.actor_id == person_id, Allowance.course_id == course.id)
        .order_by(Allowance.id.desc())
        .limit(PAGE)
    ).all()
    return AllowancePage(
        person, tuple(Given(a.quiz_id, a.attempts, a.minutes, a.reason, by or "", a.given_at) for a, by in given)
    )
