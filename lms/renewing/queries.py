"""Reads of reviews: what is due, what was forgotten, how much is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.learning.models import Enrolment
from lms.people.models import Person
from lms.quiz import queries as quizzes
from lms.renewing import rules
from lms.renewing.models import ReviewAnswer, ReviewCard, ReviewLetter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse
    from lms.plugins import QuestionType

MOST_DUE = 200


@dataclass(frozen=True, slots=True)
class Reviews:
    """What comes back to somebody: the cards due now, and when the next one is."""

    due: Sequence[tuple[ReviewCard, content.Current]]
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Since:
    """Whose knowledge of which course is to be kept since when."""

    actor: int
    course: str
    moment: datetime


def reviews(db: Session, actor: int, moment: datetime) -> Reviews:
    """What somebody may review now. A question that its course no longer has, or asks in an exam, stays away."""
    mine = select(ReviewCard).where(ReviewCard.actor_id == actor)
    cards = db.scalars(mine.order_by(ReviewCard.due_at, ReviewCard.id).limit(MOST_DUE)).all()
    offered = {name: content.current(db, name) for name in dict.fromkeys(card.course_id for card in cards)}
    asked = {name: frozenset(practice_keys(each.course)) for name, each in offered.items() if each is not None}
    found = [
        (card, current)
        for card in cards
        if (current := offered[card.course_id]) is not None and card.question_key in asked[card.course_id]
    ]
    return Reviews(
        [pair for pair in found if pair[0].due_at <= moment],
        next((card.due_at for card, _current in found if card.due_at > moment), None),
    )


def askable(db: Session, card: ReviewCard) -> content.Current | None:
    """The course on offer, if the question of a card may be asked from it."""
    current = content.current(db, card.course_id)
    return current if current is not None and card.question_key in practice_keys(current.course) else None


def card(db: Session, card_id: int, actor: int) -> ReviewCard | None:
    """A card, if it is this actor's."""
    return db.scalar(select(ReviewCard).where(ReviewCard.id == card_id, ReviewCard.actor_id == actor))


def answer(db: Session, answer_id: str, actor: int) -> ReviewAnswer | None:
    """An answer, if it is this actor's."""
    return db.scalar(select(ReviewAnswer).where(ReviewAnswer.id == answer_id, ReviewAnswer.actor_id == actor))


def practice_keys(course: CompiledCourse) -> list[str]:
    """The practice questions of a course in its order; none that any of its exams or quizzes may ask."""
    asked = {key for quiz in course.quizzes.values() for key in quiz.questions}
    return [key for lesson in (*course.lessons, *course.aside) for key in lesson.questions if key not in asked]


def practice(course: CompiledCourse, types: Mapping[str, QuestionType]) -> list[rules.Practice]:
    """Those of them that a rule can grade."""
    found = []
    for key in practice_keys(course):
        question = course.questions[key][course.language]
        if types[question.type].model_response(question) is not None:
            found.append(rules.Practice(key, question.outcome, question.critical))
    return found


def missed(db: Session, actor: int, course: CompiledCourse) -> Counter[str]:
    """How many questions of each outcome somebody missed in the exam that was passed last."""
    tries = [each for each in quizzes.attempts(db, actor, course.id, course.exam) if each.passed]
    graded = quizzes.grades(db, tries[-1].id).values() if tries else ()
    return Counter(grade.outcome for grade in graded if grade.score is not None and grade.score < 1)


def forgotten(db: Session, actor: int, course: CompiledCourse) -> Counter[str]:
    """Of each outcome, how many questions somebody has forgotten since the completion."""
    lapsed = select(ReviewCard.question_key).where(
        ReviewCard.actor_id == actor, ReviewCard.course_id == course.id, ReviewCard.lapses > 0
    )
    keys = [key for key in db.scalars(lapsed) if key in course.questions]
    return Counter(course.questions[key][course.language].outcome for key in keys)


def completed(db: Session, enrolment: int) -> Since | None:
    """What begins with a completion."""
    row = db.get(Enrolment, enrolment)
    return Since(row.actor_id, row.course_id, row.completed_at) if row and row.completed_at else None


def certified(db: Session, certificate: int) -> Since | None:
    """What begins with a certificate that does not come of completing a course."""
    row = db.get(Certificate, certificate)
    if row is None or row.actor_id is None or row.basis not in ("renewal", "prior-learning"):
        return None
    return Since(row.actor_id, row.course_id, row.issued_at)


def begun(db: Session, since: Since) -> bool:
    """Whether the questions of a course come back to somebody already, since that moment or later."""
    known = select(ReviewCard.id).where(
        ReviewCard.actor_id == since.actor, ReviewCard.course_id == since.course, ReviewCard.started_at >= since.moment
    )
    return db.scalar(known.limit(1)) is not None


def to_write_to(db: Session, moment: datetime, before: datetime, most: int) -> Sequence[int]:
    """People to whom something is due, who take reminders, and were not written to since `before`."""
    due = select(ReviewCard.id).where(ReviewCard.actor_id == Person.id, ReviewCard.due_at <= moment)
    lately = select(ReviewLetter.actor_id).where(ReviewLetter.actor_id == Person.id, ReviewLetter.at > before)
    return db.scalars(
        select(Person.id)
        .where(
            Person.reminds.is_(True),
            Person.proved_email.is_not(None),
            Person.closed_at.is_(None),
            due.exists(),
            ~lately.exists(),
        )
        .order_by(Person.id)
        .limit(most)
    ).all()


def retention(db: Session, course: str) -> list[rules.Kept]:
    """How much of a course is kept, by months since its completion."""
    counted = (
        select(ReviewAnswer.days, ReviewAnswer.is_right, func.count())
        .where(ReviewAnswer.course_id == course)
        .group_by(ReviewAnswer.days, ReviewAnswer.is_right)
    )
    return rules.retention((row[0], row[1], row[2]) for row in db.execute(counted))


def bank(course: CompiledCourse, seen: Mapping[str, int]) -> list[rules.Exam]:
    """What a renewal may ask: the exam's questions, without outcomes that the exam leaves out."""
    exam = course.quizzes[course.exam]
    amounts = exam.settings.draw
    found = []
    for key in exam.questions:
        question = course.questions[key][course.language]
        if not amounts or "total" in amounts or amounts.get(question.outcome):
            found.append(rules.Exam(key, question.outcome, question.critical, seen.get(key, 0)))
    return found


def moment_of(text: str) -> datetime:
    """A moment from a job's arguments."""
    return datetime.fromisoformat(text)


def hour(turn: int) -> datetime:
    """The beginning of an hour, counted since 1970."""
    return datetime.fromtimestamp(turn * 3600, UTC)
