"""Logging help: once however often it is sent, where the helper stood, under the mandate of that day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from lms.clock import now
from lms.helping import actions
from lms.helping.models import HelpEntry
from lms.helping.rules import Help
from lms.people import units
from lms.people.models import Unit
from tests.helping.world import DAY, certify, consultation, new_id

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast

LONG_AGO = date(2026, 1, 1)


@pytest.fixture
def helper(cast: Cast, database: Database) -> int:
    """Laura, a helper since January, who has been in her unit as long."""
    laura = cast["laura"]
    with database.writing() as db:
        certify(db, laura, since=LONG_AGO)
        certify(db, laura, since=date(2025, 1, 1), until=date(2025, 11, 30))
        units.join(db, laura, db.get_one(Unit, cast.units["N-1"]), since=date(2025, 1, 1), by=None)
    return laura


def test_what_is_sent_twice_is_one_entry(database: Database, helper: int) -> None:
    key = new_id()
    for _ in range(2):
        with database.writing() as db:
            entry = actions.log(db, helper, consultation(), client_id=key, today=DAY)
            assert (entry.people, entry.standing, entry.is_tally) == (1, "covered", False)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(HelpEntry)) == 1


def test_nobody_takes_over_an_entry_by_its_id(database: Database, helper: int, cast: Cast) -> None:
    key = new_id()
    with database.writing() as db:
        certify(db, cast["otto"], since=LONG_AGO)
        entry = actions.log(db, helper, consultation(), client_id=key, today=DAY)
        with pytest.raises(actions.NotYours):
            actions.log(db, cast["otto"], consultation(), client_id=key, today=DAY)
        with pytest.raises(actions.NotYours):
            actions.undo(cast["otto"], entry)


def test_help_between_two_certificates_is_apart(database: Database, helper: int) -> None:
    with database.writing() as db:
        for day, standing in ((date(2025, 11, 30), "covered"), (date(2025, 12, 24), "lapsed"), (DAY, "covered")):
            entry = actions.log(db, helper, consultation(on=day), client_id=new_id(), today=DAY)
            assert entry.standing == standing, day


def test_the_library_s_own_certificate_counts_too(database: Database, helper: int, cast: Cast) -> None:
    with database.writing() as db:
        certify(db, unit=cast.units["N"], since=LONG_AGO, until=date(2026, 6, 30))
        entry = actions.log(db, helper, consultation(), client_id=new_id(), today=DAY)
        assert entry.standing == "unit-lapsed"
        entry = actions.log(db, helper, consultation(on=date(2026, 5, 1)), client_id=new_id(), today=DAY)
        assert entry.standing == "covered"


def test_help_before_a_move_stays_with_the_old_unit(database: Database, helper: int, cast: Cast) -> None:
    with database.writing() as db:
        before = actions.log(db, helper, consultation(on=date(2026, 11, 1)), client_id=new_id(), today=DAY)
        old, new = (db.get_one(Unit, cast.units[code]) for code in ("N-1", "S-1"))
        units.leave(db, helper, old, last_day=date(2026, 11, 10), by=None)
        units.join(db, helper, new, since=date(2026, 11, 11), by=None)
        db.flush()
        after = actions.log(db, helper, consultation(), client_id=new_id(), today=DAY)
        late = actions.log(db, helper, consultation(on=date(2026, 11, 5)), client_id=new_id(), today=DAY)
    assert [each.unit_id for each in (before, after, late)] == [old.id, new.id, old.id]


def test_help_is_not_moved_to_a_unit_that_nobody_named(database: Database, helper: int, cast: Cast) -> None:
    old, new, today = cast.units["N-1"], cast.units["S-1"], now().date()
    early, late = today - timedelta(days=20), today - timedelta(days=5)
    with database.writing() as db:
        units.join(db, helper, db.get_one(Unit, new), since=today - timedelta(days=10), by=None)
        db.flush()

        def unit_of(day: date, unit: int | None) -> int:
            return actions.log(db, helper, consultation(on=day), client_id=new_id(), today=today, unit=unit).unit_id

        assert [unit_of(late, each) for each in (old, new, None)] == [old, new, new]
        assert [unit_of(early, each) for each in (old, None)] == [old, old]
        with pytest.raises(actions.BadHelp) as refused:
            unit_of(early, new)
    assert refused.value.problems == {"unit": "elsewhere"}
    laura, given = cast.at_browser("laura"), {"kind": "consultation", "audience": "citizen", "service": "health"}
    answer = laura.post("/help", {**given, "given_on": str(early), "unit": str(new), "client_id": new_id()})
    assert answer.status_code == 422
    assert 'id="unit-err"' in answer.text
    assert "You did not belong to this unit on that day." in answer.text


def test_the_log_is_closed_without_certificate_or_unit(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        with pytest.raises(actions.NotCertified):
            actions.log(db, cast["otto"], consultation(), client_id=new_id(), today=DAY)
        certify(db, cast["tina"], since=LONG_AGO)
        with pytest.raises(actions.NoUnit):
            actions.log(db, cast["tina"], consultation(), client_id=new_id(), today=DAY)


def test_what_is_on_no_list_and_what_names_somebody_is_refused(database: Database, helper: int) -> None:
    bad = Help("consultation", "martian", "spells", 1, DAY, note="tel 26123456")
    with database.writing() as db, pytest.raises(actions.BadHelp) as refused:
        actions.log(db, helper, bad, client_id=new_id(), today=DAY)
    assert refused.value.problems == {"note": "personal", "audience": "unknown", "service": "unknown"}


def test_undoing_keeps_the_row_and_its_moment(database: Database, helper: int) -> None:
    with database.writing() as db:
        entry = actions.log(db, helper, consultation(), client_id=new_id(), today=DAY)
        actions.undo(helper, entry)
        moment = entry.undone_at
        actions.undo(helper, entry)
    assert moment is not None
    assert (entry.undone_at, entry.undone_by) == (moment, helper)


def test_no_column_can_hold_a_citizen() -> None:
    """Texts are codes of lists, ids made by machines, and one note that `rules.scan` has looked through."""
    texts = {column.name for column in HelpEntry.__table__.columns if column.type.python_type is str}
    assert texts == {"client_id", "kind", "audience", "service", "channel", "outcome", "note", "standing"}
