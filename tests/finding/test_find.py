"""The public pages: what is found by which words, what is shown of it, and when it drops."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from lms.finding import looking
from lms.finding.actions import learn_names
from lms.finding.models import FindName, HelperListing
from lms.finding.rules import Entry, State
from lms.people.actions import add_unit
from lms.people.models import Person, Unit
from lms.people.units import add_alias
from tests.finding.world import DAY, OPEN, open_point
from tests.helping.world import certify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAMES = {"G-1": ("ქუთაისი", 42.27, 42.70), "G-2": ("Đà Nẵng", 16.05, 108.2), "G-3": ("Хуҷанд", 40.28, 69.62),
         "G-4": ("Cēsis", 57.31, 25.27)}  # fmt: skip


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def names(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/find/[^"]+">([^<]+)</a></h3>', page)


@pytest.fixture
def towns(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        top = db.get_one(Unit, cast.units["N"])
        for code, (name, latitude, longitude) in NAMES.items():
            unit = add_unit(db, kind="library", code=code, name=name, parent=top)
            unit.latitude, unit.longitude = latitude, longitude
            open_point(db, unit.id, Entry())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Kutaisi", "ქუთაისი"),
        ("ქუთაისი", "ქუთაისი"),
        ("Кутаиси", "ქუთაისი"),
        ("da nang", "Đà Nẵng"),
        ("ĐÀ NẴNG", "Đà Nẵng"),
        ("Khujand", "Хуҷанд"),
        ("Хучанд", "Хуҷанд"),
        ("cesis", "Cēsis"),
        ("Цесис", None),
        ("G-4", "Cēsis"),
    ],
)
@pytest.mark.usefixtures("towns")
def test_a_place_is_found_in_any_script(client: Visitor, typed: str, found: str | None) -> None:
    page = client.get("/find", query_string={"q": typed}).text
    assert names(page)[:1] == ([found] if found else [])


@pytest.mark.usefixtures("towns")
def test_an_alias_finds_what_lies_below_and_what_is_near(client: Visitor, cast: Cast, database: Database) -> None:
    with database.writing() as db:
        for code, latitude in (("N-1", 57.0), ("S-1", 56.0)):
            db.get_one(Unit, cast.units[code]).latitude = latitude
            db.get_one(Unit, cast.units[code]).longitude = 25.0
            open_point(db, cast.units[code])
        add_alias(db, db.get_one(Unit, cast.units["N-2"]), "Žagarkalns", by=None)
        db.get_one(Unit, cast.units["N-2"]).latitude = 57.01
        db.get_one(Unit, cast.units["N-2"]).longitude = 25.0
    page = client.get("/find?q=zagarkalns").text
    assert "There is no point in Unit N-2 itself. These are near." in page
    assert names(page)[:3] == ["Unit N-1", "Cēsis", "Unit S-1"]
    assert "1 km" in page
    assert 'role="img"' in page
    assert names(client.get("/find?near=56.01,25.00").text)[0] == "Unit S-1"
    assert "Unit N-1" in names(client.get("/find?q=unit+n").text)


def test_wishes_narrow_the_list(client: Visitor, cast: Cast, database: Database) -> None:
    with database.writing() as db:
        open_point(db, cast.units["N-1"])
        open_point(db, cast.units["S-1"], Entry(services=frozenset({"work"}), languages=frozenset({"lv"})))
    for wish in ("service=health", "language=ru", "step-free=1", "open=1"):
        assert names(client.get(f"/find?{wish}").text) == ["Unit N-1"], wish
    assert names(client.get("/find?language=lv").text) == ["Unit N-1", "Unit S-1"]
    with time_machine.travel(NOON + timedelta(hours=8), tick=False):
        assert names(client.get("/find?open=1").text) == []


def test_a_point_says_everything_and_drops_when_its_certificate_ends(
    client: Visitor, cast: Cast, database: Database
) -> None:
    with database.writing() as db:
        open_point(db, cast.units["N-1"], until=DAY + timedelta(days=10))
    page = client.get("/find/N-1").text
    for words in ("Main street 3", "tel:+37167000000", "Open now, until 17:00", "Doctor and prescriptions", "Latviešu"):
        assert words in page, words
    with time_machine.travel(NOON + timedelta(days=10), tick=False):
        assert names(client.get("/find").text) == ["Unit N-1"]
        assert client.get("/find/N-1").status_code == 200
    with time_machine.travel(NOON + timedelta(days=11), tick=False):
        assert names(client.get("/find").text) == []
        assert client.get("/find/N-1").status_code == 404


def test_what_is_proposed_or_taken_off_is_not_public(client: Visitor, cast: Cast, database: Database) -> None:
    with database.writing() as db:
        open_point(db, cast.units["N-1"], state=State.PROPOSED)
        open_point(db, cast.units["S-1"], state=State.HIDDEN)
    assert names(client.get("/find").text) == []
    assert client.get("/find/N-1").status_code == client.get("/find/S-1").status_code == 404


def test_a_withdrawn_certificate_takes_the_point_along(client: Visitor, cast: Cast, database: Database) -> None:
    with database.writing() as db:
        held = certify(db, cast["laura"], since=DAY - timedelta(days=9))
        open_point(db, cast.units["N"], until=DAY - timedelta(days=1))
        certificate = held.id
    assert names(client.get("/find").text) == ["Unit N"]  # by Laura, who belongs to N-1
    with database.writing() as db:
        db.get_one(type(held), certificate).revoked_at = NOON
        looking.mind_certificate(db, certificate)
    assert client.get("/find/N").status_code == 404


def test_a_helper_shows_what_she_ticks_and_nothing_when_her_certificate_ends(
    client: Visitor, cast: Cast, database: Database
) -> None:
    with database.writing() as db:
        certify(db, cast["laura"], since=DAY - timedelta(days=9), until=DAY + timedelta(days=5))
        open_point(db, cast.units["N-1"])
    laura = cast.at_browser("laura")
    assert "Laura" not in client.get("/find/N-1").text
    sent = {"shows-languages": "1", "languages": ["lv", "ru"], "contact": "laura@example.org", "hours": "mornings"}
    laura.post("/find-me", {**sent, "shows-contact": ""})
    page = client.get("/find/N-1").text
    assert "A certified helper" in page
    assert "усский" in page
    assert "Laura" not in page
    assert "laura@example.org" not in page
    with database.reading() as db:
        row = db.get_one(HelperListing, cast["laura"])
        assert (row.contact, row.hours) == ("", "")  # what is not ticked is not kept
    laura.post("/find-me", {**sent, "shows-name": "1", "shows-contact": "1"})
    assert "laura@example.org" in laura.get("/find-me").text
    assert "Laura Lapiņa" in client.get("/find/N-1").text
    for closed_at, is_shown in ((NOON, False), (None, True)):
        with database.writing() as db:
            db.get_one(Person, cast["laura"]).closed_at = closed_at
        assert ("Laura Lapiņa" in client.get("/find/N-1").text) is is_shown
    with time_machine.travel(NOON + timedelta(days=6), tick=False):
        assert "Laura" not in client.get("/find/N-1").text
    laura.post("/find-me/end")
    assert "A certified helper" not in client.get("/find/N-1").text
    with database.reading() as db:
        assert db.get(HelperListing, cast["laura"]) is None


def test_nobody_is_found_without_a_certificate(cast: Cast, database: Database) -> None:
    answer = cast.at_browser("otto").post("/find-me", {"shows-name": "1"})
    assert answer.status_code == 422
    with database.reading() as db:
        assert db.get(HelperListing, cast["otto"]) is None


def test_the_page_is_light_shared_and_may_be_indexed(client: Visitor, cast: Cast, database: Database) -> None:
    with database.writing() as db:
        top = db.get_one(Unit, cast.units["N"])
        for number in range(60):
            unit = add_unit(db, kind="library", code=f"L-{number}", name=f"Library {number}", parent=top)
            unit.latitude, unit.longitude = 56 + number / 50, 24 + number % 7 / 3
            open_point(db, unit.id, OPEN)
    answer = client.get("/find", headers={"Accept-Encoding": "gzip"})
    page = gzip.decompress(answer.data).decode()
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert client.get("/find", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert "noindex" not in page
    assert "X-Robots-Tag" not in answer.headers
    weight = len(answer.data)
    for address in set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page)):
        weight += len(client.get(address, headers={"Accept-Encoding": "gzip"}).data)
    assert weight <= 50_000
    assert not re.findall(r'(?:src|href)="https?://', page)
    assert len(names(page)) == 20
    later = re.search(r'href="(/find\?[^"]*after=[^"]+)"', page)
    assert later is not None
    assert len(names(client.get(later[1].replace("&amp;", "&")).text)) == 20


def test_names_in_latin_letters_follow_the_names(cast: Cast, database: Database) -> None:
    with database.writing() as db:
        unit = db.get_one(Unit, cast.units["N-1"])
        unit.name = "თბილისი"
        assert learn_names(db) == 1
        assert learn_names(db, [unit.id]) == 0
        unit.name = "Unit N-1"
        assert learn_names(db) == 1


def test_names_are_learned_where_no_point_is(cast: Cast, database: Database, worker: Worker) -> None:
    with database.writing() as db:
        db.get_one(Unit, cast.units["N-1"]).name = "Хуҷанд"
        looking.ask_daily(db, "UTC")
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        worker.drain()
    with database.reading() as db:
        assert db.scalars(select(FindName.folded_name)).all() == ["khujand"]


def test_names_are_learned_each_day_however_many_points_there_are(
    cast: Cast, database: Database, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "AT_ONCE", 2)
    with database.writing() as db:
        for code in ("N-1", "N-2", "S-1"):
            open_point(db, cast.units[code])
        looking.ask_daily(db, "Europe/Riga")
        db.get_one(Unit, cast.units["N-1"]).name = "თბილისი"
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        worker.drain()
    with database.reading() as db:
        assert db.scalars(select(FindName.folded_name)).all() == ["tbilisi"]
