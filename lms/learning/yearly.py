"""The courses that people finish, as their yearly statements say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.among import among
from lms.content import queries as content
from lms.learning.models import Enrolment
from lms.printing.statement_rules import Column, Figure, Period, Row, Section, StatementPart
from lms.web.language import _, language, ngettext, number, show_date

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse


def _finished_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    return Enrolment.completed_at >= period.begin, Enrolment.completed_at < period.end


def _people(_db: Session, period: Period) -> Select[int]:
    return select(Enrolment.actor_id).where(*_finished_in(period))


def _years(db: Session, person: int) -> set[int]:
    moments = db.scalars(select(Enrolment.completed_at).where(Enrolment.actor_id == person))
    return {moment.year for moment in moments if moment is not None}


def _sections(db: Session, people: Collection[int], period: Period) -> Mapping[int, Sequence[Section]]:
    found = select(Enrolment).where(among(Enrolment.actor_id, people), *_finished_in(period))
    rows: dict[int, list[tuple[Enrolment, CompiledCourse | None]]] = {}
    for enrolment in db.scalars(found.order_by(Enrolment.completed_at, Enrolment.id)):
        rows.setdefault(enrolment.actor_id, []).append((enrolment, _course(db, enrolment)))
    return {person: [_section(each)] for person, each in rows.items()}


def _course(db: Session, enrolment: Enrolment) -> CompiledCourse | None:
    """The version under which it was finished, else the one that is offered now."""
    if enrolment.completed_version_id is not None:
        return content.version(db, enrolment.completed_version_id)
    current = content.current(db, enrolment.course_id)
    return current.course if current else None


def _section(finished: Sequence[tuple[Enrolment, CompiledCourse | None]]) -> Section:
    hours = sum(_hours(course) or 0 for _enrolment, course in finished)
    words = ngettext("academic hour", "academic hours", int(hours) if hours == int(hours) else 2)
    return Section(
        _("Courses finished"),
        (Column(_("Course")), Column(_("Finished")), Column(_("Academic hours"), is_number=True)),
        tuple(_row(enrolment, course) for enrolment, course in finished),
        Figure(number(hours), words) if hours else None,
    )


def _row(enrolment: Enrolment, course: CompiledCourse | None) -> Row:
    assert enrolment.completed_at is not None
    day, hours = show_date(enrolment.completed_at.date()), _hours(course)
    cells = (day, "" if hours is None else number(hours))
    if course is None:
        return Row(enrolment.course_id, cells=cells)
    tag = language() if language() in course.pages else course.language
    page = course.pages[tag]
    return Row(page.title, (" · ".join(page.outcomes.values()),) if page.outcomes else (), cells, tag)


def _hours(course: CompiledCourse | None) -> float | None:
    """A programme adds nothing to its courses, which stand there themselves."""
    return None if course is None or course.courses else course.hours


FINISHED = StatementPart(_years, _people, _sections)
