"""The pages on help: who sees what, and that every copy shows the same rows."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.clock import now
from lms.figures.actions import recount
from lms.helping import counting
from lms.helping.models import HelpPeriod
from lms.people import actions as people
from lms.people.models import Person
from lms.people.rules import Role
from lms.reach import actions
from lms.reach.models import BoardConsent
from lms.reach.rules import Span, period_now
from tests.helping.world import certify
from tests.reach.world import SUMMER, days_ago, note, write_closed

if TYPE_CHECKING:
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast

PAGES = ("", "/chain", "/most-active", "/cascade", "/gaps")


@pytest.fixture
def helped(database: Database, cast: Cast) -> None:
    """Laura helped 7 in N-1, a tally of N-2 says 20; Otto helped 5 in the south."""
    with database.writing() as db:
        certify(db, cast["laura"], since=date(2026, 1, 1))
        note(db, cast, "N-1", 7, days_ago(0))
        note(db, cast, "N-2", 20, days_ago(5), None, service="")
        note(db, cast, "S-1", 5, days_ago(0), "otto")
    counting.count_new(database)
    recount(database)
    counting.count_last_days(database)


def year(path: str) -> str:
    today = now().date()
    return f"{path}?span=months&since={today - timedelta(days=40):%Y-%m}&until={today:%Y-%m}"


@pytest.mark.usefixtures("helped")
@pytest.mark.parametrize("page", PAGES)
def test_the_desk_shows_one_scope(cast: Cast, page: str) -> None:
    nora = cast.at_browser("nora")
    assert nora.get(f"/coordination/help/units/N{page}").status_code == 200
    assert nora.get(f"/coordination/help/units/N-1{page}").status_code == 200
    for code in ("ALL", "S", "S-1", "NONE"):
        assert nora.get(f"/coordination/help/units/{code}{page}").status_code == 404
    assert cast.at_browser("laura").get(f"/coordination/help/units/N{page}").status_code == 403


@pytest.mark.parametrize("page", ["/chain", "/gaps"])
def test_before_the_first_count_nobody_is_said_to_be_missing(cast: Cast, page: str) -> None:
    text = cast.at_browser("nora").get(f"/coordination/help/units/N{page}").text
    assert "Not counted yet" in text
    assert "Nobody" not in text


@pytest.mark.usefixtures("helped")
def test_the_first_page_shows_the_one_unit(cast: Cast) -> None:
    assert "<h1>Unit N</h1>" in cast.at_browser("nora").get("/coordination/help").text


@pytest.mark.usefixtures("helped")
def test_figures_name_definition_period_and_moment(cast: Cast) -> None:
    page = cast.at_browser("nora").get(year("/coordination/help/units/N")).text
    for words in ("<b>27</b> people were helped", "Version 1", "As of ", "Counted apart", "Of them tallied"):
        assert words in page


@pytest.mark.usefixtures("helped")
def test_every_copy_shows_the_same_rows(cast: Cast) -> None:
    nora = cast.at_browser("nora")
    answer = nora.get(year("/coordination/help/units/N.csv") + "&sort=*")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:4]] == ["N", "N-2", "N-1"]
    assert rows[0] == [
        "Code", "Unit", "Trained", "Consulted", "Visits", "People helped", "Of them tallied", "Counted apart",
    ]  # fmt: skip
    assert rows[1][2:] == ["0", "27", "0", "27", "20", "0"]
    assert any("version 1" in row[0] for row in rows[5:] if row)
    assert nora.get(year("/coordination/help/units/N.xlsx")).data[:2] == b"PK"
    assert nora.get(year("/coordination/help/units/N") + "&sort=nothing").status_code == 404


@pytest.mark.usefixtures("helped")
def test_the_chain_goes_from_the_register_to_the_people_helped(cast: Cast) -> None:
    page = cast.at_browser("nora").get(year("/coordination/help/units/N/chain")).text
    assert "As of " in page
    assert "Help is counted as of " in page
    assert "<b>1 of 1</b> person is certified" in page
    assert "<b>1</b> has helped in the last 30 days" in page
    assert "<b>27</b> people were helped" in page


@pytest.mark.usefixtures("helped")
@pytest.mark.parametrize("page", PAGES)
def test_each_page_names_its_moment(cast: Cast, page: str) -> None:
    assert "As of " in cast.at_browser("nora").get(f"/coordination/help/units/N{page}").text


@pytest.mark.usefixtures("helped")
@pytest.mark.parametrize("page", ["", "/chain"])
def test_people_helped_lead_to_their_definitions(cast: Cast, page: str) -> None:
    seen = cast.at_browser("nora").get(year(f"/coordination/help/units/N{page}")).text
    assert 'href="/help/definitions/consulted?version=1&amp;unit=N"' in seen
    assert cast.at_browser("nora").get("/help/definitions/consulted?version=1&unit=N").status_code == 200


@pytest.mark.usefixtures("helped")
@pytest.mark.parametrize("page", ["", "/chain", "/most-active"])
def test_months_that_are_none_are_said_to_be_none(cast: Cast, page: str) -> None:
    nora, address = cast.at_browser("nora"), f"/coordination/help/units/N{page}?span=months"
    for given in ("&since=2026-03&until=2026-01", "&since=May&until=June", ""):
        assert "These months were not understood" in nora.get(f"{address}{given}").text
    assert "These months were not understood" not in nora.get(f"{address}&since=2026-01&until=2026-03").text


@pytest.mark.usefixtures("helped")
def test_a_period_stays_chosen_where_there_are_several_units(database: Database, cast: Cast, worker: Worker) -> None:
    with database.writing() as db:
        people.grant_role(db, cast["nora"], Role.COORDINATOR, unit=cast.units["S-1"], by=None)
        actions.open_period(db, cast.units["ALL"], SUMMER, now().date())
        period = db.scalars(select(HelpPeriod)).one()
        actions.close_period(db, period, cast["sid"], SUMMER.last + timedelta(days=1))
    write_closed(worker)
    nora = cast.at_browser("nora")
    assert (
        f'href="/coordination/help/units/S-1?closed={period.id}"'
        in nora.get(f"/coordination/help?closed={period.id}").text
    )
    assert 'href="/coordination/help/units/N?span=month"' in nora.get("/coordination/help?span=month&other=1").text
    assert nora.get("/coordination/help?closed=999").status_code == 404


@pytest.mark.usefixtures("helped")
@pytest.mark.parametrize("page", PAGES)
def test_a_period_stays_chosen_from_tab_to_tab(cast: Cast, page: str) -> None:
    seen = (
        cast.at_browser("nora").get(f"/coordination/help/units/N-1{page}?span=months&since=2026-01&until=2026-03").text
    )
    named = "span=months&amp;since=2026-01&amp;until=2026-03"
    for other in PAGES:
        assert f'href="/coordination/help/units/N-1{other}?{named}"' in seen, other
    assert f'href="/coordination/help/units/N?{named}"' in seen, "the crumb"


def test_a_period_can_be_closed_on_the_day_that_the_page_says(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        people.grant_role(db, cast["sid"], Role.COORDINATOR, unit=cast.units["ALL"], by=None)
        actions.open_period(db, cast.units["ALL"], period_now(Span.MONTH, now().date()), now().date())
        period = db.scalars(select(HelpPeriod)).one()
        day = period.last_day + timedelta(days=1)
        with pytest.raises(actions.StillRunning):
            actions.close_period(db, period, cast["sid"], period.last_day)
    said = f"Can be closed from {day.day} {day:%B} {day.year} on."
    assert said in cast.at_browser("sid").get("/coordination/help/periods").text
    with database.writing() as db:
        actions.close_period(db, db.scalars(select(HelpPeriod)).one(), cast["sid"], day)


@pytest.mark.usefixtures("helped")
def test_who_may_not_see_people_sees_names_of_those_who_agreed(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        people.grant_role(db, cast["tina"], Role.OWNER, unit=cast.units["ALL"], by=None)
        actions.want_board(db, cast["otto"])
    owner = cast.at_browser("tina")
    page = owner.get(year("/coordination/help/units/ALL/most-active")).text
    assert "Otto Südsen" in page
    assert "Laura" not in page
    assert "A helper" in page
    assert owner.get("/coordination/help/units/ALL/cascade").status_code == 403
    assert "Laura Lapiņa" in cast.at_browser("nora").get(year("/coordination/help/units/N/most-active")).text


@pytest.mark.usefixtures("helped")
def test_only_who_agreed_stands_on_a_board(database: Database, cast: Cast) -> None:
    laura = cast.at_browser("laura")
    assert "You do not stand on boards" in laura.get("/help/board").text
    assert laura.post("/help/board", {"wants": "yes"}).status_code == 303
    laura.post("/help/board", {"wants": "yes"})
    page = laura.get("/help/board?span=year").text
    assert "You stand on boards." in page
    assert "Laura Lapiņa</th>" in page
    laura.post("/help/board", {"wants": "no"})
    assert "Laura Lapiņa</th>" not in laura.get("/help/board?span=year").text
    with database.reading() as db:
        rows = db.scalars(select(BoardConsent)).all()
        assert [row.ended_at is None for row in rows] == [False]


@pytest.mark.usefixtures("helped")
def test_who_closed_their_account_stands_on_no_board(database: Database, cast: Cast) -> None:
    cast.at_browser("otto").post("/help/board", {"wants": "yes"})
    board = "/help/board?unit=ALL&span=year"
    assert "Otto" in cast.at_browser("laura").get(board).text
    with database.writing() as db:
        db.get_one(Person, cast["otto"]).closed_at = now()
    assert "Otto" not in cast.at_browser("laura").get(board).text


@pytest.mark.usefixtures("helped")
def test_boards_are_those_of_ones_own_units(cast: Cast) -> None:
    cast.at_browser("otto").post("/help/board", {"wants": "yes"})
    page = cast.at_browser("laura").get("/help/board?unit=S-1&span=year").text
    assert "Otto" not in page
    assert "Otto" in cast.at_browser("laura").get("/help/board?unit=ALL&span=year").text


def test_periods_belong_to_who_coordinates_the_whole(database: Database, cast: Cast, worker: Worker) -> None:
    with database.writing() as db:
        people.grant_role(db, cast["sid"], Role.COORDINATOR, unit=cast.units["ALL"], by=None)
    nora, sid = cast.at_browser("nora"), cast.at_browser("sid")
    given = {"unit": cast.units["ALL"], "since": "2026-01", "until": "2026-03"}
    assert nora.post("/coordination/help/periods", given).status_code == 404
    assert sid.post("/coordination/help/periods", given | {"until": "2025-03"}).status_code == 422
    assert sid.post("/coordination/help/periods", given | {"since": "2099-01", "until": "2099-03"}).status_code == 422
    for _twice in range(2):
        assert sid.post("/coordination/help/periods", given).status_code == 303
    with database.reading() as db:
        [period] = db.scalars(select(HelpPeriod)).all()
    assert "Whoever coordinates the whole programme closes it." in nora.get("/coordination/help/periods").text
    assert nora.post(f"/coordination/help/periods/{period.id}/close").status_code == 404
    assert sid.post(f"/coordination/help/periods/{period.id}/close").status_code == 303
    assert "Being closed" in sid.get("/coordination/help/periods").text
    write_closed(worker)
    assert "Sid South" in sid.get("/coordination/help/periods").text
    seen = nora.get("/coordination/help/periods").text
    assert f'href="/coordination/help?closed={period.id}"' in seen
    assert "<form" not in seen.split("<h1>Periods</h1>")[1].split("</main>")[0]
    page = nora.get(f"/coordination/help/units/N?closed={period.id}").text
    assert "these figures never change" in page
    with database.writing() as db:
        note(db, cast, "N-1", 12, date(2026, 2, 1))
    counting.count_new(database)
    page = nora.get(f"/coordination/help/units/N?closed={period.id}").text
    assert "+12 since closing" in page
    assert "Corrections as of " in page
    assert nora.get("/coordination/help/units/N?closed=999").status_code == 404


@pytest.mark.usefixtures("helped")
def test_places_without_a_valid_helper_stand_on_the_first_page(database: Database, cast: Cast) -> None:
    nora = cast.at_browser("nora")
    assert "1 unit with no valid helper today." in nora.get("/coordination").text
    page = nora.get("/coordination/help/units/N/gaps").text
    assert "Unit N-2</a>" in page
    assert "Unit N-1</a>" not in page
    with database.writing() as db:
        people.join_unit(db, cast["laura"], cast.units["N-2"], since=now().date())
    recount(database)
    assert "with no valid helper today" not in nora.get("/coordination").text
    assert "Every one of them has somebody" in nora.get("/coordination/help/units/N/gaps").text


def test_where_no_help_is_noted_the_first_page_says_nothing_of_helpers(database: Database, cast: Cast) -> None:
    recount(database)
    assert "valid helper" not in cast.at_browser("nora").get("/coordination").text
