"""The trainee's way in a real browser, on a phone and on a desktop, with and without JavaScript, by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.driver import sound
from tests.packs import SMALL, publish

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.browser.site import Site

pytestmark = pytest.mark.browser
RIGHT = {
    "Which is longest?": ["abcdef"],
    "Which may you know?": ["The name of the service", "The opening hours"],
    "How many words make a good password?": ["4"],
    "A keyboard belongs to its user.": ["True"],
}


@pytest.fixture(autouse=True)
def _small_course(live: Site) -> None:
    publish(live.app.extensions["lms_database"], SMALL)


def sign_up(page: Page, login: str) -> None:
    page.locator("#new-name").fill("Maija Saule")
    page.locator("#new-login").fill(login)
    page.locator("#new-password").fill("four words are good")
    page.get_by_role("button", name="Make my account").click()


def give_answer(page: Page) -> None:
    """Give the right answer to the question on the page."""
    stem = page.locator("h1.q").inner_text()
    for answer in RIGHT[stem]:
        field = page.get_by_role("textbox")
        if field.count():
            field.fill(answer)
        else:
            page.locator("label.choice").filter(has=page.get_by_text(answer, exact=True)).click()


@pytest.mark.parametrize("screen", ["phone", pytest.param("desktop", marks=pytest.mark.long)], indirect=True)
def test_from_nothing_to_a_certificate(page: Page, context: BrowserContext) -> None:
    page.goto("/")
    page.get_by_role("link", name="Choose a course").click()
    page.get_by_role("searchbox").fill("pirma palidziba")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="First aid for passwords").click()
    page.get_by_role("link", name="Read the first lesson").click()

    page.get_by_text("P@ssw0rd").click()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Not yet.").last).to_be_visible()
    page.get_by_role("link", name="Try again").click()
    page.get_by_text("four random words").click()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("This is right.").last).to_be_visible()
    expect(page.get_by_text("Length beats symbols.", exact=True)).to_be_visible()

    page.get_by_role("button", name="I have read this").click()
    sign_up(page, "maija")
    expect(page.get_by_role("heading", name="Helping without typing")).to_be_visible()
    page.get_by_role("button", name="I have read this").click()
    page.get_by_role("link", name="To the exam").click()
    page.get_by_role("button", name="Begin now").click()

    for _ in range(4):
        give_answer(page)
        expect(page.locator("[data-saved]")).to_contain_text("Saved at")
        page.locator("button.btn-main").click()
    expect(page.get_by_role("heading", name="Before you hand in")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name=re.compile("You have passed"))).to_be_visible()

    page.get_by_role("link", name="See your certificate").click()
    address = page.url
    stranger = context.browser.new_context()
    try:
        checked = stranger.new_page()
        checked.goto(address)
        expect(checked.get_by_text("This certificate is valid.")).to_be_visible()
        expect(checked.get_by_text("Maija Saule")).to_be_visible()
    finally:
        stranger.close()


@pytest.mark.parametrize("screen", ["phone", pytest.param("desktop", marks=pytest.mark.long)], indirect=True)
def test_an_answer_survives_a_closed_page_and_a_second_device(page: Page, context: BrowserContext, live: Site) -> None:
    page.goto("/sign-in")
    sign_up(page, "second-device")
    page.goto("/courses/first-aid/quizzes/first-aid-exam")
    page.get_by_role("button", name="Begin now").click()
    give_answer(page)
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    address = page.url
    page.close()

    other = context.browser.new_context(base_url=live.url)
    try:
        device = other.new_page()
        device.goto("/sign-in")
        device.locator("#login").fill("second-device")
        device.locator("#password").fill("four words are good")
        device.locator("form.sheet button.btn-main").click()
        device.get_by_role("link", name="Continue").click()
        device.goto(address)
        chosen = device.locator("input:checked:not([name=marked])")
        assert chosen.count() or device.get_by_role("textbox").input_value()
    finally:
        other.close()


@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_an_answer_given_without_a_line_is_sent_when_it_comes_back(page: Page, context: BrowserContext, watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    watch.allow("/attempts/")
    page.goto("/sign-in")
    sign_up(page, "no-line")
    page.goto("/courses/first-aid/quizzes/first-aid-exam")
    page.get_by_role("button", name="Begin now").click()
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    give_answer(page)
    expect(page.locator("[data-saved]")).to_contain_text("kept on this device")
    context.set_offline(False)
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")


def test_everything_works_without_javascript(browser, live: Site) -> None:
    context = browser.new_context(base_url=live.url, java_script_enabled=False, viewport={"width": 360, "height": 740})
    try:
        page = context.new_page()
        page.goto("/courses/first-aid/lessons/long-passwords")
        page.get_by_text("four random words").click()
        page.get_by_role("button", name="Check").click()
        expect(page.get_by_text("This is right.").last).to_be_visible()
        page.get_by_role("button", name="I have read this").click()
        sign_up(page, "plain")
        page.get_by_role("button", name="I have read this").click()
        page.get_by_role("link", name="To the exam").click()
        page.get_by_role("button", name="Begin now").click()
        for _ in range(4):
            give_answer(page)
            page.locator("button.btn-main").click()
        page.get_by_role("button", name="Hand in").click()
        expect(page.get_by_role("heading", name=re.compile("You have passed"))).to_be_visible()
    finally:
        context.close()


def test_a_question_is_answered_by_keyboard_alone(page: Page) -> None:
    page.goto("/courses/first-aid/lessons/long-passwords")
    page.locator("#q-hardest input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#q-hardest [role=status]")).to_be_visible()


PAGES = (  # those that are not among the places of all
    "/courses?q=password",
    "/courses?q=zzzz",
    "/courses/first-aid",
    "/courses/digital-helper",
    "/courses/first-aid/lessons/long-passwords",
    "/c?code=XXXX",
)
SIGNED_IN = (
    "/my-learning",
    "/courses/first-aid/quizzes/first-aid-exam",
    "/courses/tour/lessons/quizzes-and-certificates",
)


@pytest.mark.long  # one by one they stand in test_pages.py
@pytest.mark.parametrize("screen", ["desktop"], indirect=True)
def test_pages_have_no_fault_that_a_machine_can_find(page: Page, watch) -> None:
    watch.allow("answered 404")
    watch.allow("status of 404")
    for path in PAGES:
        page.goto(path)
        sound(page)
    page.goto("/sign-in")
    sign_up(page, "axe")
    for path in SIGNED_IN:
        page.goto(path)
        sound(page)
    page.goto("/courses/first-aid/quizzes/first-aid-exam")
    page.get_by_role("button", name="Begin now").click()
    sound(page)
    page.goto(re.sub(r"/1$", "/review", page.url))
    sound(page)
    page.get_by_role("button", name="Hand in").click()
    sound(page)
