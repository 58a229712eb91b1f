"""Reads of updates: whom they are for, what waits for somebody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.content import queries as content
from lms.content.models import Publication, PublishedCourse
from lms.credentials.models import Certificate
from lms.people.models import Person
from lms.updating.comparing import changed, lesson_before, lesson_of
from lms.updating.models import CourseUpdate, UpdateAnswer, UpdateLetter
from lms.updating.rules import said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from lms.authoring.differences import Line
    from lms.content.compiled import CompiledCourse, CompiledLesson, LessonPage

    Programmes = Mapping[str, Sequence[str]]

MOST_WAITING = 50


@dataclass(frozen=True, slots=True)
class UpdateCard:
    """An update in a list: the lesson's title, and what changed, each with its language."""

    update: CourseUpdate
    course: CompiledCourse
    title: str
    title_language: str
    words: Mapping[str, str]
    words_language: str


@dataclass(frozen=True, slots=True)
class UpdatePage:
    """An update as its reader sees it. `is_new`: the older version had no such lesson; `lines` are what differs.

    `is_offered`: the lesson can still be read in the course.
    """

    card: UpdateCard
    page: LessonPage
    page_language: str
    lines: Sequence[Line]
    is_new: bool
    is_offered: bool
    is_done: bool


def is_valid(certificate: Any, today: date) -> ColumnElement[bool]:
    """The SQL condition that a certificate of a person is valid on a day."""
    return and_(
        certificate.actor_id.is_not(None),
        certificate.revoked_at.is_(None),
        certificate.superseded_by.is_(None),
        certificate.erased_at.is_(None),
        or_(certificate.valid_until.is_(None), certificate.valid_until >= today),
    )


def programmes(db: Session) -> Programmes:
    """The programmes on offer that certify, each with the courses that are its parts."""
    found = (each.course for each in content.catalogue(db))
    return {each.id: each.courses for each in found if each.courses and each.certificate is not None}


def is_held(wholes: Programmes, today: date) -> ColumnElement[bool]:
    """The SQL condition on `CourseUpdate` and `Certificate`: valid, of an older version, and none of a newer one."""
    return _is_behind(CourseUpdate.course_id, CourseUpdate.new_version_id, wholes, today)


def _is_behind(course: Any, version: Any, wholes: Programmes, today: date) -> ColumnElement[bool]:
    """That a certificate of a course, or of a programme that it is a part of, knows no version from this one on."""
    newer = aliased(Certificate)
    knows = select(newer.id).where(
        newer.actor_id == Certificate.actor_id,
        _stands_for(newer, course, wholes, newer.version_id >= version, newer.issued_at >= _published(version)),
        is_valid(newer, today),
    )
    older = (Certificate.version_id < version, Certificate.issued_at < _published(version))
    return and_(
        _stands_for(Certificate, course, wholes, *older),
        is_valid(Certificate, today),
        ~knows.correlate(Certificate, course.class_).exists(),
    )


def _stands_for(
    certificate: Any, course: Any, wholes: Programmes, by_version: ColumnElement[bool], by_day: ColumnElement[bool]
) -> ColumnElement[bool]:
    """That a certificate is of a course or of the whole around it; only one of the course itself has its version."""
    around = [
        and_(certificate.course_id == whole, course.in_(parts), by_day) for whole, parts in sorted(wholes.items())
    ]
    return or_(and_(certificate.course_id == course, by_version), *around)


def _published(version: Any) -> Any:
    """When a version was published first."""
    first = select(func.min(Publication.at)).where(Publication.version_id == version)
    return first.correlate(version.class_).scalar_subquery()


def _unread() -> ColumnElement[bool]:
    read = select(UpdateAnswer.id).where(
        UpdateAnswer.update_id == CourseUpdate.id,
        UpdateAnswer.actor_id == Certificate.actor_id,
        UpdateAnswer.is_first.is_(True),
    )
    return ~read.correlate(CourseUpdate, Certificate).exists()


def waiting(db: Session, actor: int, today: date) -> Sequence[CourseUpdate]:
    """The updates that somebody has not read yet, oldest first."""
    held = is_held(programmes(db), today)
    mine = select(CourseUpdate.id).join(Certificate, held).where(Certificate.actor_id == actor, _unread())
    found = select(CourseUpdate).where(CourseUpdate.id.in_(mine), CourseUpdate.ended_at.is_(None))
    return db.scalars(found.order_by(CourseUpdate.id).limit(MOST_WAITING)).all()


def read_by(db: Session, actor: int) -> Sequence[CourseUpdate]:
    """The updates that somebody has read, newest first."""
    mine = select(UpdateAnswer.update_id).where(UpdateAnswer.actor_id == actor, UpdateAnswer.is_first.is_(True))
    found = select(CourseUpdate).where(CourseUpdate.id.in_(mine)).order_by(CourseUpdate.id.desc())
    return db.scalars(found.limit(MOST_WAITING)).all()


def for_reader(db: Session, update_id: int, actor: int, today: date) -> CourseUpdate | None:
    """An update, if it is for this actor or was read by this actor already."""
    is_mine = (Certificate.actor_id == actor, is_held(programmes(db), today))
    held = select(Certificate.id).where(*is_mine).correlate(CourseUpdate)
    answered = select(UpdateAnswer.id).where(UpdateAnswer.actor_id == actor, UpdateAnswer.update_id == CourseUpdate.id)
    open_to = or_(and_(CourseUpdate.ended_at.is_(None), held.exists()), answered.correlate(CourseUpdate).exists())
    return db.scalar(select(CourseUpdate).where(CourseUpdate.id == update_id, open_to))


def card(db: Session, update: CourseUpdate, language: str) -> UpdateCard:
    """An update as lists show it."""
    course = content.version(db, update.new_version_id)
    lesson = _lesson(course, update)
    title_language = language if language in lesson.pages else course.language
    tag, words = said(update.words, language, course.language)
    return UpdateCard(update, course, lesson.pages[title_language].title, title_language, words, tag)


def _lesson(course: CompiledCourse, update: CourseUpdate) -> CompiledLesson:
    lesson = lesson_of(course, update.lesson_id)
    assert lesson is not None, "an update is only made of a lesson of its version, which never changes"
    return lesson


def page(db: Session, update: CourseUpdate, actor: int, language: str) -> UpdatePage:
    """An update as its reader sees it, in the reader's language where both versions have it."""
    shown = card(db, update, language)
    lesson, old = _lesson(shown.course, update), content.version(db, update.old_version_id)
    before = lesson_before(old, lesson)
    tag = shown.title_language
    if before is not None and tag not in before.pages and shown.course.language in lesson.pages:
        tag = shown.course.language
    current = content.current(db, update.course_id)
    is_offered = current is not None and lesson_of(current.course, update.lesson_id) is not None
    old_page = before.pages.get(tag) if before is not None else None
    return UpdatePage(
        shown, lesson.pages[tag], tag, changed(old_page, lesson.pages[tag]), old_page is None, is_offered,
        is_done(db, update.id, actor),
    )  # fmt: skip


def is_done(db: Session, update_id: int, actor: int) -> bool:
    """Whether somebody has read an update."""
    first = select(UpdateAnswer.id).where(
        UpdateAnswer.update_id == update_id, UpdateAnswer.actor_id == actor, UpdateAnswer.is_first.is_(True)
    )
    return db.scalar(first.limit(1)) is not None


def answer(db: Session, answer_id: str, update_id: int, actor: int) -> UpdateAnswer | None:
    """An answer to an update, if it is this actor's."""
    mine = (UpdateAnswer.id == answer_id, UpdateAnswer.update_id == update_id, UpdateAnswer.actor_id == actor)
    return db.scalar(select(UpdateAnswer).where(*mine))


def to_write_to(db: Session, today: date, before: datetime, most: int) -> Sequence[int]:
    """People who have an update that no letter told them of, take reminders, and were not written to since `before`."""
    told = select(UpdateLetter.actor_id).where(
        UpdateLetter.actor_id == Certificate.actor_id,
        or_(UpdateLetter.at > before, UpdateLetter.at >= CourseUpdate.made_at),
    )
    return db.scalars(
        select(Person.id)
        .select_from(CourseUpdate)
        .join(Certificate, is_held(programmes(db), today))
        .join(Person, Person.id == Certificate.actor_id)
        .where(
            CourseUpdate.ended_at.is_(None),
            Person.reminds.is_(True),
            Person.proved_email.is_not(None),
            Person.closed_at.is_(None),
            _unread(),
            ~told.correlate(Certificate, CourseUpdate).exists(),
        )
        .distinct()
        .order_by(Person.id)
        .limit(most)
    ).all()


def holders_by_course(db: Session, today: date) -> dict[str, int]:
    """How many hold a valid certificate of a course under a version before the current one, and none under that.

    Those who hold one of a programme around it count as well.
    """
    behind = _is_behind(PublishedCourse.id, PublishedCourse.current_version_id, programmes(db), today)
    counted = (
        select(PublishedCourse.id, func.count(Certificate.actor_id.distinct()))
        .join(Certificate, behind)
        .group_by(PublishedCourse.id)
    )
    return {row[0]: row[1] for row in db.execute(counted)}


def missed(db: Session, old: Certificate, course_id: str) -> Sequence[CourseUpdate]:
    """What changed in a course since a certificate and its holder has not read, or got wrong at the first try.

    A programme's certificate has no version of this course: there it is what was published since it was issued.
    What nobody is asked to read any more is left out.
    """
    newer = (
        CourseUpdate.new_version_id > old.version_id
        if course_id == old.course_id
        else _published(CourseUpdate.new_version_id) > old.issued_at
    )
    known = select(UpdateAnswer.id).where(
        UpdateAnswer.update_id == CourseUpdate.id,
        UpdateAnswer.actor_id == old.actor_id,
        UpdateAnswer.is_first.is_(True),
        UpdateAnswer.is_right.is_not(False),  # right, or nothing was asked
    )
    found = select(CourseUpdate).where(CourseUpdate.course_id == course_id, CourseUpdate.ended_at.is_(None), newer)
    unknown = found.where(~known.correlate(CourseUpdate).exists()).order_by(CourseUpdate.id.desc())
    return db.scalars(unknown.limit(MOST_WAITING)).all()


def outcomes_of(course: CompiledCourse, updates: Sequence[CourseUpdate]) -> Counter[str]:
    """Of each outcome, how many changed lessons carry it: by the practice questions that these lessons have now."""
    lessons = ((lesson, {lesson.id, *lesson.was}) for lesson in course.lessons)
    names = [each.lesson_id for each in updates]
    count: Counter[str] = Counter()
    for lesson, known_as in lessons:
        told = sum(name in known_as for name in names)
        carried = {course.questions[key][course.language].outcome for key in lesson.questions} - {""}
        count.update(dict.fromkeys(carried, told) if told else {})
    return count


def take_turns(db: Session, course: str) -> None:
    """Let two who tell of a course at one moment take turns, so that the second sees what the first told."""
    db.execute(select(PublishedCourse.id).where(PublishedCourse.id == course).with_for_update(key_share=True))
