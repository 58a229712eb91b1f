"""Counting answers: what came since the last time, or everything anew. No page counts; the worker does."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from lms import jobs
from lms.analysis.course_queries import course_sums
from lms.analysis.models import CourseFigure, QuestionFigure, QuizCount, QuizFigure
from lms.analysis.queries import count_flagged, oldest_course_count, quizzes_to_count
from lms.analysis.taken_queries import Cursor, has_more, is_graded_anew, last_grade, slices
from lms.analysis.tally import Tally, Versions, encode, load
from lms.clock import now
from lms.db import insert_once
from lms.figures.storing import put

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.plugins import QuestionType

log = logging.getLogger(__name__)
JOB = "analyse"
SETTLED = timedelta(seconds=10)  # whoever hands in now may not have committed yet
WHOLE_EVERY = timedelta(days=1)  # accounts are put together, and what else nobody announces
GRADES_EVERY = timedelta(hours=1)  # a whole count for each essay graded would never end
SECONDS = 10.0  # of one quiz at a time, before what was counted is written
MOST_BEHIND = 10_000  # grades of other quizzes, before they are looked through again in vain
BEGINNING: dict[str, Any] = {
    "turn": 0,
    "shown": 0,
    "building": 0,
    "attempts": 0,
    "counted": 0,
    "flagged": 0,
    "cursor_at": None,
    "cursor_id": "",
    "seen_grade": 0,
    "counted_at": None,
    "whole_at": None,
    "asked_at": None,
}


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done next for one quiz: continue after a cursor, in a generation; or nothing."""

    count: QuizCount
    generation: int
    after: Cursor
    done: int
    grade: int
    is_new: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether this is part of a whole count."""
        return self.generation != self.count.shown


def count_answers(database: Database, types: Mapping[str, QuestionType], *, seconds: float = SECONDS) -> bool:
    """Bring the figures of all quizzes up to date; whether something is left to be counted.

    Each quiz is given `seconds`; one that needs more goes on where it stopped when this is called again. One that
    cannot be counted holds up no other: its error is raised when all others are done.
    """
    with database.reading() as db:
        places = quizzes_to_count(db)
    is_left, failed = False, None
    for course, quiz in places:
        try:
            is_left |= count_quiz(database, types, course, quiz, seconds=seconds)
        except Exception as error:  # whatever it is, the next quiz has nothing to do with it
            log.exception("answers cannot be counted", extra={"course": course, "quiz": quiz})
            failed = error
    if failed is not None:
        raise failed
    return is_left


def count_quiz(
    database: Database, types: Mapping[str, QuestionType], course: str, quiz: str, *, seconds: float = SECONDS
) -> bool:
    """Count what is new of one quiz; whether something is left. Who is overtaken by another worker writes nothing."""
    moment = now()
    until = moment - SETTLED
    with database.reading() as db:
        step = _next_step(db, course, quiz, moment)
        if step is None:
            return False
        tally = Tally(course, quiz, step.generation) if step.is_new else load(db, course, quiz, step.generation)
        cursor, is_done = _add(db, tally, types, step.after, until, seconds)
        flagged = count_flagged(db, types, course, quiz, tally.questions) if is_done else 0
    ended = {"counted_at": until, "flagged": flagged} if is_done else {}
    with database.writing() as db:
        insert_once(db, QuizCount, {"course_id": course, "quiz_id": quiz, **BEGINNING})
        if not _advance(db, step, tally, cursor, ended):
            return True
        put(db, QuestionFigure, tally.question_rows())
        put(db, QuizFigure, tally.form_rows())
        if is_done and step.is_whole:
            for model in (QuestionFigure, QuizFigure):
                here = (model.course_id == course, model.quiz_id == quiz)
                db.execute(delete(model).where(*here, model.generation != step.generation))
    return not is_done


def _next_step(db: Session, course: str, quiz: str, moment: datetime) -> Step | None:
    row = db.scalars(select(QuizCount).where(QuizCount.course_id == course, QuizCount.quiz_id == quiz)).one_or_none()
    known = row or QuizCount(course_id=course, quiz_id=quiz, **BEGINNING)
    cursor = Cursor(known.cursor_at, known.cursor_id)
    if known.building:
        return Step(known, known.building, cursor, known.counted, known.seen_grade)
    until, newest = moment - SETTLED, last_grade(db)
    if _needs_whole(db, known, cursor, moment):
        is_empty = known.counted_at is None and not has_more(db, course, quiz, Cursor(), until)
        return None if is_empty else Step(known, known.shown + 1, Cursor(), 0, newest, is_new=True)
    if has_more(db, course, quiz, cursor, until) or newest - known.seen_grade > MOST_BEHIND:
        return Step(known, known.shown, cursor, known.attempts, newest)
    return None


def _needs_whole(db: Session, known: QuizCount, cursor: Cursor, moment: datetime) -> bool:
    if known.whole_at is None or known.asked_at is not None or known.whole_at < moment - WHOLE_EVERY:
        return True
    if known.whole_at > moment - GRADES_EVERY:
        return False
    return is_graded_anew(db, known.course_id, known.quiz_id, cursor, known.seen_grade)


def _add(
    db: Session, tally: Tally, types: Mapping[str, QuestionType], after: Cursor, until: datetime, seconds: float
) -> tuple[Cursor, bool]:
    """Count attempts in for some seconds; the last one counted, and whether that was all."""
    versions, began = Versions(db, tally.quiz, types), time.monotonic()
    for some in slices(db, tally.course, tally.quiz, after, until):
        for taken in some:
            tally.add(taken, *versions.of(taken))
        after = Cursor(some[-1].submitted_at, some[-1].id)
        if time.monotonic() - began > seconds:
            return after, False
    return after, True


def _advance(db: Session, step: Step, tally: Tally, cursor: Cursor, ended: dict[str, Any]) -> bool:
    """Note how far was counted; False if somebody else did so meanwhile. `ended` is filled when that was everything."""
    known, attempts = step.count, step.done + tally.attempts
    values: dict[str, Any] = {"cursor_at": cursor.at, "cursor_id": cursor.id, "turn": known.turn + 1}
    if step.is_whole:
        values.update(building=step.generation, counted=attempts)
    if step.is_new:
        values.update(seen_grade=step.grade, asked_at=None)
    if not step.is_whole:
        values.update(attempts=attempts, seen_grade=step.grade if _saw_all_grades(db, step) else known.seen_grade)
    if ended:
        values.update(ended, attempts=attempts, counted=0, building=0, shown=step.generation)
        if step.is_whole:
            values["whole_at"] = ended["counted_at"] + SETTLED
    here = (QuizCount.course_id == known.course_id, QuizCount.quiz_id == known.quiz_id, QuizCount.turn == known.turn)
    return db.execute(update(QuizCount).where(*here).values(**values).returning(QuizCount.turn)).first() is not None


def _saw_all_grades(db: Session, step: Step) -> bool:
    """Whether no grade since the last look is of an attempt counted before: those wait for the next whole count."""
    return not is_graded_anew(db, step.count.course_id, step.count.quiz_id, step.after, step.count.seen_grade)


def count_courses(database: Database, *, is_asked: bool = False) -> bool:
    """Count how people fare in every course, if that was not done for a day or somebody asks; whether it was done."""
    moment = now()
    with database.reading() as db:
        oldest = oldest_course_count(db)
        if not is_asked and oldest is not None and oldest > moment - WHOLE_EVERY:
            return False
        rows = [(course, moment, encode(sums)) for course, sums in course_sums(db, moment).items()]
    with database.writing() as db:
        put(db, CourseFigure, rows)
    return True


def ask_for_count(db: Session, course: str) -> None:
    """Have everything about a course counted anew, soon."""
    for quiz in [quiz for each, quiz in quizzes_to_count(db) if each == course]:
        insert_once(db, QuizCount, {"course_id": course, "quiz_id": quiz, **BEGINNING})
    db.execute(update(QuizCount).where(QuizCount.course_id == course).values(asked_at=now()))
    jobs.enqueue(db, JOB, {"is_asked": True}, dedupe=f"{JOB}/asked")
