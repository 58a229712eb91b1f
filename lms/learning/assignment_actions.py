"""Give courses to everybody in a unit, or to a group with days of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete

from lms.clock import now
from lms.db import insert_once
from lms.learning.assignment_queries import MOST_MEMBERS, count_members, rules_in_force
from lms.learning.models import EnrolmentRule, Group, GroupMember
from lms.people.actions import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session


class GroupFull(Exception):
    """A group has as many people as a group can have; `room` is how many more would fit."""

    def __init__(self, room: int) -> None:
        super().__init__(room)
        self.room = room


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group to make: some people of a unit, a course, the first and the last day."""

    unit: int
    course: str
    name: str
    starts_on: date
    ends_on: date


def give_courses(db: Session, unit: int, courses: Sequence[str], due_on: date | None, *, by: int) -> None:
    """Everybody in a unit and below it takes these courses, also who comes later.

    A rule of the same unit for the same course ends, so that one deadline holds; the same rule again changes nothing.
    """
    known = {rule.course_id: rule for rule in rules_in_force(db, unit, courses)}
    for course in dict.fromkeys(courses):
        rule = known.get(course)
        if rule is not None and rule.due_on == due_on:
            continue
        if rule is not None:
            rule.ended_at = now()
        db.add(EnrolmentRule(unit_id=unit, course_id=course, due_on=due_on, made_by=by, made_at=now()))
        due = due_on.isoformat() if due_on else None
        record(db, "courses-given", by, None, unit=unit, course=course, due=due)


def end_rule(db: Session, rule: EnrolmentRule, *, by: int) -> None:
    """End a rule. What people did stays; ending it twice changes nothing."""
    if rule.ended_at is None:
        rule.ended_at = now()
        record(db, "courses-given-ended", by, None, unit=rule.unit_id, course=rule.course_id)


def make_group(db: Session, new: NewGroup, *, by: int) -> Group:
    """A new group, with nobody in it."""
    group = Group(
        unit_id=new.unit,
        course_id=new.course,
        name=new.name,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        made_by=by,
        made_at=now(),
    )
    db.add(group)
    db.flush()
    record(db, "group-made", by, None, unit=new.unit, group=group.id)
    return group


def put_into_group(db: Session, group: Group, people: Sequence[int], *, by: int) -> int:
    """Put people into a group; how many were not in it. Raises `GroupFull`, and then nobody is put in."""
    added = 0
    for person in dict.fromkeys(people):
        if insert_once(db, GroupMember, {"group_id": group.id, "person_id": person, "joined_at": now()}):
            record(db, "put-into-group", by, person, group=group.id)
            added += 1
    count = count_members(db, group.id)
    if count > MOST_MEMBERS:
        raise GroupFull(max(0, MOST_MEMBERS - (count - added)))
    return added


def take_out_of_group(db: Session, group: Group, person: int, *, by: int) -> None:
    """Take somebody out of a group. What they did stays."""
    db.execute(delete(GroupMember).where(GroupMember.group_id == group.id, GroupMember.person_id == person))
    record(db, "taken-out-of-group", by, person, group=group.id)


def end_group(db: Session, group: Group, *, by: int) -> None:
    """End a group: its days hold no longer. What people did stays; ending it twice changes nothing."""
    if group.ended_at is None:
        group.ended_at = now()
        record(db, "group-ended", by, None, unit=group.unit_id, group=group.id)
