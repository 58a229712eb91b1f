"""Fixtures for tests in a real browser. A page fails its test by itself when something goes wrong on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import chromium as program
from tests.browser.driver import Watch, chromium, profile
from tests.browser.site import Site, make_demo, serving
from tests.shared import made_once


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium, shared by all tests of a worker."""
    path = program.find()
    if path is None:
        reason = f"no browser on this machine: {program.advice()}"
        if os.environ.get("LMS_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with chromium(path) as running:
        yield running


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration in it, made once for all workers of a run; tests work on copies."""
    return made_once(tmp_path_factory, "demo", make_demo)


@pytest.fixture
def live(demo_home: Path, tmp_path: Path) -> Iterator[Site]:
    """The demonstration, running, with a database of the test's own."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    with serving(home) as site:
        yield site


@pytest.fixture(params=["phone", "desktop"])
def screen(request: pytest.FixtureRequest) -> str:
    """The screen on which `page` shows. For one alone: `parametrize("screen", ["phone"], indirect=True)`."""
    return str(request.param)


@pytest.fixture
def watch(live: Site) -> Iterator[Watch]:
    """What goes wrong on the test's pages. The test fails at its end unless it allowed that: `watch.allow("404")`."""
    watching = Watch(live.url)
    yield watching
    assert watching.unexpected() == []


@pytest.fixture
def context(browser: Browser, screen: str, watch: Watch) -> Iterator[BrowserContext]:
    """A browser profile of the test's own: no cookies, no scripts cached, addresses relative to the site."""
    with profile(browser, watch, screen) as made:
        yield made


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An open page, on a phone and on a desktop: `page.goto("/")`."""
    return context.new_page()
