"""Courses that a second person looks at before they are published (`approval: yes`).

A course that asks for approval goes on asking until a version that does not ask any more was approved: nobody gets
round the second look by taking the line out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.clock import now
from lms.content import queries
from lms.content.models import Approval, CourseVersion, PublishedCourse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse

WAITING, APPROVED, REFUSED = "", "approved", "refused"


class NotWaiting(LookupError):
    """There is no such version, or it was decided already, or a newer one is in force."""


class NotApproved(PermissionError):
    """The course asks for a second look, and nobody had it at this version."""


class OwnWork(PermissionError):
    """Whoever asked for the approval cannot give it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that waits for approval, or was refused and not replaced yet. `asked_by` is an actor."""

    course_id: str
    pack: str
    version: int
    number: int
    current: int | None
    asked_at: datetime
    asked_by: int | None
    decision: str
    words: str


def is_free(db: Session, course: PublishedCourse, version: int, compiled: CompiledCourse, by: int | None) -> bool:
    """Whether a version may be published now; if it has to wait, that is noted."""
    if not _is_asked(db, course, compiled):
        return True
    known = db.get(Approval, version)
    if known is None:
        db.add(Approval(version_id=version, asked_at=now(), asked_by=by, decision=WAITING, words=""))
        return False
    return known.decision == APPROVED


def _is_asked(db: Session, course: PublishedCourse, compiled: CompiledCourse) -> bool:
    before = course.current_version_id
    return compiled.needs_approval or (before is not None and queries.version(db, before).needs_approval)


def refuse_unapproved(db: Session, course: PublishedCourse, version: int, compiled: CompiledCourse) -> None:
    """Raise `NotApproved` where restoring a version would be a way round the second look."""
    known = db.get(Approval, version)
    if _is_asked(db, course, compiled) and (known is None or known.decision != APPROVED):
        raise NotApproved(version)


def decide(db: Session, version_id: int, decision: str, *, by: int, words: str = "") -> CourseVersion:
    """Note a decision; the version. Raises `NotWaiting`, `OwnWork`."""
    known = db.get(Approval, version_id, with_for_update=True)
    version = db.get(CourseVersion, version_id)
    if known is None or version is None or known.decision != WAITING:
        raise NotWaiting(version_id)
    current = db.scalar(select(PublishedCourse.current_version_id).where(PublishedCourse.id == version.course_id))
    if current is not None and current > version_id:
        raise NotWaiting(version_id)
    if known.asked_by == by:
        raise OwnWork(version_id)
    known.decision, known.decided_at, known.decided_by, known.words = decision, now(), by, words
    db.flush()
    return version


def waiting(db: Session, pack: str = "") -> Sequence[Waiting]:
    """For each course (of a pack) the newest version that is not published because of a missing approval."""
    found = (
        select(Approval, CourseVersion.number, PublishedCourse)
        .join(CourseVersion, CourseVersion.id == Approval.version_id)
        .join(PublishedCourse, PublishedCourse.id == CourseVersion.course_id)
        .where(Approval.decision != APPROVED)
        .order_by(Approval.version_id)
    )
    if pack:
        found = found.where(PublishedCourse.pack == pack)
    newest = {
        course.id: Waiting(
            course.id, course.pack, row.version_id, number, course.current_version_id,
            row.asked_at, row.asked_by, row.decision, row.words,
        )
        for row, number, course in db.execute(found)
        if course.current_version_id is None or course.current_version_id < row.version_id
    }  # fmt: skip
    return tuple(newest.values())


def undecided(db: Session, pack: str) -> list[Waiting]:
    """Of a pack, what waits for a second person who has not said anything yet."""
    return [each for each in waiting(db, pack) if each.decision == WAITING]
