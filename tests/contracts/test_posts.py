"""Which POSTs are ours: every route, and every way in which a browser says where a form comes from."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from flask import Flask

from lms.config import Settings
from lms.db import Database
from lms.people import queries
from tests.cast import Cast, Visitor
from tests.contracts.places import Try, tries
from tests.contracts.world import World

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

POST = frozenset({"POST"})
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
# endpoints that prove their caller by other means: a signature, or a signed token that mail programs post (RFC 8058)
EXEMPT = frozenset({"hooks.take_action", "repository_hooks.pushed", "reminding.stop_post"})

FOREIGN = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a neighbour below the same domain": {"Sec-Fetch-Site": "same-site"},
    "typed or bookmarked": {"Sec-Fetch-Site": "none"},
    "another site that names our origin": {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    "another origin": {"Origin": "https://evil.example"},
    "another port": {"Origin": "http://localhost:8080"},
    "another scheme": {"Origin": "https://localhost"},
    "our name as a prefix": {"Origin": "http://localhost.evil.example"},
    "our name as a user": {"Origin": "http://localhost@evil.example"},
    "no origin on purpose": {"Origin": "null"},
    "another page": {"Referer": "https://evil.example/http://localhost/"},
    "another page, our origin in doubt": {"Origin": "https://evil.example", "Referer": "http://localhost/"},
    "an address that is none": {"Origin": "http://["},
    "a page that is none": {"Referer": "http://[::1/"},
}
OURS = {
    "same origin": {"Sec-Fetch-Site": "same-origin"},
    "same origin, whatever the rest says": {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    "our origin": {"Origin": "http://localhost"},
    "our page": {"Referer": "http://localhost/sign-in?next=/"},
}


def our_forms(app: Flask, world: World) -> list[Try]:
    """Every POST that a page of ours may send."""
    return [each for each in tries(app, world, "visitor", POST) if each.endpoint not in EXEMPT]


def send(browser: FlaskClient, path: str, headers: dict[str, str], data: dict[str, str] | None = None) -> TestResponse:
    """A POST that says exactly this."""
    return browser.post(path, data=data or {}, headers=headers)


def test_every_post_refuses_forms_of_others(app: Flask, world: World) -> None:
    found = our_forms(app, world)
    assert len(found) > 20
    wrong = []
    for each in found:
        for words, headers in FOREIGN.items():
            answer = send(app.test_client(), each.path, headers)
            if answer.status_code != 403 or "This form came from another site" not in answer.text:
                wrong.append(f"{each} took a form of {words}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_every_post_takes_our_own_forms(app: Flask, world: World) -> None:
    wrong = []
    for each in our_forms(app, world):
        for words, headers in OURS.items():
            answer = send(app.test_client(), each.path, headers)
            if answer.status_code in {403, 409}:
                wrong.append(f"{each} refused {words}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_every_post_asks_again_where_the_browser_says_nothing(app: Flask, world: World) -> None:
    for each in our_forms(app, world):
        browser = app.test_client()
        answer = send(browser, each.path, {})
        assert answer.status_code == 409, each
        assert "Please send once more" in answer.text, each
        assert answer.headers["Cache-Control"] == "private, no-store", "what was typed stays in no cache"
        confirmed = send(browser, each.path, {}, hidden_fields(answer.text))
        assert confirmed.status_code not in {403, 409}, each


def hidden_fields(page: str) -> dict[str, str]:
    """What the page's own form sends along unseen."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(main)}


def test_a_confirmed_form_does_what_was_asked(app: Flask, cast: Cast) -> None:
    browser = app.test_client()
    form = {"login": cast.learner, "password": "correct horse battery", "next": '/courses?q="a"&b=<c>'}
    asked = send(browser, "/sign-in", {}, form)
    assert asked.status_code == 409
    assert browser.get("/account").status_code == 303, "nothing has happened yet"
    fields = hidden_fields(asked.text)
    assert {name: fields[name] for name in form} == form
    done = send(browser, "/sign-in", {}, fields)
    assert done.status_code == 303
    assert browser.get("/account").status_code == 200


def test_a_token_of_another_session_does_not_confirm(app: Flask, cast: Cast) -> None:
    mine, theirs = app.test_client(), app.test_client()
    token = hidden_fields(send(mine, "/language", {}, {"language": "en"}).text)["form_token"]
    assert send(mine, "/language", {}, {"language": "en", "form_token": token}).status_code == 303
    assert send(theirs, "/language", {}, {"language": "en", "form_token": token}).status_code == 409
    assert send(mine, "/language", {}, {"language": "en", "form_token": token + "x"}).status_code == 409
    assert cast.learner


def test_a_token_does_not_help_another_site(app: Flask) -> None:
    browser = app.test_client()
    fields = hidden_fields(send(browser, "/language", {}, {"language": "en"}).text)
    assert send(browser, "/language", {"Origin": "https://evil.example"}, fields).status_code == 403


def test_a_refused_form_changes_nothing(cast: Cast, database: Database) -> None:
    nora = cast.at_browser(cast.north)
    nora.browser.post("/account", data={"name": "Evil", "language": "en"}, headers={"Sec-Fetch-Site": "cross-site"})
    with database.reading() as db:
        found = queries.person(db, cast[cast.north])
        assert found is not None
        assert found.name == "Nora North"


def test_the_public_address_counts_as_ours_behind_a_proxy(app: Flask, settings: Settings) -> None:
    browser = app.test_client()
    origin = {"Origin": settings.url}
    assert browser.post("/language", data={"language": "en"}, headers=origin, base_url="http://10.0.0.7:8000")
    answer = browser.post("/language", data={"language": "en"}, headers=origin, base_url="http://10.0.0.7:8000")
    assert answer.status_code == 303


def test_no_view_is_exempt_unless_it_stands_here(app: Flask) -> None:
    found = {name for name, view in app.view_functions.items() if getattr(view, "proves_its_caller", False)}
    assert found == EXEMPT


def test_pages_that_hold_a_token_send_forms_with_their_origin(client: Visitor) -> None:
    """With `no-referrer` browsers send `Origin: null`, which is refused; over plain http they send nothing else."""
    page = client.get("/sign-in/link/never-sent").text
    assert "no-referrer" not in page
