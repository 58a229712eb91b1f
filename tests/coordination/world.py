"""Made-up units, people and progress, as rows for a real database and as plain values for an oracle."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from lms.content.models import CourseVersion, PublishedCourse
from lms.credentials.models import Certificate
from lms.figures.actions import recount
from lms.figures.models import Standing
from lms.folding import fold
from lms.learning.models import Enrolment, EnrolmentRule, Group, GroupMember
from lms.people.models import Actor, Membership, Person, RoleGrant, Unit
from lms.people.rules import Role

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.db import Database

TODAY = date(2026, 5, 20)
NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FAR = date(2999, 1, 1)
COURSE, PART = "first-aid", "a-part-of-it"
NAMES = [
    "Anna Bērziņa",
    "Ilze Ozola",
    "Jānis Kalns",
    "Đặng Thị Hà",
    "ნინო ბერიძე",
    "Ғайрат Ҳақ",
    "Õie Mägi",
    "O'Neil %_",
]
_codes = itertools.count(1)


@dataclass
class World:
    """What was written. `parents` maps units to their parents, `members` lists person, unit, since, until.

    Of the course: `states` as counted, `last` when somebody did something, `until` and `expired` of certificates,
    `rules` with unit and deadline, `groups` with last day and members.
    """

    parents: dict[int, int | None] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    members: list[tuple[int, int, date, date | None]] = field(default_factory=list)
    grants: list[tuple[int, int | None, bool]] = field(default_factory=list)
    begun: set[int] = field(default_factory=set)
    certified: set[int] = field(default_factory=set)
    completed: set[int] = field(default_factory=set)
    states: dict[int, str] = field(default_factory=dict)
    last: dict[int, datetime] = field(default_factory=dict)
    until: dict[int, date] = field(default_factory=dict)
    expired: set[int] = field(default_factory=set)
    rules: list[tuple[int, date | None]] = field(default_factory=list)
    groups: dict[int, tuple[date, set[int]]] = field(default_factory=dict)

    def units_in_scope(self, coordinator: int) -> set[int]:
        """The oracle: walk up from each unit until a unit that was granted."""
        scopes = {unit for person, unit, holds in self.grants if person == coordinator and holds}
        return {unit for unit in self.parents if None in scopes or scopes & set(self.upwards(unit))}

    def upwards(self, unit: int | None) -> list[int]:
        """A unit and everything above it."""
        found = []
        while unit is not None:
            found.append(unit)
            unit = self.parents[unit]
        return found

    def people_in(self, units: set[int]) -> set[int]:
        """Open accounts that are members of one of these units today."""
        return {
            person
            for person, unit, since, until in self.members
            if unit in units and person not in self.closed and since <= TODAY and (until is None or until >= TODAY)
        }

    def below(self, unit: int) -> set[int]:
        """A unit and everything below it."""
        return {other for other in self.parents if unit in self.upwards(other)}


def random_world(db: Session, dice: random.Random) -> World:
    """A small organisation with overlapping scopes, past and future members, and every kind of certificate."""
    world = World()
    db.add(PublishedCourse(id=PART, pack="elsewhere"))
    db.flush()
    for _ in range(dice.randint(1, 14)):
        _add_unit(db, world, dice)
    for _ in range(dice.randint(2, 12)):
        _add_person(db, world, dice)
    coordinator = _actor(db)
    db.add(Person(id=coordinator, name="C", folded_name="c", created_at=NOON))
    db.flush()
    for _ in range(dice.randint(1, 3)):
        unit, holds = dice.choice([*world.parents, *world.parents, None]), dice.random() < 0.8
        role = dice.choice([Role.COORDINATOR, Role.COORDINATOR, Role.PROVIDER, Role.PROVIDER, Role.OWNER, Role.TRAINER])
        ended = None if holds else NOON
        db.add(RoleGrant(person_id=coordinator, role=role, unit_id=unit, granted_at=NOON, ended_at=ended))
        world.grants.append((coordinator, unit, holds and role in {Role.COORDINATOR, Role.PROVIDER}))
    _add_assignments(db, world, dice, coordinator)
    _add_standings(db, world, dice)
    db.flush()
    return world


def _add_unit(db: Session, world: World, dice: random.Random) -> None:
    parent = dice.choice([*world.parents, *list(world.parents)[-3:], None])
    above = db.get_one(Unit, parent).path if parent else "/"
    unit = Unit(parent_id=parent, path="", kind="unit", code=f"u{next(_codes)}", name=dice.choice("ABCDEFG"))
    db.add(unit)
    db.flush()
    unit.path = f"{above}{unit.id}/"
    world.parents[unit.id] = parent


def _actor(db: Session) -> int:
    actor = Actor(created_at=NOON)
    db.add(actor)
    db.flush()
    return actor.id


def _add_person(db: Session, world: World, dice: random.Random) -> None:
    actor, name = _actor(db), dice.choice(NAMES)
    closed = NOON if dice.random() < 0.1 else None
    db.add(Person(id=actor, name=name, folded_name=fold(name), created_at=NOON, closed_at=closed))
    db.flush()
    world.names[actor] = name
    if closed:
        world.closed.add(actor)
    for _ in range(dice.choice([0, 1, 1, 1, 2, 3])):
        since = TODAY + dice.choice([-300, -1, 0, 1]) * DAY
        until = dice.choice([None, None, since, TODAY - DAY, TODAY, TODAY + DAY])
        member = (actor, dice.choice(list(world.parents)), since, until)
        db.add(Membership(person_id=member[0], unit_id=member[1], since=member[2], until=member[3]))
        world.members.append(member)
    for course in dice.choice([[], [], [COURSE], [PART], [COURSE, PART]]):
        done = dice.choice([None, NOON])
        last = NOON - dice.choice([0, 0, 1, 2, 3, 13, 14, 15, 60]) * DAY
        db.add(Enrolment(actor_id=actor, course_id=course, enrolled_at=last, last_at=last, completed_at=done))
        world.last[actor] = max(last, world.last.get(actor, last))
        world.begun.add(actor)
        if done and course == COURSE:
            world.completed.add(actor)
    if actor in world.begun:
        _add_certificates(db, world, dice, actor)


def _add_certificates(db: Session, world: World, dice: random.Random, actor: int) -> None:
    for _ in range(dice.choice([0, 1, 1, 2])):
        until = dice.choice([None, TODAY - DAY, TODAY, TODAY + DAY])
        revoked = dice.choice([None, None, NOON])
        give_certificate(db, actor, until=until, revoked=revoked)
        if revoked is None and (until is None or until >= TODAY):
            world.certified.add(actor)
            world.until[actor] = min(until or FAR, world.until.get(actor, FAR))
        if revoked is None and until is not None and until < TODAY:
            world.expired.add(actor)


def _add_assignments(db: Session, world: World, dice: random.Random, by: int) -> None:
    """Rules and groups of the course; some have ended."""
    for _ in range(dice.choice([0, 0, 1, 2])):
        unit, due, ended = (
            dice.choice(list(world.parents)),
            dice.choice([None, TODAY - DAY, TODAY]),
            dice.random() < 0.2,
        )
        rule = EnrolmentRule(unit_id=unit, course_id=COURSE, due_on=due, made_by=by, made_at=NOON)
        rule.ended_at = NOON if ended else None
        db.add(rule)
        if not ended:
            world.rules.append((unit, due))
    for _ in range(dice.choice([0, 0, 1, 2])):
        unit, ends = dice.choice(list(world.parents)), dice.choice([TODAY - DAY, TODAY])
        group = Group(unit_id=unit, course_id=COURSE, name="G", starts_on=ends - 9 * DAY, ends_on=ends, made_by=by)
        group.made_at = NOON
        db.add(group)
        db.flush()
        members = set(dice.sample(sorted(world.names), min(3, len(world.names))))
        db.add_all(GroupMember(group_id=group.id, person_id=person, joined_at=NOON) for person in members)
        world.groups[group.id] = (ends, members)


def _add_standings(db: Session, world: World, dice: random.Random) -> None:
    """What counting would have found, with some who failed and some who are exempt."""
    for person in world.names:
        until = None
        if person in world.certified:
            state, until = "certified", world.until[person]
        elif dice.random() < 0.15:
            state = "exempt"
        elif person in world.begun:
            state = dice.choice(["under-way", "under-way", "under-way", "failed"])
        else:
            continue
        world.states[person] = state
        until = None if until == FAR else until
        db.add(Standing(person_id=person, course_id=COURSE, state=state, since=TODAY, valid_until=until))
    world.until = {person: until for person, until in world.until.items() if until != FAR}


def give_certificate(db: Session, actor: int, *, until: date | None = None, revoked: datetime | None = None) -> str:
    """A certificate of the small course; its code."""
    code = f"T-{next(_codes)}"
    db.add(
        Certificate(
            code=code,
            actor_id=actor,
            completion_key=code,
            course_id=COURSE,
            version_id=db.scalars(select(CourseVersion.id)).first(),
            facts={
                **dict.fromkeys(("code", "holder", "language", "course", "course_id"), "x"),
                "title": "Password helper",
                "issued_on": "2026-05-19",
            },
            issued_at=NOON - DAY,
            valid_until=until,
            revoked_at=revoked,
        )
    )
    return code


def add_many(db: Session, unit: int, count: int, *, name: str = "Person") -> list[int]:
    """Many members of a unit; a third has begun, the names are numbered."""
    first = (db.scalar(select(Actor.id).order_by(Actor.id.desc()).limit(1)) or 0) + 1
    ids = list(range(first, first + count))
    titles = [f"{name} {number:05}" for number in range(count)]
    db.execute(insert(Actor), [{"id": actor, "created_at": NOON} for actor in ids])
    db.execute(
        insert(Person),
        [
            {"id": actor, "name": title, "folded_name": fold(title), "created_at": NOON}
            for actor, title in zip(ids, titles, strict=True)
        ],
    )
    db.execute(insert(Membership), [{"person_id": actor, "unit_id": unit, "since": TODAY - 900 * DAY} for actor in ids])
    db.execute(
        insert(Enrolment),
        [{"actor_id": actor, "course_id": COURSE, "enrolled_at": NOON, "last_at": NOON} for actor in ids[::3]],
    )
    return ids


def count_all(database: Database) -> None:
    """Bring standings and figures up to date, as the worker does within a minute."""
    recount(database)
