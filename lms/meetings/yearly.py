"""Whom people trained, as their yearly statements say it: by the sessions that count for the cascade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, distinct, func, select

from lms.among import among
from lms.content import queries as content
from lms.meetings.cascade_queries import counts, offers_of
from lms.meetings.models import Attendance, TrainingSession
from lms.printing.statement_rules import Column, Figure, Period, Row, Section, StatementPart
from lms.web.language import _, language, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

_AT_A_SESSION = and_(
    Attendance.session_id == TrainingSession.id,
    Attendance.ended_at.is_(None),
    Attendance.person_id != TrainingSession.trainer_id,
)
_NUMBERS = (func.count(distinct(TrainingSession.id)), func.count(distinct(Attendance.person_id)))


def _held_in(db: Session, period: Period) -> ColumnElement[bool]:
    return and_(TrainingSession.held_on >= period.first, TrainingSession.held_on <= period.last, counts(offers_of(db)))


def _people(db: Session, period: Period) -> Select[int]:
    return select(TrainingSession.trainer_id).join(Attendance, _AT_A_SESSION).where(_held_in(db, period))


def _years(db: Session, person: int) -> set[int]:
    held = select(TrainingSession.held_on).join(Attendance, _AT_A_SESSION)
    mine = held.where(TrainingSession.trainer_id == person, counts(offers_of(db))).distinct()
    return {day.year for day in db.scalars(mine)}


def _sections(db: Session, people: Collection[int], period: Period) -> Mapping[int, Sequence[Section]]:
    trainer, course = TrainingSession.trainer_id, TrainingSession.course_id
    where = (among(trainer, people), _held_in(db, period))
    by_course = select(trainer, course, *_NUMBERS).join(Attendance, _AT_A_SESSION).where(*where)
    rows: dict[int, list[Row]] = {}
    for person, name, sessions, trained in db.execute(by_course.group_by(trainer, course).order_by(course)):
        title, tag = _title(db, name)
        rows.setdefault(person, []).append(Row(title, (), (number(sessions), number(trained)), tag))
    # whoever was trained in two courses is one person
    total = select(trainer, _NUMBERS[1]).join(Attendance, _AT_A_SESSION).where(*where).group_by(trainer)
    sums = {row[0]: row[1] for row in db.execute(total)} if rows else {}
    return {person: [_section(each, sums[person])] for person, each in rows.items()}


def _section(rows: Sequence[Row], people: int) -> Section:
    columns = (Column(_("Course")), Column(_("Sessions"), is_number=True), Column(_("People"), is_number=True))
    figure = Figure(number(people), ngettext("person trained", "people trained", people))
    return Section(_("People trained"), columns, tuple(rows), figure)


def _title(db: Session, course_id: str) -> tuple[str, str]:
    """A course's title, and the language in which it is."""
    current = content.current(db, course_id)
    if current is None:
        return course_id, ""
    tag = language() if language() in current.course.pages else current.course.language
    return current.course.pages[tag].title, tag


TRAINED = StatementPart(_years, _people, _sections)
