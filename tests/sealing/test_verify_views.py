"""What /verify and its neighbours answer, and the job that writes the status list."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import render_template
from sqlalchemy import select, update

from lms import jobs
from lms.clock import now
from lms.credentials import actions as credentials
from lms.credentials.models import Certificate
from lms.credentials.rules import status_index
from lms.sealing import actions, listing, pictures, status
from lms.sealing.offline_queries import Trust, trust
from lms.sealing.page import VerifyPage, alone, known
from lms.sealing.verdicts import verdict
from lms.web.assets import FOLDER
from tests.cast import Cast, Visitor
from tests.sealing.cases import KEYS
from tests.sealing.issuing import issue_many

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from lms.config import Settings
    from lms.db import Database
    from lms.jobs import Worker

MOST = 60_000  # bytes of the page with all that it needs, not compressed


@pytest.fixture
def keyed(settings: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "keys.passphrase").write_text("a passphrase for tests")
    return settings


@pytest.fixture
def sealed(keyed: Settings, database: Database, app: Flask, cast: Cast) -> Settings:  # noqa: ARG001 - publishes
    issue_many(database, cast["laura"], range(1, 5))
    actions.seal_waiting(database, keyed)
    return keyed


def rows(database: Database) -> list[Certificate]:
    with database.reading() as db:
        return list(db.scalars(select(Certificate).order_by(Certificate.id)))


def listed(database: Database, settings: Settings) -> status.StatusList:
    message = listing.last_list(settings)
    assert message is not None
    with database.reading() as db:
        return status.read(message, trust(db).keys)


def test_the_page_is_light_and_asks_nobody_else(client: Visitor) -> None:
    answer = client.get("/verify")
    parts = ("verify/built.js", "verify/built.css", "verify/worker.js", "logo.svg")
    weight = len(answer.data) + sum(len((FOLDER / name).read_bytes()) for name in parts)
    assert set(re.findall(r"/static/\w+/([^\"]+)", answer.text)) <= {*parts}
    assert weight <= MOST
    assert "://" not in answer.text.partition('<script type="application/json"')[0]
    assert answer.headers["Permissions-Policy"].startswith("camera=(self)")
    assert "camera=()" in client.get("/c").headers["Permissions-Policy"]


def test_the_page_as_one_file_is_light_too(app: Flask) -> None:
    with app.test_request_context():
        page = alone(known(Trust((), KEYS)), now().date())
        assert len(render_template("sealing/verify.html", page=page).encode()) <= MOST


def test_a_name_with_a_tag_stays_a_name_in_the_page() -> None:
    told = VerifyPage({"name": "</script><b>&"}).known_json
    assert "<" not in told
    assert json.loads(told) == {"name": "</script><b>&"}


def test_the_scripts_were_made_of_what_stands_beside_them() -> None:
    sources = sorted(
        path.name for path in (FOLDER / "verify").iterdir() if path.stem != "built" and path.name != "worker.js"
    )
    text = b"".join((FOLDER / name).read_bytes() for name in ("tokens.css", *(f"verify/{name}" for name in sources)))
    first_line = (FOLDER / "verify/built.js").read_text().partition("\n")[0]
    assert hashlib.sha256(text).hexdigest() in first_line, "make them again: lms/static/vendor/VENDORED.txt says how"


def test_its_neighbours(client: Visitor) -> None:
    assert client.get("/verify/worker.js").headers["Service-Worker-Allowed"] == "/verify"
    manifest = client.get("/verify/app.webmanifest")
    assert (manifest.mimetype, manifest.json["start_url"]) == ("application/manifest+json", "/verify")
    assert client.get("/verify/keys").json == {"keys": [], "issuers": {}}
    assert client.get("/verify/status").status_code == 204


def test_the_code_of_a_certificate_is_one_that_counts(sealed: Settings, database: Database, client: Visitor) -> None:
    listing.write_list(database, sealed)
    first = rows(database)[0]
    answer = client.get(f"/c/{first.code}/offline.svg")
    with database.reading() as db:
        keys = trust(db).keys
    found = verdict(pictures.text_in(answer.data), keys, listed(database, sealed), now().date())
    assert found.state == "valid"
    assert found.facts is not None
    assert (found.facts.code, found.facts.holder) == (first.code, "Laura Lapiņa")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert client.get("/c/2222-2222-2222-2222/offline.svg").status_code == 404


def test_the_public_page_leads_to_both_and_stays_light(sealed: Settings, database: Database, client: Visitor) -> None:
    assert sealed
    code = "7K3M-92DC-TF4X-V8PW"
    with database.writing() as db:
        db.execute(update(Certificate).where(Certificate.id == rows(database)[0].id).values(code=code))
    page = client.get(f"/c/{code}")
    assert f'<img class="qr-whole" src="/c/{code}/offline.svg"' in page.text
    assert 'href="/verify"' in page.text
    assert len(page.data) <= 20_000


def test_what_was_withdrawn_or_erased_has_no_code_any_more(
    sealed: Settings, database: Database, client: Visitor
) -> None:
    with database.writing() as db:
        one, two, *_ = db.scalars(select(Certificate).order_by(Certificate.id))
        credentials.revoke(db, one, reason="A mistake")
        credentials.erase(db, two)
        codes = [one.code, two.code]
    actions.seal_waiting(database, sealed)
    assert [client.get(f"/c/{code}/offline.svg").status_code for code in codes] == [410, 410]


def test_a_withdrawal_is_on_the_list_within_the_minute(
    keyed: Settings, sealed: Settings, database: Database, worker: Worker
) -> None:
    with database.writing() as db:
        row = db.scalars(select(Certificate).order_by(Certificate.id)).first()
        assert row is not None
        credentials.revoke(db, row, reason="A mistake")
    worker.drain()
    with database.writing() as db:
        waits = db.scalars(select(jobs.Job).where(jobs.Job.name == listing.JOB)).all()
        assert [job.run_at <= now() + timedelta(minutes=1) for job in waits] == [True]
        waits[0].run_at = now()
    worker.drain()
    found = listed(database, keyed)
    assert [(place, change.kind) for place, (change,) in found.changes.items()] == [(status_index(row.id), "revoked")]
    assert sealed.home == keyed.home


def test_a_list_is_made_each_day(sealed: Settings, database: Database, worker: Worker) -> None:
    with database.writing() as db:
        listing.ask_daily(db)
        listing.ask_daily(db)
    worker.drain()
    assert listed(database, sealed).changes == {}
    with database.reading() as db:
        (next_one,) = db.scalars(select(jobs.Job).where(jobs.Job.name == listing.JOB))
    assert next_one.run_at.date() == now().date() + timedelta(days=1)


def test_the_list_may_be_kept_for_an_hour(sealed: Settings, database: Database, client: Visitor) -> None:
    listing.write_list(database, sealed)
    answer = client.get("/verify/status")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    again = client.get("/verify/status", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
