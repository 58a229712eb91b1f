"""A helper shares a leaflet from a phone; a trainer adapts it, and both are named."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driver import Watch, axe, no_sideways_scroll, profile
from tests.browser.places import be

LEAFLET = {"name": "leaflet.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 leaflet of the walk"}
LARGER = {**LEAFLET, "buffer": b"%PDF-1.7 leaflet of the walk, in large letters"}


def share(page: Page, title: str, file: dict[str, object]) -> None:
    page.get_by_label("A file").set_input_files(file)
    page.get_by_label("Title").fill(title)
    page.get_by_label("Nobody who was helped").check()
    page.get_by_role("button", name="Share", exact=True).click()


@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_a_leaflet_is_shared_and_adapted(browser: Browser, watch: Watch, page: Page) -> None:
    be(page, "lucia")
    page.goto("/my-learning")
    page.get_by_role("link", name="Materials that helpers share").click()
    page.get_by_role("link", name="Share the first one").click()
    page.get_by_label("CC BY-SA 4.0", exact=False).first.check()
    share(page, "Signing step by step", LEAFLET)
    expect(page.get_by_role("heading", name="Signing step by step")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    with profile(browser, watch, "desktop") as other:
        desk = other.new_page()
        be(desk, "ilze")
        desk.goto("/materials?q=signing")
        desk.get_by_role("link", name="Signing step by step").click()
        desk.get_by_role("link", name="I adapted this").click()
        share(desk, "Signing in large letters", LARGER)
        expect(desk.get_by_label("Ready to copy")).to_have_value(re.compile("Made of “Signing step"))
        axe(desk)
