"""What every answer says to the browser."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.app import create_app
from lms.clock import now
from lms.config import Settings
from lms.content.models import Blob
from lms.db import Database
from lms.people.session import LASTS
from tests.cast import Cast, Visitor

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # the same whatever the database
PAGES = [
    "/",
    "/courses",
    "/courses/first-aid",
    "/courses/first-aid/lessons/long-passwords",
    "/sign-in",
    "/sign-in/link",
    "/c",
    "/c/no-code",
    "/not-here",
]
BEHIND = [
    "/my-learning",
    "/account",
    "/courses/first-aid/quizzes/first-aid-exam",
    "/authoring",
    "/coordination",
    "/operation",
    "/operation/log",
]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+\s*=|\sstyle\s*=|javascript:", re.IGNORECASE)


def is_safe(answer: TestResponse) -> None:
    """What holds for every answer, whatever it is."""
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "*" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert re.fullmatch(r"[0-9a-f]{12}", headers["X-Request-Id"])
    assert "Server" not in headers
    assert "X-Powered-By" not in headers


def is_safe_page(answer: TestResponse) -> None:
    """What holds for pages besides."""
    is_safe(answer)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    for part in ("script-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert answer.headers["Cache-Control"] in {"private, no-cache", "private, no-store"}
    assert {"Cookie", "Accept-Language"} <= {part.strip() for part in answer.headers["Vary"].split(",")}
    assert not INLINE.findall(answer.text)


def test_pages_for_everybody(client: Visitor) -> None:
    for path in PAGES:
        is_safe_page(client.get(path))


def test_pages_behind_the_door(cast: Cast) -> None:
    for login in ("laura", "tina", "nora", "omar"):
        browser = cast.at_browser(login)
        for path in BEHIND:
            is_safe_page(browser.get(path))


def test_answers_that_are_no_pages(client: Visitor, cast: Cast, database: Database) -> None:
    with database.reading() as db:
        digest = db.scalars(select(Blob.digest)).one()[:32]
    nora = cast.at_browser(cast.north)
    for answer in (
        client.get("/healthz"),
        client.get("/metrics"),
        client.get("/static/tokens.css"),
        client.get(f"/media/{digest}/key.svg"),
        client.get("/not-here", headers={"Accept": "application/json"}),
        client.get("/account"),
        client.post("/courses/first-aid/read/long-passwords"),
        client.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}),
        nora.get("/coordination/people.csv"),
    ):
        is_safe(answer)


def test_nothing_of_a_list_of_people_is_kept_by_caches(cast: Cast) -> None:
    answer = cast.at_browser(cast.north).get("/coordination/people.csv")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_drawing_of_a_course_can_do_nothing(client: Visitor, database: Database) -> None:
    with database.reading() as db:
        digest = db.scalars(select(Blob.digest)).one()[:32]
    answer = client.get(f"/media/{digest}/key.svg")
    assert answer.mimetype == "image/svg+xml"
    policy = answer.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def test_a_file_of_a_course_that_is_no_picture_is_handed_over_not_shown(client: Visitor, database: Database) -> None:
    for kind in ("text/html", "application/xhtml+xml", "application/pdf", "text/javascript"):
        digest = hashlib.sha256(kind.encode()).hexdigest()
        with database.writing() as db:
            db.add(Blob(digest=digest, media_type=kind, content=b"<script>alert(1)</script>"))
        evil = client.get(f"/media/{digest[:32]}/evil%22%0d%0aSet-Cookie:a=b.html")
        assert evil.status_code in {200, 400, 404}
        assert "Set-Cookie" not in evil.headers
        plain = client.get(f"/media/{digest[:32]}/x/evil.html")
        assert plain.headers["Content-Disposition"] == "attachment; filename=evil.html"
        assert "sandbox" in plain.headers["Content-Security-Policy"]


def test_files_are_found_by_their_digest_only(client: Visitor) -> None:
    for digest in ("0" * 32, "f" * 31, "%25" * 32, "g" * 32, "..%2f" * 8):
        assert client.get(f"/media/{digest}/key.svg").status_code == 404, digest


def test_https_is_insisted_on_where_it_is_ours(settings: Settings, database: Database) -> None:
    app: Flask = create_app(dataclasses.replace(settings, url="https://learn.example.org"), database)
    assert app.test_client().get("/").headers["Strict-Transport-Security"] == "max-age=31536000"
    plain: Flask = create_app(settings, database)
    assert "Strict-Transport-Security" not in plain.test_client().get("/").headers


def test_a_cookie_that_was_seen_before_is_neither_forged_nor_kept_for_ever(cast: Cast) -> None:
    laura = cast.at_browser(cast.learner)
    assert laura.get("/account").status_code == 200  # verified, and remembered
    cookie = laura.browser.get_cookie("lms")
    assert cookie is not None
    for forged in (f"{cookie.value}x", cookie.value[:-1], cookie.value.replace(".", ".A", 1)):
        laura.browser.set_cookie("lms", forged, domain="localhost")
        assert laura.get("/account").status_code == 303
    laura.browser.set_cookie("lms", cookie.value, domain="localhost")
    assert laura.get("/account").status_code == 200
    with time_machine.travel(now() + LASTS + timedelta(seconds=1), tick=False):
        assert laura.get("/account").status_code == 303


@pytest.mark.parametrize(
    "address", ["/authoring/analysis/first-aid/files/lessons", "/authoring/packs", "/authoring/courses/x/zip"]
)
def test_tables_and_refusals_are_as_private_as_pages(cast: Cast, address: str) -> None:
    assert cast.at_browser(cast.trainer).get(address).headers["Cache-Control"].startswith("private, no-")
