"""A coordinator announces in two languages; a helper reads it on a phone and confirms; the coordinator sees that."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driver import Watch, axe, no_sideways_scroll, profile
from tests.browser.places import be


@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_news_is_written_read_and_confirmed(browser: Browser, watch: Watch, page: Page) -> None:
    with profile(browser, watch, "desktop") as other:
        desk = other.new_page()
        be(desk, "janis")
        desk.goto("/coordination/news")
        desk.get_by_role("link", name="Write an announcement").click()
        desk.get_by_label("Unit", exact=True).fill("KUR")
        desk.get_by_label("Title (English)").fill("New ID cards from May")
        desk.get_by_label("Text (English)").fill("Everybody gets a **new** card.")
        desk.locator("summary", has_text="Latviešu").click()
        desk.get_by_label("Title (Latviešu)").fill("Jaunas ID kartes no maija")
        desk.get_by_label("Text (Latviešu)").fill("Katrs saņem **jaunu** karti.")
        desk.get_by_label("confirm that they have read it").check()
        desk.get_by_role("button", name="See whom it reaches").click()
        expect(desk.get_by_role("heading", name="It reaches")).to_be_visible()
        axe(desk)
        desk.get_by_role("button", name="Announce it to").click()
        expect(desk.get_by_text("Announced.")).to_be_visible()
        axe(desk)

        be(page, "anna")
        page.goto("/my-learning")
        with page.expect_response("**/opened"):  # the page itself says that it was shown
            page.get_by_role("link", name="New ID cards from May").click()
        axe(page)
        no_sideways_scroll(page)
        page.get_by_role("button", name="I have read this").click()
        expect(page.get_by_text("Thank you.")).to_be_visible()
        axe(page)
        desk.reload()
        expect(desk.get_by_text("1 of ")).to_be_visible()
