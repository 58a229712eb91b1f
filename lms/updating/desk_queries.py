"""What a trainer chooses from to tell holders of a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.authoring.queries import title_of
from lms.content import queries as content
from lms.updating import queries
from lms.updating.comparing import LessonChange, changed, changed_lessons, lesson_before, lesson_of, questions_of
from lms.updating.models import CourseUpdate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.authoring.differences import Line
    from lms.content.compiled import CompiledCourse, CompiledLesson
    from lms.content.queries import Current, VersionRow
    from lms.plugins import QuestionType


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A certified course, and how many hold a certificate under a version before the current one."""

    id: str
    title: str
    holders: int


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """The lessons of a course that differ from an older version. `told` are those with an update of this version."""

    course: CompiledCourse
    old: VersionRow | None
    new: VersionRow
    versions: Sequence[VersionRow]
    lessons: Sequence[LessonChange]
    told: frozenset[str]
    holders: int


@dataclass(frozen=True, slots=True)
class FormPage:
    """What is to be told about one lesson, what differs in it, and the questions that can go with it."""

    course: CompiledCourse
    old: VersionRow
    lesson: CompiledLesson
    lines: Sequence[Line]
    is_new: bool
    questions: Sequence[str]
    holders: int


def courses(db: Session, today: date, language: str) -> list[CourseRow]:
    """The courses on offer that certify, alone or in a programme; those with most holders of older versions first."""
    holders = queries.holders_by_course(db, today)
    parts = {part for whole in queries.programmes(db).values() for part in whole}
    found = [
        CourseRow(
            each.course.id,
            title_of(each.course, language),
            holders.get(each.course.id, 0),
        )
        for each in content.catalogue(db)
        if each.course.lessons and (each.course.certificate is not None or each.course.id in parts)
    ]
    return sorted(found, key=lambda row: -row.holders)


def choose_page(db: Session, current: Current, old: int, today: date) -> ChoosePage:
    """The lessons that differ; `old` 0 stands for the published version before the current one."""
    new, older = _versions(db, current)
    chosen = next((row for row in older if row.id == old), next(iter(older), None))
    lessons = changed_lessons(content.version(db, chosen.id), current.course) if chosen else []
    told = select(CourseUpdate.lesson_id).where(
        CourseUpdate.course_id == current.course.id, CourseUpdate.new_version_id == current.version
    )
    holders = queries.holders_by_course(db, today).get(current.course.id, 0)
    return ChoosePage(current.course, chosen, new, older, lessons, frozenset(db.scalars(told)), holders)


def _versions(db: Session, current: Current) -> tuple[VersionRow, list[VersionRow]]:
    """The current version, and those before it that were published, newest first."""
    rows = content.versions(db, current.course.id)
    new = next(row for row in rows if row.id == current.version)
    return new, [row for row in rows if row.id < new.id and row.published_at is not None]


def form_page(
    db: Session, current: Current, old: int, lesson_id: str, types: Mapping[str, QuestionType], today: date
) -> FormPage | None:
    """One changed lesson; None if there is no such version or lesson, or nothing differs."""
    _new, older = _versions(db, current)
    chosen = next((row for row in older if row.id == old), None)
    lesson = lesson_of(current.course, lesson_id)
    if chosen is None or lesson is None:
        return None
    before = lesson_before(content.version(db, chosen.id), lesson)
    tag = current.course.language
    lines = changed(before.pages.get(tag) if before else None, lesson.pages[tag])
    asked = questions_of(current.course, lesson, types)
    holders = queries.holders_by_course(db, today).get(current.course.id, 0)
    return FormPage(current.course, chosen, lesson, lines, before is None, asked, holders)
