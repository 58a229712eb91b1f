"""A programme's own lists and definitions: who changes them, what old entries and old versions keep."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from lms.clock import now
from lms.helping import catalogue, list_actions, list_queries
from lms.helping.list_rules import NewChoice, NewDefinition, choice_problems, definition_problems
from lms.helping.models import HelpPeriod
from lms.people import actions as people
from lms.people.rules import Role
from tests.at_once import twice
from tests.helping.world import DAY

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast, Visitor

CONSULTED = NewDefinition("consulted", date(2026, 12, 1), {"en": "Advised"}, {"en": "Only citizens."}, ["consultation"])
LISTED = {"kinds": ["consultation"], "audiences": ["citizen"]}


@pytest.fixture
def top(cast: Cast, database: Database) -> Visitor:
    """Sid, who coordinates the whole tree now."""
    with database.writing() as db:
        people.grant_role(db, cast["sid"], Role.COORDINATOR, unit=cast.units["ALL"], by=None)
    return cast.at_browser("sid")


@pytest.mark.parametrize(
    ("new", "problems"),
    [
        (NewChoice("lost-phone", {"en": "Lost phone"}), {}),
        (NewChoice("Lost Phone", {"en": "Lost phone"}), {"code": "unreadable"}),
        (NewChoice("health", {"en": "", "lv": ""}), {"code": "taken", "names": "empty"}),
        (NewChoice("x", {"en": "y" * 81}), {"names": "long"}),
    ],
)
def test_what_may_be_put_on_a_list(new: NewChoice, problems: dict[str, str]) -> None:
    assert choice_problems(new, {"health"}) == problems


def test_what_a_definition_must_say() -> None:
    def problems(new: NewDefinition, previous: date | None = None, closed: date | None = None) -> dict[str, str]:
        return definition_problems(new, previous=previous, closed=closed, listed=LISTED)

    assert problems(CONSULTED) == {}
    assert problems(CONSULTED, previous=date(2026, 12, 1)) == {"since": "early"}
    assert problems(CONSULTED, closed=date(2026, 12, 31)) == {"since": "closed"}
    assert problems(CONSULTED, closed=CONSULTED.since) == {"since": "closed"}, "its last day is closed, too"
    bad = NewDefinition("c", None, {}, {"en": "x" * 1001}, ["dance"], ["martian"], "hours")
    assert problems(bad) == {
        "titles": "empty", "texts": "long", "since": "unreadable", "counts": "unreadable",
        "kinds": "unreadable", "audiences": "unreadable",
    }  # fmt: skip


def test_an_own_list_begins_as_the_built_in_one_and_changes_from_there(database: Database, cast: Cast) -> None:
    root = cast.units["ALL"]
    with database.writing() as db:
        list_actions.add_choice(db, root, "service", NewChoice("lost-phone", {"en": "Lost phone"}, position=1))
        row = next(each for each in list_queries.choices(db, root, "service") if each.code == "health")
        list_actions.change_choice(db, row, NewChoice("health", {"en": "Health"}, ended_on=DAY))
    with database.reading() as db:
        today = catalogue.catalogue(db, root, DAY)
        tomorrow = catalogue.catalogue(db, root, DAY + timedelta(days=1))
    assert [each.code for each in today.services][:3] == ["lost-phone", "health", "pension"]
    assert tomorrow.service("health") is None
    assert tomorrow.named("service", "health", "en") == "Health"
    assert tomorrow.named("audience", "citizen", "en") == "A citizen"
    assert tomorrow.named("service", "never-known", "en") == "never-known"
    assert today.audiences == catalogue.AUDIENCES


def test_a_new_version_leaves_the_old_one_as_it_was(database: Database, cast: Cast) -> None:
    root = cast.units["ALL"]
    later = NewDefinition("consulted", date(2027, 1, 1), {"en": "Helped"}, {"en": "All."})
    with database.writing() as db:
        list_actions.define(db, root, CONSULTED, by=cast["sid"], today=DAY)
        list_actions.define(db, root, later, by=cast["sid"], today=DAY)
        with pytest.raises(list_actions.Refused):
            list_actions.define(db, root, CONSULTED, by=cast["sid"], today=DAY)
    with database.reading() as db:
        found = {
            day: next(each for each in catalogue.definitions(db, root, day) if each.code == "consulted")
            for day in (DAY, date(2026, 12, 31), date(2027, 1, 1))
        }
        assert [each.version for each in list_queries.versions(db, root, "consulted")] == [3, 2, 1]
    assert [each.version for each in found.values()] == [1, 2, 3]
    assert found[date(2026, 12, 31)].until == date(2026, 12, 31)


def test_a_definition_that_is_sent_twice_at_one_moment_is_one_version(database: Database, cast: Cast) -> None:
    root = cast.units["ALL"]
    first, second = twice(database, lambda db: list_actions.define(db, root, CONSULTED, by=cast["sid"], today=DAY).id)
    assert first == second
    with database.reading() as db:
        assert [each.version for each in list_queries.versions(db, root, "consulted")] == [2, 1]


def test_a_version_is_taken_back_before_it_begins(database: Database, cast: Cast) -> None:
    root, far = cast.units["ALL"], date(2030, 1, 1)
    mistyped = NewDefinition("consulted", far, {"en": "Helped"}, {"en": "All."})

    def in_force(day: date) -> int:
        with database.reading() as db:
            return next(each.version for each in catalogue.definitions(db, root, day) if each.code == "consulted")

    with database.writing() as db:
        kept = list_actions.define(db, root, CONSULTED, by=cast["sid"], today=DAY)
        list_actions.withdraw(db, list_actions.define(db, root, mistyped, by=cast["sid"], today=DAY), DAY)
    assert [in_force(day) for day in (date(2029, 12, 31), far, date(2040, 1, 1))] == [2, 2, 2]
    with database.writing() as db:
        right = NewDefinition("consulted", date(2027, 1, 1), {"en": "Helped"}, {"en": "All."})
        assert list_actions.define(db, root, right, by=cast["sid"], today=DAY).version == 4, "3 stays with its number"
        versions = list_queries.versions(db, root, "consulted")
    assert [(each.version, each.is_withdrawn) for each in versions] == [(4, False), (3, True), (2, False), (1, False)]
    assert [in_force(day) for day in (date(2026, 12, 31), date(2027, 1, 1), far)] == [2, 4, 4]
    with database.writing() as db:
        row = list_queries.own_definition(db, root, kept.id)
        assert row is not None
        with pytest.raises(list_actions.Begun):
            list_actions.withdraw(db, row, date(2026, 12, 1))
        list_actions.withdraw(db, row, DAY)
    assert [in_force(day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [1, 4]


def test_a_closed_period_keeps_its_definitions(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        days = {"first_day": date(2026, 12, 1), "last_day": date(2026, 12, 31)}
        db.add(HelpPeriod(unit_id=cast.units["ALL"], **days, closed_at=now(), closed_by=cast["sid"]))
        db.flush()
        with pytest.raises(list_actions.Refused) as refused:
            list_actions.define(db, cast.units["ALL"], CONSULTED, by=cast["sid"], today=DAY)
    assert refused.value.problems == {"since": "closed"}


def test_whoever_coordinates_the_whole_changes_the_lists(top: Visitor, cast: Cast) -> None:
    root = cast.units["ALL"]
    address = f"/coordination/help/lists/{root}"
    assert top.post(f"{address}/audience/begin").status_code == 303
    page = top.get("/coordination/help/lists").text
    assert "/coordination/help/choices/" in page
    wrong = top.post(f"{address}/service/new", {"code": "Lost Phone", "name-en": "Lost phone"})
    assert wrong.status_code == 422
    assert 'value="Lost Phone"' in wrong.text
    top.post(f"{address}/service/new", {"code": "lost-phone", "name-en": "Lost phone", "position": "2"})
    page = top.get("/coordination/help/lists").text
    assert "Lost phone" in page
    assert "Seeing a doctor" in page
    assert "life/health" not in page


def test_whoever_coordinates_a_part_reads_them_only(cast: Cast) -> None:
    nora, root = cast.at_browser("nora"), cast.units["ALL"]
    page = nora.get("/coordination/help/lists").text
    assert "Whoever coordinates all of it changes them." in page
    assert "Add one" not in page
    for path in ("service/new", "service/begin", "definition"):
        assert nora.post(f"/coordination/help/lists/{root}/{path}").status_code == 404


def test_a_definition_is_made_on_the_desk_and_read_by_anybody(top: Visitor, cast: Cast, client: Visitor) -> None:
    form: dict[str, Any] = {
        "code": "consulted", "since": "2026-01-01", "title-en": "Advised", "text-en": "Only citizens.",
        "kind-consultation": "1", "audience-citizen": "1", "counts": "people",
    }  # fmt: skip
    address = f"/coordination/help/lists/{cast.units['ALL']}/definition"
    stands = top.get(f"{address}?code=consulted").text
    assert 'value="Consulted"' in stands
    assert 'value="Konsultēti"' in stands
    assert top.post(address, {**form, "since": ""}).status_code == 422
    assert top.post(address, form).status_code == 303
    page = client.get("/help/definitions/consulted").text
    assert "Only citizens." in page
    assert "A citizen" in page
    assert "one question of their own" in client.get("/help/definitions/consulted?version=1").text
    assert client.get("/help/definitions/consulted?version=9").status_code == 404
    assert client.get("/help/definitions/juggled").status_code == 404


def test_a_version_that_is_still_to_come_is_taken_back_on_the_desk(top: Visitor, cast: Cast, client: Visitor) -> None:
    lists = f"/coordination/help/lists/{cast.units['ALL']}"
    form = {"code": "consulted", "since": "2030-01-01", "title-en": "Advised", "text-en": "Only citizens."}
    top.post(f"{lists}/definition", {**form, "counts": "people"})
    page = top.get("/coordination/help/lists").text
    assert "What begins later" in page
    found = re.search(rf'action="({lists}/definitions/\d+/withdraw)"', page)
    assert found is not None
    assert cast.at_browser("nora").post(found[1]).status_code == 404
    assert top.post(found[1]).status_code == 303
    assert "What begins later" not in top.get("/coordination/help/lists").text
    told = client.get("/help/definitions/consulted?version=2").text
    assert "Only citizens." in told
    assert "never: taken back before it began" in told
    assert top.post(f"{lists}/definitions/4711/withdraw").status_code == 404
    assert top.post(f"{lists}/definition", {**form, "since": "2026-01-01", "counts": "people"}).status_code == 303
