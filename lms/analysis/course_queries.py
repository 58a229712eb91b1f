"""Facts about courses, of some thousand people at a time: what they read, where they are, what they answered."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from lms.analysis.course_sums import AWAY, CourseSums, PracticeSums
from lms.content.models import PublishedCourse
from lms.learning.models import Enrolment, LessonRead, PracticeAnswer
from lms.people.models import Actor
from lms.quiz.rules import CLOSE_ENOUGH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

ACTORS = 5000  # whose facts are read at a time


def course_sums(db: Session, moment: datetime) -> dict[str, CourseSums]:
    """How people fare in every course that was ever published."""
    found = {course: CourseSums() for course in db.scalars(select(PublishedCourse.id))}
    _add_enrolments(db, moment, found)
    for first, last in _ranges(db):
        _add_reads(db, first, last, found)
        _add_practice(db, first, last, found)
    return found


def _ranges(db: Session) -> Iterator[tuple[int, int]]:
    newest = db.scalar(select(func.max(Actor.id))) or 0
    for first in range(1, newest + 1, ACTORS):
        yield first, first + ACTORS - 1


def _add_enrolments(db: Session, moment: datetime, found: dict[str, CourseSums]) -> None:
    """Who is in a course, and where those are who have not gone on for two weeks and are not done."""
    is_done, is_away = Enrolment.completed_at.is_not(None), Enrolment.last_at < moment - AWAY
    rows = db.execute(
        select(
            Enrolment.course_id,
            Enrolment.last_lesson,
            func.count(),
            func.sum(case((is_done, 1), else_=0)),
            func.sum(case((is_away & ~is_done, 1), else_=0)),
        ).group_by(Enrolment.course_id, Enrolment.last_lesson)
    )
    for course, lesson, people, completed, stopped in rows:
        sums = found.setdefault(course, CourseSums())
        sums.enrolled += people
        sums.completed += completed
        sums.stopped += stopped
        if lesson:
            sums.lesson(lesson).stopped += stopped


def _add_reads(db: Session, first: int, last: int, found: dict[str, CourseSums]) -> None:
    rows = db.connection().execute(
        select(LessonRead.actor_id, LessonRead.course_id, LessonRead.at, LessonRead.lesson_id, Enrolment.enrolled_at)
        .outerjoin_from(
            LessonRead,
            Enrolment,
            (Enrolment.actor_id == LessonRead.actor_id) & (Enrolment.course_id == LessonRead.course_id),
        )
        .where(LessonRead.actor_id.between(first, last))
        .order_by(LessonRead.actor_id, LessonRead.course_id)
    )
    for (_actor, course, began), reads in groupby(rows, key=lambda row: (row[0], row[1], row[4])):
        found.setdefault(course, CourseSums()).add_reader([(row[2], row[3]) for row in reads], began)


def _add_practice(db: Session, first: int, last: int, found: dict[str, CourseSums]) -> None:
    """The first answer of each person to each question; opinions and what a person has to judge have no score."""
    of = (PracticeAnswer.actor_id, PracticeAnswer.course_id, PracticeAnswer.question_key)
    place = func.row_number().over(partition_by=of, order_by=(PracticeAnswer.at, PracticeAnswer.id)).label("place")
    asked = select(PracticeAnswer.course_id, PracticeAnswer.question_key, PracticeAnswer.score, place)
    every = asked.where(PracticeAnswer.actor_id.between(first, last), PracticeAnswer.score.is_not(None)).subquery()
    wrong = func.sum(case((every.c.score < 1 - CLOSE_ENOUGH, 1), else_=0))
    rows = db.execute(
        select(every.c.course_id, every.c.question_key, func.count(), wrong)
        .where(every.c.place == 1)
        .group_by(every.c.course_id, every.c.question_key)
    )
    for course, key, answered, missed in rows:
        sums = found.setdefault(course, CourseSums()).practice.setdefault(key, PracticeSums())
        sums.answered += answered
        sums.wrong += missed
