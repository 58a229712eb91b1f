"""Requests that no browser sends: no route may break, none may print what it was given as HTML."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.db import Database
from lms.people.models import Person
from tests.cast import Cast, Visitor
from tests.contracts.place import TRAINEE, VISITOR, Place
from tests.contracts.places import Try, tries
from tests.contracts.world import LOGINS, World

SCRIPT = '"><script>alert(1)</script>'
PARAMETERS = {
    "markup": SCRIPT,
    "nul": "a\0b",
    "huge number": "9" * 30,
    "64 bits and one": "9223372036854775808",
    "negative": "-1",
    "no number": "١٢٣",
    "wildcards": "%_\\%",
    "quote": "' OR '1'='1",
    "half a character": b"\xff\xfe\xed\xa0\x80",
    "line ends": "a\r\nSet-Cookie: a=b",
    "long": "ä" * 5000,
    "base64": "W10=",
    "base64 of odd json": "WyJhIiwgMTAwMDAwMDAwMDAwMDAwMDAwMDAwMDBd",
}
NAMES = [
    "q", "page", "after", "before", "unit", "course", "state", "show", "life", "length", "speaks", "again", "code",
    "next", "login", "name", "email", "current", "text", "answer", "answer-0", "question", "answer_id",
    "attempt_id", "report_id", "made_at", "go", "marked", "marking", "language", "quiz", "attempts", "minutes",
    "reason", "role", "kind", "parent", "since", "latin_name", "shared", "replace",
    "of", "shown", "there", "hours-1", "lines", "line-1", "pick-1", "person", "held_on", "hours", "trainer", "what",
]  # fmt: skip
LONGEST_IN_AN_ADDRESS = 250  # longer than any column that is searched; servers take no address of megabytes


def somebody(app: Flask, cast: Cast, world: World) -> Iterator[tuple[Try, str, Visitor]]:
    """Each route with one of the cast who may come in."""
    browsers = {who: cast.at_browser(login) for who, login in LOGINS.items()}
    for who, browser in browsers.items():
        for each in tries(app, world, who, frozenset({"GET", "POST"})):
            if who == min(each.place.who - {VISITOR}) and not each.place.last:
                yield each, who, browser


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # both databases: the long one below
def test_no_route_breaks_on_some_odd_parameters(app: Flask, cast: Cast, world: World) -> None:
    assert not faults(app, cast, world, each_route=1)


@pytest.mark.long
def test_no_route_breaks_on_any_odd_parameter(app: Flask, cast: Cast, world: World) -> None:
    assert not faults(app, cast, world, each_route=len(PARAMETERS))


def faults(app: Flask, cast: Cast, world: World, *, each_route: int) -> list[str]:
    """What breaks when each route gets so many of the odd parameters; every one of them reaches some routes."""
    wrong = []
    turn = itertools.cycle(PARAMETERS.items())
    for each, who, browser in somebody(app, cast, world):
        for words, value in itertools.islice(turn, each_route):
            answer = send(browser, each, world, who, value)
            text = answer.text if answer.mimetype == "text/html" else ""
            answer.close()
            if answer.status_code >= 500 or SCRIPT in text or "Set-Cookie" in str(answer.location):
                wrong.append(f"{each} with {words}: {answer.status_code}")
    return wrong


def send(browser: Visitor, each: Try, world: World, who: str, value: str | bytes):
    if each.method == "GET":
        return browser.get(f"{each.path}?{encoded(value[:LONGEST_IN_AN_ADDRESS])}&password={quote(value[:9])}")
    kept = {name: given for name, given in each.place.form(world, who).items() if name not in {*NAMES, "file"}}
    body = f"{encoded(value)}&{urlencode(kept)}"
    return browser.post(each.path, body, content_type="application/x-www-form-urlencoded")


@cache
def encoded(value: str | bytes) -> str:
    """That value under every name; of the long one these are 1.6 MB, so it is done once."""
    return urlencode(dict.fromkeys(NAMES, value))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_route_breaks_on_odd_names_in_its_address(app: Flask, cast: Cast, world: World) -> None:
    wrong = []
    for each, _who, browser in somebody(app, cast, world):
        for path in odd_paths(each):
            answer = browser.get(path) if each.method == "GET" else browser.post(path)
            answer.close()
            if answer.status_code >= 500:
                wrong.append(f"{each.method} {path[:120]}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def odd_paths(each: Try) -> list[str]:
    """The route's address with something odd in place of each argument."""
    pattern = re.compile(r"<(int:|path:)?\w+>")
    texts = [quote(SCRIPT, safe=""), "%00", "%ff%fe", "%0d%0a", "..%2f..", "a" * 3000, "%25", "%F0%9F%94%91"]
    numbers = ["0", "9" * 19, "9" * 40]
    paths = []
    for odd, number in zip(texts, numbers * 3, strict=False):
        paths.append(
            pattern.sub(lambda found, odd=odd, number=number: number if found[1] == "int:" else odd, each.rule)
        )
    return paths if pattern.search(each.rule) else []


def test_an_odd_method_is_refused(client: Visitor) -> None:
    for method in ("TRACE", "CONNECT", "PUT", "DELETE", "PROPFIND", "GARBAGE"):
        answer = client.browser.open("/account", method=method, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 405


def test_the_place_of_a_route_can_be_looked_up() -> None:
    assert Place(frozenset()).form(World({}, {}, b""), TRAINEE) == {}


HOSTS = ["", "evil.example", "a b", "localhost:99999", "[::1", "localhost/../x", "x" * 300]
COOKIES = ["", "x", "." * 5000, "eyJfdXNlcl9pZCI6IjEifQ.x.y", "\xff", '"', "a=b; lms=c"]


def test_an_odd_host_breaks_nothing_and_stands_on_no_page(client: Visitor) -> None:
    for host in HOSTS:
        answer = client.get("/sign-in?next=/courses", headers={"Host": host})
        assert answer.status_code in {200, 400}, host
        assert "evil.example" not in answer.text
        posted = client.post("/language", {"language": "en"}, headers={"Host": host})
        assert posted.status_code in {303, 400}, host
        assert "evil.example" not in str(posted.location)


def test_an_odd_cookie_is_no_cookie(app: Flask) -> None:
    for cookie in COOKIES:
        answer = app.test_client().get("/account", headers={"Cookie": f"lms={cookie}; remember_token=1|{cookie}"})
        assert answer.status_code == 303, cookie


def test_a_nul_is_refused_before_anything_is_kept(client: Visitor, database: Database) -> None:
    """SQLite would keep it, and no page, letter or certificate could show it."""
    new = {"name": "Maija\0Saule", "login": "maija", "password": "four words are good"}
    assert client.post("/sign-up", new).status_code == 400
    assert client.post("/sign-up", {**new, "name": "Maija Saule", "odd\0name": "x"}).status_code == 400
    assert client.get("/courses?q=%00").status_code == 400
    assert client.get("/courses/%00").status_code == 400
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 0
