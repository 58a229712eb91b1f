"""What two accounts, which turned out to be one person's, did in courses; courses of units that become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.clock import now
from lms.content import queries as content
from lms.learning import queries
from lms.learning.actions import judge
from lms.learning.models import (
    EnrolmentRule,
    Exemption,
    Group,
    GroupMember,
    LessonRead,
    MistakeReport,
    OutsideAction,
    PracticeAnswer,
    RequirementFact,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person what the other did. Where both did it, the earlier beginning and the further end are kept."""
    _move_enrolments(db, gone, keep)
    _move_reads(db, gone, keep)
    _move_facts(db, gone, keep)
    _move_actions(db, gone, keep)
    _move_groups(db, gone, keep)
    for table in (PracticeAnswer, MistakeReport):
        db.execute(update(table).where(table.actor_id == gone).values(actor_id=keep))
    db.execute(update(Exemption).where(Exemption.person_id == gone).values(person_id=keep))
    db.flush()
    for enrolled in queries.enrolments(db, keep):
        current = content.current(db, enrolled.course_id)
        if current is not None and enrolled.completed_at is None:
            judge(db, keep, current)


def _move_enrolments(db: Session, gone: int, keep: int) -> None:
    known = {row.course_id: row for row in queries.enrolments(db, keep)}
    for row in queries.enrolments(db, gone):
        mine = known.get(row.course_id)
        if mine is None:
            row.actor_id = keep
            continue
        mine.enrolled_at = min(mine.enrolled_at, row.enrolled_at)
        if row.last_at > mine.last_at:
            mine.last_at, mine.last_lesson = row.last_at, row.last_lesson
        if row.completed_at is not None and (mine.completed_at is None or row.completed_at < mine.completed_at):
            mine.completed_at, mine.completed_version_id = row.completed_at, row.completed_version_id
        db.delete(row)
    db.flush()


def _move_reads(db: Session, gone: int, keep: int) -> None:
    rows = db.scalars(select(LessonRead).where(LessonRead.actor_id.in_((gone, keep)))).all()
    known = {(row.course_id, row.lesson_id): row for row in rows if row.actor_id == keep}
    for row in rows:
        mine = known.get((row.course_id, row.lesson_id))
        if mine is None:
            row.actor_id = keep
        elif mine is not row:
            mine.at = min(mine.at, row.at)
            db.delete(row)
    db.flush()


def _move_facts(db: Session, gone: int, keep: int) -> None:
    rows = db.scalars(select(RequirementFact).where(RequirementFact.actor_id.in_((gone, keep)))).all()
    known = {(row.course_id, row.kind, row.ref): row for row in rows if row.actor_id == keep}
    for row in rows:
        mine = known.get((row.course_id, row.kind, row.ref))
        if mine is None:
            row.actor_id = keep
        elif mine is not row:
            if row.value > mine.value:
                mine.value, mine.source, mine.at = row.value, row.source, row.at
            db.delete(row)
    db.flush()


def _move_actions(db: Session, gone: int, keep: int) -> None:
    rows = db.scalars(select(OutsideAction).where(OutsideAction.person_id.in_((gone, keep)))).all()
    known = {(row.course_id, row.action, row.source): row for row in rows if row.person_id == keep}
    for row in rows:
        mine = known.get((row.course_id, row.action, row.source))
        if mine is None:
            row.person_id = keep
        elif mine is not row:
            if mine.ended_at is not None and row.ended_at is None:
                mine.at, mine.by, mine.ended_at = row.at, row.by, None
            db.delete(row)
    db.flush()


def _move_groups(db: Session, gone: int, keep: int) -> None:
    have = select(GroupMember.group_id).where(GroupMember.person_id == keep)
    db.execute(delete(GroupMember).where(GroupMember.person_id == gone, GroupMember.group_id.in_(have)))
    db.execute(update(GroupMember).where(GroupMember.person_id == gone).values(person_id=keep))


def follow(db: Session, gone: int, into: int) -> None:
    """Let the courses and groups of a unit go on in the unit that it became part of.

    Where both give a course, the deadline of the unit that goes on holds. What has ended stays where it was.
    """
    live = select(EnrolmentRule.course_id).where(EnrolmentRule.unit_id == into, EnrolmentRule.ended_at.is_(None))
    given = set(db.scalars(live))
    here = select(EnrolmentRule).where(EnrolmentRule.unit_id == gone, EnrolmentRule.ended_at.is_(None))
    for rule in db.scalars(here.order_by(EnrolmentRule.id)).all():
        if rule.course_id in given:
            rule.ended_at = now()
        else:
            rule.unit_id = into
    db.execute(update(Group).where(Group.unit_id == gone, Group.ended_at.is_(None)).values(unit_id=into))
