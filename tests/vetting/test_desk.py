"""From the worker's look to what a coordinator makes of it; samples to call back; the yearly statement."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from lms.app import STATEMENT_PARTS
from lms.clock import now
from lms.db import insert_once
from lms.demo.help_writing import write_help
from lms.demo.helping import Helper
from lms.helping.counting import count_new
from lms.helping.models import HelpEntry, HelpFigure
from lms.helping.yearly import HELPED
from lms.people import actions as people
from lms.people.models import Unit
from lms.people.rules import Role
from lms.printing.statement_rules import whole
from lms.vetting import actions, own_queries, sample_queries
from lms.vetting.looking import look
from lms.vetting.models import HelpFinding, HelpFindingStep, HelpLook, HelpSample, HelpSampled
from lms.vetting.rules import State
from lms.web.language import speaking
from tests.at_once import twice

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from lms.db import Database
    from tests.cast import Cast

ODD = "/coordination/help/odd"
SAMPLES = "/coordination/help/samples"
TODAY = now().date()
DAY = TODAY.replace(day=1) - timedelta(days=5)


def note(db: Session, cast: Cast, number: int, **said: Any) -> None:
    """So many entries of Laura's on one day."""
    for place in range(number):
        values = {
            "client_id": str(uuid.uuid4()), "helper_id": cast["laura"], "unit_id": cast.units["N-1"], "given_on": DAY,
            "kind": "consultation", "audience": "citizen", "service": "health", "people": 1 + place % 3, "minutes": 10,
            "channel": "", "outcome": "", "note": "", "is_tally": False, "standing": "covered",
            "logged_by": cast["laura"], "logged_at": now(), "undone_by": None, "undone_at": None, "is_counted": False,
        }  # fmt: skip
        insert_once(db, HelpEntry, values | said)


def findings(database: Database) -> list[HelpFinding]:
    with database.reading() as db:
        return list(db.scalars(select(HelpFinding).order_by(HelpFinding.id)))


def odd_day(database: Database, cast: Cast) -> HelpFinding:
    """Laura's copied entries, found."""
    with database.writing() as db:
        note(db, cast, 15)
    look(database)
    [found] = findings(database)
    return found


def test_a_sample_of_which_nobody_was_reached_does_not_say_that_nobody_was_asked(
    database: Database, cast: Cast
) -> None:
    with database.writing() as db:
        note(db, cast, 5)
    nora = cast.at_browser("nora")
    asked = {"unit": cast.units["N"], "first": DAY, "last": DAY, "size": 5, "sample_id": str(uuid.uuid4())}
    address = nora.post(SAMPLES, asked).headers["Location"]
    assert "Nobody has been asked yet." in nora.get(address).text
    nora.post(f"{address}/1", {"result": "unreachable"})
    assert "Nobody has been reached yet." in nora.get(address).text
    assert "nobody reached yet" in nora.get(SAMPLES).text


def test_what_is_odd_is_listed_once_and_goes_when_it_is_taken_back(database: Database, cast: Cast) -> None:
    found = odd_day(database, cast)
    assert (found.helper_id, found.unit_id, found.month) == (cast["laura"], cast.units["N-1"], DAY.replace(day=1))
    assert {each["reason"] for each in found.reasons} >= {"copied", "same-minutes"}
    look(database)
    assert [each.id for each in findings(database)] == [found.id]
    with database.writing() as db:
        db.execute(update(HelpEntry).values(undone_at=now(), undone_by=cast["laura"]))
    look(database)
    assert findings(database) == []


def test_a_killed_look_goes_on_where_it_was(database: Database, cast: Cast) -> None:
    odd_day(database, cast)
    with database.writing() as db:
        db.execute(update(HelpLook).values(last_id=3, looked_at=None))
    look(database)
    assert len(findings(database)) == 1


def test_what_was_on_its_way_when_newer_entries_were_seen_is_looked_at_too(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        note(db, cast, 15)
        newest = db.scalar(select(func.max(HelpEntry.id)))
        db.add(HelpLook(id=1, last_id=newest, looked_at=now()))
    look(database)
    assert len(findings(database)) == 1


def test_a_coordinator_sees_why_asks_and_takes_out_with_a_reason(database: Database, cast: Cast) -> None:
    found, nora = odd_day(database, cast), cast.at_browser("nora")
    count_new(database)
    listed = nora.get(ODD).text
    assert "Laura Lapiņa" in listed
    assert "repeated" in listed
    page = f"{ODD}/{found.id}"
    assert "Ask whether one day was entered for another" in nora.get(page).text
    assert nora.post(page, {"state": "asked", "step_id": str(uuid.uuid4())}).status_code == 303
    assert "Laura" not in nora.get(ODD).text
    assert "Laura" in nora.get(ODD, query_string={"list": "asked"}).text
    assert nora.post(page, {"state": "taken-out"}).status_code == 422
    assert nora.post(page, {"state": "taken-out", "words": "call +371 2911 2233"}).status_code == 422
    step = {"state": "taken-out", "words": "Copied by mistake", "step_id": str(uuid.uuid4())}
    for _ in range(2):
        assert nora.post(page, step).status_code == 303
    count_new(database)
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(HelpEntry.undone_by == cast["nora"])) == 15
        assert not db.scalar(select(func.sum(HelpFigure.people)))
        said = db.execute(select(HelpFindingStep.state, HelpFindingStep.by).order_by(HelpFindingStep.id)).all()
    assert said == [("asked", cast["nora"]), ("taken-out", cast["nora"])]
    assert "Copied by mistake" in nora.get(page).text


def test_nobody_else_sees_it_and_nobody_settles_their_own(database: Database, cast: Cast) -> None:
    found = odd_day(database, cast)
    page = f"{ODD}/{found.id}"
    assert "Laura" not in cast.at_browser("sid").get(ODD).text
    assert cast.at_browser("sid").get(page).status_code == 404
    assert cast.at_browser("sid").post(page, {"state": "plausible"}).status_code == 404
    assert cast.at_browser("laura").get(page).status_code == 403
    with database.writing() as db:
        db.execute(update(HelpFinding).values(helper_id=cast["nora"]))
    assert cast.at_browser("nora").post(page, {"state": "plausible"}).status_code == 422


def test_what_was_settled_opens_again_when_there_is_more(database: Database, cast: Cast) -> None:
    found, nora = odd_day(database, cast), cast.at_browser("nora")
    nora.post(f"{ODD}/{found.id}", {"state": "plausible"})
    look(database)
    assert findings(database)[0].state == State.PLAUSIBLE
    with database.writing() as db:
        note(db, cast, 6)
    look(database)
    assert findings(database)[0].state == State.OPEN
    assert "new entries were noted" in nora.get(f"{ODD}/{found.id}").text


def test_round_tallies_of_a_unit_are_listed_without_a_helper(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        note(db, cast, 8, helper_id=None, is_tally=True, people=50)
    look(database)
    [found] = findings(database)
    assert (found.helper_id, found.entries) == (None, 8)
    assert "round numbers in the tally" in cast.at_browser("nora").get(ODD).text


def test_a_unit_is_listed_no_more_once_its_round_tallies_are_taken_back(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        note(db, cast, 8, helper_id=None, is_tally=True, people=50)
    look(database)
    with database.writing() as db:
        db.execute(update(HelpEntry).values(undone_at=now(), undone_by=cast["nora"]))
        # so much was noted since that these are not among the newest
        db.execute(update(HelpLook).values(last_id=5000))
    look(database)
    assert findings(database) == []


def draw(database: Database, cast: Cast, size: int = 10) -> HelpSample:
    given = {"unit": cast.units["N"], "first": DAY.isoformat(), "last": TODAY.isoformat(), "size": size}
    answer = cast.at_browser("nora").post(SAMPLES, {**given, "sample_id": str(uuid.uuid4())})
    assert answer.status_code == 303, answer.text
    with database.reading() as db:
        return db.scalars(select(HelpSample).order_by(HelpSample.id.desc())).first()  # type: ignore[return-value]


def test_a_sample_is_drawn_again_from_its_seed_though_entries_were_added_and_undone(
    database: Database, cast: Cast
) -> None:
    with database.writing() as db:
        note(db, cast, 40)
        note(db, cast, 40, unit_id=cast.units["S-1"])
    sample = draw(database, cast)
    assert (sample.size, sample.total) == (10, 40)
    with database.writing() as db:
        note(db, cast, 20)
        db.execute(update(HelpEntry).where(HelpEntry.id < 20).values(undone_at=now(), undone_by=cast["laura"]))
    with database.reading() as db:
        kept = list(db.scalars(select(HelpSampled.entry_id).order_by(HelpSampled.place)))
        assert sample_queries.draw(db, sample, db.get_one(Unit, cast.units["N"])) == kept
    assert len(set(kept)) == 10


def test_of_many_entries_each_has_the_same_chance(database: Database, cast: Cast, monkeypatch: Any) -> None:
    with database.writing() as db:
        note(db, cast, 60)
    monkeypatch.setattr(sample_queries, "FEW", 10)
    sample = draw(database, cast, 30)
    with database.reading() as db:
        drawn = sample_queries.draw(db, sample, db.get_one(Unit, cast.units["N"]))
    assert len(set(drawn)) == 30


def test_results_are_noted_and_the_rate_comes_with_its_uncertainty(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        note(db, cast, 10)
    sample, nora = draw(database, cast), cast.at_browser("nora")
    page = f"{SAMPLES}/{sample.id}"
    for place, result in enumerate(["confirmed"] * 8 + ["not-confirmed", "unreachable"], 1):
        assert nora.post(f"{page}/{place}", {"result": result}).status_code == 303
    said = nora.get(page).text
    assert "88%" in said
    assert "56% and 98%" in said  # 8 of 9, by the score interval
    nora.post(f"{page}/9", {"result": ""})
    assert "100%" in nora.get(page).text
    assert nora.post(f"{page}/11", {"result": "confirmed"}).status_code == 404
    assert cast.at_browser("sid").get(page).status_code == 404


def test_nobody_says_how_it_was_with_their_own_entries(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        note(db, cast, 1, helper_id=cast["nora"], logged_by=cast["nora"])
        note(db, cast, 1)
    sample, nora = draw(database, cast), cast.at_browser("nora")
    page = f"{SAMPLES}/{sample.id}"
    for place in (1, 2):
        assert nora.post(f"{page}/{place}", {"result": "confirmed"}).status_code == 303
    with database.reading() as db:
        asked = select(HelpEntry.helper_id, HelpSampled.result).join(HelpEntry, HelpEntry.id == HelpSampled.entry_id)
        assert dict(db.execute(asked).all()) == {cast["nora"]: "", cast["laura"]: "confirmed"}  # type: ignore[arg-type]
    said = nora.get(page).text
    assert "These are your own entries" in said
    assert said.count("Your own entry") == 1


def test_nobody_settles_the_round_tallies_that_they_entered(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        entered = {"helper_id": None, "is_tally": True, "minutes": None}
        note(db, cast, 1, **entered, people=40, logged_by=cast["nora"])
        row = HelpFinding(
            helper_id=None, unit_id=cast.units["N-1"], month=DAY.replace(day=1), entries=14, people=40, newest_id=1,
            reasons=[{"reason": "unit-round", "entries": 14, "days": 0}], state=State.OPEN, found_at=now(),
        )  # fmt: skip
        db.add(row)
    page, nora = f"{ODD}/{row.id}", cast.at_browser("nora")
    plausible = {"state": "plausible", "step_id": str(uuid.uuid4())}
    assert nora.post(page, plausible).status_code == 422
    assert "Nobody else answers for this unit" in nora.get(page).text
    with database.writing() as db:
        people.grant_role(db, cast["sid"], Role.COORDINATOR, unit=cast.units["ALL"], by=None)
    assert "or the one above it: Sid South." in nora.get(page).text
    assert "your own entries" in nora.get(ODD).text
    sid = cast.at_browser("sid")
    assert "your own entries" not in sid.get(ODD).text
    assert sid.post(page, plausible).status_code == 303


def test_what_others_entered_in_another_month_is_nobodys_own(database: Database, cast: Cast) -> None:
    month = DAY.replace(day=1)
    with database.writing() as db:
        note(db, cast, 1, logged_by=cast["nora"], given_on=month - timedelta(days=1))
        note(db, cast, 1, logged_by=cast["nora"], undone_at=now())
        note(db, cast, 1, logged_by=cast["nora"], helper_id=cast["otto"])
    found = odd_day(database, cast)
    with database.reading() as db:
        assert own_queries.concerned(db, [found]) == {found.id: {cast["laura"]}}


def test_what_is_drawn_twice_at_one_moment_is_one_sample(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        note(db, cast, 5)
    key = str(uuid.uuid4())

    def draw(db: Session) -> int:
        return actions.draw(db, cast["nora"], db.get_one(Unit, cast.units["N"]), (DAY, DAY), 3, key).id

    first, second = twice(database, draw)
    with database.reading() as db:
        assert db.scalars(select(HelpSample.id)).all() == [first] == [second]
        assert db.scalar(select(func.count()).select_from(HelpSampled)) == 3


def test_an_empty_draw_says_so(cast: Cast) -> None:
    given = {"unit": cast.units["N"], "first": "2020-01-01", "last": "2020-01-31", "size": "10"}
    answer = cast.at_browser("nora").post(SAMPLES, given)
    assert answer.status_code == 422
    assert "No help was noted" in answer.text
    assert cast.at_browser("nora").post(SAMPLES, {**given, "size": "x"}).status_code == 422
    assert cast.at_browser("nora").post(SAMPLES, {**given, "unit": cast.units["S"]}).status_code == 422


def test_made_up_help_is_written_counted_and_says_nowhere_what_was_invented(database: Database, cast: Cast) -> None:
    helpers = [Helper(cast["laura"], cast.units["N-1"], TODAY - timedelta(days=99))]
    written = write_help(database, helpers * 3, 300, "demo", 2)
    count_new(database)
    with database.reading() as db:
        whole_country = select(func.max(HelpFigure.unit_id)).where(HelpFigure.unit_id == cast.units["N"])
        assert db.scalar(whole_country)
        of_north = select(func.sum(HelpFigure.entries)).where(HelpFigure.unit_id == cast.units["N"])
        assert db.scalar(of_north) == db.scalar(select(func.count()).select_from(HelpEntry)) == written
        assert db.scalar(select(func.max(HelpEntry.logged_at))) <= now()


def test_a_yearly_statement_thanks_for_hours_and_people(app: Flask, database: Database, cast: Cast) -> None:
    with database.writing() as db:
        note(db, cast, 3, minutes=30)
        note(db, cast, 1, kind="training", people=12, minutes=90)
        note(db, cast, 1, people=99, standing="lapsed")
        note(db, cast, 1, people=99, undone_at=now())
    assert HELPED in STATEMENT_PARTS
    with app.test_request_context(), speaking("en"), database.reading() as db:
        assert HELPED.years(db, cast["laura"]) == {DAY.year}
        assert set(db.scalars(HELPED.people(db, whole(DAY.year)))) == {cast["laura"]}
        [[section]] = HELPED.sections(db, [cast["laura"], cast["otto"]], whole(DAY.year)).values()
    assert section.figure is not None
    assert (section.figure.number, section.figure.words) == ("18", "people helped in 3 hours")
    assert [(row.title, row.cells) for row in section.rows] == [
        ("Training", ("1", "12", "1.5")),
        ("Consultation", ("3", "6", "1.5")),
    ]


def test_a_statement_counts_visits_apart_as_the_figures_of_help_do(app: Flask, database: Database, cast: Cast) -> None:
    with database.writing() as db:
        note(db, cast, 3)
        note(db, cast, 1, kind="visit", people=40)
    with app.test_request_context(), speaking("en"), database.reading() as db:
        [[section]] = HELPED.sections(db, [cast["laura"]], whole(DAY.year)).values()
    assert section.figure is not None
    assert section.figure.number == "6"
    assert section.rows[-1].cells[:2] == ("1", "40")
    assert section.rows[-1].details[0] == "counted apart: a visit is not counted as people helped"


def test_a_statement_does_not_say_that_hours_of_some_are_the_hours_of_all(
    app: Flask, database: Database, cast: Cast
) -> None:
    with database.writing() as db:
        note(db, cast, 1, minutes=30)
        note(db, cast, 3, minutes=None)
    with app.test_request_context(), speaking("en"), database.reading() as db:
        [[section]] = HELPED.sections(db, [cast["laura"]], whole(DAY.year)).values()
    assert section.figure is not None
    assert section.figure.words == "people helped in at least 0.5 hours"
    assert section.rows[0].details == ("hours noted 1 times of 4",)


def test_the_page_of_statements_says_that_help_stands_on_them(database: Database, cast: Cast) -> None:
    otto = cast.at_browser("otto")
    assert "in which you helped or trained somebody" in otto.get("/account/statement").text
    with database.writing() as db:
        note(db, cast, 1, minutes=30)
    assert "the people whom you helped" in cast.at_browser("laura").get("/account/statement").text
