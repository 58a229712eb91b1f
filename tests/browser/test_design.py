"""What no rule of accessibility looks at: lines under links, rows that fit, letters large enough, a line to copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driver import SCREENS, Watch, profile
from tests.browser.places import be
from tests.browser.site import Site, serving

pytestmark = pytest.mark.browser
LEAST_LETTERS = 11  # pixels
GAPS = """() => [...document.querySelectorAll('main a > .i')].map(icon => {
    const words = document.createRange(), link = icon.parentElement;
    words.selectNodeContents([...link.childNodes].find(node => node.textContent.trim()));
    const [drawn, line] = [icon.getBoundingClientRect(), words.getBoundingClientRect()];
    return Math.round(Math.max(line.left - drawn.right, drawn.left - line.right));
})"""
LETTERS = """() => [...document.querySelectorAll('.find-map text')].filter(each => each.checkVisibility()).map(each =>
    parseFloat(getComputedStyle(each).fontSize) * each.ownerSVGElement.getScreenCTM().a)"""

LEFT = """() => [...document.querySelectorAll('.tbl-cards .cell > *')].map(each =>
    each.closest('td').getBoundingClientRect().right - each.getBoundingClientRect().right)"""


@pytest.fixture(scope="module")
def shown(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running demonstration: its pages are only looked at."""
    home = tmp_path_factory.mktemp("design") / "home"
    shutil.copytree(demo_home, home)
    with serving(home) as site:
        yield site


@pytest.fixture
def desk(browser: Browser, shown: Site) -> Iterator[Page]:
    """An open page at a desk that may read what was copied."""
    watch = Watch(shown.url)
    with profile(browser, watch, "desktop") as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context.new_page()
    assert watch.unexpected() == []


def test_the_line_under_a_link_leaves_out_the_gap_beside_its_icon(desk: Page) -> None:
    be(desk, "lucia")
    desk.goto("/my-learning")
    gaps = desk.evaluate(GAPS)
    assert len(gaps) > 2
    assert min(gaps) > 2  # where the line would run, the words begin at the icon


@pytest.mark.parametrize(("login", "path"), [("ilze", "/authoring"), ("janis", "/coordination/help/requests")])
def test_the_line_of_a_desk_and_its_tabs_take_one_row_each(desk: Page, login: str, path: str) -> None:
    be(desk, login)
    desk.goto(path)
    for line in (".desk-line a", ".room-tabs a"):
        tops = desk.locator(line).evaluate_all("links => links.map(link => link.getBoundingClientRect().top)")
        assert len(tops) > 1
        assert len(set(tops)) == 1


@pytest.mark.parametrize("width", [320, 360, 600, 1000, 1280])
def test_names_and_numbers_on_the_map_are_large_enough(desk: Page, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": SCREENS["desktop"]["height"]})
    desk.goto("/find")
    letters = desk.evaluate(LETTERS)
    assert len(letters) > 2
    assert min(letters) >= LEAST_LETTERS


def test_an_address_is_copied(desk: Page) -> None:
    be(desk, "janis")
    desk.goto("/coordination/help/requests")
    line = desk.locator("[data-copy]")
    line.get_by_role("button").click()
    expect(line.get_by_role("status")).to_have_text("Copied")
    assert desk.evaluate("navigator.clipboard.readText()") == line.locator("input").input_value()


def test_what_stands_in_a_cell_of_a_card_ends_where_the_other_cells_end(desk: Page) -> None:
    be(desk, "janis")
    desk.set_viewport_size(SCREENS["phone"])
    desk.goto("/coordination/people")
    desk.locator("main a[href^='/coordination/people/']").first.click()
    expect(desk.locator(".tbl-cards .cell").first).to_be_visible()
    assert max(desk.evaluate(LEFT)) < 1
