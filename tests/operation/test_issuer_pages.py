"""The operator's pages about issuers: read, rename, add, a logo, the last audit."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from lms.clock import now
from lms.issuers import keyring, queries
from lms.jobs import Worker
from lms.sealing import actions
from tests.cast import Cast, Visitor
from tests.issuers.test_issuers import SVG, png
from tests.sealing.issuing import issue_many

if TYPE_CHECKING:
    from flask import Flask

    from lms.config import Settings
    from lms.db import Database

HOME, OURS = "/operation/issuers", "/operation/issuers/handrail"
ABOUT = {"name": "Handrail", "url": "https://trust.example.org", "country": "lv", "colour": "#1D5C8F"}


@pytest.fixture
def omar(app: Flask, cast: Cast, database: Database) -> Visitor:
    with database.writing() as db:
        keyring.ensure_keys(db, app.config["LMS"])
    return cast.at_browser("omar")


def profile(database: Database) -> queries.IssuerProfile:
    with database.reading() as db:
        return queries.issuer_named(db, "handrail")


def test_an_operator_changes_what_is_known_and_a_former_name_stays(omar: Visitor, database: Database) -> None:
    others = {"co_issuers": "A University\n\n  The  Library  \n"}
    assert omar.post(OURS, {**ABOUT, **others, "name": "Ministry of Trust"}).status_code == 303
    known = profile(database)
    assert (known.name, known.country, known.colour) == ("Ministry of Trust", "LV", "#1d5c8f")
    assert known.co_issuers == ("A University", "The Library")
    page = omar.get(OURS).text
    assert "Former names" in page
    assert ">Handrail<" in page
    assert "Ed25519" in page
    assert "Issuer of certificates changed" in omar.get("/operation/log").text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "This is needed"),
        ({"url": "trust.example.org"}, "begins with https://"),
        ({"url": "https://"}, "begins with https://"),
        ({"email": "nobody"}, "does not look like an e-mail"),
        ({"country": "Latvia"}, "Two letters"),
        ({"colour": "blue"}, "six digits"),
        ({"co_issuers": "\n".join(map(str, range(11)))}, "room for 10 names"),
    ],
)
def test_a_wrong_word_is_refused_and_kept(omar: Visitor, database: Database, wrong: dict[str, str], says: str) -> None:
    answer = omar.post(OURS, {**ABOUT, **wrong})
    assert answer.status_code == 422
    assert says in answer.text
    assert profile(database).url == "http://localhost"


def test_a_logo_is_kept_shown_and_taken_away(omar: Visitor, database: Database) -> None:
    for content, name in ((png(), "a.png"), (SVG, "a.svg")):
        assert omar.post(f"{OURS}/logo", {"file": (io.BytesIO(content), name)}).status_code == 303
        assert "/issuers/handrail/logo" in omar.get(OURS).text
    answer = omar.post(f"{OURS}/logo", {"file": (io.BytesIO(SVG.replace(b"<path", b'<path onload="x"')), "b.svg")})
    assert answer.status_code == 422
    assert "does more than show: onload=" in answer.text
    assert profile(database).logo
    assert omar.post(f"{OURS}/logo").status_code == 303
    assert profile(database).logo == ""


def test_another_issuer_has_keys_of_its_own(omar: Visitor, database: Database) -> None:
    answer = omar.post(HOME, {"name": "Water Institute"})
    assert answer.headers["Location"].endswith("/operation/issuers/water-institute")
    with database.reading() as db:
        assert len(queries.keys(db, "water-institute")) == 2
    again = omar.post(HOME, {"name": "Water Institute"})
    assert again.status_code == 422
    assert "Another issuer has this name" in again.text
    assert omar.get("/operation/issuers/nobody").status_code == 404


def test_an_audit_is_asked_for_and_its_outcome_shown(
    omar: Visitor, database: Database, settings: Settings, worker: Worker, cast: Cast
) -> None:
    assert "No audit yet" in omar.get(HOME).text
    issue_many(database, cast["laura"], range(1, 4))
    actions.seal_waiting(database, settings)
    assert omar.post(f"{HOME}/-/audit").status_code == 303
    worker.drain()
    assert "All 3 certificates stand as they were signed" in omar.get(HOME).text
    issue_many(database, cast["laura"], range(7, 8), sealed_at=now())
    omar.post(f"{HOME}/-/audit")
    worker.drain()
    page = omar.get(HOME).text
    assert "1 thing is not as it was signed" in page
    assert "C-7" in page
    assert "not as it was signed: 1." in omar.get("/operation").text


def test_the_heads_are_public(omar: Visitor, database: Database, settings: Settings, cast: Cast) -> None:
    issue_many(database, cast["laura"], range(1, 4))
    actions.seal_waiting(database, settings)
    visitor = Visitor(omar.app)
    answer = visitor.get("/verify/heads")
    (head,) = answer.get_json()["heads"]
    assert head["seq"] == 3
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert visitor.get("/verify/heads?before=2000-01-01").get_json() == {"heads": []}
    assert visitor.get("/verify/heads?before=never").status_code == 400
