"""What a course certifies and in whose name: on paper, on the page, in the square code and in the badge."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.badges.verifying import check, known
from lms.clock import now
from lms.content.compiled import CompiledCourse, CoursePage, Media
from lms.content.structure import CertificateRules, MicroCredential, OrganisationRules
from lms.content.structure import Look as Wanted
from lms.credentials.certification import Certification
from lms.credentials.facts import Look
from lms.credentials.models import Certificate
from lms.issuers import actions, keyring, queries
from lms.issuers.actions import About
from lms.issuers.queries import IssuerProfile, OldName
from lms.printing.queries import paper
from lms.sealing import cose, offline
from lms.sealing.offline_queries import cose_of_code, trust
from lms.sealing.verdicts import verdict
from tests.issuers.test_issuers import SVG
from tests.packs import SMALL, publish
from tests.ready import get_ready, right_responses

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from lms.config import Settings
    from lms.credentials.facts import CertificateFacts
    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast, Visitor

TODAY = now().date()
MINISTRY = IssuerProfile(
    "ministry", "Ministry of Trust", colour="#1d5c8f", logo="a" * 64, co_issuers=("A University",),
    former=(OldName("Ministry of Doubt", TODAY, TODAY),),
)  # fmt: skip
OTHER = "Ūdens institūts"
INDEX = "courses/first-aid/index.md"
SECOND = {INDEX: SMALL[INDEX].replace("Test Institute", OTHER)}
BASE = "http://localhost"


def certified(rules: CertificateRules | None = None, **course: object) -> Certification:
    page = CoursePage("First aid", "", "", {"keep": "Keep passwords"}, "", organisation_title="", mandate={})
    made = CompiledCourse("first-aid", "0" * 64, "en", {"en": page})
    return Certification(replace(made, **course), rules or CertificateRules("Helper"), MINISTRY, 12.0)  # type: ignore[arg-type]


def test_what_the_course_does_not_say_the_issuer_says() -> None:
    said = certified().of_person("en")
    assert (said.issuer_id, said.parties.issuer) == ("ministry", "Ministry of Trust")
    assert said.look == Look("", "#1d5c8f", "a" * 64)
    assert said.co_issuers == ("A University",)


def test_what_the_course_says_counts_before_what_the_issuer_says() -> None:
    rules = CertificateRules("Helper", look=Wanted("stair", "#7a1f5c", "logo.png"))
    media = {"logo.png": Media("b" * 64, "image/png", "logo.png")}
    said = certified(rules, media=media, co_issuers=("A School",)).of_person("en")
    assert said.look == Look("stair", "#7a1f5c", "b" * 64)
    assert said.co_issuers == ("A School",)


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("ministry", "Ministry of Trust"),
        ("Ministry of Doubt", "Ministry of Trust"),
        ("Ministry of Trust", "Ministry of Trust"),
        ("Whoever", "Whoever"),
    ],
)
def test_an_issuer_that_is_known_bears_its_name_of_today(words: str, printed: str) -> None:
    assert certified(parties={"issuer": words}).of_person("en").parties.issuer == printed


def test_an_organisation_has_a_mandate_and_no_workload() -> None:
    organisations = OrganisationRules("Library of trust", mandate={"help": "Help others"})
    micro = MicroCredential(country="LV", level="EQF 4", participation="online", quality="ISO")
    rules = CertificateRules("Helper", "local", micro=micro, organisations=organisations)
    given = certified(rules)
    of_person, of_library = given.of_person("en"), given.of_organisation("en")
    assert (of_person.hours, of_person.level, of_person.micro["country"]) == (12.0, "local", "LV")
    assert [outcome.text for outcome in of_person.outcomes] == ["Keep passwords"]
    assert (of_library.kind, of_library.title, of_library.issuer_id) == (
        "organisation", "Library of trust", "ministry",
    )  # fmt: skip
    assert (of_library.hours, of_library.level, of_library.outcomes, of_library.micro) == (None, "", (), {})


@pytest.fixture
def complete(app: Flask, database: Database, worker: Worker) -> Callable[[int], str]:
    """Somebody passes the exam, the last that was missing, and the worker signs; the code."""
    responses = right_responses(app, database)

    def done(number: int) -> str:
        (ready,) = get_ready(app, database, range(number, number + 1), responses)
        browser = app.test_client()
        browser.set_cookie("lms", ready.cookie, domain="localhost")
        assert browser.post(ready.path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
        worker.drain()
        with database.reading() as db:
            return db.scalars(select(Certificate.code).where(Certificate.actor_id == ready.person)).one()

    return done


def carried(database: Database, code: str) -> tuple[CertificateFacts, str]:
    """What the square code of a certificate says, checked as a stranger would, and the issuer whose key signed it."""
    with database.reading() as db:
        message = cose_of_code(db, code)
        assert message is not None
        keys = trust(db).keys
    found = verdict(offline.qr_text(message), keys, None, TODAY)
    assert found.facts is not None
    assert [key.issuer for key in keys if key.kid == cose.opened(message).kid] == [found.facts.issuer_id]
    return found.facts, found.facts.issuer_id


def badge_issuer(visitor: Visitor, code: str, slug: str) -> dict[str, object]:
    """Who issued a badge, once a stranger has checked it with what that issuer alone publishes."""
    published = json.loads(visitor.get(f"/issuers/{slug}", headers={"Accept": "application/json"}).data)
    for form in ("json", "jwt"):
        found = check(visitor.get(f"/c/{code}/badge.{form}").data, known([published]), now())
        assert found.state == "unchecked", found.why  # no status list is handed over
        assert found.issuer == f"{BASE}/issuers/{slug}"
    assert found.credential is not None
    issuer: dict[str, object] = found.credential["issuer"]
    return issuer


def test_a_certificate_shows_its_issuer_everywhere(
    app: Flask, cast: Cast, client: Visitor, settings: Settings, database: Database, complete: Callable[[int], str]
) -> None:
    publish(database, {**SMALL, INDEX: SMALL[INDEX].replace("Test Institute", "handrail")})
    with database.writing() as db:
        keyring.ensure_keys(db, settings)
    omar, page = cast.at_browser("omar"), "/operation/issuers/handrail"
    about = {"name": "Ministry of Trust", "colour": "#1d5c8f", "co_issuers": "A University\nThe Library"}
    assert omar.post(page, about).status_code == 303
    assert omar.post(f"{page}/logo", {"file": (BytesIO(SVG), "logo.svg")}).status_code == 303
    code = complete(1)
    with app.test_request_context(), database.reading() as db:
        printed = paper(db, code, BASE)
    assert printed is not None
    assert (printed.logo and printed.logo.data, printed.facts.look.colour) == (SVG, "#1d5c8f")
    shown = client.get(f"/c/{code}").text
    for words in ("Ministry of Trust certifies that", "A University, The Library"):
        assert words in shown
    facts, issuer = carried(database, code)
    assert (issuer, facts.parties.issuer) == ("handrail", "Ministry of Trust")
    assert facts.co_issuers == ("A University", "The Library")
    badge = badge_issuer(client, code, "handrail")
    assert badge["name"] == "Ministry of Trust"
    assert badge["image"] == {"id": f"{BASE}/issuers/handrail/logo", "type": "Image"}


def test_a_second_issuer_signs_what_names_it_with_keys_of_its_own(
    client: Visitor, settings: Settings, database: Database, complete: Callable[[int], str]
) -> None:
    with database.writing() as db:
        keyring.ensure_keys(db, settings)
        slug = actions.add(db, settings, About(OTHER, colour="#7a1f5c"))
    first = complete(1)
    publish(database, {**SMALL, **SECOND})
    second = complete(2)
    with database.reading() as db:
        own = queries.default_issuer(db)
    assert own is not None
    for code, wanted, name in ((first, own.slug, "Test Institute"), (second, slug, OTHER)):
        facts, issuer = carried(database, code)
        assert (issuer, facts.parties.issuer) == (wanted, name)
        assert badge_issuer(client, code, wanted)["name"] == name
