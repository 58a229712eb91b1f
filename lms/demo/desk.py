"""What a coordinator set up: targets, courses for everybody, groups, sessions, corrected names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert

from lms.content.models import PublishedCourse
from lms.coordination.models import Target
from lms.demo.plan import Plan
from lms.demo.sessions import write_sessions
from lms.demo.writing import Crowd, moment_of
from lms.learning.models import EnrolmentRule, Group, GroupMember
from lms.people.models import PersonName

RUSSIAN_KEYBOARD = str.maketrans("ғӣқӯҳҷҒӢҚӮҲҶ", "гикухчГИКУХЧ")

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def write_desk(db: Session, plan: Plan, crowd: Crowd, by: int) -> None:
    """Everything that a coordinator decided before the programme began; what names a course not offered is left out."""
    moment = moment_of(plan.since - timedelta(days=1), 8)
    for each in plan.targets:
        if db.get(PublishedCourse, each.course) is not None:
            db.add(
                Target(
                    unit_id=crowd.unit_ids[each.unit],
                    course_id=each.course,
                    counts=each.counts,
                    rule=each.rule,
                    share=each.share,
                    due_on=each.due_on,
                    made_by=by,
                    made_at=moment,
                )
            )
    for unit, course in plan.rules:
        if db.get(PublishedCourse, course) is not None:
            db.add(
                EnrolmentRule(
                    unit_id=crowd.unit_ids[unit], course_id=course, due_on=plan.due_on, made_by=by, made_at=moment
                )
            )
    _groups(db, plan, crowd, by)
    write_sessions(db, plan, crowd)
    _corrections(db, plan, crowd, by)


def _groups(db: Session, plan: Plan, crowd: Crowd, by: int) -> None:
    groups = [
        Group(
            unit_id=crowd.unit_ids[each.unit],
            course_id=each.course,
            name=each.name,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
            made_by=by,
            made_at=moment_of(each.starts_on - timedelta(days=10), 8),
        )
        for each in plan.groups
    ]
    db.add_all(groups)
    db.flush()
    members = [
        {"group_id": group.id, "person_id": crowd.person(each.unit, member), "joined_at": group.made_at}
        for each, group in zip(plan.groups, groups, strict=True)
        for member in range(each.first, each.last)
    ]
    if members:
        db.execute(insert(GroupMember), members)


def _corrections(db: Session, plan: Plan, crowd: Crowd, by: int) -> None:
    for number, (unit, member) in enumerate(plan.corrections):
        moment = moment_of(plan.since + timedelta(days=3 + number % 20), 9)
        person, name = crowd.person(unit, member), crowd.name(unit, member).name
        db.add(PersonName(person_id=person, name=as_heard(name), latin_name="", until=moment, changed_by=by))


def as_heard(name: str) -> str:
    """A name as somebody wrote it who had no Tajik keyboard, or knew only how it begins."""
    plain = name.translate(RUSSIAN_KEYBOARD)
    given, _, family = name.partition(" ")
    return plain if plain != name else f"{given[:1]}. {family}"
