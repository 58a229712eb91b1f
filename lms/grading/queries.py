"""What waits for a grade, and one answer with everything that is needed to grade it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from lms.content import queries as content
from lms.content.queries import plain_text
from lms.credentials.models import Certificate
from lms.grading.models import ChangedKey, GradingClaim, PassDecision
from lms.grading.rules import label
from lms.learning.models import Enrolment
from lms.paging import At, page
from lms.people.models import Person
from lms.quiz import queries as quizzes
from lms.quiz.models import Attempt, GradeNote, QuestionGrade, Upload
from lms.quiz.rubrics import Criterion, criteria

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse
    from lms.content.structure import Question

IS_WAITING = (QuestionGrade.score.is_(None), QuestionGrade.superseded_at.is_(None))
STEM = 160


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the queue somebody looks at; empty means all of it."""

    course: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who grades an answer just now."""

    by: str
    until: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One answer that waits."""

    id: int
    label: str
    course: str
    course_title: str
    quiz_title: str
    stem: str
    since: datetime
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class Heap:
    """How many answers to one question wait."""

    course: str
    course_title: str
    question: str
    stem: str
    waiting: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The queue. `decisions` and `keys` are how many cases wait on the other pages of this desk."""

    asked: Asked
    rows: Sequence[WaitingRow]
    earlier: str
    later: str
    heaps: Sequence[Heap]
    decisions: int
    keys: int

    @property
    def waiting(self) -> int:
        """How many answers wait, whatever was asked for."""
        return sum(heap.waiting for heap in self.heaps)


@dataclass(frozen=True, slots=True)
class PastGrade:
    """A grade that this answer got, who gave it, and why it was corrected."""

    points: float
    at: datetime
    by: str
    comment: str
    reason: str
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One answer and what it is graded by. `grade_id` is the grade in force; `chosen` its points by criterion."""

    grade_id: int
    attempt_id: str
    actor: int
    key: str
    label: str
    course: CompiledCourse
    course_title: str
    quiz_title: str
    language: str
    question: Question
    criteria: Sequence[Criterion]
    response: Any
    files: Sequence[Upload]
    since: datetime
    is_graded: bool
    chosen: Sequence[float]
    past: Sequence[PastGrade]
    claim: Claim | None
    passed: bool | None

    @property
    def most(self) -> float:
        """What the criteria are worth together."""
        return sum(each.most for each in self.criteria)


def queue_page(db: Session, asked: Asked, at: At, me: int, moment: datetime, language: str) -> QueuePage:
    """What waits, oldest first."""
    found = page(db, _waiting(asked), (QuestionGrade.id, QuestionGrade.id), at)
    claims = _claims(db, [row[0].id for row in found.rows], me, moment)
    rows = [_waiting_row(db, row[0], row[1], claims.get(row[0].id), language) for row in found.rows]
    decisions = db.scalar(select(func.count()).select_from(PassDecision).where(PassDecision.decision == "")) or 0
    keys = db.scalar(select(func.count()).select_from(ChangedKey)) or 0
    return QueuePage(asked, rows, found.earlier, found.later, _heaps(db, language), decisions, keys)


def _waiting(asked: Asked) -> Select[QuestionGrade, Attempt]:
    found = select(QuestionGrade, Attempt).join(Attempt, Attempt.id == QuestionGrade.attempt_id).where(*IS_WAITING)
    if asked.course:
        found = found.where(Attempt.course_id == asked.course)
    if asked.question:
        found = found.where(QuestionGrade.question_key == asked.question)
    return found


def _waiting_row(db: Session, grade: QuestionGrade, attempt: Attempt, claim: Claim | None, tag: str) -> WaitingRow:
    course = content.version(db, attempt.version_id)
    return WaitingRow(
        grade.id,
        label(attempt.id, grade.question_key),
        course.id,
        title_of(course, tag),
        quiz_title_of(course, attempt.quiz_id, tag),
        stem_of(course, grade.question_key, tag),
        grade.graded_at,
        claim,
    )


def title_of(course: CompiledCourse, tag: str) -> str:
    """A course's title in a language, else in its own."""
    return (course.pages.get(tag) or course.pages[course.language]).title


def quiz_title_of(course: CompiledCourse, quiz: str, tag: str) -> str:
    """A quiz's title in a language, else in the course's own."""
    titles = course.quizzes[quiz].titles
    return titles.get(tag) or titles.get(course.language) or quiz


def stem_of(course: CompiledCourse, key: str, tag: str) -> str:
    """The beginning of a question, in plain words."""
    texts = course.questions.get(key)
    if texts is None:
        return key
    words = " ".join(plain_text((texts.get(tag) or texts[course.language]).stem).split())
    return words if len(words) <= STEM else words[: STEM - 1] + "…"


def _heaps(db: Session, tag: str) -> list[Heap]:
    newest = func.max(Attempt.version_id)
    rows = db.execute(
        select(Attempt.course_id, QuestionGrade.question_key, func.count(), func.min(QuestionGrade.graded_at), newest)
        .join(Attempt, Attempt.id == QuestionGrade.attempt_id)
        .where(*IS_WAITING)
        .group_by(Attempt.course_id, QuestionGrade.question_key)
        .order_by(func.min(QuestionGrade.id))
    ).all()
    versions = {row[4]: content.version(db, row[4]) for row in rows}
    return [
        Heap(row[0], title_of(versions[row[4]], tag), row[1], stem_of(versions[row[4]], row[1], tag), row[2], row[3])
        for row in rows
    ]


def _claims(db: Session, grades: Sequence[int], me: int, moment: datetime) -> dict[int, Claim]:
    rows = db.execute(
        select(GradingClaim.grade_id, GradingClaim.taken_by, GradingClaim.until, Person.name)
        .outerjoin(Person, Person.id == GradingClaim.taken_by)
        .where(GradingClaim.grade_id.in_(grades), GradingClaim.until > moment)
    )
    return {row[0]: Claim(row[3] or "", row[2], row[1] == me) for row in rows}


def next_waiting(db: Session, asked: Asked, after: int, me: int, moment: datetime) -> int | None:
    """The oldest answer after this one that nobody else grades just now."""
    is_taken = and_(GradingClaim.grade_id == QuestionGrade.id, GradingClaim.until > moment, GradingClaim.taken_by != me)
    free = _waiting(asked).outerjoin(GradingClaim, is_taken).where(GradingClaim.grade_id.is_(None))
    found = free.where(QuestionGrade.id > after).order_by(QuestionGrade.id).limit(1)
    row = db.execute(found).first()
    return row[0].id if row else None


def owner(db: Session, grade_id: int) -> int | None:
    """Whose answer this is."""
    whose = select(Attempt.actor_id).join(QuestionGrade, QuestionGrade.attempt_id == Attempt.id)
    return db.scalar(whose.where(QuestionGrade.id == grade_id))


@dataclass(frozen=True, slots=True)
class About:
    """What the record says of an answer or an attempt; never a name."""

    attempt: str
    course: str
    actor: int
    key: str = ""


def answer_of(db: Session, grade_id: int) -> About | None:
    """The answer that a grade belongs to."""
    columns = (Attempt.id, Attempt.course_id, Attempt.actor_id, QuestionGrade.question_key)
    found = select(*columns).join(QuestionGrade, QuestionGrade.attempt_id == Attempt.id)
    row = db.execute(found.where(QuestionGrade.id == grade_id)).one_or_none()
    return About(*row) if row else None


def attempt_of(db: Session, attempt_id: str) -> About:
    """An attempt as the record knows it."""
    columns = (Attempt.id, Attempt.course_id, Attempt.actor_id)
    return About(*db.execute(select(*columns).where(Attempt.id == attempt_id)).one())


def newest_grade(db: Session, attempt_id: str) -> int | None:
    """The last grade that was given in an attempt."""
    return db.scalar(select(func.max(QuestionGrade.id)).where(QuestionGrade.attempt_id == attempt_id))


def is_complete(db: Session, actor: int, course: str) -> bool:
    """Whether somebody has completed a course, or holds its certificate."""
    done = select(Enrolment.id).where(
        Enrolment.actor_id == actor, Enrolment.course_id == course, Enrolment.completed_at.is_not(None)
    )
    held = select(Certificate.id).where(Certificate.actor_id == actor, Certificate.course_id == course)
    return db.scalar(done.limit(1)) is not None or db.scalar(held.limit(1)) is not None


def answer_page(db: Session, grade_id: int, me: int, moment: datetime, tag: str) -> AnswerPage | None:
    """One answer that a person grades or has graded; None for what a rule graded, or nothing."""
    known = db.get(QuestionGrade, grade_id)
    if known is None:
        return None
    rows = _history(db, known.attempt_id, known.question_key)
    current = next((row for row in rows if row[0].superseded_at is None), None)
    if current is None or not (current[0].score is None or current[1] is not None):
        return None
    attempt, grade, note = db.get_one(Attempt, known.attempt_id), current[0], current[1]
    course = content.version(db, attempt.version_id)
    texts = course.questions[known.question_key]
    question, asked = texts.get(attempt.language) or texts[course.language], criteria(texts[course.language])
    response = quizzes.responses(db, attempt.id).get(known.question_key)
    return AnswerPage(
        grade_id=grade.id,
        attempt_id=attempt.id,
        actor=attempt.actor_id,
        key=known.question_key,
        label=label(attempt.id, known.question_key),
        course=course,
        course_title=title_of(course, tag),
        quiz_title=quiz_title_of(course, attempt.quiz_id, tag),
        language=attempt.language if attempt.language in texts else course.language,
        question=question,
        criteria=criteria(question) if len(criteria(question)) == len(asked) else asked,
        response=response,
        files=quizzes.uploads_named(db, attempt.id, known.question_key),
        since=attempt.submitted_at or grade.graded_at,
        is_graded=grade.score is not None,
        chosen=note.criteria if note is not None else (),
        past=[_past(row) for row in rows if row[0].score is not None],
        claim=_claims(db, [grade.id], me, moment).get(grade.id),
        passed=attempt.passed,
    )


def _history(db: Session, attempt: str, key: str) -> Sequence[Any]:
    """All grades of one answer, newest first, each with its note and who gave it."""
    return db.execute(
        select(QuestionGrade, GradeNote, Person.name)
        .outerjoin(GradeNote, GradeNote.grade_id == QuestionGrade.id)
        .outerjoin(Person, Person.id == QuestionGrade.graded_by)
        .where(QuestionGrade.attempt_id == attempt, QuestionGrade.question_key == key)
        .order_by(QuestionGrade.id.desc())
    ).all()


def _past(row: Any) -> PastGrade:
    grade, note, name = row
    comment, reason = (note.comment, note.reason) if note is not None else ("", "")
    points = (grade.score or 0.0) * grade.points
    return PastGrade(points, grade.graded_at, name or "", comment, reason, grade.superseded_at is None)


def name_of(db: Session, actor: int) -> str:
    """What somebody is called; empty for a guest."""
    return db.scalar(select(Person.name).where(Person.id == actor)) or ""


def graded_rows(db: Session, at: At, language: str) -> tuple[Sequence[tuple[WaitingRow, PastGrade]], str, str]:
    """What people have graded and is in force, newest first, with the marks of the pages beside."""
    in_force: ColumnElement[bool] = QuestionGrade.superseded_at.is_(None)
    found = page(
        db,
        select(QuestionGrade, GradeNote, Person.name, Attempt)
        .join(GradeNote, GradeNote.grade_id == QuestionGrade.id)
        .join(Attempt, Attempt.id == QuestionGrade.attempt_id)
        .outerjoin(Person, Person.id == QuestionGrade.graded_by)
        .where(in_force),
        (QuestionGrade.id, QuestionGrade.id),
        at,
        newest_first=True,
    )
    rows = [(_waiting_row(db, row[0], row[3], None, language), _past(row[:3])) for row in found.rows]
    return rows, found.earlier, found.later
