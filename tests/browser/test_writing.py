"""Trainers write in a browser: a newcomer with a mouse, somebody with the keyboard only, somebody without scripts.

The newcomer's actions are counted: every click, every field filled in, every file chosen.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.driver import SCREENS, Watch, axe, no_sideways_scroll
from tests.browser.places import be
from tests.browser.site import Site

LESSON = "Passwords are keys.\n\n## Long beats clever\n\nFour words are easy to keep."
NOTES = """\
Which password is hardest to guess?
P@ssw0rd
* four random words
a birthday

What do you close before you leave?
* the mailbox
the catalogue
* the private window

Whose keyboard is it?
* theirs
mine

Who types the password?
the helper
* its owner

How many letters has "code"?
= 4
"""


RIGHT = {number: re.compile(f"^Right ?: Answer {number}$") for number in (1, 5)}


DROP = """text => {
    const held = new DataTransfer();
    held.items.add(new File([new Uint8Array(9)], 'shelf.png', {type: 'image/png'}));
    text.dispatchEvent(new DragEvent('drop', {dataTransfer: held, bubbles: true, cancelable: true}));
}"""


class Hands:
    """What somebody does on a page, counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def click(self, target: Locator) -> None:
        self.count += 1
        target.click()

    def fill(self, target: Locator, text: str) -> None:
        self.count += 1
        target.fill(text)

    def choose(self, target: Locator, file: Path) -> None:
        self.count += 1
        target.set_input_files(file)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    held = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(held, "PNG")
    file = tmp_path / "shelf.png"
    file.write_bytes(held.getvalue())
    return file


@pytest.mark.parametrize("screen", ["desktop"], indirect=True)
def test_a_newcomer_makes_and_publishes_a_course_in_under_20_actions(page: Page, picture: Path) -> None:
    be(page, "ilze")
    page.goto("/")
    hands = Hands(page)
    hands.click(page.get_by_role("link", name="Write", exact=True))
    hands.click(page.get_by_role("link", name="New pack"))
    hands.fill(page.get_by_label("Name of the pack"), "our-library")
    hands.fill(page.get_by_label("Title of the first course"), "Passwords for beginners")
    hands.fill(page.get_by_label("Title of its first lesson"), "Good passwords")
    hands.click(page.get_by_role("button", name="Make the pack"))
    text = page.get_by_label("Text in Markdown")
    hands.fill(text, f"# Good passwords\n\n{LESSON}\n")
    expect(page.get_by_role("region", name="As trainees see it")).to_contain_text("Long beats clever")
    hands.click(page.get_by_role("button", name="Picture"))
    hands.choose(page.get_by_label("Picture", exact=True), picture)
    hands.fill(page.get_by_label("What does it show?"), "A shelf with keys")
    hands.click(page.get_by_role("button", name="Put it in"))
    expect(text).to_have_value(holding("![A shelf with keys](images/shelf.png)"))
    axe(page)
    hands.click(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_text("Saved at")).to_be_visible()
    hands.click(page.get_by_role("link", name="Questions of this lesson"))
    hands.fill(page.get_by_label("Questions and answers"), NOTES)
    hands.click(page.get_by_role("button", name="Write these questions"))
    expect(page.get_by_role("heading", name="5 questions")).to_be_visible()
    axe(page)
    hands.click(page.get_by_role("link", name="Back to the lesson"))
    hands.click(page.get_by_role("button", name="Save and publish"))
    expect(page.get_by_text("Published: Passwords for beginners.")).to_be_visible()
    assert hands.count < 20
    page.goto("/courses/passwords-for-beginners/lessons/good-passwords")
    expect(page.get_by_role("img", name="A shelf with keys")).to_be_visible()
    expect(page.get_by_role("button", name="Check")).to_have_count(5)


def holding(words: str) -> re.Pattern[str]:
    """A pattern for a text that has these words somewhere."""
    return re.compile(re.escape(words))


def begin(page: Page) -> str:
    """A pack with one lesson, open in the editor: its address."""
    be(page, "ilze")
    page.goto("/authoring/new-pack")
    page.get_by_label("Name of the pack").fill("our-library")
    page.get_by_label("Title of the first course").fill("Passwords for beginners")
    page.get_by_label("Title of its first lesson").fill("Good passwords")
    page.get_by_role("button", name="Make the pack").click()
    page.wait_for_url("**/edit/**")
    return page.url


def reach(page: Page, target: Locator, key: str = "Tab", most: int = 80) -> None:
    """Go to something with one key pressed again and again."""
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never came to {target}")


def to_tools(page: Page) -> None:
    """Go from the text to its tools."""
    page.keyboard.press("Alt+F10")
    expect(page.locator("[role=toolbar] :focus")).to_have_count(1)


def ask_by_keys(page: Page, stem: str, right: str, wrong: str) -> None:
    """Put a question into the text, from the tools to the window and back."""
    keys, text = page.keyboard, page.get_by_label("Text in Markdown")
    to_tools(page)
    reach(page, page.get_by_role("button", name="Question", exact=True), "ArrowRight")
    keys.press("Enter")
    reach(page, page.get_by_role("link", name="One right answer"))
    keys.press("Enter")
    reach(page, page.get_by_role("textbox", name="Question", exact=True))
    keys.type(stem)
    keys.press("Escape")
    expect(text).to_be_focused()
    to_tools(page)
    keys.press("Enter")
    expect(page.get_by_role("textbox", name="Question", exact=True)).to_have_value(stem)
    reach(page, page.get_by_role("radio", name=RIGHT[1]))
    keys.press("Space")
    reach(page, page.get_by_role("textbox", name="Answer 1", exact=True))
    keys.type(right)
    keys.press("Enter")
    keys.type(wrong)
    reach(page, page.get_by_role("button", name="Save the question"))
    keys.press("Enter")
    expect(text).to_be_focused()
    expect(text).to_have_value(holding(f"[{stem}](01-good-passwords.quiz.md#"))


@pytest.mark.parametrize("screen", ["desktop"], indirect=True)
def test_the_same_by_keyboard_only(page: Page, picture: Path) -> None:
    be(page, "ilze")
    page.goto("/authoring")
    keys = page.keyboard
    reach(page, page.get_by_role("link", name="New pack"))
    keys.press("Enter")
    for label, words in (
        ("Name of the pack", "our-library"),
        ("Title of the first course", "Passwords for beginners"),
        ("Title of its first lesson", "Good passwords"),
    ):
        reach(page, page.get_by_label(label))
        keys.type(words)
    keys.press("Enter")
    text = page.get_by_label("Text in Markdown")
    reach(page, text)
    keys.press("Control+End")
    keys.type("\nPasswords are ")
    keys.press("Control+B")
    keys.type("keys")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    keys.type(".\n\n- one\ntwo\n\nLast.")
    expect(text).to_have_value(holding("Passwords are **keys**.\n\n- one\n- two\n\nLast."))
    to_tools(page)
    reach(page, page.get_by_role("button", name="Picture"), "ArrowRight")
    with page.expect_file_chooser() as chooser:
        keys.press("Enter")
        expect(page.locator("[data-window=picture]")).to_be_visible()
        keys.press("Enter")
    chooser.value.set_files(picture)
    reach(page, page.get_by_label("What does it show?"))
    keys.type("A shelf with keys")
    keys.press("Enter")
    expect(text).to_be_focused()
    expect(text).to_have_value(holding("Last.\n\n![A shelf with keys](images/shelf.png)\n"))
    for stem, right, wrong in (("Whose keyboard is it?", "theirs", "mine"), ("Who types?", "its owner", "you")):
        ask_by_keys(page, stem, right, wrong)
    keys.press("Control+S")
    expect(page.get_by_text("Saved at")).to_be_visible()
    reach(page, page.get_by_role("link", name="Questions of this lesson"))
    keys.press("Enter")
    reach(page, page.get_by_label("Questions and answers"))
    keys.insert_text("\n\n".join(NOTES.split("\n\n")[:3]))
    reach(page, page.get_by_role("button", name="Write these questions"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="5 questions")).to_be_visible()
    reach(page, page.get_by_role("link", name="Back to the lesson"))
    keys.press("Enter")
    reach(page, page.get_by_role("button", name="Save and publish"))
    keys.press("Enter")
    expect(page.get_by_text("Published: Passwords for beginners.")).to_be_visible()


def test_without_scripts_a_text_is_edited_previewed_and_saved(browser: Browser, watch: Watch, live: Site) -> None:
    context = browser.new_context(base_url=live.url, viewport=SCREENS["narrow"], java_script_enabled=False)
    page = context.new_page()
    watch.follow(page)
    begin(page)
    text = page.get_by_label("Text in Markdown")
    text.fill("# Good passwords\n\nFour **words**.\n")
    page.get_by_role("button", name="Preview").click()
    shown = page.get_by_role("region", name="As trainees see it")
    expect(shown.get_by_role("heading", name="Good passwords")).to_be_visible()
    expect(shown.locator("strong")).to_have_text("words")
    expect(text).to_have_value("# Good passwords\n\nFour **words**.\n")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Trainees see it once it is published.")).to_be_visible()
    page.get_by_role("link", name="Questions of this lesson").click()
    page.get_by_role("link", name="Several right answers").click()
    page.get_by_role("textbox", name="Question", exact=True).fill("What do you close?")
    page.get_by_role("textbox", name="Answer 1", exact=True).fill("the mailbox")
    page.get_by_role("button", name="One more", exact=True).click()
    expect(page.get_by_role("textbox", name="Answer 5", exact=True)).to_be_focused()
    page.get_by_role("textbox", name="Answer 5", exact=True).fill("the window")
    page.get_by_role("checkbox", name=RIGHT[1]).check()
    page.get_by_role("checkbox", name=RIGHT[5]).check()
    page.get_by_role("button", name="Save the question").click()
    expect(page.get_by_role("link", name="What do you close?")).to_be_visible()
    context.close()


@pytest.mark.parametrize("screen", ["phone"], indirect=True)
def test_drafts_and_the_check_are_honest_while_somebody_types(page: Page, watch: Watch) -> None:
    address = begin(page)
    text = page.get_by_label("Text in Markdown")
    no_sideways_scroll(page)
    text.fill("# Good passwords\n\n#### Too deep\n")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    expect(page.get_by_text("Draft kept at")).to_be_visible()
    page.get_by_role("button", name="Check").click()
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("button", name="Fix it").click()
    expect(text).to_have_value("# Good passwords\n\n## Too deep\n")
    text.press("Control+Z")
    expect(text).to_have_value("# Good passwords\n\n#### Too deep\n")
    text.evaluate(DROP)
    expect(page.get_by_label("What does it show?")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Say in a few words what the picture shows.")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    page.keyboard.press("Escape")
    expect(text).to_be_focused()
    watch.allow("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    text.press("End")
    text.type(" indeed")
    expect(page.get_by_text("Not kept: no connection")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Draft kept at")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved at")).to_be_visible()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    text.press("End")
    text.type("!")
    watch.allow("status of 40[13]|answered 40[13]")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("you may have been signed out")).to_be_visible()
    expect(text).to_have_value(holding("indeed!"))
    page.context.add_cookies(cookies)
    expect(page.get_by_text("Draft kept at")).to_be_visible()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(address)
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="Go on with it").click()
    expect(text).to_have_value(holding("indeed!"))
