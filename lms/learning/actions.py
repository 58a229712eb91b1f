"""What a trainee does in a course. Each fact asks, in its own transaction, whether the course is complete now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update

from lms import events
from lms.among import among
from lms.clock import now
from lms.content import queries as content
from lms.credentials import actions as credentials
from lms.db import insert_once
from lms.learning import queries, rereading, rules
from lms.learning.earning import earned_by_many
from lms.learning.models import Enrolment, LessonRead, MistakeReport, PracticeAnswer, RequirementFact
from lms.learning.renewals import settle_renewals
from lms.people import queries as people
from lms.people.actions import touch
from lms.people.touching import touch_each
from lms.quiz import actions as quiz
from lms.quiz import queries as quizzes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Session

    from lms.plugins import QuestionType
    from lms.quiz.models import Attempt

MOST_REPORT = 4000
_enrolment = Enrolment.__table__.c
BE_AT = (
    update(Enrolment)
    .where(_enrolment.actor_id == bindparam("actor"), _enrolment.course_id == bindparam("course"))
    .values(last_lesson=bindparam("lesson"), last_at=bindparam("moment", type_=_enrolment.last_at.type))
    .returning(_enrolment.id)
)
BY_FACT = "fact"  # how somebody came into a course who was only noted there by a desk


def enrol(db: Session, actor: int, course: str, *, source: str = "self") -> Enrolment:
    """Join a course. Joining twice is one enrolment."""
    known = queries.enrolment(db, actor, course)
    if known is not None:
        return known
    moment = now()
    fact = {"actor_id": actor, "course_id": course, "source": source, "enrolled_at": moment, "last_at": moment}
    if insert_once(db, Enrolment, {**fact, "last_lesson": ""}):
        touch(db, actor)
    return db.scalars(select(Enrolment).where(Enrolment.actor_id == actor, Enrolment.course_id == course)).one()


def be_at(db: Session, actor: int, course: str, lesson: str) -> None:
    """Remember where somebody is, so that another device can go on there."""
    place = {"actor": actor, "course": course, "lesson": lesson, "moment": now()}
    if db.connection().execute(BE_AT, place).one_or_none() is None:
        enrol(db, actor, course)
        db.connection().execute(BE_AT, place)


def read_lesson(db: Session, actor: int, current: content.Current, lesson: str) -> bool:
    """Note that a lesson was read to its end; whether that was asked for once more, by a renewal that did not pass.

    Otherwise reading twice is one fact.
    """
    course = current.course.id
    be_at(db, actor, course, lesson)
    if insert_once(db, LessonRead, {"actor_id": actor, "course_id": course, "lesson_id": lesson, "at": now()}):
        judge(db, actor, current)
    if not quizzes.has_failed_renewal(db, actor, course):
        return False
    rereading.note(db, actor, course, lesson)
    return True


class MoreToDo(Exception):
    """More hangs on a fact than one row; nothing was written."""


def only_note_read(db: Connection, actor: int, current: content.Current, lesson: str) -> None:
    """Note that a lesson was read, where nothing else comes of it. Raises `MoreToDo` if `read_lesson` is needed."""
    course = current.course.id
    moment = now()
    if db.execute(BE_AT, {"actor": actor, "course": course, "lesson": lesson, "moment": moment}).first() is None:
        raise MoreToDo
    is_new = insert_once(db, LessonRead, {"actor_id": actor, "course_id": course, "lesson_id": lesson, "at": moment})
    if is_new and queries.may_be_complete(db, (actor,), current.course):
        raise MoreToDo
    if quizzes.has_failed_renewal(db, actor, course):
        raise MoreToDo


def answer_practice(
    db: Session, actor: int, current: content.Current, key: str, response: Any, score: float | None, *, answer_id: str
) -> None:
    """Keep an answer to a practice question. Sending the same `answer_id` again changes nothing."""
    enrol(db, actor, current.course.id)
    fact = {"id": answer_id, "actor_id": actor, "course_id": current.course.id, "version_id": current.version}
    insert_once(db, PracticeAnswer, {**fact, "question_key": key, "response": response, "score": score, "at": now()})


def submit_quiz(db: Session, attempt: Attempt, types: Mapping[str, QuestionType], *, by: str = "person") -> Attempt:
    """Hand in an attempt; if that was the last fact missing, the course is complete and the certificate issued."""
    quiz.lock_actor(db, attempt.actor_id)
    taken = content.version(db, attempt.version_id)
    done = quiz.record_attempt(db, attempt, taken, types, by=by)
    touch(db, attempt.actor_id)
    current = content.current(db, attempt.course_id)
    if done.passed and current is not None:
        enrol(db, attempt.actor_id, attempt.course_id)
        judge(db, attempt.actor_id, current)
        if done.renews is not None:
            settle_renewals(db, (attempt.actor_id,), current)
    return done


def record_fact(
    db: Session, actor: int, current: content.Current, kind: str, ref: str, value: float, source: str
) -> None:
    """Note what a desk above knows (attendance, an outside action), and judge completion again."""
    note_fact(db, actor, current.course.id, kind, ref, value, source)
    judge(db, actor, current)


def note_fact(db: Session, actor: int, course: str, kind: str, ref: str, value: float, source: str) -> None:
    """The same for a course that is not on offer now, which nobody can complete."""
    known = db.scalar(select(RequirementFact).where(*_is_fact(actor, course, kind, ref)))
    if known is None:
        known = RequirementFact(actor_id=actor, course_id=course, kind=kind, ref=ref)
        db.add(known)
    known.value, known.source, known.at = value, source, now()


def end_fact(db: Session, actor: int, course: str, kind: str, ref: str) -> None:
    """Take back what a desk above knew; what is complete already stays complete.

    Who had begun the course by this fact alone has not begun it any more.
    """
    db.execute(delete(RequirementFact).where(*_is_fact(actor, course, kind, ref)))
    begun = queries.enrolment(db, actor, course)
    if begun is not None and begun.source == BY_FACT and not queries.has_done_something(db, begun):
        db.delete(begun)
        db.flush()
        touch(db, actor)


def _is_fact(actor: int, course: str, kind: str, ref: str) -> tuple[ColumnElement[bool], ...]:
    return (
        RequirementFact.actor_id == actor,
        RequirementFact.course_id == course,
        RequirementFact.kind == kind,
        RequirementFact.ref == ref,
    )


def judge(db: Session, actor: int, current: content.Current) -> None:
    """Complete a course, once, if every rule is met now; then whatever waited for it: programmes, later courses."""
    judge_many(db, (actor,), current)


def judge_many(db: Session, actors: Sequence[int], current: content.Current) -> None:
    """The same for many people: what is the same for all of them is read once."""
    db.flush()
    course = current.course
    candidates = queries.may_be_complete(db.connection(), actors, course)
    known = queries.facts_of(db, candidates, course)
    ready = [actor for actor in candidates if rules.progress(course, known[actor]).is_complete]
    named = people.persons(db, ready)  # a guest completes when there is a name to put on the certificate
    completed = _complete(db, [actor for actor in ready if actor in named], current)
    if not completed:
        return
    if course.certificate is not None:
        credentials.issue_many(db, earned_by_many(db, [named[actor] for actor in completed], current))
    for programme in content.catalogue(db):
        if course.id in (*programme.course.courses, *programme.course.requires):
            judge_many(db, completed, programme)


def _complete(db: Session, actors: Sequence[int], current: content.Current) -> list[int]:
    """Mark enrolments complete; whose were not so before: each is told to one caller only."""
    if not actors:
        return []
    course = current.course
    for actor in queries.not_enrolled(db, actors, course.id):
        enrol(db, actor, course.id, source="programme" if course.courses else "self")
    done = db.execute(
        update(Enrolment)
        .where(among(Enrolment.actor_id, actors), Enrolment.course_id == course.id, Enrolment.completed_at.is_(None))
        .values(completed_at=now(), completed_version_id=current.version)
        .returning(Enrolment.id, Enrolment.actor_id)
        .execution_options(synchronize_session="fetch")
    )
    completed = {row[1]: row[0] for row in done}
    touch_each(db, completed)
    events.announce_many(db, [events.CourseCompleted(enrolment) for enrolment in completed.values()])
    return list(completed)


def report_mistake(
    db: Session, actor: int | None, current: content.Current, lesson: str, language: str, text: str, *, client_id: str
) -> None:
    """Tell the trainers about a mistake on a page. Sending twice is one report."""
    if db.scalar(select(MistakeReport.id).where(MistakeReport.client_id == client_id)) is not None:
        return
    row = MistakeReport(
        client_id=client_id,
        actor_id=actor,
        course_id=current.course.id,
        version_id=current.version,
        lesson_id=lesson,
        language=language,
        text=text.strip()[:MOST_REPORT],
        at=now(),
    )
    db.add(row)
    db.flush()
    events.announce(db, events.MistakeReported(row.id))


def settle_report(db: Session, report: int, *, by: int) -> None:
    """Note that a reported mistake was dealt with."""
    row = db.get(MistakeReport, report)
    if row is not None and row.settled_at is None:
        row.settled_at, row.settled_by = now(), by


def adopt(db: Session, guest: int, person: int) -> None:
    """What a guest did in this browser becomes the person's; what the person had already stays."""
    courses = [row.course_id for row in queries.enrolments(db, guest)]
    for course in courses:
        enrol(db, person, course)
    have = select(LessonRead.course_id, LessonRead.lesson_id).where(LessonRead.actor_id == person)
    known = {(row[0], row[1]) for row in db.execute(have)}
    for read in db.scalars(select(LessonRead).where(LessonRead.actor_id == guest)).all():
        if (read.course_id, read.lesson_id) not in known:
            db.add(LessonRead(actor_id=person, course_id=read.course_id, lesson_id=read.lesson_id, at=read.at))
    db.execute(update(PracticeAnswer).where(PracticeAnswer.actor_id == guest).values(actor_id=person))
    db.execute(delete(LessonRead).where(LessonRead.actor_id == guest))
    db.execute(delete(Enrolment).where(Enrolment.actor_id == guest))
    for course in courses:
        current = content.current(db, course)
        if current is not None:
            judge(db, person, current)
