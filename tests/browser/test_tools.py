"""What the browser tests hold against every page must itself fail when a page is bad."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.driver import Watch, axe, no_sideways_scroll

pytestmark = pytest.mark.browser
GOOD = "<!doctype html><html lang='en'><title>Shelf</title><main><h1>Shelf</h1><p>Books</p></main>"


@pytest.fixture
def watched(browser) -> Iterator[tuple[Page, Watch]]:
    watch = Watch("http://site.test")
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    watch.follow(page)
    yield page, watch
    context.close()


def serve(page: Page, html: str, *, policy: str = "default-src 'self'") -> None:
    def answer(route):
        if route.request.url == "http://site.test/":
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": policy})
        else:
            route.fulfill(status=404, body="")

    page.route("**/*", answer)
    page.goto("http://site.test/")


def test_a_good_page_passes(watched) -> None:
    page, watch = watched
    serve(page, GOOD + "<link rel=icon href='data:,'>", policy="default-src 'self' data:")
    axe(page)
    no_sideways_scroll(page)
    assert watch.unexpected() == []


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("<p style='color:red'>Red</p>", "Content Security Policy"),
        ("<script>1</script>", "Content Security Policy"),
        ("<img src='/missing.png' alt=''>", "answered 404"),
        ("<img src='http://elsewhere.test/dot.png' alt=''>", "elsewhere.test"),
    ],
)
def test_a_fault_is_noted(watched, extra, said) -> None:
    page, watch = watched
    serve(page, GOOD + extra)
    page.wait_for_load_state("networkidle")
    assert any(said in problem for problem in watch.unexpected()), watch.problems
    watch.allow(said)
    assert not any(said in problem for problem in watch.unexpected())


def test_axe_finds_a_picture_without_words(watched) -> None:
    page, _ = watched
    serve(page, GOOD.replace("<p>", "<img src='data:,'><p>"), policy="default-src 'self' data:")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_a_page_wider_than_the_screen_is_found(watched) -> None:
    page, _ = watched
    serve(page, GOOD.replace("Books", "B" * 400))
    with pytest.raises(AssertionError, match="BBB"):
        no_sideways_scroll(page)
