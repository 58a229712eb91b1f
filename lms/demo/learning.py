"""Writes what people did in a course: enrolments, lessons read, exams, certificates."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from lms.content.queries import Current
from lms.credentials.models import Certificate
from lms.demo.bulk import Row, fill
from lms.demo.honours import Awards
from lms.demo.papers import Paper, Papers
from lms.demo.progress import Way
from lms.demo.writing import Crowd
from lms.learning.models import Enrolment, LessonRead
from lms.quiz.models import Answer, Attempt, QuestionGrade

if TYPE_CHECKING:
    from lms.db import Base, Database

# the tables and columns that are written here, in the order in which rows refer to each other
COLUMNS: Mapping[type[Base], Sequence[str]] = {
    Enrolment: ("actor_id", "course_id", "source", "enrolled_at", "last_lesson", "last_at", "completed_at",
                "completed_version_id"),
    LessonRead: ("actor_id", "course_id", "lesson_id", "at"),
    Attempt: ("id", "actor_id", "course_id", "quiz_id", "version_id", "language", "seed", "number", "questions",
              "marked", "started_at", "deadline_at", "submitted_at", "closed_by", "score", "points", "passed",
              "outcomes"),
    QuestionGrade: ("attempt_id", "question_key", "score", "points", "outcome", "graded_at"),
    Answer: ("id", "attempt_id", "question_key", "response", "made_at", "received_at"),
    Certificate: ("code", "actor_id", "completion_key", "course_id", "version_id", "basis", "facts", "salt",
                  "issued_at", "valid_until", "revoked_reason"),
}  # fmt: skip
MINUTES = [f" {minute // 60:02}:{minute % 60:02}:00.000000" for minute in range(24 * 60)]
A_LESSON, AT_ONCE = 8, 6  # minutes; lessons in one sitting
OPENS, CLOSES = 7 * 60, 14 * 60  # local time in which somebody sits down
PEOPLE_AT_ONCE = 10_000


@dataclass(slots=True)
class Course:
    """One course as it is written: what is offered, its exams and certificates, and rows that wait to be written.

    Each answer is kept of one in `keeps` exams, so that questions can be judged by them, and of those to sign in as
    (`named`, by number).
    """

    current: Current
    papers: Papers | None
    awards: Awards | None
    lessons: Sequence[str]
    hours_east: int
    chance: Random
    keeps: int
    named: frozenset[int]
    rows: dict[type[Base], list[Row]] = field(default_factory=lambda: {table: [] for table in COLUMNS})
    exams: int = 0

    @property
    def id(self) -> str:
        """The course's id."""
        return self.current.course.id


def write_ways(database: Database, course: Course, crowd: Crowd, ways: Sequence[Way]) -> dict[int, str]:
    """Write what these people did; who completed (their places), each with the moment."""
    completed: dict[int, str] = {}
    for start in range(0, len(ways), PEOPLE_AT_ONCE):
        for way in ways[start : start + PEOPLE_AT_ONCE]:
            done = _walk(course, crowd, way)
            if done:
                completed[way.person] = done
        flush(database, course)
    return completed


def flush(database: Database, course: Course) -> None:
    """Write the rows that wait."""
    for table, rows in course.rows.items():
        fill(database, table, COLUMNS[table], rows)
        rows.clear()


def _walk(course: Course, crowd: Crowd, way: Way) -> str:
    """One person's way; the moment of completion, empty if it is not complete."""
    actor, opens = crowd.ids[way.person], OPENS - course.hours_east * 60
    reads = list(_reads(course, way))
    course.rows[LessonRead].extend((actor, course.id, lesson, moment) for lesson, moment, _ in reads)
    last, last_at, minute = reads[-1] if reads else ("", way.enrolled.isoformat() + MINUTES[opens], opens)
    enrolled = reads[0][1] if reads else last_at
    done, paper = "", None
    if way.stage in {"certified", "failed"}:
        done, paper = _exams(course, actor, way, minute)
    completed = (done, course.current.version) if way.stage == "certified" else (None, None)
    course.rows[Enrolment].append((actor, course.id, "self", enrolled, last, last_at, *completed))
    if way.stage != "certified":
        return ""
    certify(course, crowd, way.person, done, paper)
    return done


def certify(course: Course, crowd: Crowd, person: int, moment: str, paper: Paper | None) -> None:
    """The certificate of a completion, if the course gives one."""
    if course.awards is None:
        return
    name, actor = crowd.names[person], crowd.ids[person]
    award = course.awards.award(name.name, name.latin, date.fromisoformat(moment[:10]), paper)
    course.rows[Certificate].append(
        (award.code, actor, f"{actor}/{course.id}", course.id, course.current.version, "completion", award.facts,
         award.salt, moment, award.valid_until, "")
    )  # fmt: skip


def _reads(course: Course, way: Way) -> Iterator[tuple[str, str, int]]:
    """Lessons in sittings from the first day to the last: lesson, moment, and the minute of the day."""
    lessons = course.lessons
    amount = len(lessons) if way.stage in {"certified", "failed"} else max(1, int(way.share * len(lessons)))
    days = (way.day - way.enrolled).days + 1
    sittings = min(days, -(-amount // AT_ONCE))
    each, minute, sitting, day = -(-amount // sittings) if sittings else amount, 0, -1, ""
    for place in range(amount):
        if place // each != sitting:
            sitting = place // each
            after = (days - 1) * sitting // max(1, -(-amount // each) - 1) if sitting else 0
            day = (way.enrolled + timedelta(days=after)).isoformat()
            minute = _sits_down(course)
        minute += A_LESSON
        yield lessons[place], day + MINUTES[minute], minute


def _sits_down(course: Course) -> int:
    """A minute of the day, in UTC."""
    return OPENS + int(course.chance.random() * (CLOSES - OPENS)) - course.hours_east * 60


def _exams(course: Course, actor: int, way: Way, minute: int) -> tuple[str, Paper | None]:
    """The exams of somebody who passed in the end, or did not: the moment of the last one, and what was handed in."""
    if course.papers is None:
        return way.day.isoformat() + MINUTES[minute + 5], None
    fails, passes = course.papers.failed, course.papers.passed
    last = way.tries + (way.stage == "certified")
    for number in range(1, last):
        _sit(course, actor, _pick(course, fails), number, way.day - timedelta(days=last - number), _sits_down(course))
    paper = _pick(course, passes if way.stage == "certified" else fails)
    begun = minute + 5 + int(course.chance.random() * 40)
    return _sit(course, actor, paper, last, way.day, begun), paper


def _pick(course: Course, papers: Sequence[Paper]) -> Paper:
    return papers[int(course.chance.random() * len(papers))]


def _sit(course: Course, actor: int, paper: Paper, number: int, day: date, begun: int) -> str:
    """One exam; the moment at which it was handed in."""
    assert course.papers is not None
    quiz, ended = course.papers.quiz, begun + 12 + int(course.chance.random() * 26)
    limit = (quiz.settings.time_limit or 0) // 60
    start, end = day.isoformat() + MINUTES[begun], day.isoformat() + MINUTES[ended]
    deadline = day.isoformat() + MINUTES[begun + limit] if limit else None
    attempt = str(uuid.UUID(int=course.chance.getrandbits(128), version=4))
    result = paper.result
    course.rows[Attempt].append(
        (attempt, actor, course.id, quiz.id, course.current.version, course.current.course.language, paper.seed, number,
         paper.questions, "[]", start, deadline, end, "person", result.score, result.points, result.passed,
         paper.outcomes)
    )  # fmt: skip
    course.exams += 1
    if course.exams % course.keeps == 0 or actor in course.named:
        _keep_answers(course, attempt, paper, end)
    return end


def _keep_answers(course: Course, attempt: str, paper: Paper, end: str) -> None:
    assert course.papers is not None
    for grade in paper.grades:
        course.rows[QuestionGrade].append((attempt, grade.key, grade.score, grade.points, grade.outcome, end))
        if grade.score:
            given: Any = json.dumps(course.papers.answers[grade.key])
            answer = str(uuid.UUID(int=course.chance.getrandbits(128), version=4))
            course.rows[Answer].append((answer, attempt, grade.key, given, end, end))


def complete_programme(
    database: Database, programme: Course, crowd: Crowd, completed: Iterable[tuple[int, str]]
) -> None:
    """Who has completed all of its courses has completed a programme in the same moment."""
    for person, moment in completed:
        programme.rows[Enrolment].append(
            (crowd.ids[person], programme.id, "programme", moment, "", moment, moment, programme.current.version)
        )
        certify(programme, crowd, person, moment, None)
        if len(programme.rows[Enrolment]) >= PEOPLE_AT_ONCE:
            flush(database, programme)
    flush(database, programme)
