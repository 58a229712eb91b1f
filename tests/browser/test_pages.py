"""Each page, light and dark, from the smallest phone to a desk: accessible, no wider than the screen, no fault.

Whoever looks at several pages does so in one browser, signed in once.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driver import SCREENS, Watch, axe, profile, sound
from tests.browser.places import PLACES, Place, be, walk
from tests.browser.site import Site, serving

pytestmark = pytest.mark.browser
Desk = tuple[Page, Watch]


@pytest.fixture(scope="module")
def shown(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running demonstration for all pages: they are only looked at."""
    home = tmp_path_factory.mktemp("shown") / "home"
    shutil.copytree(demo_home, home)
    with serving(home) as site:
        yield site


@pytest.fixture(scope="module")
def desk_of(browser: Browser, shown: Site) -> Iterator[Callable[[str], Desk]]:
    """The open page of a person (of a visitor: ""), and what has gone wrong on it since this test began."""
    with ExitStack() as profiles:

        @cache
        def opened(login: str) -> Desk:
            watch = Watch(shown.url)
            page = profiles.enter_context(profile(browser, watch, "desktop")).new_page()
            if login:
                be(page, login)
            return page, watch

        def desk(login: str) -> Desk:
            page, watch = opened(login)
            watch.problems.clear()
            watch.allowed.clear()
            return page, watch

        yield desk


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_page(desk_of: Callable[[str], Desk], place: Place) -> None:
    page, watch = desk_of(place.login)
    if place.status >= 400:
        watch.allow(f"status of {place.status}")
    page.set_viewport_size(SCREENS["desktop"])
    page.emulate_media(color_scheme="light")
    walk(page, place)
    assert page.locator("h1:not([data-shown-side] h1)").count() == 1  # a preview has the heading of its lesson
    sound(page)
    assert watch.unexpected() == []


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_page_on_a_desk(desk_of: Callable[[str], Desk], place: Place) -> None:
    """All rules once more where there is room for everything."""
    page, _watch = desk_of(place.login)
    page.set_viewport_size(SCREENS["desktop"])
    page.emulate_media(color_scheme="light")
    walk(page, place)
    axe(page)
