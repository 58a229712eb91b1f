"""The page of a renewal: what is asked, how far one is, what to read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lms.content import queries as content
from lms.credentials import queries as credentials
from lms.credentials.rules import RENEWABLE, may_renew
from lms.learning import rereading
from lms.learning.course_views import card, lesson_card
from lms.learning.renewals import parts_left, parts_with_exam
from lms.quiz import actions as quiz
from lms.quiz import queries as quizzes
from lms.renewing import queries, rules
from lms.updating import queries as updates

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse
    from lms.credentials.models import Certificate
    from lms.learning.course_views import CourseCard, LessonCard
    from lms.quiz.models import Attempt
    from lms.quiz.rules import Start

State = Literal["open", "early", "renewed", "withdrawn", "endless", "no-exam"]


@dataclass(frozen=True, slots=True)
class Failed:
    """An outcome that the last fresh exam did not show, and the lessons that carry it."""

    name: str
    reached: float
    points: float
    lessons: Sequence[LessonCard]


@dataclass(frozen=True, slots=True)
class Part:
    """A fresh exam that the renewal asks. `last` is the attempt that was handed in last.

    `unread` are the lessons of what it did not show that were not read since: they come before the next attempt.
    `changed` is how many changed lessons the holder has not read of yet, or got wrong.
    """

    course: CourseCard
    questions: int
    minutes: int
    time_limit: int | None
    start: Start
    last: Attempt | None
    failed: Sequence[Failed]
    unread: Sequence[LessonCard]
    is_done: bool
    changed: int

    @property
    def may_begin(self) -> bool:
        """Whether the exam may be begun now, or gone on with."""
        return self.start.verdict == "resume" or (self.start.verdict == "yes" and not self.unread)


@dataclass(frozen=True, slots=True)
class RenewalPage:
    """Everything on the page. `opens_on` is from when it may be renewed, `renewed_by` the newer one's code."""

    page: credentials.CertificatePage
    state: State
    is_programme: bool
    parts: Sequence[Part]
    opens_on: date | None
    renewed_by: str


def renewal_page(db: Session, row: Certificate, today: date, moment: datetime) -> RenewalPage | None:
    """The page of somebody's own certificate; None if the row says nothing any more."""
    page = credentials.certificate(db, row.code, today)
    if page is None:
        return None
    current = content.current(db, row.course_id)
    courses = exams(db, current.course) if current is not None else []
    state = _state(page, today, has_exam=bool(courses))
    is_programme = current is not None and bool(current.course.courses)
    left = set(parts_left(db, row, current.course)) if current is not None and is_programme else {row.course_id}
    return RenewalPage(
        page,
        state,
        is_programme,
        [_part(db, row, course, moment, is_done=course.id not in left) for course in courses]
        if state == "open"
        else [],
        page.valid_until - RENEWABLE if page.valid_until else None,
        page.replaced_by,
    )


def exams(db: Session, course: CompiledCourse) -> list[CompiledCourse]:
    """The courses whose exam renews the certificate of a course: itself, or the parts of a programme."""
    if course.courses:
        return parts_with_exam(db, course)
    return [course] if course.exam in course.quizzes else []


def _state(page: credentials.CertificatePage, today: date, *, has_exam: bool) -> State:
    if page.state == "superseded":
        return "renewed"
    if page.state == "revoked":
        return "withdrawn"
    if page.valid_until is None:
        return "endless"
    if not has_exam:
        return "no-exam"
    return "open" if may_renew(page.state, page.valid_until, today) else "early"


def _part(db: Session, row: Certificate, course: CompiledCourse, moment: datetime, *, is_done: bool) -> Part:
    actor, exam = row.actor_id or 0, course.quizzes[course.exam]
    tries = quizzes.attempts(db, actor, course.id, course.exam)
    amount = quiz.amount_of(exam)
    missed = updates.missed(db, row, course.id)
    changed = updates.outcomes_of(course, missed)
    asked = len(rules.draw(queries.bank(course, {}), amount, queries.forgotten(db, actor, course), 0, changed))
    renews = credentials.before_corrections(db, row)
    own = [each for each in tries if each.renews in renews and each.submitted_at is not None]
    last = own[-1] if own else None
    failed = _failed(db, last) if last is not None and last.passed is False else []
    return Part(
        card(course),
        asked,
        rules.minutes(asked),
        quiz.seconds_for(exam, asked, is_renewal=True),
        quizzes.may_start(db, actor, course.id, course.exam, exam.settings, moment, row.id),
        last,
        failed,
        _unread(db, last, failed) if last is not None else [],
        is_done,
        len(missed),
    )


def _unread(db: Session, last: Attempt, failed: Sequence[Failed]) -> list[LessonCard]:
    """The lessons of what an attempt did not show that were not read since it was handed in, in the course's order."""
    wanted = {item.lesson.id: item for each in failed for item in each.lessons}
    since = last.submitted_at or last.started_at
    return [
        item
        for name, item in wanted.items()
        if not rereading.is_read_since(db, last.actor_id, last.course_id, name, since)
    ]


def _failed(db: Session, attempt: Attempt) -> list[Failed]:
    """What the attempt did not show, in the words of the course on offer."""
    taken, current = content.version(db, attempt.version_id), content.current(db, attempt.course_id)
    course = current.course if current is not None else taken
    graded = quizzes.grades(db, attempt.id)
    wrong = [
        taken.questions[key][taken.language].outcome
        for key, grade in graded.items()
        if grade.score != 1 and taken.questions[key][taken.language].critical
    ]
    passing = taken.quizzes[attempt.quiz_id].settings.passing
    names = card(course).page.outcomes
    return [
        Failed(names.get(name, name), attempt.outcomes[name][0], attempt.outcomes[name][1], _lessons(course, name))
        for name in rules.failed(attempt.outcomes, passing, wrong)
    ]


def _lessons(course: CompiledCourse, outcome: str) -> list[LessonCard]:
    """The lessons whose practice questions belong to an outcome."""
    return [
        lesson_card(course, lesson)
        for lesson in course.lessons
        if any(course.questions[key][course.language].outcome == outcome for key in lesson.questions)
    ]
