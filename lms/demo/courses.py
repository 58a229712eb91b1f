"""What all people of a programme did in all of its courses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import update

from lms.content import queries as content
from lms.content.models import CourseVersion, Publication
from lms.credentials.certification import certification
from lms.demo.bulk import fill
from lms.demo.honours import Awards
from lms.demo.learning import Course, complete_programme, write_ways
from lms.demo.papers import write_papers
from lms.demo.plan import Plan
from lms.demo.progress import Way, ways
from lms.demo.writing import Crowd, moment_of
from lms.learning.models import Exemption

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.credentials.certification import Certification
    from lms.db import Database
    from lms.plugins import QuestionType

Say: TypeAlias = Callable[[str], None]
FEW_PEOPLE, KEPT_OF_MANY = 10_000, 100  # of how many exams of many people one is kept with all answers
REASON = "On long leave until the programme is over."


def plan_steps(database: Database, plan: Plan, crowd: Crowd) -> dict[str, list[Way]]:
    """What everybody does, by course; courses that are not offered are left out.

    Who is in two cells of a course is in the first one only.
    """
    luck = Random(f"{plan.seed}/luck")  # noqa: S311 - a demonstration is the same each time
    scores = [plan.units[unit].strength + luck.gauss(0, 0.7) for unit in crowd.units]
    found: dict[str, list[Way]] = {}
    with database.reading() as db:
        offered = {each.course.id for each in content.catalogue(db)}
    placed: dict[str, set[int]] = {}
    for number, cell in enumerate(plan.cells):
        if cell.course in offered:
            chance = Random(f"{plan.seed}/{number}/{cell.course}")  # noqa: S311 - as above
            inside, earlier = range(crowd.first[cell.unit], crowd.end[cell.unit]), placed.setdefault(cell.course, set())
            people = [person for person in inside if person not in earlier]
            earlier.update(people)
            found.setdefault(cell.course, []).extend(ways(cell, people, scores, chance))
    for course in found.values():
        course.sort(key=lambda way: way.person)
    return found


def write_courses(
    database: Database,
    plan: Plan,
    crowd: Crowd,
    steps: Mapping[str, Sequence[Way]],
    types: Mapping[str, QuestionType],
    say: Say,
) -> None:
    """Courses first, then the programmes that are made of them."""
    with database.writing() as db:
        publish_earlier(db, moment_of(plan.since - timedelta(days=60), 6))
        catalogue = content.catalogue(db)
        certified = {each.course.id: certification(db, each.course) for each in catalogue}
    done: dict[str, dict[int, str]] = {}
    for current in catalogue:
        steps_here = steps.get(current.course.id, ())
        if steps_here:
            say(f"{current.course.id}: {len(steps_here):,} people")
            course = _course(plan, crowd, current, types, certified[current.course.id])
            done[current.course.id] = write_ways(
                database, course, crowd, [way for way in steps_here if way.stage != "exempt"]
            )
            _exempt(database, crowd, current.course.id, [way for way in steps_here if way.stage == "exempt"])
    for current in catalogue:
        parts = [done.get(part, {}) for part in current.course.courses]
        if parts:
            both = sorted(set(parts[0]).intersection(*parts[1:]))
            complete_programme(
                database,
                _course(plan, crowd, current, types, certified[current.course.id]),
                crowd,
                ((person, max(part[person] for part in parts)) for person in both),
            )


def _course(
    plan: Plan,
    crowd: Crowd,
    current: content.Current,
    types: Mapping[str, QuestionType],
    certified: Certification | None,
) -> Course:
    chance = Random(f"{plan.seed}/{current.course.id}")  # noqa: S311 - as above
    awards = Awards(certified, chance) if certified is not None else None
    lessons = [lesson.id for lesson in current.course.lessons]
    papers = write_papers(current.course, types, plan.seed)
    keeps = 1 if len(crowd.ids) < FEW_PEOPLE else KEPT_OF_MANY
    named = frozenset(crowd.ids[person] for person in crowd.accounts)
    return Course(current, papers, awards, lessons, plan.hours_east, chance, keeps, named)


def publish_earlier(db: Session, moment: datetime) -> None:
    """The courses were there before anybody began."""
    db.execute(update(CourseVersion).where(CourseVersion.created_at > moment).values(created_at=moment))
    db.execute(update(Publication).where(Publication.at > moment).values(at=moment))


def _exempt(database: Database, crowd: Crowd, course: str, excused: Sequence[Way]) -> None:
    columns = ("person_id", "course_id", "reason", "approved_by", "approved_at")
    fill(
        database,
        Exemption,
        columns,
        ((crowd.ids[way.person], course, REASON, crowd.approver, f"{way.day} 03:00:00.000000") for way in excused),
    )
