"""Reads about hard questions and the marks in courses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from lms.consulting import expert_queries
from lms.consulting.course_places import lessons_of, questions_of
from lms.consulting.models import CourseMark, HardQuestion, QuestionTo
from lms.content import queries as content
from lms.helping import catalogue
from lms.paging import At, Page, page
from lms.people.models import Person, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A hard question in a list. `experts` are the names of whom it was put to; `to_trainers_at` as in its table."""

    id: int
    words: str
    course: str
    service: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    experts: Sequence[str]
    to_trainers_at: datetime | None


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A marked place: its course, and the lesson or question with its title; empty where the course has it no more.

    `lesson` is also that of a practice question; other questions have a page of their own where answers are told.
    """

    id: int
    course: str
    course_title: str
    lesson: str
    question: str
    title: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One hard question: who asked, whom it was put to, what was answered, which places are marked."""

    row: HardQuestion
    name: str
    service: str
    answered_by: str
    marks: Sequence[MarkRow]
    experts: Sequence[str]


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """Hard questions, page by page."""

    rows: Sequence[QuestionRow]
    page: Page


def own(db: Session, person: int, at: At, today: date, language: str) -> QuestionsPage:
    """What somebody asked, the newest first."""
    mine = select(HardQuestion).where(HardQuestion.asked_by == person)
    return _page(db, page(db, mine, (HardQuestion.id, HardQuestion.id), at, newest_first=True), today, language)


def of_trainers(db: Session, at: At, today: date, language: str, *, is_open: bool, course: str) -> QuestionsPage:
    """What waits for an answer, the oldest first; or what was answered, the newest first."""
    rows = select(HardQuestion).where(expert_queries.WAITS if is_open else HardQuestion.answered_at.is_not(None))
    if course:
        rows = rows.where(HardQuestion.course_id == course)
    found = page(db, rows, (HardQuestion.id, HardQuestion.id), at, newest_first=not is_open)
    return _page(db, found, today, language)


def put_to(db: Session, person: int, at: At, today: date, language: str, *, is_open: bool) -> QuestionsPage:
    """What was put to somebody: waiting, the oldest first; or answered by anybody, the newest first."""
    put = select(QuestionTo.question_id).where(QuestionTo.person_id == person)
    answered = HardQuestion.answered_at.is_not(None) & HardQuestion.id.in_(put)
    rows = select(HardQuestion).where(expert_queries.waiting_for(person) if is_open else answered)
    found = page(db, rows, (HardQuestion.id, HardQuestion.id), at, newest_first=not is_open)
    return _page(db, found, today, language)


def _page(db: Session, found: Page, today: date, language: str) -> QuestionsPage:
    experts = expert_queries.asked_of(db, [row.id for row, *_marks in found.rows])
    rows = [
        QuestionRow(
            row.id, row.words, _title(db, row.course_id, language), _service(db, row, today, language), row.asked_at,
            row.answer, row.answered_at, [name for _id, name in experts.get(row.id, ())], row.to_trainers_at,
        )
        for row, *_marks in found.rows
    ]  # fmt: skip
    return QuestionsPage(rows, found)


def _title(db: Session, course_id: str | None, language: str) -> str:
    current = content.current(db, course_id) if course_id else None
    if current is None:
        return course_id or ""
    return (current.course.pages.get(language) or current.course.pages[current.course.language]).title


def _service(db: Session, row: HardQuestion, today: date, language: str) -> str:
    found = db.scalar(select(Unit.path).where(Unit.id == row.unit_id)) if row.unit_id else None
    root = int(found.split("/")[1]) if found else None
    choice = catalogue.catalogue(db, root, today).service(row.service)
    return choice.name(language) if choice else row.service


def question(db: Session, number: int) -> HardQuestion | None:
    """A hard question."""
    return db.get(HardQuestion, number)


def question_page(db: Session, row: HardQuestion, today: date, language: str) -> QuestionPage:
    """One hard question with its marks."""
    people = {each for each in (row.asked_by, row.answered_by) if each is not None}
    names = {each.id: each.name for each in db.execute(select(Person.id, Person.name).where(Person.id.in_(people)))}
    rows = db.scalars(select(CourseMark).where(CourseMark.question_id == row.id).order_by(CourseMark.id)).all()
    return QuestionPage(
        row,
        names.get(row.asked_by, ""),
        _service(db, row, today, language),
        names.get(row.answered_by or 0, ""),
        [_mark(db, each, language) for each in rows],
        [name for _id, name in expert_queries.asked_of(db, {row.id}).get(row.id, ())],
    )


def _mark(db: Session, row: CourseMark, language: str) -> MarkRow:
    current = content.current(db, row.course_id)
    title, lesson = "", row.lesson_id
    if current is not None:
        places = lessons_of if row.lesson_id else questions_of
        title = places(current.course).get(row.lesson_id or row.question_key, "")
        practised = (each.id for each in current.course.lessons if row.question_key in each.questions)
        lesson = lesson or next(practised, "")
    called = _title(db, row.course_id, language)
    return MarkRow(row.id, row.course_id, called, lesson, row.question_key, title, row.done_at is not None)


def mark(db: Session, number: int) -> CourseMark | None:
    """A mark."""
    return db.get(CourseMark, number)


def open_marks(db: Session, course_id: str, lesson: str, keys: Sequence[str]) -> Sequence[HardQuestion]:
    """The hard questions whose answer belongs to a lesson (empty: to none) or to questions, and is not there yet."""
    here = or_(CourseMark.question_key.in_(keys), (CourseMark.lesson_id == lesson) & (CourseMark.lesson_id != ""))
    marked = select(CourseMark.question_id).where(CourseMark.course_id == course_id, CourseMark.done_at.is_(None), here)
    return db.scalars(select(HardQuestion).where(HardQuestion.id.in_(marked)).order_by(HardQuestion.id).limit(20)).all()


def courses(db: Session, language: str) -> list[tuple[str, str]]:
    """The courses on offer, by id, with their titles."""
    found = (each.course for each in content.catalogue(db))
    return [(each.id, (each.pages.get(language) or each.pages[each.language]).title) for each in found]


def places_in(db: Session, course_id: str) -> tuple[CompiledCourse, dict[str, str], dict[str, str]] | None:
    """A course with its lessons and questions, to choose a place from."""
    current = content.current(db, course_id)
    if current is None:
        return None
    return current.course, lessons_of(current.course), questions_of(current.course)
