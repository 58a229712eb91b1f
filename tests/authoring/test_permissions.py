"""The desk is open to trainers and to nobody else."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import Cast, Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
VALUES = {
    "pack": "tests",
    "course_id": "first-aid",
    "version_id": 1,
    "lesson_id": "helping",
    "quiz_id": "first-aid-exam",
    "person_id": 1,
    "report": 1,
    "digest": "00",
    "rule": "heading-skipped",
    "name": "x.svg",
}


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Every method and address of the desk."""
    site = app.url_map.bind("localhost")
    return [
        (method, site.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments}))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("authoring.")
        for method in (rule.methods or set()) & {"GET", "POST"}
    ]


@pytest.mark.parametrize("login", ["laura", "nora", "omar"])
def test_no_page_of_the_desk_opens_to_others(app: Flask, cast: Cast, login: str) -> None:
    visitor = cast.at_browser(login)
    found = addresses(app)
    assert len(found) > 25
    for method, address in found:
        answer = visitor.get(address) if method == "GET" else visitor.post(address)
        assert answer.status_code == 403, f"{method} {address}"


def test_whoever_is_not_signed_in_is_asked_to(app: Flask, client: Visitor) -> None:
    for method, address in addresses(app):
        answer = client.get(address) if method == "GET" else client.post(address)
        assert answer.status_code == 303, f"{method} {address}"
        assert answer.headers["Location"].startswith("/sign-in")


def test_the_menu_leads_trainers_here(cast: Cast) -> None:
    assert 'href="/authoring"' in cast.at_browser(cast.trainer).get("/").text
    assert 'href="/authoring"' not in cast.at_browser(cast.learner).get("/").text
