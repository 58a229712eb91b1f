"""A signed message of a Git host leads to a look at once; anything else leads to nothing."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from lms.app import create_app
from lms.authoring.models import AuthoringStep
from lms.authoring.steps import note_step
from lms.config import Settings
from lms.content import queries as content
from lms.db import Database
from lms.jobs import Job, Worker
from lms.reactions import URGENT, handlers
from lms.repositories import actions, queries
from lms.repositories.rules import Cause, is_genuine, webhook_secret
from tests.repositories.hosting import Hosted

HOOK = "/hooks/git/water"
BODY = b'{"ref": "refs/heads/main"}'
LESSON = "courses/first-aid/02-helping.md"
AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def site(settings: Settings, database: Database, hosted: Hosted) -> Flask:
    lines = (f"water={hosted.address}#push=yes",)
    return create_app(replace(settings, repositories=lines, pull_minutes=5), database)


def secret(site: Flask, number: int = 0) -> str:
    return webhook_secret(site.config["LMS"].secret_key, "water", number)


def signed(site: Flask, body: bytes = BODY) -> str:
    return hmac.new(secret(site).encode(), body, hashlib.sha256).hexdigest()


def waiting(database: Database) -> list[Job]:
    with database.reading() as db:
        return list(db.scalars(select(Job).where(Job.name == actions.JOB).order_by(Job.id)))


def work(site: Flask, database: Database) -> None:
    Worker(database, handlers(site), only=URGENT).drain()


def test_a_push_is_live_after_the_webhook(site: Flask, database: Database, hosted: Hosted):
    sent = site.test_client().post(HOOK, data=BODY, headers={"X-Hub-Signature-256": f"sha256={signed(site)}"})
    assert (sent.status_code, sent.json) == (202, {"accepted": True})
    work(site, database)
    hosted.push({LESSON: "# Live\n"})
    site.test_client().post(HOOK, data=BODY, headers={"X-Hub-Signature-256": f"sha256={signed(site)}"})
    work(site, database)
    with database.reading() as db:
        current = content.current(db, "first-aid")
        assert current is not None
        assert current.course.lessons[1].pages["en"].title == "Live"
        steps = list(db.scalars(select(AuthoringStep).order_by(AuthoringStep.id)))
    assert [(step.kind, step.pack, step.detail["outcome"], step.detail["cause"]) for step in steps] == [
        ("pulled", "water", "published", "webhook"),
        ("pulled", "water", "published", "webhook"),
    ]
    assert waiting(database) == []


@pytest.mark.parametrize("header", ["X-Gitea-Signature", "X-Forgejo-Signature", "X-Gitlab-Token"])
def test_each_hosts_way_is_understood_and_a_message_sent_again_is_harmless(site, database, header):
    value = secret(site) if header == "X-Gitlab-Token" else signed(site)
    for _turn in range(3):
        assert site.test_client().post(HOOK, data=BODY, headers={header: value}).status_code == 202
    assert len(waiting(database)) == 1


def test_what_is_not_signed_is_refused_and_asks_for_nothing(site: Flask, database: Database):
    good = f"sha256={signed(site)}"
    for headers, body, place in (
        ({}, BODY, HOOK),
        ({"X-Hub-Signature-256": good}, b"other", HOOK),
        ({"X-Hub-Signature-256": good}, BODY, "/hooks/git/air"),
        ({"X-Hub-Signature-256": "sha256=", "X-Gitlab-Token": secret(site)}, BODY, HOOK),
        ({"X-Gitlab-Token": ""}, BODY, HOOK),
        ({"X-Gitlab-Token": "ū" * 64}, BODY, HOOK),
        ({"X-Gitlab-Token": secret(site, 1)}, BODY, HOOK),
    ):
        answer = site.test_client().post(place, data=body, headers=[(k, v.encode()) for k, v in headers.items()])
        assert answer.status_code == 401
    assert waiting(database) == []


def test_a_new_secret_ends_the_old_one(site: Flask, database: Database):
    with database.writing() as db:
        known = queries.repository(db, site.config["LMS"], "water")
        assert known is not None
        actions.change_secret(db, known)
    for number, status in ((0, 401), (1, 202)):
        answer = site.test_client().post(HOOK, headers={"X-Gitlab-Token": secret(site, number)})
        assert answer.status_code == status


def test_a_push_during_a_look_gets_a_look_of_its_own(site: Flask, database: Database, monkeypatch):
    def pushes_meanwhile(*_: object) -> None:
        site.test_client().post(HOOK, headers={"X-Gitlab-Token": secret(site)})

    with database.writing() as db:
        actions.ask(db, "water", Cause.BUTTON)
    monkeypatch.setattr("lms.repositories.pulling.clones.tidy", pushes_meanwhile)
    Worker(database, handlers(site), only=URGENT).run_due()
    assert [job.args["cause"] for job in waiting(database)] == ["webhook"]


def test_what_the_desk_did_is_given_back_soon(site: Flask, database: Database):
    work_asked = [("saved", "water"), ("moved", "water"), ("saved", "air"), ("pulled", "water")]
    with database.writing() as db:
        known = queries.repository(db, site.config["LMS"], "water")
        assert known is not None
        actions.see(db, known)
        for kind, pack in work_asked:
            note_step(db, kind, pack=pack, by=None)
    assert [job.args["cause"] for job in waiting(database)] == ["save"]


def test_a_look_that_failed_is_tried_again_a_few_times(site: Flask, database: Database, hosted: Hosted):
    hosted.bare.rename(hosted.bare.with_name("gone"))
    with database.writing() as db:
        actions.ask(db, "water", Cause.WEBHOOK)
    work(site, database)
    [again] = waiting(database)
    assert (again.args["attempt"], again.state) == (1, "waiting")
    with database.writing() as db:
        db.get_one(Job, again.id).args = {**again.args, "attempt": 3}
        db.get_one(Job, again.id).run_at = again.created_at
    work(site, database)
    assert waiting(database) == []


def test_the_clock_asks_again_and_again_but_only_once_at_a_time(site: Flask, database: Database):
    for _start in range(2):
        with database.writing() as db:
            actions.ask(db, "water", Cause.CLOCK)
    work(site, database)
    [later] = waiting(database)
    assert (later.args["cause"], later.run_at > later.created_at) == ("clock", True)


def test_the_lane_leaves_other_jobs_alone(site: Flask, database: Database):
    with database.writing() as db:
        db.add(Job(name="housekeeping", args={}, run_at=AT, created_at=AT))
    assert not Worker(database, handlers(site), only=URGENT).run_due()


def test_a_signature_that_is_there_has_to_be_right():
    right = {"X-Hub-Signature-256": "sha256=aa", "X-Gitea-Signature": "AA "}
    assert is_genuine(right, "s", lambda: "aa")
    assert not is_genuine({**right, "X-Forgejo-Signature": "bb"}, "s", lambda: "aa")
    assert not is_genuine({}, "s", lambda: "aa")
