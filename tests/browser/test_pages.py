"""Each page, light and dark, from the smallest phone to a desk: accessible, no wider than the screen, no fault."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.driver import SCREENS, Watch, axe, contrast, no_sideways_scroll, profile
from tests.browser.places import PLACES, Place, go
from tests.browser.site import Site, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shown(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running demonstration for all pages: they are only looked at."""
    home = tmp_path_factory.mktemp("shown") / "home"
    shutil.copytree(demo_home, home)
    with serving(home) as site:
        yield site


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_page(browser: Browser, shown: Site, place: Place) -> None:
    watch = Watch(shown.url)
    if place.status >= 400:
        watch.allow(f"status of {place.status}")
    with profile(browser, watch, "desktop") as context:
        page = context.new_page()
        go(page, place)
        assert page.locator("h1").count() == 1
        for screen, size in SCREENS.items():
            page.set_viewport_size(size)
            no_sideways_scroll(page)
            if screen in {"narrow", "desktop"}:
                page.emulate_media(color_scheme="light")
                axe(page)
                page.emulate_media(color_scheme="dark")
                contrast(page)
    assert watch.unexpected() == []
