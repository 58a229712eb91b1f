"""What becomes of a request in time: passed over, reminded of, met on a day, ended; contacts go after it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from lms.clock import now
from lms.consulting import actions, minding
from lms.consulting.models import Consultation, ConsultationContact
from lms.consulting.rules import State
from lms.helping.rules import Outcome
from tests.consulting.world import ask, count, kinds, row, staff

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor


def mind(database: Database, worker: Worker) -> None:
    with database.writing() as db:
        minding.ask_minding(db)
    worker.drain()


def test_contacts_are_deleted_so_many_days_after_the_end(
    staffed: Cast, client: Visitor, database: Database, worker: Worker
) -> None:
    ask(client, staffed)
    with database.writing() as db:
        held = db.scalars(select(Consultation)).one()
        actions.take(db, held, staffed["laura"], now().date())
        actions.end(db, held, Outcome.SOLVED, "", by=staffed["laura"])
    for days, left in ((29, 1), (31, 0)):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            mind(database, worker)
        assert count(database, ConsultationContact) == left
    assert row(database).state == State.CLOSED
    assert kinds(database)[-1] == "forgotten"


def test_nobody_waits_for_all_kinds_of_minding_at_once(
    database: Database, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite whoever writes waits for the transaction: it is over before the next kind begins."""
    seen: list[Session] = []

    def watch(name: str) -> None:
        known = getattr(minding, name)

        def watched(db: Session, *more: Any) -> int:
            assert not any(each.in_transaction() for each in seen if each is not db)
            seen.append(db)
            return int(known(db, *more))

        monkeypatch.setattr(minding, name, watched)

    for name in ("_ask_next", "_try_again", "_remind", "_close", "_forget"):
        watch(name)
    mind(database, worker)
    assert len({id(each) for each in seen}) == len(seen) == 6


def test_who_does_not_take_it_in_time_is_passed_over(
    cast: Cast, client: Visitor, database: Database, worker: Worker
) -> None:
    staff(database, cast, laura="N-1", otto="N")
    ask(client, cast)
    assert row(database).suggested_to == cast["laura"]  # she is nearer
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        mind(database, worker)
        assert row(database).suggested_to == cast["otto"]
    with time_machine.travel(now() + timedelta(hours=51), tick=False):
        mind(database, worker)
    assert row(database).state == State.NEW
    assert kinds(database) == ["asked", "suggested", "passed-over", "suggested", "passed-over"]


def test_who_took_it_is_reminded_and_then_it_goes_on(
    cast: Cast, client: Visitor, database: Database, worker: Worker
) -> None:
    staff(database, cast, laura="N-1", otto="N")
    ask(client, cast)
    with database.writing() as db:
        actions.take(db, db.scalars(select(Consultation)).one(), cast["laura"], now().date())
    start = now()
    for turn in range(1, 5):
        with time_machine.travel(start + timedelta(hours=25 * turn), tick=False):
            mind(database, worker)
    assert kinds(database)[3:] == ["reminded", "reminded", "reminded", "passed-over", "suggested"]
    assert row(database).suggested_to == cast["otto"]


def test_the_next_one_is_reminded_as_often_as_the_first(
    cast: Cast, client: Visitor, database: Database, worker: Worker
) -> None:
    staff(database, cast, laura="N-1", otto="N")
    ask(client, cast)
    start = now()
    for login, first in (("laura", 0), ("otto", 5)):
        with time_machine.travel(start + timedelta(hours=25 * first), tick=False), database.writing() as db:
            actions.take(db, db.scalars(select(Consultation)).one(), cast[login], now().date())
        for turn in range(1, 5):
            with time_machine.travel(start + timedelta(hours=25 * (first + turn)), tick=False):
                mind(database, worker)
    assert kinds(database).count("reminded") == 6


def agree(database: Database, cast: Cast, meets_on: date | None) -> None:
    """Let Laura take the only request, and reach the asker."""
    with database.writing() as db:
        held = db.scalars(select(Consultation)).one()
        actions.take(db, held, cast["laura"], now().date())
        actions.answer(db, held, cast["laura"], meets_on)


def test_before_the_day_agreed_nobody_is_reminded_and_nothing_ends(
    staffed: Cast, client: Visitor, database: Database, worker: Worker
) -> None:
    ask(client, staffed)
    start = now()
    agree(database, staffed, start.date() + timedelta(days=40))
    for days in (8, 16, 24, 32, 40):
        with time_machine.travel(start + timedelta(days=days), tick=False):
            mind(database, worker)
    assert row(database).state == State.ANSWERED
    assert "reminded" not in kinds(database)
    with time_machine.travel(start + timedelta(days=42), tick=False):
        mind(database, worker)
    assert kinds(database)[-1] == "reminded"


@pytest.mark.parametrize("day", ["9999-12-31", "2001-01-01", "24.11.2026"])
def test_a_day_that_cannot_be_agreed_is_refused_and_not_left_out(
    staffed: Cast, client: Visitor, database: Database, day: str
) -> None:
    ask(client, staffed)
    laura, number = staffed.at_browser("laura"), row(database).id
    laura.post(f"/requests/{number}/take")
    laura.post(f"/requests/{number}/answer", {"meets_on": day})
    assert "choose a day from today to" in laura.get(f"/requests/{number}").text
    assert row(database).state == State.TAKEN


def test_what_was_agreed_with_one_consultant_is_not_agreed_with_the_next(
    cast: Cast, client: Visitor, database: Database
) -> None:
    staff(database, cast, laura="N-1", otto="N-1")
    ask(client, cast)
    agree(database, cast, now().date() + timedelta(days=3))
    with database.writing() as db:
        held = db.scalars(select(Consultation)).one()
        actions.assign(db, held, cast["otto"], by=cast["nora"], today=now().date())
    assert row(database).meets_on is None
