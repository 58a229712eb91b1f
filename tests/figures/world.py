"""A small country whose people do what people do, day by day: the facts that counting rests on."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from lms.clock import now
from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.learning import actions as learning
from lms.learning import exemptions
from lms.learning.models import Enrolment, Exemption
from lms.people import actions, moving, units
from lms.people.models import Membership, Unit
from lms.people.queries import is_current
from lms.quiz.models import Attempt
from tests.packs import SMALL, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from lms.db import Database

AID, WALK, ALL = "first-aid", "walking", "everything"
PACK = {
    **SMALL,
    "courses/walking/index.md": "---\ntitle: Walking\nsummary: No certificate.\nlanguage: en\nhours: 1\n---\n\nWalk.\n",
    "courses/walking/01-one.md": "# One\n\nA foot before the other.\n",
    "courses/everything/index.md": """---
title: Everything
summary: A programme.
language: en
courses: [first-aid, walking]
certificate: {title: Walker and helper, level: local}
---

All of it.
""",
}
COURSES = (AID, WALK, ALL)


@dataclass
class Country:
    """People and units, and what may happen to them. `chance` decides."""

    db: Session
    chance: random.Random
    people: list[int]
    by: int
    versions: dict[str, int]
    exam: str
    named: int = 0
    log: list[str] = field(default_factory=list)

    def happen(self) -> None:
        """One thing happens."""
        what: Callable[[], None] = self.chance.choice(
            [
                self.join, self.join, self.leave, self.enrol, self.enrol, self.begin, self.hand_in, self.hand_in,
                self.certify, self.certify, self.revoke, self.renew, self.complete, self.exempt, self.end_exemption,
                self.add_unit, self.move, self.merge, self.close_account, self.change_kind,
            ]
        )  # fmt: skip
        self.log.append(what.__name__)
        what()
        self.db.flush()

    def somebody(self) -> int:
        return self.chance.choice(self.people)

    def some_unit(self) -> Unit | None:
        return self._any(select(Unit).where(Unit.closed_on.is_(None)).order_by(Unit.id))

    def _any(self, found: Any) -> Any:
        rows = self.db.scalars(found).all()
        return self.chance.choice(rows) if rows else None

    def join(self) -> None:
        unit, today = self.some_unit(), now().date()
        since = today + timedelta(days=self.chance.choice([0, 0, 0, 2]))
        until = self.chance.choice([None, None, since + timedelta(days=3)])
        if unit is not None:
            units.join(self.db, self.somebody(), unit, since=since, until=until, by=self.by)

    def leave(self) -> None:
        today = now().date()
        row = self._any(select(Membership).where(is_current(today)).order_by(Membership.id))
        if row is not None:
            last = today - timedelta(days=self.chance.choice([0, 1]))
            units.leave(self.db, row.person_id, self.db.get_one(Unit, row.unit_id), last_day=last, by=self.by)

    def enrol(self) -> None:
        learning.enrol(self.db, self.somebody(), self.chance.choice(COURSES))

    def begin(self, *, submitted: bool = False, passed: bool | None = None) -> None:
        person, course = self.somebody(), self.chance.choice([AID, AID, WALK])
        moment = now()
        tries = select(Attempt.number).where(Attempt.actor_id == person, Attempt.course_id == course)
        self.db.add(
            Attempt(
                id=str(uuid.UUID(int=self.chance.getrandbits(128))),
                actor_id=person, course_id=course, quiz_id=self.exam if course == AID else "other",
                version_id=self.versions[course], language="en", seed=1,
                number=max(self.db.scalars(tries), default=0) + 1, questions=[], marked=[], started_at=moment,
                submitted_at=moment if submitted else None, passed=passed, outcomes={},
            )
        )  # fmt: skip
        actions.touch(self.db, person)

    def hand_in(self) -> None:
        passed = self.chance.choice([True, False, False, None])
        row = self._any(select(Attempt).where(Attempt.submitted_at.is_(None)).order_by(Attempt.id))
        if row is None:
            self.begin(submitted=True, passed=passed)
            return
        row.submitted_at, row.passed = now(), passed
        actions.touch(self.db, row.actor_id)

    def certify(self) -> None:
        self._certificate(self.somebody(), self.chance.choice([AID, AID, ALL]))

    def _certificate(self, person: int, course: str) -> Certificate:
        self.named += 1
        until = self.chance.choice([None, now().date() + timedelta(days=self.chance.randint(0, 4))])
        row = Certificate(
            code=f"C{self.named}", actor_id=person, completion_key=f"K{self.named}", course_id=course,
            version_id=self.versions[course], facts={}, issued_at=now(), valid_until=until,
        )  # fmt: skip
        self.db.add(row)
        self.db.flush()
        actions.touch(self.db, person)
        return row

    def _live_certificate(self) -> Certificate | None:
        live = (Certificate.revoked_at.is_(None), Certificate.superseded_by.is_(None))
        return self._any(select(Certificate).where(*live).order_by(Certificate.id))

    def revoke(self) -> None:
        row = self._live_certificate()
        if row is not None:
            row.revoked_at = now()
            actions.touch(self.db, row.actor_id)

    def renew(self) -> None:
        row = self._live_certificate()
        if row is not None:
            row.superseded_by = self._certificate(row.actor_id, row.course_id).id

    def complete(self) -> None:
        person, course = self.somebody(), self.chance.choice([WALK, WALK, AID])
        learning.enrol(self.db, person, course)
        still = (Enrolment.actor_id == person, Enrolment.course_id == course, Enrolment.completed_at.is_(None))
        self.db.execute(update(Enrolment).where(*still).values(completed_at=now()))
        actions.touch(self.db, person)

    def exempt(self) -> None:
        try:
            exemptions.exempt(self.db, self.somebody(), self.chance.choice(COURSES), reason="-", by=self.by)
        except exemptions.AlreadyExempt:
            return

    def end_exemption(self) -> None:
        row = self._any(select(Exemption).where(Exemption.ended_at.is_(None)).order_by(Exemption.id))
        if row is not None:
            exemptions.end_exemption(self.db, row.person_id, row.id, by=self.by)

    def add_unit(self) -> None:
        parent = self.some_unit()
        kind = self.chance.choice(["district", "team", "team"])
        self.named += 1
        units.create(self.db, kind=kind, code=f"U{self.named}", name=f"U{self.named}", parent=parent, by=self.by)

    def move(self) -> None:
        unit, parent = self.some_unit(), self.some_unit()
        if unit is None or parent is None or parent.path.startswith(unit.path) or unit.parent_id is None:
            return
        moving.move(self.db, unit, parent, by=self.by)

    def merge(self) -> None:
        unit, into = self.some_unit(), self.some_unit()
        if unit is None or into is None or into.path.startswith(unit.path) or self.chance.random() < 0.5:
            return
        moving.merge(self.db, unit, into, by=self.by)

    def change_kind(self) -> None:
        unit = self.some_unit()
        if unit is not None:
            kind = self.chance.choice(["team", "district"])
            units.change(self.db, unit, kind=kind, code=unit.code, is_fixed=False, by=self.by)

    def close_account(self) -> None:
        if self.chance.random() < 0.2 and len(self.people) > 5:
            person = self.people.pop()
            self.db.execute(update(actions.Person).where(actions.Person.id == person).values(closed_at=now()))
            actions.touch(self.db, person)


def found(database: Database, seed: int, *, people: int = 14) -> Country:
    """Publish the courses, make people and two trees. The country's session is set by whoever uses it."""
    publish(database, PACK)
    with database.writing() as db:
        chance = random.Random(seed)
        ids = [actions.sign_up(db, actions.NewPerson(f"P {n}", f"p{n}", ""), "").id for n in range(people)]
        for tree, kind in (("VN", "country"), ("YU", "union")):
            root = units.create(db, kind=kind, code=tree, name=tree, parent=None, by=ids[0])
            for province in range(2):
                top = f"{tree}-{province}"
                above = units.create(db, kind="province", code=top, name=top, parent=root, by=ids[0])
                for team in range(3):
                    code = f"{top}-{team}"
                    units.create(db, kind="team", code=code, name=code, parent=above, by=ids[0])
        current = {name: content.current(db, name) for name in COURSES}
        versions = {name: each.version for name, each in current.items() if each is not None}
        assert versions.keys() == set(COURSES)
        aid = current[AID]
        assert aid is not None
        return Country(db, chance, ids, ids[0], versions, aid.course.exam)
