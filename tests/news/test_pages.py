"""An author looks before she sends; helpers read in their language and confirm; sums and names for whom they are."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select

from lms.clock import now
from lms.news import actions, desk_queries, merging
from lms.news.forms import Written
from lms.news.models import Announcement, NewsReading
from lms.news.rules import Audience
from lms.paging import At
from lms.people.actions import NewPerson, grant_role, join_unit, sign_up
from lms.people.models import Person, SecurityEvent, Unit
from lms.people.rules import Role
from tests.cast import HASH
from tests.helping.world import certify
from tests.news.world import TEXTS, audience, tell

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast, Visitor

pytestmark = pytest.mark.mostly_sqlite

DESK = "/coordination/news"
FORM = {
    "unit": "N", "title-en": "New ID cards", "text-en": "From **May** on.", "title-lv": "Jaunas ID kartes",
    "text-lv": "No **maija**. <script>alert(1)</script>", "asks_confirm": "1",
}  # fmt: skip


def sent(author: Visitor, desk: str = DESK, **more: str) -> str:
    """Look, then send what was seen; the address of the announcement."""
    form = {**FORM, "client_id": str(uuid.uuid4()), **more}
    look = author.post(f"{desk}/new", {**form, "step": "look"})
    assert look.status_code == 200, look.text
    seen = look.text.partition('name="seen" value="')[2].partition('"')[0]
    answer = author.post(f"{desk}/new", {**form, "step": "send", "seen": seen})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_an_author_sees_whom_it_reaches_before_it_is_sent(cast: Cast, database: Database) -> None:
    nora = cast.at_browser("nora")
    look = nora.post(f"{DESK}/new", {**FORM, "step": "look"}).text
    buttons = re.findall(r'name="step" value="(\w+)"', look)
    assert buttons == ["look", "send", "look"]  # Enter presses the first one
    assert "It reaches 1 person" in look
    assert "<strong>May</strong>" in look
    assert "<script>alert" not in look
    unseen = nora.post(f"{DESK}/new", {**FORM, "step": "send"})
    changed = nora.post(f"{DESK}/new", {**FORM, "unit": "N-2", "step": "send", "seen": "2|||"})
    assert (unseen.status_code, changed.status_code) == (200, 200)
    assert "It reaches nobody" in changed.text
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Announcement)) == 0


def test_a_helper_reads_it_in_her_language_and_confirms(cast: Cast, database: Database) -> None:
    nora = cast.at_browser("nora")
    page = sent(nora)
    laura = cast.at_browser("laura")
    laura.post("/language", {"language": "lv", "next": "/news"})
    assert "Jaunas ID kartes" in laura.get("/my-learning").text
    path = page.replace(DESK, "/news")
    shown = laura.get(path).text
    assert "<strong>maija</strong>" in shown
    assert "alert(1)</script>" not in shown
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(NewsReading)) == 0  # a look by a program opens nothing
    assert laura.post(f"{path}/opened", headers={"Accept": "application/json"}).status_code == 204
    assert "Jaunas ID kartes" in laura.get("/my-learning").text  # it waits to be confirmed
    assert laura.post(f"{path}/confirm").status_code == 303
    assert laura.post(f"{path}/confirm").status_code == 303
    assert "Jaunas ID kartes" not in laura.get("/my-learning").text
    assert "Jaunas ID kartes" in laura.get("/news").text
    assert "1 of 1" in nora.get(page).text
    assert cast.at_browser("otto").get(path).status_code == 404
    assert cast.at_browser("otto").post(f"{path}/confirm").status_code == 404


def test_sent_twice_it_is_announced_once(cast: Cast, database: Database) -> None:
    nora, same = cast.at_browser("nora"), str(uuid.uuid4())
    assert sent(nora, client_id=same) == sent(nora, client_id=same)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Announcement)) == 1
        kinds = select(SecurityEvent.kind).where(SecurityEvent.actor_id == cast["nora"])
        assert list(db.scalars(kinds)).count("announced") == 1
    form = {**FORM, "unit": "S", "client_id": same, "step": "send"}
    sid = cast.at_browser("sid")
    with database.reading() as db:
        unit = db.get_one(Unit, cast.units["S"])
        texts = {tag: {"title": FORM[f"title-{tag}"], "text": FORM[f"text-{tag}"]} for tag in ("en", "lv")}
        written = Written(texts, Audience(unit.id, unit.path), "S", now().date(), False, True, "")
    assert sid.post(f"{DESK}/new", {**form, "seen": written.seen}).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"title-en": "Newer ID cards"},
        {"text-lv": "Citādi"},
        {"is_urgent": "1"},
        {"asks_confirm": ""},
        {"starts_on": "later"},
    ],
)
def test_nothing_goes_out_that_the_author_has_not_looked_at(
    cast: Cast, database: Database, change: dict[str, str]
) -> None:
    nora = cast.at_browser("nora")
    look = nora.post(f"{DESK}/new", {**FORM, "step": "look"}).text
    seen = look.partition('name="seen" value="')[2].partition('"')[0]
    if "starts_on" in change:
        change = {"starts_on": (now().date() + timedelta(days=3)).isoformat()}
    again = nora.post(f"{DESK}/new", {**FORM, **change, "step": "send", "seen": seen})
    assert again.status_code == 200
    assert "It reaches 1 person" in again.text
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Announcement)) == 0


@pytest.mark.parametrize("unit", ["S", "ALL", "", "nowhere"])
def test_nobody_writes_beyond_the_own_units(cast: Cast, unit: str) -> None:
    answer = cast.at_browser("nora").post(f"{DESK}/new", {**FORM, "unit": unit, "step": "look"})
    assert answer.status_code == 422
    assert "From **May** on." in answer.text  # nothing typed is lost


def test_others_announcements_are_not_there(cast: Cast) -> None:
    page = sent(cast.at_browser("nora"))
    sid = cast.at_browser("sid")
    assert "New ID cards" not in sid.get(DESK).text
    assert "New ID cards" in cast.at_browser("nora").get(DESK).text
    for path in (page, f"{page}/correct", f"{page}/missing"):
        assert sid.get(path).status_code == 404
    for path in ("correct", "withdraw", "again"):
        assert sid.post(f"{page}/{path}", FORM).status_code == 404


def test_a_trainer_writes_to_the_certified_of_a_course(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        certify(db, cast["otto"], since=now().date())
    tina = cast.at_browser("tina")
    assert tina.post("/authoring/news/new", {**FORM, "unit": "", "step": "look"}).status_code == 422
    page = sent(tina, "/authoring/news", unit="", course="first-aid")
    assert "fewer than five people" in tina.get(page).text
    assert "New ID cards" in cast.at_browser("otto").get("/news").text
    assert "New ID cards" not in cast.at_browser("laura").get("/news").text
    assert tina.get(f"{page}/missing").status_code == 404
    assert cast.at_browser("nora").get(page.replace("/authoring", "/coordination")).status_code == 404


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"title-en": "", "title-lv": "", "text-en": "", "text-lv": ""}, "Write a title and a text"),
        ({"title-en": ""}, "has no title yet"),
        ({"text-lv": ""}, "has no text yet"),
        ({"title-en": "x" * 121}, "at most 120"),
        ({"starts_on": "yesterday"}, "year-month-day"),
        ({"starts_on": "2020-01-01"}, "within a year"),
    ],
)
def test_what_is_missing_is_said(cast: Cast, form: dict[str, str], says: str) -> None:
    answer = cast.at_browser("nora").post(f"{DESK}/new", {**FORM, **form, "step": "look"})
    assert answer.status_code == 422
    assert says in answer.text


def test_a_correction_shows_and_a_withdrawal_takes_it_away(cast: Cast, database: Database) -> None:
    nora, laura = cast.at_browser("nora"), cast.at_browser("laura")
    page = sent(nora)
    path = page.replace(DESK, "/news")
    laura.post(f"{path}/confirm")
    nora.post(f"{page}/correct", {"title-en": "New cards", "text-en": "From June on."})
    assert "corrected on" in laura.get(path).text
    assert "From June on." in laura.get(path).text
    with database.reading() as db:
        row = db.scalars(select(Announcement)).one()
        assert row.former[0]["texts"]["en"]["text"] == "From **May** on."
    assert nora.post(f"{page}/correct", {"title-en": "New cards"}).status_code == 422
    nora.post(f"{page}/withdraw")
    assert laura.get(path).status_code == 410
    assert "New cards" not in laura.get("/news").text
    assert "Nothing was changed" in nora.post(f"{page}/again", follow_redirects=True).text


def test_coordinators_see_the_names_of_who_has_not_confirmed(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        join_unit(db, cast["otto"], cast.units["N-2"], since=now().date())
    nora = cast.at_browser("nora")
    page = sent(nora)
    cast.at_browser("otto").post(page.replace(DESK, "/news") + "/confirm")
    names = nora.get(f"{page}/missing").text
    assert "Laura Lapiņa" in names
    assert "Otto" not in names


def test_units_are_compared_from_five_people_on(cast: Cast, database: Database) -> None:
    today = now().date()
    with database.writing() as db:
        for unit, people in (("N-1", 5), ("N-2", 6)):
            for number in range(people):
                person = sign_up(db, NewPerson(f"Person {number}", f"{unit}-{number}".lower(), ""), HASH)
                join_unit(db, person.id, cast.units[unit], since=today)
        told = tell(db, cast, audience(db, "N"), asks_confirm=True)
        actions.confirm(db, told, cast["laura"])
    with database.reading() as db:
        one = desk_queries.told(db, cast["nora"], "units", told)
        assert one is not None
        fate = desk_queries.fate(db, one, today)
    assert (fate.sums.people, fate.sums.received, fate.sums.confirmed) == (12, 1, 1)
    assert [(unit.code, unit.sums.people, unit.sums.confirmed) for unit in fate.units if unit.sums] == [
        ("N-1", 6, 1), ("N-2", 6, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(("desk", "shown"), [("units", ["N-1"]), ("trainers", [])])
def test_trainers_cannot_work_out_what_a_few_people_did(
    cast: Cast, database: Database, desk: str, shown: list[str]
) -> None:
    """Of nine people six are in the unit shown: the total would tell of the other three."""
    today = now().date()
    with database.writing() as db:
        for unit, people in (("N-1", 5), ("N-2", 3)):
            for number in range(people):
                person = sign_up(db, NewPerson(f"Person {number}", f"{unit}-{number}".lower(), ""), HASH)
                join_unit(db, person.id, cast.units[unit], since=today)
        told = tell(db, cast, audience(db, "N"))
        db.get_one(Announcement, told).desk = desk
    with database.reading() as db:
        one = desk_queries.told(db, cast["nora"], desk, told)
        assert one is not None
        fate = desk_queries.fate(db, one, today)
    assert fate.sums.people == 9
    assert [unit.code for unit in fate.units if unit.sums] == shown


def test_no_name_is_told_of_whom_a_coordinator_may_not_see(cast: Cast, database: Database) -> None:
    with database.writing() as db:  # a member of the south who has a role in the north
        grant_role(db, cast["sid"], Role.COORDINATOR, unit=cast.units["N-1"], by=None)
        whom = audience(db, "N", role=Role.COORDINATOR)
        told = tell(db, cast, whom, asks_confirm=True)
    with database.reading() as db:
        one = desk_queries.told(db, cast["nora"], "units", told)
        assert one is not None
        assert desk_queries.fate(db, one, now().date()).sums.people == 2
        missing, _page = desk_queries.missing(db, cast["nora"], one, now().date(), At())
    assert "Sid South" not in [each.name for each in missing]


def test_an_announcement_costs_one_row_however_many_it_is_for(cast: Cast, database: Database) -> None:
    def statements(page: str) -> int:
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(database.reader, "before_cursor_execute", counted)
        try:
            assert nora.get(page).status_code == 200
        finally:
            event.remove(database.reader, "before_cursor_execute", counted)
        return count

    nora = cast.at_browser("nora")
    page = sent(nora)
    before = statements(page)
    with database.writing() as db:
        for number in range(40):
            person = sign_up(db, NewPerson(f"Person {number}", f"p-{number}", ""), HASH)
            join_unit(db, person.id, cast.units["N-2"], since=now().date())
    assert statements(page) == before
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(NewsReading)) == 0


def test_old_news_waits_for_nobody_but_stays(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        tell(db, cast, audience(db, "N"), on=now().date() - timedelta(days=120))
        for _ in range(51):
            tell(db, cast, audience(db, "N"), on=now().date() - timedelta(days=200), texts=TEXTS)
    laura = cast.at_browser("laura")
    assert "New for you" not in laura.get("/news").text
    page = laura.get("/news").text
    later = page.partition('class="pager"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert page.count("New ID cards") == 50
    assert laura.get(later).text.count("New ID cards") == 2


def test_what_two_accounts_read_becomes_one_persons(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        both, one = (tell(db, cast, audience(db, "ALL")) for _ in range(2))
        actions.confirm(db, both, cast["laura"])
        actions.note_opened(db, both, cast["otto"])
        actions.note_opened(db, one, cast["laura"])
        merging.move(db, cast["laura"], cast["otto"])
    with database.reading() as db:
        rows = {row.announcement_id: row for row in db.scalars(select(NewsReading))}
        assert {row.person_id for row in rows.values()} == {cast["otto"]}
        assert rows[both].confirmed_at is not None
        assert rows[one].opened_at is not None


def test_an_empty_desk_says_what_will_be_here(cast: Cast, database: Database) -> None:
    assert "Nothing yet." in cast.at_browser("nora").get(DESK).text
    assert "Nothing yet." in cast.at_browser("laura").get("/news").text
    with database.reading() as db:
        assert db.get_one(Person, cast["laura"]).reminds
