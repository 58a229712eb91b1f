"""Fixtures for tests in a real browser. A page fails its test by itself when something goes wrong on it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium as program
from tests.browser.driver import chromium


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
