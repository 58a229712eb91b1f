"""Badges of certificates that were issued: signed once, given out in four forms, withdrawn, erased."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from lms.badges.actions import sign_lists, sign_waiting
from lms.badges.models import Badge, StatusList
from lms.badges.verifying import check, known
from lms.clock import now
from lms.config import Settings
from lms.credentials.actions import Earned, correct, erase, reinstate, renew, revoke
from lms.credentials.models import Certificate
from lms.db import Database
from lms.issuers.actions import rotate
from lms.jobs import Job, Worker
from lms.people.models import ThrottleCount
from tests.badges.conftest import FACTS
from tests.cast import Visitor

SITE = "https://lms.example.org"


def taken(client: Visitor, path: str, **options: Any) -> Any:
    return client.get(path.removeprefix(SITE), base_url=SITE, **options)


def verdict(client: Visitor, code: str, form: str) -> str:
    """What a verifier finds that fetches everything from us."""
    data = taken(client, f"/c/{code}/badge.{form}").data
    lists = [taken(client, f"/status/handrail/0{end}").text for end in ("", ".jwt")]
    documents = [json.loads(taken(client, "/.well-known/did.json").data)]
    return check(data, known(documents, lists), now()).state


def test_a_badge_is_given_in_four_forms(issued: Callable[..., Certificate], client: Visitor):
    row = issued(email="laura@example.org")
    for form, media_type in (
        ("json", "application/ld+json"),
        ("jwt", "application/vc+jwt"),
        ("png", "image/png"),
        ("svg", "image/svg+xml"),
    ):
        answer = taken(client, f"/c/{row.code}/badge.{form}")
        assert (answer.status_code, answer.mimetype) == (200, media_type)
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        again = taken(client, f"/c/{row.code}/badge.{form}", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        assert verdict(client, row.code, form) == "valid"


def test_withdrawal_shows_in_both_lists_and_is_taken_back(
    issued: Callable[..., Certificate], client: Visitor, database: Database, settings: Settings
):
    row = issued()
    before = taken(client, f"/c/{row.code}/badge.json").data
    with database.writing() as db:
        revoke(db, db.get_one(Certificate, row.id), reason="Given by mistake")
    sign_waiting(database, settings)
    assert [verdict(client, row.code, form) for form in ("json", "jwt", "png", "svg")] == ["revoked"] * 4
    assert taken(client, f"/c/{row.code}/badge.json").data == before
    with database.writing() as db:
        reinstate(db, db.get_one(Certificate, row.id))
    sign_waiting(database, settings)
    assert verdict(client, row.code, "json") == "valid"


def test_a_corrected_certificate_counts_no_more_and_a_renewed_one_does(
    issued: Callable[..., Certificate], client: Visitor, database: Database, settings: Settings
):
    old = issued()
    with database.writing() as db:
        row = db.get_one(Certificate, old.id)
        new = renew(db, row, Earned("renewal", row.actor_id, row.version_id, "24 months", FACTS))
        newest = correct(db, new, replace(FACTS, holder="Laura"), key="correction/1")
        codes = new.code, newest.code
    sign_waiting(database, settings)
    assert verdict(client, old.code, "json") == "valid"
    assert verdict(client, codes[0], "json") == "revoked"
    assert verdict(client, codes[1], "jwt") == "valid"


def test_an_erased_badge_is_gone(
    issued: Callable[..., Certificate], client: Visitor, database: Database, settings: Settings
):
    row = issued()
    with database.writing() as db:
        erase(db, db.get_one(Certificate, row.id))
    assert taken(client, f"/c/{row.code}/badge.json").status_code == 410
    sign_waiting(database, settings)
    with database.reading() as db:
        kept = db.get_one(Badge, row.id)
        assert (kept.document, kept.token) == ("", "")
    assert taken(client, f"/c/{row.code}/badge.png").status_code == 410
    assert taken(client, "/status/handrail/0").status_code == 200


@pytest.mark.usefixtures("issued")
def test_an_unknown_code_is_counted(client: Visitor, database: Database):
    assert taken(client, "/c/22222-nonsense/badge.json").status_code == 404
    assert taken(client, "/c/2222-2222-2222-2222/badge.json").status_code == 404
    with database.reading() as db:
        assert db.scalars(select(ThrottleCount)).all()


def test_a_badge_that_waits_to_be_signed_says_so(
    issued: Callable[..., Certificate], client: Visitor, database: Database
):
    row = issued()
    with database.writing() as db:
        db.delete(db.get_one(Badge, row.id))
    answer = taken(client, f"/c/{row.code}/badge.json")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_the_same_is_signed_once(issued: Callable[..., Certificate], database: Database, settings: Settings):
    row = issued()
    with database.reading() as db:
        first = db.get_one(Badge, row.id).document, db.get_one(StatusList, ("handrail", 0)).document
    assert sign_waiting(database, settings).signed == 0
    with database.reading() as db:
        assert (db.get_one(Badge, row.id).document, db.get_one(StatusList, ("handrail", 0)).document) == first


def test_lists_are_signed_each_day(issued: Callable[..., Certificate], database: Database, settings: Settings):
    issued()
    assert sign_lists(database, settings, [("handrail", 0)]) == 0
    with time_machine.travel(now().replace(year=now().year + 1)):
        assert sign_lists(database, settings, [("handrail", 0)]) == 1


def test_what_a_broken_key_signed_is_signed_anew(
    issued: Callable[..., Certificate], client: Visitor, database: Database, settings: Settings
):
    row = issued()
    before = json.loads(taken(client, f"/c/{row.code}/badge.json").data)["proof"][0]["verificationMethod"]
    with database.writing() as db:
        rotate(db, settings, "", "ed25519", broken="A laptop was stolen")
    methods = json.loads(taken(client, "/.well-known/did.json").data)["assertionMethod"]
    assert before not in methods
    assert sign_waiting(database, settings).signed == 1
    assert verdict(client, row.code, "json") == "valid"


def test_a_retired_key_goes_on_counting(
    issued: Callable[..., Certificate], client: Visitor, database: Database, settings: Settings
):
    row = issued()
    with database.writing() as db:
        rotate(db, settings, "", "ed25519")
        rotate(db, settings, "", "p256")
    assert sign_waiting(database, settings).signed == 0
    assert [verdict(client, row.code, form) for form in ("json", "jwt")] == ["valid", "valid"]
    document = json.loads(taken(client, "/.well-known/did.json").data)
    kinds = [each["type"] for each in document["verificationMethod"]]
    assert kinds == ["JsonWebKey", "Multikey", "JsonWebKey", "Multikey"]
    assert document["assertionMethod"] == [each["id"] for each in document["verificationMethod"]]


def test_what_a_badge_names_is_there(issued: Callable[..., Certificate], client: Visitor):
    row = issued(replace(FACTS, version=""))
    achieved = json.loads(taken(client, f"/c/{row.code}/badge.json").data)["credentialSubject"]["achievement"]
    served = json.loads(taken(client, achieved["id"]).data)
    assert (served["id"], served["name"]) == (achieved["id"], achieved["name"])
    assert taken(client, achieved["image"]["id"]).mimetype == "image/png"
    assert taken(client, achieved["criteria"]["id"]).status_code == 200
    assert taken(client, "/achievements/first-aid/-/xx").status_code == 404
    assert taken(client, "/achievements/nothing/-").status_code == 404


def test_an_issuer_has_a_page_for_people_and_one_for_programs(issued: Callable[..., Certificate], client: Visitor):
    issued()
    page = taken(client, "/issuers/handrail", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.mimetype == "text/html"
    said = json.loads(taken(client, "/issuers/handrail", headers={"Accept": "application/json"}).data)
    assert said["id"] == "did:web:lms.example.org"
    kid = said["verificationMethod"][0]["id"].partition("#")[2]
    assert json.loads(taken(client, f"/issuers/handrail/keys/{kid}").data)["crv"] == "P-256"
    keys = json.loads(taken(client, "/.well-known/jwks.json").data)["keys"]
    assert {each["iss"] for each in keys} == {"did:web:lms.example.org"}


def test_the_worker_signs_what_was_issued(
    issued: Callable[..., Certificate], client: Visitor, database: Database, worker: Worker
):
    row = issued()
    with database.writing() as db:
        db.delete(db.get_one(Badge, row.id))
    worker.drain()
    assert taken(client, f"/c/{row.code}/badge.json").status_code == 200
    with database.reading() as db:
        assert db.scalars(select(Job).where(Job.name == "sign_badges")).all() == []
