"""Reads of changed keys and regradings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.grading.models import ChangedKey, Regrading
from lms.grading.queries import stem_of
from lms.grading.rules import State
from lms.learning.corrections import Correction
from lms.learning.models import Enrolment
from lms.people.models import Person
from lms.quiz import keys
from lms.quiz.models import Attempt, QuestionGrade
from lms.quiz.regrading import versions_answered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse
    from lms.content.structure import Question
    from lms.plugins import QuestionType

MOST_SHOWN = 50
MOST_VERSIONS = 10


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A question of a course, as it is found on the page of keys."""

    course: str
    key: str
    stem: str
    found_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RegradingRow:
    """One regrading in the list."""

    id: str
    course: str
    stem: str
    state: str
    asked_at: datetime
    by: str
    changed: int


@dataclass(frozen=True, slots=True)
class KeysPage:
    """Keys that changed since people answered, the questions of one course, and regradings so far."""

    changed: Sequence[KeyRow]
    courses: Sequence[tuple[str, str]]
    course: str
    questions: Sequence[KeyRow]
    regradings: Sequence[RegradingRow]


@dataclass(frozen=True, slots=True)
class OlderKey:
    """What was right in an older version."""

    number: int
    solution: str


@dataclass(frozen=True, slots=True)
class KeyPage:
    """One question with its key now and before."""

    course: CompiledCourse
    version: int
    key: str
    language: str
    question: Question
    solution: str
    older: Sequence[OlderKey]
    is_by_person: bool
    under_way: str


@dataclass(frozen=True, slots=True)
class RegradingPage:
    """How far a regrading is, and what it found and changed."""

    id: str
    course: str
    key: str
    stem: str
    state: str
    total: int
    found: Mapping[str, int]
    made: Mapping[str, int]
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None

    @property
    def seen(self) -> int:
        """How many attempts the present walk has graded or looked at."""
        return int((self.made if self.state == State.WRITING else self.found).get("attempts", 0))


def holders(db: Session, course: str, actors: Sequence[int]) -> frozenset[int]:
    """Who of these people holds a certificate of a course that was not withdrawn."""
    if not actors:
        return frozenset()
    held = select(Certificate.actor_id).where(
        Certificate.actor_id.in_(actors), Certificate.course_id == course, Certificate.revoked_at.is_(None)
    )
    return frozenset(db.scalars(held))


def begun(db: Session, course: str, actors: Sequence[int]) -> dict[int, bool]:
    """Who of these people has begun a course, and whether they have completed it."""
    found = select(Enrolment.actor_id, Enrolment.completed_at.is_not(None))
    rows = db.execute(found.where(Enrolment.actor_id.in_(actors), Enrolment.course_id == course))
    return {row[0]: bool(row[1]) for row in rows}


def late_regradings(db: Session, attempt: str) -> list[tuple[str, str]]:
    """Regradings, with their questions, that began before this attempt was handed in, by a key newer than its own."""
    rows = db.execute(
        select(Regrading.id, Regrading.question_key)
        .join(Attempt, Attempt.course_id == Regrading.course_id)
        .where(
            Attempt.id == attempt,
            Attempt.version_id < Regrading.version_id,
            Regrading.state.in_((State.WRITING, State.DONE)),
        )
        .order_by(Regrading.asked_at, Regrading.id)
    )
    return [(row[0], row[1]) for row in rows]


def corrections(db: Session, attempt: str) -> dict[str, Correction]:
    """Question -> the key by which it counts in this attempt, where that is not the one it was asked with."""
    rows = db.execute(
        select(Regrading.question_key, Regrading.version_id, Regrading.ended_at)
        .join(Attempt, Attempt.course_id == Regrading.course_id)
        .where(Attempt.id == attempt, Attempt.version_id < Regrading.version_id, Regrading.state == State.DONE)
        .order_by(Regrading.asked_at, Regrading.id)
    )
    return {row[0]: Correction(row[1], row[2]) for row in rows if row[2] is not None}


def grades_of(db: Session, regrading: str, attempts: Sequence[str]) -> Sequence[int]:
    """The grades that a regrading gave in these attempts."""
    given = select(QuestionGrade.id).where(QuestionGrade.attempt_id.in_(attempts), QuestionGrade.regrading == regrading)
    return db.scalars(given.order_by(QuestionGrade.id)).all()


def graded_keys(course: CompiledCourse) -> list[str]:
    """The questions that some quiz or exam of a course may draw, in order."""
    return list(dict.fromkeys(key for quiz in course.quizzes.values() for key in quiz.questions))


def changed_keys(db: Session, current: content.Current, types: Mapping[str, QuestionType]) -> list[str]:
    """The questions whose key differs from one by which people were graded.

    Where a question was looked at before, by the version whose key was tried last, and by later ones.
    """
    course, spoken = current.course, _last_words(db, current.course.id)
    left = dict.fromkeys(graded_keys(course))
    for version in sorted({*versions_answered(db, course.id), *spoken.values()} - {current.version}):
        older = content.version(db, version)
        for key in [key for key in left if key in older.questions and version >= spoken.get(key, 0)]:
            if _is_other_key(older, course, key, types):
                del left[key]
    return [key for key in graded_keys(course) if key not in left]


def _last_words(db: Session, course: str) -> dict[str, int]:
    """For each question that was graded again, or on purpose was not, the version whose key was tried last."""
    rows = db.execute(
        select(Regrading.question_key, Regrading.version_id)
        .where(Regrading.course_id == course, Regrading.state.in_((State.DONE, State.DROPPED)))
        .order_by(Regrading.ended_at, Regrading.id)
    )
    return {row[0]: row[1] for row in rows}


def _is_other_key(old: CompiledCourse, new: CompiledCourse, key: str, types: Mapping[str, QuestionType]) -> bool:
    before, after = old.questions[key], new.questions[key]
    return any(keys.is_changed(types[after[tag].type], before[tag], after[tag]) for tag in before.keys() & after.keys())


def keys_page(db: Session, asked: str, language: str) -> KeysPage:
    """What changed, what can be looked for, what was done."""
    offered = content.catalogue(db)
    courses = {each.course.id: each.course for each in offered if each.course.quizzes}
    rows = db.scalars(select(ChangedKey).order_by(ChangedKey.found_at.desc(), ChangedKey.question_key).limit(200))
    changed = [KeyRow(row.course_id, row.question_key, _stem_in(db, row, language), row.found_at) for row in rows]
    chosen = courses.get(asked)
    return KeysPage(
        changed,
        [(name, (each.pages.get(language) or each.pages[each.language]).title) for name, each in courses.items()],
        chosen.id if chosen else "",
        [KeyRow(asked, key, stem_of(chosen, key, language)) for key in graded_keys(chosen)] if chosen else [],
        _regradings(db, language),
    )


def _stem_in(db: Session, row: ChangedKey | Regrading, language: str) -> str:
    return stem_of(content.version(db, row.version_id), row.question_key, language)


def _regradings(db: Session, language: str) -> list[RegradingRow]:
    rows = db.execute(
        select(Regrading, Person.name)
        .outerjoin(Person, Person.id == Regrading.asked_by)
        .order_by(Regrading.asked_at.desc(), Regrading.id)
        .limit(MOST_SHOWN)
    )
    return [
        RegradingRow(
            row.id,
            row.course_id,
            _stem_in(db, row, language),
            row.state,
            row.asked_at,
            name or "",
            int((row.made or row.found).get("changed", 0)),
        )
        for row, name in rows
    ]


def key_page(db: Session, course_id: str, key: str, types: Mapping[str, QuestionType], language: str) -> KeyPage | None:
    """One question of the version on offer; None if there is none that counts."""
    current = content.current(db, course_id)
    if current is None or key not in graded_keys(current.course):
        return None
    course = current.course
    texts = course.questions[key]
    tag = language if language in texts else course.language
    question, kind = texts[tag], types[texts[tag].type]
    at_work = select(Regrading.id).where(Regrading.course_id == course_id, Regrading.question_key == key)
    under_way = db.scalar(at_work.where(Regrading.state.in_((State.LOOKING, State.LOOKED, State.WRITING))).limit(1))
    return KeyPage(
        course,
        current.version,
        key,
        tag,
        question,
        kind.solution(question),
        _older(db, current, key, tag, kind),
        kind.model_response(question) is None,
        under_way or "",
    )


def _older(db: Session, current: content.Current, key: str, tag: str, kind: QuestionType) -> list[OlderKey]:
    """Keys of the last versions that were others, newest first."""
    found: dict[str, OlderKey] = {}
    for row in content.versions(db, current.course.id)[:MOST_VERSIONS]:
        texts = content.version(db, row.id).questions.get(key, {}) if row.id != current.version else {}
        if tag in texts and texts[tag].type == kind.name:
            solution = kind.solution(texts[tag])
            found.setdefault(solution, OlderKey(row.number, solution))
    found.pop(kind.solution(current.course.questions[key][tag]), None)
    return list(found.values())


def regrading_page(db: Session, regrading_id: str, language: str) -> RegradingPage | None:
    """One regrading."""
    row = db.get(Regrading, regrading_id)
    if row is None:
        return None
    by = db.scalar(select(Person.name).where(Person.id == row.asked_by)) or ""
    about = (row.id, row.course_id, row.question_key, _stem_in(db, row, language), row.state, row.total)
    return RegradingPage(*about, row.found, row.made, by, row.asked_at, row.ended_at)
