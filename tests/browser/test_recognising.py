"""Somebody who knows a course already sends evidence from a phone, and a trainer recognises it."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.driver import Watch, axe, no_sideways_scroll, profile
from tests.browser.places import be

PAGE = "/courses/linux-admin/prior-learning"


def photo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_evidence_is_sent_and_recognised(browser: Browser, watch: Watch, page: Page) -> None:
    be(page, "anna")
    page.goto("/courses/linux-admin")
    page.get_by_role("link", name="I know this already").click()
    for field in page.locator("textarea[required]").all():
        field.fill("Eight years at our library; the reference shows it.")
    page.get_by_label("Files").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": photo()})
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Waits to be looked at")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    with profile(browser, watch, "desktop") as other:
        desk = other.new_page()
        be(desk, "ilze")
        desk.goto("/authoring/prior-learning")
        desk.get_by_role("link", name="Anna").last.click()
        for box in desk.get_by_role("checkbox").all():
            box.check()
        axe(desk)
        desk.get_by_role("button", name="Recognise").click()
        expect(desk.get_by_text("Nothing waits.")).to_be_visible()
    page.goto(PAGE)
    page.get_by_role("link", name="See your certificate").click()
    expect(page.get_by_text("Recognised on evidence of earlier learning")).to_be_visible()
