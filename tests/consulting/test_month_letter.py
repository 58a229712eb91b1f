"""The letter about a month goes to each trainer once, and says what a plain recount says."""

from __future__ import annotations

import email
import email.policy
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import time_machine
from sqlalchemy import select

from lms.consulting import minding
from lms.consulting.models import Consultation
from lms.consulting.rules import FEWEST, State
from lms.helping.catalogue import SERVICES
from lms.people.actions import grant_role
from lms.people.models import Person, Unit
from lms.people.rules import Role
from tests.consulting.world import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast

FIRST, NEXT = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
MOMENTS = (FIRST, NEXT - timedelta(microseconds=1), FIRST + timedelta(days=14))
OUTSIDE = (FIRST - timedelta(microseconds=1), NEXT)
NAMES = {each.code: each.name("en") for each in SERVICES}


def request(cast: Cast, unit: str, service: str, asked_at: datetime) -> Consultation:
    return Consultation(
        client_id=new_id(), code=new_id()[:12], unit_id=cast.units[unit], audience="citizen", service=service,
        channel="phone", language="en", state=State.CLOSED, asked_at=asked_at, waits_since=asked_at,
    )  # fmt: skip


def recounted(db) -> tuple[Counter[str], Mapping[str, Counter[str]]]:
    """Of every request of the month, one by one: by service, and by the unit right below the top and service."""
    units = {unit.id: unit for unit in db.scalars(select(Unit))}
    whole: Counter[str] = Counter()
    parts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in db.scalars(select(Consultation)):
        if FIRST <= row.asked_at < NEXT:
            unit = units[row.unit_id]
            while unit.parent_id is not None and units[unit.parent_id].parent_id is not None:
                unit = units[unit.parent_id]
            whole[NAMES[row.service]] += 1
            parts[unit.name][NAMES[row.service]] += 1
    return whole, parts


def told(text: str) -> tuple[Mapping[str, int], Mapping[str, Mapping[str, int]]]:
    """What the letter says: by service, and by district and service."""
    whole: dict[str, int] = {}
    parts: dict[str, dict[str, int]] = {}
    district = ""
    for line in text.partition("All of it:")[0].splitlines()[1:]:
        service, colon, times = line.strip().rpartition(": ")
        if colon and line.startswith("  "):
            parts[district][service] = int(times)
        elif colon:
            whole[service] = int(times)
        elif line.strip():
            district = line.strip()
            parts[district] = {}
    return whole, parts


def often(counts: Counter[str]) -> dict[str, int]:
    return {service: times for service, times in counts.items() if times >= FEWEST}


def test_the_letter_of_a_month_says_what_a_recount_says(cast: Cast, database: Database, worker: Worker) -> None:
    dice = random.Random(7)
    with database.writing() as db:
        for login in ("tina", "otto"):
            db.get_one(Person, cast[login]).proved_email = f"{login}@example.org"
        grant_role(db, cast["otto"], Role.TRAINER, unit=None, by=None)
        for _ in range(150):
            unit = dice.choice(("N", "N-1", "N-1", "N-2", "S-1"))
            service = dice.choice(("health", "health", "pension", "work", "travel", "identity"))
            db.add(request(cast, unit, service, dice.choice(MOMENTS)))
        for moment in OUTSIDE:
            db.add_all(request(cast, "N-1", "health", moment) for _ in range(9))
        db.add_all(request(cast, "S-1", "safety", FIRST) for _ in range(FEWEST - 1))
    with time_machine.travel(NEXT + timedelta(days=1), tick=False):
        for _ in range(2):
            with database.writing() as db:
                minding.ask_minding(db)
            worker.drain()
    outbox = cast.app.config["LMS"].home / "outbox"
    letters = [
        email.message_from_bytes(each.read_bytes(), policy=email.policy.default) for each in outbox.glob("*.eml")
    ]
    assert sorted(str(each["To"]) for each in letters) == ["otto@example.org", "tina@example.org"]
    with database.reading() as db:
        whole, parts = recounted(db)
    assert len(parts) == 2  # two districts
    assert whole["Safety and fraud"] == FEWEST - 1
    expected = often(whole), {name: often(counts) for name, counts in parts.items()}
    assert min(len(each) for each in expected[1].values()) > 1
    for letter in letters:
        found = told(letter.get_content())
        assert found == expected
        assert list(found[0].values()) == sorted(found[0].values(), reverse=True)  # the most asked first
