"""Reads of progress: one page, one function, one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, func, or_, select

from lms.among import among, among_given
from lms.content import queries as content
from lms.credentials.facts import PRIOR_LEARNING
from lms.credentials.models import Certificate
from lms.learning import rules
from lms.learning.models import Enrolment, LessonRead, MistakeReport, PracticeAnswer, RequirementFact
from lms.quiz import queries as quizzes
from lms.quiz.models import Attempt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse, CompiledLesson

_read, _practice, _attempt = LessonRead.__table__.c, PracticeAnswer.__table__.c, Attempt.__table__.c
# asked by every lesson that is read: built once
HAVE_PASSED = (
    select(_attempt.actor_id)
    .where(
        among_given(_attempt.actor_id),
        _attempt.course_id == bindparam("course"),
        _attempt.quiz_id == bindparam("quiz"),
        _attempt.passed.is_(True),
    )
    .distinct()
)
HAVE_READ = select(_read.actor_id, _read.lesson_id).where(
    among_given(_read.actor_id), _read.course_id == bindparam("course")
)
# asked by every lesson page: built once, and read without the ORM's loading
READ_LESSONS = select(_read.lesson_id).where(
    _read.actor_id == bindparam("actor"), _read.course_id == bindparam("course")
)
PRACTISED = (
    select(_practice.question_key, _practice.response, _practice.score, _practice.at)
    .where(
        _practice.actor_id == bindparam("actor"),
        _practice.course_id == bindparam("course"),
        _practice.question_key.in_(bindparam("keys", expanding=True)),
    )
    .order_by(_practice.at, _practice.id)
)


@dataclass(frozen=True, slots=True)
class Practised:
    """The last answer somebody gave to a practice question."""

    response: Any
    score: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CourseStanding:
    """One person's standing in one course."""

    course: CompiledCourse
    version: int
    enrolment: Enrolment | None
    facts: rules.Facts
    progress: rules.Progress
    next: CompiledLesson | None


def enrolment(db: Session, actor: int, course: str) -> Enrolment | None:
    """Somebody's enrolment in a course."""
    return db.scalar(select(Enrolment).where(Enrolment.actor_id == actor, Enrolment.course_id == course))


def has_done_something(db: Session, begun: Enrolment) -> bool:
    """Whether there is any trace of somebody in a course besides the enrolment."""
    if begun.last_lesson or begun.completed_at is not None:
        return True
    tables = (LessonRead, PracticeAnswer, RequirementFact)
    traces = (exists().where(each.actor_id == begun.actor_id, each.course_id == begun.course_id) for each in tables)
    return bool(db.scalar(select(or_(*traces)))) or bool(quizzes.attempts(db, begun.actor_id, begun.course_id))


def enrolments(db: Session, actor: int) -> Sequence[Enrolment]:
    """All enrolments of somebody, the one last used first."""
    return db.scalars(select(Enrolment).where(Enrolment.actor_id == actor).order_by(Enrolment.last_at.desc())).all()


def read_lessons(db: Session, actor: int, course: str) -> frozenset[str]:
    """The ids of the lessons that somebody has read."""
    return frozenset(db.connection().execute(READ_LESSONS, {"actor": actor, "course": course}).scalars())


def practised(db: Session, actor: int, course: str, lesson: CompiledLesson) -> dict[str, Practised]:
    """Somebody's last answer to each practice question of a lesson, also under the names that the lesson had before."""
    if not lesson.questions:
        return {}
    asked = rules.earlier_keys(lesson)
    rows = db.connection().execute(PRACTISED, {"actor": actor, "course": course, "keys": list(asked)})
    return {asked[row[0]]: Practised(row[1], row[2], row[3]) for row in rows}


def facts(db: Session, actor: int, course: CompiledCourse) -> rules.Facts:
    """What is known of somebody in a course."""
    return facts_of(db, (actor,), course)[actor]


def facts_of(db: Session, actors: Sequence[int], course: CompiledCourse) -> dict[int, rules.Facts]:
    """What is known of each of these people in a course."""
    if not actors:
        return {}
    asked = course.complete
    passed = _grouped(quizzes.passed(db, actors, course.id))
    read = _grouped(db.connection().execute(HAVE_READ, {"given": actors, "course": course.id}))
    is_noted = asked.attendance or asked.actions or asked.cascade
    noted = _grouped(_requirement_facts(db, actors, course) if is_noted else ())
    done = _grouped(_completed(db, actors) if course.courses or course.requires else ())
    return {
        actor: rules.Facts(
            read=frozenset(lesson for (lesson,) in read.get(actor, ())),
            passed=frozenset(quiz for quiz, _version in passed.get(actor, ())),
            exam_version_lessons=_first_exam_lessons(db, course, passed.get(actor, ())),
            facts={(kind, ref): value for kind, ref, value in noted.get(actor, ())},
            completed_courses=frozenset(name for (name,) in done.get(actor, ())),
        )
        for actor in actors
    }


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """Rows that begin with an actor, without it, by actor and in their order."""
    found: dict[int, list[Any]] = {}
    for actor, *rest in rows:
        found.setdefault(actor, []).append(rest)
    return found


def may_be_complete(db: Connection, actors: Sequence[int], course: CompiledCourse) -> Sequence[int]:
    """For whom it is worth asking for all facts: without the exam passed, a course that wants it is not complete."""
    if not rules.needs_exam(course) or not actors:
        return actors
    passed = set(db.execute(HAVE_PASSED, {"given": actors, "course": course.id, "quiz": course.exam}).scalars())
    return [actor for actor in actors if actor in passed]


def not_enrolled(db: Session, actors: Sequence[int], course: str) -> list[int]:
    """Who of these people is not in a course."""
    begun = select(Enrolment.actor_id).where(among(Enrolment.actor_id, actors), Enrolment.course_id == course)
    known = set(db.scalars(begun))
    return [actor for actor in actors if actor not in known]


def _requirement_facts(db: Session, actors: Sequence[int], course: CompiledCourse) -> Iterable[Any]:
    known = RequirementFact.__table__.c
    return db.connection().execute(
        select(known.actor_id, known.kind, known.ref, known.value).where(
            among(known.actor_id, actors), known.course_id == course.id
        )
    )


def _first_exam_lessons(db: Session, course: CompiledCourse, passed: Sequence[Any]) -> frozenset[str] | None:
    """The lessons of the version in which the exam was first passed; None if it was not."""
    exam = next((version for quiz, version in passed if quiz == course.exam), None)
    return _lessons_of(db, exam) if exam is not None else None


def _lessons_of(db: Session, version: int) -> frozenset[str]:
    return frozenset(lesson.id for lesson in content.version(db, version).lessons)


def completed_courses(db: Session, actor: int) -> frozenset[str]:
    """The ids of the courses that somebody has completed, or had recognised."""
    return frozenset(name for _actor, name in _completed(db, (actor,)))


def _completed(db: Session, actors: Sequence[int]) -> Iterable[Any]:
    """Who has completed which course, or had it recognised on evidence of earlier learning."""
    done, held = Enrolment.__table__.c, Certificate.__table__.c
    chosen = select(done.actor_id, done.course_id).where(among(done.actor_id, actors), done.completed_at.is_not(None))
    recognised = select(held.actor_id, held.course_id).where(
        among(held.actor_id, actors), held.basis == PRIOR_LEARNING, held.revoked_at.is_(None)
    )
    return db.connection().execute(chosen.union_all(recognised))


def standing(db: Session, actor: int | None, current: content.Current, language: str) -> CourseStanding:
    """How somebody stands in a course; a visitor stands at its beginning."""
    course = current.course
    known = facts(db, actor, course) if actor is not None else rules.Facts()
    enrolled = enrolment(db, actor, course.id) if actor is not None else None
    return CourseStanding(
        course,
        current.version,
        enrolled,
        known,
        rules.progress(course, known, language),
        rules.next_lesson(course, known.read, enrolled.last_lesson if enrolled else ""),
    )


def open_reports(db: Session) -> Sequence[MistakeReport]:
    """Mistakes that readers reported and nobody has settled, oldest first."""
    return db.scalars(
        select(MistakeReport).where(MistakeReport.settled_at.is_(None)).order_by(MistakeReport.at).limit(200)
    ).all()


def count_learners(db: Session) -> dict[str, tuple[int, int]]:
    """For each course: how many are enrolled, how many have completed."""
    rows = db.execute(
        select(Enrolment.course_id, func.count(), func.count(Enrolment.completed_at)).group_by(Enrolment.course_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}
