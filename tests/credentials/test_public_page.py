"""The page that strangers check: small, the same for all of them, and never behind the register."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from sqlalchemy import event, select

from lms.clock import now
from lms.content.models import CourseVersion
from lms.credentials import actions
from lms.credentials.codes import code
from lms.credentials.facts import Assessment, CertificateFacts, Outcome, Parties
from lms.credentials.models import Certificate
from lms.db import Database
from lms.helping.models import HelpChoice
from lms.web.language import languages
from tests.cast import Cast, Visitor
from tests.packs import SMALL, publish

MOST_BYTES, MOST_STATEMENTS = 20_000, 3
NOON = "2026-11-22T12:00:10+00:00"
INDEX = "courses/first-aid/index.md"
HELPS = "{kinds: [consultation], audiences: [citizen], services: [health, moss]}"
MICRO = ("country", "level", "participation", "quality", "credits", "prerequisites", "supervision")


@pytest.fixture
def certificate(cast: Cast, database: Database) -> Certificate:
    with database.writing() as db:
        version, course = db.execute(select(CourseVersion.id, CourseVersion.course_id)).one()
        facts = CertificateFacts("", "Laura Lapiņa", "en", "Password helper", "First aid", course, "")
        return actions.issue(db, actions.Earned("made/1", cast[cast.learner], version, "2 years", facts))


def change(database: Database, certificate: Certificate, work: Callable[..., object], **words: object) -> None:
    with database.writing() as db:
        work(db, db.get_one(Certificate, certificate.id), **words)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    engines = {id(engine.pool): engine for engine in (database.engine, database.reader)}.values()
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def test_a_visitor_is_asked_nothing_and_told_little_that_costs(
    client: Visitor, certificate: Certificate, database: Database
) -> None:
    address = f"/c/{certificate.code}"
    for _once_more in range(2):  # when it is rendered, and when it is kept
        with statements(database) as asked:
            answer = client.get(address)
        assert 0 < len(asked) <= MOST_STATEMENTS
        assert all(each.startswith("SELECT") for each in asked)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert {"Cookie", "Accept-Language"} <= set(answer.vary)


def test_who_has_a_session_reads_a_private_page(cast: Cast, client: Visitor, certificate: Certificate) -> None:
    address = f"/c/{certificate.code}"
    assert "Sign in" in client.get(address).text
    mine = cast.at_browser(cast.learner).get(address)
    assert "Laura" in mine.text
    assert "This is yours." in mine.text
    assert mine.headers["Cache-Control"].startswith("private")
    assert "This is yours." not in cast.at_browser(cast.other).get(address).text
    assert "This is yours." not in client.get(address).text


def test_what_did_not_change_is_not_sent_again(client: Visitor, certificate: Certificate) -> None:
    address = f"/c/{certificate.code}"
    with time_machine.travel(NOON, tick=False):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        packed = client.get(address, headers={"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"})
        assert packed.status_code == 304
    with time_machine.travel("2026-11-22T12:01:10+00:00"):
        later = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert later.status_code == 200, "it says when it was checked"
        assert "14:01" in later.text or "12:01" in later.text


def test_each_change_of_the_register_shows_at_once(
    client: Visitor, certificate: Certificate, database: Database
) -> None:
    address = f"/c/{certificate.code}"

    def page() -> str:
        return client.get(address).text

    assert "This certificate is valid." in page()
    change(database, certificate, actions.revoke, reason="Somebody else sat the exam")
    assert "Somebody else sat the exam" in page()
    change(database, certificate, actions.reinstate)
    assert "This certificate is valid." in page()
    with time_machine.travel(now() + timedelta(days=800)):
        assert "Expired on" in page()
    facts = CertificateFacts("", "Laura L. Lapiņa", "en", "Guide", "First aid", "first-aid", "")
    change(database, certificate, actions.correct, facts=facts, key="correction/1")
    assert "Replaced" in page()
    change(database, certificate, actions.erase)
    assert client.get(address).status_code == 410


def test_each_reader_reads_it_in_their_own_language(client: Visitor, certificate: Certificate) -> None:
    address = f"/c/{certificate.code}"
    said = {tag: client.get(address, headers={"Accept-Language": tag}) for tag in languages()}
    assert {tag: each.headers["Content-Language"] for tag, each in said.items()} == {tag: tag for tag in said}
    assert all(f'<html lang="{tag}">' in each.text for tag, each in said.items())


def test_what_the_address_asks_is_nobody_elses(client: Visitor, certificate: Certificate) -> None:
    address = f"/c/{certificate.code}"
    assert "of=a-letter" in client.get(f"{address}?of=a-letter").text
    assert "of=a-letter" not in client.get(address).text
    assert "of=a-letter" not in client.get(f"{address}?of=another").text


def test_the_fullest_page_in_the_longest_script_is_small(
    client: Visitor, certificate: Certificate, database: Database
) -> None:
    words = "უსაფრთხო პაროლის შექმნა და სხვისთვის ახსნა "
    outcomes = tuple(Outcome(words, 0.875) for _ in range(8))
    facts = CertificateFacts(
        certificate.code, "ნინო ჯავახიშვილი", "ka", words, words, "first-aid", "2026-11-22", "Nino Javakhishvili",
        "national", 40.0, outcomes, Assessment("exam", 0.9, 0.8), Parties(*[words] * 4), (words,) * 3, (words,) * 3,
        valid_until="2028-11-22", version="a" * 12, co_issuers=(words,), micro=dict.fromkeys(MICRO, words),
    )  # fmt: skip
    change(database, certificate, actions.correct, facts=facts, key="correction/1")
    with database.writing() as db:
        newer = db.scalars(select(Certificate.code).where(Certificate.completion_key == "correction/1")).one()
        db.scalars(select(Certificate).where(Certificate.code == newer)).one().sealed_at = certificate.issued_at
    for tag in languages():
        page = client.get(f"/c/{newer}", headers={"Accept-Language": tag})
        assert "Nino Javakhishvili" in page.text
        assert len(page.data) <= MOST_BYTES, tag


def test_the_small_code_is_drawn_as_it_is_made(client: Visitor, certificate: Certificate) -> None:
    page = client.get(f"/c/{certificate.code}").text
    made = code(f"http://localhost/c/{certificate.code}")
    assert f'viewBox="0 0 {made.side} {made.side}"' in page
    assert f'<path stroke="#000" d="{made.lines()}"/>' in page


def test_each_page_leads_back_to_itself(client: Visitor, certificate: Certificate) -> None:
    path = f"/c/{certificate.code}"
    for query in ("", "?a=1", "?a=1&b=%22%02%3Cb%3E"):
        page = client.get(path + query).text
        assert page.count('<article class="cert"') == 1
        assert not re.search("[\0-\4]", page)
        (sign_in,) = re.findall(r'href="(/sign-in[^"]*)"', page)
        back = parse_qs(urlsplit(html.unescape(sign_in)).query)["next"][0]
        (here,) = re.findall(r'name="next" value="([^"]*)"', page)
        assert back == html.unescape(here)
        assert back.startswith(path + query[:4])


def with_help(cast: Cast, database: Database, helps: str) -> str:
    """The code of a certificate under a version that says what help it is for."""
    limited = SMALL[INDEX].replace("valid: 24 months", f"valid: 24 months, helps: {helps}")
    publish(database, {**SMALL, INDEX: limited})
    with database.writing() as db:
        version = max(db.scalars(select(CourseVersion.id)))
        facts = CertificateFacts("", "Laura Lapiņa", "en", "Password helper", "First aid", "first-aid", "")
        return actions.issue(db, actions.Earned("made/2", cast[cast.learner], version, "2 years", facts)).code


def test_it_says_what_help_it_covers_beside_what_is_signed(
    client: Visitor, certificate: Certificate, database: Database, cast: Cast
) -> None:
    assert "Covers help with" not in client.get(f"/c/{certificate.code}").text
    address = f"/c/{with_help(cast, database, HELPS)}"
    with database.writing() as db:
        names = {"en": "Mosses", "lv": "Sūnas"}
        db.add(HelpChoice(unit_id=cast.units["N"], field="service", code="moss", names=names, situation="", position=0))
    said = "Covers help with: Consultation · A citizen · Doctor and prescriptions, Mosses"
    for visitor in (client, cast.at_browser(cast.learner)):
        page = visitor.get(address).text
        assert said in page
        assert said not in page[page.index("<article") : page.index("</article>")]  # it is not what the paper says
    with database.writing() as db:
        db.scalars(select(HelpChoice)).one().names = {"en": "Moss and lichen"}
    assert "Moss and lichen" in client.get(address).text  # also where the page was kept


def test_what_it_covers_asks_the_database_nothing_once_the_version_is_known(
    client: Visitor, database: Database, cast: Cast
) -> None:
    address = f"/c/{with_help(cast, database, '{services: [health]}')}"
    client.get(address)
    with statements(database) as asked:
        assert "Covers help with: Doctor and prescriptions" in client.get(address).text
    assert len(asked) == 1
