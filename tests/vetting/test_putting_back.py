"""What was taken out can be put back; the helper is told both times, and figures of the days between stay."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from lms.clock import now
from lms.helping import counting, erasing, figure_queries, taking_out
from lms.helping.models import HelpEntry, HelpFigure, HelpTaken, HelpTaking
from lms.people.models import Person
from lms.vetting import actions, look_queries, merging, queries
from lms.vetting.looking import look
from lms.vetting.models import HelpFinding, HelpFindingStep
from lms.vetting.rules import State
from tests.at_once import twice
from tests.people.letters import sent, text_of
from tests.vetting.test_desk import DAY, ODD, TODAY, findings, odd_day

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.config import Settings
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor

PEOPLE = 30  # in Laura's fifteen entries
REASON = "Copied by mistake"


@pytest.fixture
def taken(database: Database, cast: Cast) -> HelpFinding:
    """Laura's copied entries, which Nora took out."""
    found = odd_day(database, cast)
    step = {"state": "taken-out", "words": REASON, "step_id": str(uuid.uuid4())}
    assert cast.at_browser("nora").post(f"{ODD}/{found.id}", step).status_code == 303
    return found


def out(database: Database) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(select(HelpTaken.entry_id).where(HelpTaken.again_id.is_(None)).order_by("entry_id")))


def put_back(browser: Visitor, found: HelpFinding, entries: list[int], step: str = "") -> int:
    given = {"entry": entries, "words": "They signed", "step_id": step or str(uuid.uuid4())}
    return browser.post(f"{ODD}/{found.id}/put-back", given).status_code


def people_at(database: Database, cast: Cast, moment: datetime) -> int:
    with database.reading() as db:
        return sum(each.people for each in figure_queries.cells(db, [cast.units["N"]], DAY, TODAY, as_of=moment))


def counted(database: Database, cast: Cast) -> int:
    counting.count_new(database)
    with database.reading() as db:
        return db.scalar(select(func.sum(HelpFigure.people)).where(HelpFigure.unit_id == cast.units["N"])) or 0


def test_figures_of_each_moment_stay_what_they_were(database: Database, cast: Cast) -> None:
    found = odd_day(database, cast)
    noted = now()
    assert counted(database, cast) == PEOPLE
    step = {"state": "taken-out", "words": REASON, "step_id": str(uuid.uuid4())}
    cast.at_browser("nora").post(f"{ODD}/{found.id}", step)
    between = now()
    assert counted(database, cast) == 0
    assert put_back(cast.at_browser("nora"), found, out(database)) == 303
    assert counted(database, cast) == PEOPLE
    assert [people_at(database, cast, each) for each in (noted, between, now())] == [PEOPLE, 0, PEOPLE]
    assert counting.recount(database) == 0


def test_of_two_who_take_the_same_entries_out_at_once_one_does(database: Database, cast: Cast) -> None:
    odd_day(database, cast)
    with database.reading() as db:
        entries = set(db.scalars(select(HelpEntry.id)))

    def take_out(login: str) -> int:
        with database.writing() as db:
            return taking_out.take_out(db, cast[login], cast["laura"], entries, REASON)

    with ThreadPoolExecutor() as others:
        with database.writing() as db:
            assert taking_out.take_out(db, cast["nora"], cast["laura"], entries, REASON) == len(entries)
            db.flush()
            late = others.submit(take_out, "sid")
            wait([late], timeout=0.5)  # it waits for this one
        assert late.result(timeout=20) == 0
    with database.reading() as db:
        assert db.scalars(select(HelpTaking.by)).all() == [cast["nora"]]


def test_what_is_settled_and_put_back_twice_at_one_moment_is_one_step(database: Database, cast: Cast) -> None:
    found, nora = odd_day(database, cast), cast["nora"]
    steps = [str(uuid.uuid4()), str(uuid.uuid4())]

    def settle(db: Session) -> int:
        mine = queries.finding_to_change(db, nora, found.id)
        assert mine is not None
        return actions.settle(db, mine, nora, State.TAKEN_OUT, REASON, steps[0])

    def back(db: Session) -> int:
        mine = queries.finding_to_change(db, nora, found.id)
        assert mine is not None
        return actions.put_back(db, mine, nora, entries, REASON, steps[1])

    assert twice(database, settle) == (15, 0)
    entries = out(database)
    assert twice(database, back) == (15, 0)
    with database.reading() as db:
        assert db.scalars(select(HelpFindingStep.state).order_by(HelpFindingStep.id)).all() == ["taken-out", "put-back"]


def test_only_what_is_chosen_comes_back_and_once(database: Database, cast: Cast, taken: HelpFinding) -> None:
    nora, entries, step = cast.at_browser("nora"), out(database), str(uuid.uuid4())
    assert "Which were right after all?" in nora.get(f"{ODD}/{taken.id}").text
    assert put_back(nora, taken, []) == 422
    for _ in range(2):
        assert put_back(nora, taken, entries[:2], step) == 303
    assert put_back(nora, taken, entries[:2]) == 422
    assert out(database) == entries[2:]
    with database.reading() as db:
        again = db.scalars(select(HelpEntry).where(HelpEntry.undone_at.is_(None))).all()
        first = db.scalars(select(HelpEntry).where(HelpEntry.id.in_(entries[:2])).order_by(HelpEntry.id)).all()
        assert [(each.people, each.given_on, each.helper_id) for each in again] == [
            (each.people, each.given_on, each.helper_id) for each in first
        ]
        said = db.execute(select(HelpFindingStep.state, HelpFindingStep.entries, HelpFindingStep.by)).all()
    assert said == [("taken-out", 15, cast["nora"]), ("put-back", 2, cast["nora"])]


def test_nobody_else_puts_back_and_nobody_their_own(database: Database, cast: Cast, taken: HelpFinding) -> None:
    entries = out(database)
    assert put_back(cast.at_browser("sid"), taken, entries) == 404
    assert put_back(cast.at_browser("laura"), taken, entries) == 403
    with database.writing() as db:
        db.execute(update(HelpFinding).values(helper_id=cast["nora"]))
        db.execute(update(HelpEntry).values(helper_id=cast["nora"]))
    assert put_back(cast.at_browser("nora"), taken, entries) == 422
    assert out(database) == entries


def test_what_is_back_was_looked_at_and_was_noted_when_it_was_noted_first(
    database: Database, cast: Cast, taken: HelpFinding
) -> None:
    """Put back at one moment, they do not look as if they had all been noted in a hurry."""
    whose = look_queries.Whose(cast["laura"], taken.unit_id, taken.month)
    with database.writing() as db:
        db.execute(update(HelpTaken).values(noted_at=now() - timedelta(days=3)))
        noted = set(db.scalars(select(HelpTaken.noted_at)))
    assert put_back(cast.at_browser("nora"), taken, out(database)) == 303
    look(database)
    [found] = findings(database)
    assert found.state == State.PUT_BACK
    assert found.entries == taken.entries
    with database.reading() as db:
        assert {each.noted for each in look_queries.entries_of(db, {whose})[whose]} == noted


def test_the_helper_is_told_and_can_answer(database: Database, cast: Cast, worker: Worker, settings: Settings) -> None:
    with database.writing() as db:
        for login in ("laura", "nora"):
            db.get_one(Person, cast[login]).proved_email = f"{login}@example.org"
    found, nora, laura = odd_day(database, cast), cast.at_browser("nora"), cast.at_browser("laura")
    nora.post(f"{ODD}/{found.id}", {"state": "taken-out", "words": REASON, "step_id": str(uuid.uuid4())})
    worker.drain()
    letter = sent(settings.home)[-1]
    assert letter["To"] == "laura@example.org"
    for words in ("15 entries", "Unit N-1", REASON, "nora@example.org", "/help/mine"):
        assert words in text_of(letter)
    page = laura.get("/help").text
    assert REASON in page
    assert "mailto:nora@example.org" in page
    assert REASON not in laura.get("/help?kept=1").text
    assert laura.get("/help/mine").text.count(REASON) == 15
    put_back(nora, found, out(database))
    worker.drain()
    assert "15 count again" in text_of(sent(settings.home)[-1])
    assert REASON not in laura.get("/help").text
    assert "put back on" in laura.get("/help/mine").text


def test_what_was_put_back_can_be_taken_out_and_put_back_again(
    database: Database, cast: Cast, taken: HelpFinding
) -> None:
    nora = cast.at_browser("nora")
    with database.reading() as db:
        first = set(db.scalars(select(HelpTaken.noted_at)))
    put_back(nora, taken, out(database))
    nora.post(f"{ODD}/{taken.id}", {"state": "taken-out", "words": REASON, "step_id": str(uuid.uuid4())})
    assert counted(database, cast) == 0
    assert put_back(nora, taken, out(database)) == 303
    assert counted(database, cast) == PEOPLE
    with database.reading() as db:
        assert set(db.scalars(select(HelpTaken.noted_at))) == first


@pytest.mark.usefixtures("taken")
def test_erasing_takes_the_words_along(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        erasing.erase(db, cast["nora"])
        assert set(db.scalars(select(HelpTaking.reason))) == {""}
        erasing.erase(db, cast["laura"])
        assert db.scalar(select(func.count()).select_from(HelpTaken)) == 0


def test_what_two_accounts_of_one_person_left_of_a_month_is_one_finding(
    database: Database, cast: Cast, taken: HelpFinding
) -> None:
    with database.writing() as db:
        other = HelpFinding(
            helper_id=cast["otto"], unit_id=taken.unit_id, month=taken.month, entries=3, people=9, newest_id=99,
            reasons=[{"reason": "copied", "entries": 3, "days": 1}, {"reason": "night", "entries": 2, "days": 2}],
            state=State.OPEN, found_at=now(),
        )  # fmt: skip
        db.add(other)
        db.flush()
        step = HelpFindingStep(client_id=str(uuid.uuid4()), finding_id=other.id, state="asked", words="", entries=3)
        step.at = now()
        db.add(step)
    copied = next(each for each in taken.reasons if each["reason"] == "copied")
    with database.writing() as db:
        merging.move(db, cast["otto"], cast["laura"])
    [found] = findings(database)
    assert (found.id, found.helper_id, found.state) == (taken.id, cast["laura"], State.OPEN)
    assert (found.entries, found.people, found.newest_id) == (taken.entries + 3, taken.people + 9, 99)
    assert {"reason": "copied", "entries": copied["entries"] + 3, "days": copied["days"] + 1} in found.reasons
    assert {"reason": "night", "entries": 2, "days": 2} in found.reasons
    with database.reading() as db:
        assert set(db.scalars(select(HelpFindingStep.finding_id))) == {taken.id}
        assert db.scalar(select(func.count()).select_from(HelpFindingStep)) == 2
