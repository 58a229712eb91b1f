"""How browser tests drive Chromium and what they hold against every page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    sync_playwright,
)

SCREENS: Mapping[str, ViewportSize] = {
    "narrow": {"width": 320, "height": 640},
    "phone": {"width": 360, "height": 740},
    "tablet": {"width": 640, "height": 900},
    "desktop": {"width": 1280, "height": 800},
}
ARGUMENTS = (
    "--no-sandbox",  # root has no sandbox; the only site visited is ours
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
AXE_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
PATIENCE = 15_000.0  # milliseconds until a step counts as failed


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """A running Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """What went wrong on a page while nobody looked: script errors, CSP violations, failed or foreign requests."""

    origin: str
    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Expect problems that match this regular expression, as on a page that is meant to answer 404."""
        self.allowed.append(pattern)

    def unexpected(self) -> list[str]:
        """The problems that no allowance covers."""
        return [problem for problem in self.problems if not any(re.search(each, problem) for each in self.allowed)]

    def follow(self, page: Page) -> None:
        """Note from now on whatever goes wrong on a page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _failed(self, request: Request) -> None:
        # A download, or a page left before its pictures came, aborts requests by design.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.problems.append(f"request failed: {request.method} {request.url}: {request.failure}")

    def _asked(self, request: Request) -> None:
        scheme = urlsplit(request.url).scheme
        if scheme in {"http", "https", "ws", "wss"} and not request.url.startswith(f"{self.origin}/"):
            self.problems.append(f"foreign request: {request.url}")

    def _answered(self, response: Response) -> None:
        is_part = response.request.resource_type != "document"
        if is_part and response.status >= 400:
            self.problems.append(f"answered {response.status}: {response.request.method} {response.url}")


@contextmanager
def profile(browser: Browser, watch: Watch, screen: str) -> Iterator[BrowserContext]:
    """A browser profile for the watched site: its own cookies, relative addresses, no motion."""
    context = browser.new_context(
        base_url=watch.origin, viewport=SCREENS[screen], locale="en-GB", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    context.on("page", watch.follow)
    try:
        yield context
    finally:
        context.close()


def axe(page: Page) -> None:
    """Fail unless the page as it stands now passes axe's rules for WCAG 2.2 AA and best practices."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    _run_axe(page, {"type": "tag", "values": AXE_RULES})


def contrast(page: Page) -> None:
    """Fail unless axe finds enough contrast: all that another scheme of colours changes. After `axe`."""
    _run_axe(page, {"type": "rule", "values": ["color-contrast", "link-in-text-block"]})


def sound(page: Page) -> None:
    """Fail unless a page is accessible, light and dark, and fits each screen; it is left dark, on a desk.

    All rules are asked on the smallest phone, where it is light; on a desk those for colours, where it is dark.
    """
    page.emulate_media(color_scheme="light")
    for screen, size in SCREENS.items():
        page.set_viewport_size(size)
        no_sideways_scroll(page)
        if screen == "narrow":
            axe(page)
    page.emulate_media(color_scheme="dark")
    contrast(page)


def _run_axe(page: Page, rules: dict[str, Any]) -> None:
    options = {"runOnly": rules, "reporter": "no-passes"}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    violations = [_described(violation) for violation in found["violations"]]
    assert not violations, f"{page.url}\n" + "\n".join(violations)


def no_sideways_scroll(page: Page) -> None:
    """Fail if the page is wider than the screen, and name what sticks out."""
    found: Mapping[str, Any] = page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth;
            const isInScroller = element => {
                for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
                    if (getComputedStyle(box).overflowX !== 'visible') return true;
                return false;
            };
            const sticksOut = element => element.getBoundingClientRect().right > room + 1
                || (element.clientWidth > 0 && element.scrollWidth > room + 1);
            const out = [...document.body.querySelectorAll('*')].filter(
                element => sticksOut(element) && !isInScroller(element));
            return {room, wide: document.scrollingElement.scrollWidth,
                    out: out.slice(-5).map(element => element.outerHTML.slice(0, 160))};
        }"""
    )
    assert found["wide"] <= found["room"], f"{page.url}: {found['wide']} px on {found['room']}: {found['out']}"


def _described(violation: Mapping[str, Any]) -> str:
    places = [f"    {node['target']}: {node['html'][:200]}" for node in violation["nodes"][:5]]
    return "\n".join([f"{violation['id']} ({violation['impact']}): {violation['help']}", *places])
