"""Certificates checked in a browser: the page decides as the program does, in airplane mode and from a file alone."""

from __future__ import annotations

import base64
import hashlib
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from lms.credentials import actions as credentials
from lms.credentials.models import Certificate
from lms.sealing import actions as sealing
from lms.sealing import listing, offline, pictures
from lms.sealing.archive import archive
from lms.sealing.offline_queries import cose_of_code, trust
from lms.sealing.page import told
from lms.sealing.verdicts import verdict
from tests.browser.driver import sound
from tests.sealing.cases import CASES, KEYS, THIRD, TODAY, code
from tests.sealing.papers import PAPERS
from tests.sealing.test_offline import FULL
from tests.sealing.test_verdicts import flipped

if TYPE_CHECKING:
    from tests.browser.driver import Watch
    from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("screen", ["phone"], indirect=True)]
JUDGE = """([keys, code, list, asOf]) => {
    const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    return handrail.verdict(code, keys, list ? handrail.readStatus(bytes(list), keys) : null, asOf);
}"""
STATES = "([keys, codes]) => codes.map(code => handrail.verdict(code, keys, null, '2026-03-20').state)"
MADE = datetime(2026, 3, 14, 9, tzinfo=UTC)


@pytest.fixture
def paper(live: Site) -> str:
    """The text of the QR code of a certificate in the demonstration, sealed, with today's status list."""
    settings = live.app.config["LMS"]
    sealing.seal_waiting(live.database, settings)
    listing.write_list(live.database, settings)
    with live.database.reading() as db:
        message = cose_of_code(db, db.scalars(select(Certificate.code).order_by(Certificate.id)).first() or "")
        assert message is not None
        return offline.qr_text(message)


def picture(text: str) -> Any:
    return {"name": "photo.png", "mimeType": "image/png", "buffer": pictures.png(text)}


def test_the_page_decides_as_the_program(page: Page) -> None:
    page.goto("/verify")
    keys = [told(key) for key in KEYS]
    for name, case in CASES.items():
        listed = base64.b64encode(case.list).decode() if case.list else None
        found = page.evaluate(JUDGE, [keys, case.code, listed, case.as_of])
        said = (found["state"], found["since"], found["age"], found["isDoubtful"])
        assert said == (case.state, case.since, case.age, case.is_doubtful), name


def test_the_page_reads_every_fact_as_the_program(page: Page) -> None:
    page.goto("/verify")
    keys = [told(key) for key in KEYS]
    for facts in (*PAPERS.values(), FULL):
        text = code(THIRD, MADE, 1, facts)
        right = verdict(text, KEYS, None, MADE.date()).facts
        found = page.evaluate(JUDGE, [keys, text, None, "2026-03-14"])["facts"]
        expected: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(right))
        expected |= {**expected.pop("parties"), "micro": [list(pair) for pair in expected["micro"].items()]}
        assert found == {name: value for name, value in expected.items() if name not in {"look", "issuer_id"}}


def test_the_page_refuses_flipped_bits(page: Page) -> None:
    page.goto("/verify")
    keys, chance = [told(key) for key in KEYS], random.Random(8)
    message = offline.message_of(TODAY)
    bits = [*range(28 * 8), *chance.sample(range(28 * 8, 8 * len(message)), 200)]
    codes = [offline.qr_text(flipped(message, bit)) for bit in bits]
    assert set(page.evaluate(STATES, [keys, codes])) == {"unreadable", "unsigned"}


def test_the_page_hashes_as_the_standard_says(page: Page) -> None:
    page.goto("/verify")
    texts = ["a" * length for length in (0, 1, 111, 112, 127, 128, 239, 240, 1000)]
    hashed = "texts => texts.map(text => Array.from(handrail.sha512(new TextEncoder().encode(text))))"
    assert [bytes(each).hex() for each in page.evaluate(hashed, texts)] == [
        hashlib.sha512(text.encode()).hexdigest() for text in texts
    ]


def test_a_picture_is_read_also_in_airplane_mode(page: Page, context: BrowserContext, watch: Watch, paper: str) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    page.goto("/verify")
    page.locator("[data-file]").set_input_files(picture(paper))
    expect(page.get_by_role("heading", name="This certificate is valid.")).to_be_focused()
    expect(page.locator("[data-list]")).to_contain_text("today")
    sound(page)

    page.evaluate("() => navigator.serviceWorker.ready.then(() => 'ready')")
    context.set_offline(offline=True)
    page.reload()
    expect(page.locator("[data-list]")).to_contain_text("today")
    page.locator("#code").fill(paper)
    expect(page.get_by_role("heading", name="This certificate is valid.")).to_be_visible()
    page.locator("#code").fill(paper[:-3] + "000")
    expect(page.get_by_role("heading", name="Not signed by an issuer that we know")).to_be_visible()
    expect(page.locator("article.cert")).to_have_count(0)


def test_what_was_withdrawn_is_said_first(page: Page, live: Site, paper: str) -> None:
    settings = live.app.config["LMS"]
    with live.database.writing() as db:
        credentials.revoke(db, db.scalars(select(Certificate).order_by(Certificate.id)).first(), reason="A mistake")  # type: ignore[arg-type]
    listing.write_list(live.database, settings)
    page.goto("/verify")
    page.locator("#code").fill(paper)
    expect(page.locator(".state h2")).to_contain_text("Withdrawn on")
    page.get_by_label("Was it valid on another day?").fill("2020-01-01")
    expect(page.locator(".state h2")).to_contain_text("Not issued yet on 1 January 2020")


def test_the_archive_checks_from_a_file_alone(live: Site, context: BrowserContext, paper: str, tmp_path: Path) -> None:
    settings = live.app.config["LMS"]
    with live.app.test_request_context(base_url=settings.url), live.database.reading() as db:
        for name, pieces in archive(db, settings):
            (tmp_path / name).write_bytes(b"".join(pieces))
    live.database.dispose()
    other = context.browser.new_context(offline=True)
    try:
        page, faults = other.new_page(), []
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto((tmp_path / "index.html").as_uri())
        page.locator("[data-file]").set_input_files(picture(paper))
        expect(page.get_by_role("heading", name="This certificate is valid.")).to_be_visible()
        assert faults == []
    finally:
        other.close()


def test_without_scripts_the_code_is_asked_for(live: Site, context: BrowserContext, paper: str) -> None:
    found = verdict(paper, keys_of(live), None, datetime.now(UTC).date()).facts
    assert found is not None
    other = context.browser.new_context(base_url=live.url, java_script_enabled=False)
    try:
        page = other.new_page()
        page.goto("/verify")
        expect(page.get_by_text("Your browser does not run scripts")).to_be_visible()
        page.locator("#code").fill(found.code)
        page.get_by_role("button", name="Check").click()
        expect(page.get_by_text("This certificate is valid.")).to_be_visible()
    finally:
        other.close()


def keys_of(live: Site) -> Any:
    with live.database.reading() as db:
        return trust(db).keys
