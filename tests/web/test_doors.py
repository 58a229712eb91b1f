"""One finds one's way: the menu, the line of the desk, and where one stands; nobody is shown a door that stays shut."""

from __future__ import annotations

import re

import pytest
from flask import url_for

from lms.doors import DESK, MENU, OF_LEARNERS, TRAINERS
from lms.people.actions import grant_role
from lms.people.needs import right_of
from lms.people.rules import Right, Role
from lms.web.menu import Door, Room, all_doors, here

pytestmark = pytest.mark.mostly_sqlite

ALL_OF_THE_DESK = [
    *("Overview", "People", "Who takes what", "Bring people in", "Sessions", "Certificates", "Help"),
    *("Targets and reports", "Organisation"),
]
MOST_IN_LINE, MOST_TABS = 9, 6  # what fits beside each other on a desk of 1280 px
FOR_ALL = {Right.ANYONE, Right.LEARN}


def links(page: str, name: str) -> dict[str, str]:
    """The words of a navigation's links, each with its `aria-current`."""
    found = re.search(rf'<nav [^>]*aria-label="{name}">(.*?)</nav>', page, re.DOTALL)
    return {
        words: re.sub(r'.*aria-current="(\w+)".*', r"\1", rest) if "aria-current" in rest else ""
        for rest, words in re.findall(r'<a href="[^"]*"([^>]*)>([^<]*)</a>', found.group(1) if found else "")
    }


def give(database, cast, login: str, role: Role) -> None:
    with database.writing() as db:
        grant_role(db, cast[login], role, unit=cast.units["S"], by=None)


def test_a_coordinator_finds_everything_behind_one_entry(cast) -> None:
    nora = cast.at_browser(cast.north)
    page = nora.get("/coordination").text
    assert links(page, "Main") == {"Courses": "", "My learning": "", "Note help": "", "My units": "page"}
    assert list(links(page, "My units")) == ALL_OF_THE_DESK
    assert [words for words, current in links(page, "My units").items() if current] == ["Overview"]
    assert [nora.get(path).status_code for path in re.findall(r'<li><a href="([^"]+)"', page)[: len(DESK)]] == [
        200
    ] * len(DESK)


def test_pages_that_belong_together_have_tabs_and_each_opens(app, cast) -> None:
    nora = cast.at_browser(cast.north)
    page = nora.get("/certificates").text
    tabs = links(page, "Certificates")
    assert {"Requests": "page", "Ending": "", "Organisations": ""}.items() <= tabs.items()
    assert links(page, "My units")["Certificates"] == "page"
    ending = nora.get("/certificates/expiring").text
    assert links(ending, "Certificates")["Ending"] == "page"
    assert links(ending, "My units")["Certificates"] == "true"
    with app.test_request_context():
        paths = [url_for(door.endpoint) for room in DESK if isinstance(room, Room) for door in room.doors]
    assert [nora.get(path).status_code for path in paths] == [200] * len(paths)


@pytest.mark.parametrize(
    ("path", "words", "current"),
    [
        ("/coordination/people", "People", "page"),
        ("/coordination/people?state=left", "People", "page"),
        ("/coordination/people/{laura}", "People", "true"),
        ("/coordination/units/N-1", "Overview", "true"),
        ("/rosters/slips/N-1", "Bring people in", "true"),
        ("/outside-actions", "Sessions", "true"),
        ("/organisation/{N}", "Organisation", "true"),
        ("/coordination/people/4711", "People", "true"),  # nobody: the way back is there
    ],
)
def test_the_line_says_where_one_is(cast, path, words, current) -> None:
    page = cast.at_browser(cast.north).get(path.format(laura=cast["laura"], N=cast.units["N"])).text
    assert {link: says for link, says in links(page, "My units").items() if says} == {words: current}
    assert links(page, "Main")["My units"] == "true"


def test_an_owner_sees_what_shows_no_names(cast, database) -> None:
    give(database, cast, "otto", Role.OWNER)
    page = cast.at_browser("otto").get("/reports").text
    assert links(page, "My units") == {"Overview": "", "Certificates": "", "Help": "", "Targets and reports": "true"}
    assert links(page, "Targets and reports") == {"Targets": "", "Reports": "page", "What is kept": "", "Updates": ""}


def test_a_provider_sees_people_and_sessions(cast, database) -> None:
    give(database, cast, "otto", Role.PROVIDER)
    page = cast.at_browser("otto").get("/sessions").text
    assert list(links(page, "My units")) == [
        *("Overview", "People", "Sessions", "Certificates", "Help", "Targets and reports")
    ]
    assert "Sessions" not in links(page, "Main")


@pytest.mark.parametrize(
    ("login", "path", "words"), [("tina", "/sessions", "Sessions"), ("omar", "/organisation", "Organisation")]
)
def test_who_coordinates_nothing_has_an_own_door(cast, login, path, words) -> None:
    page = cast.at_browser(login).get(path).text
    assert links(page, "Main")[words] == "page"
    assert not links(page, "My units")


def test_a_trainer_finds_everything_behind_one_entry(cast) -> None:
    tina = cast.at_browser("tina")
    page = tina.get("/authoring/mistakes").text
    line = links(page, "Trainer’s desk")
    assert links(page, "Main")["Write"] == "true"
    assert list(line) == ["Packs and questions", "Waiting for you", "Answers", "After the certificate"]
    assert [words for words, current in line.items() if current] == ["Waiting for you"]
    assert links(page, "Waiting for you")["Mistakes reported"] == "page"
    upload = tina.get("/authoring/upload").text
    assert [words for words, current in links(upload, "Trainer’s desk").items() if current] == ["Packs and questions"]
    assert not links(upload, "Packs and questions")  # a page further behind has a way back instead of tabs
    assert not links(cast.at_browser("laura").get("/courses").text, "Trainer’s desk")


@pytest.mark.parametrize("desk", [DESK, TRAINERS], ids=["units", "trainers"])
def test_a_line_and_its_tabs_are_few_enough_to_be_read(desk) -> None:
    assert len(desk) <= MOST_IN_LINE
    assert all(len(each.tabs) <= MOST_TABS for each in desk if isinstance(each, Room))


def test_a_door_inside_is_a_link_on_its_page_and_keeps_the_place(cast) -> None:
    nora = cast.at_browser(cast.north)
    asked = nora.get("/coordination/help/requests").text
    assert {"Requests": "page", "Help given": ""}.items() <= links(asked, "Help").items()
    assert {"Consultants", "How long it takes"} <= links(asked, "Beside this").keys()
    named = nora.get("/coordination/help/consultants").text
    assert links(named, "My units")["Help"] == "true"
    assert not links(named, "Help")
    assert not links(named, "Beside this")


def test_a_learner_sees_no_desk(cast) -> None:
    laura = cast.at_browser("laura")
    assert list(links(laura.get("/courses").text, "Main")) == ["Courses", "My learning", "Note help"]
    for path in ("/coordination", "/sessions/attended"):
        assert not links(laura.get(path).text, "My units")


def test_what_a_learner_opens_is_no_page_of_a_coordinators_desk(cast) -> None:
    page = cast.at_browser(cast.north).get("/sessions/attended").text
    assert not links(page, "My units")
    assert not any(links(page, "Main").values())


def test_every_page_that_needs_a_right_lies_behind_a_door(app) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    lost = [name for name in endpoints if right_of(app, name) not in FOR_ALL and here(MENU, name) is None]
    assert not lost


def test_a_door_names_pages_that_are_there_and_opens_with_their_right(app) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules()} | set(app.blueprints)
    assert {
        name for door in (*MENU, *all_doors(DESK), *all_doors(TRAINERS)) for name in door.behind | door.but
    } <= known
    for door in (*MENU, *all_doors(DESK), *all_doors(TRAINERS)):  # a desk may have a door to what everybody may open
        assert right_of(app, door.endpoint) in {door.right, *FOR_ALL}, door.endpoint
    assert {right_of(app, name) for name in OF_LEARNERS} <= FOR_ALL


def test_a_door_that_names_the_page_goes_first() -> None:
    wide, narrow = Door("a.home", "A", "x", behind=frozenset({"a"})), Door("a.one", "One", "x")
    assert here((wide, narrow), "a.one") is narrow
    assert here((wide, narrow), "a.two") is wide
    assert here((wide, narrow), "b.home") is None
