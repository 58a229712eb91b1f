"""As a program: takes a picture of every place, on a phone and at a desk, light and dark, into build/screenshots."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser import chromium as program
from tests.browser.driver import Watch, chromium, profile
from tests.browser.places import PLACES, Place, go
from tests.browser.site import Site, make_demo, serving

FOLDER = Path(__file__).parents[2] / "build" / "screenshots"
SCREENS = ("phone", "desktop")
SCHEMES = ("light", "dark")


def main(names: list[str]) -> int:
    """Take the named places, or all; 1 if something went wrong on a page."""
    path = program.find()
    if path is None:
        print(f"There is no browser: {program.advice()}", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [place for place in PLACES if not names or place.name in names]
    with tempfile.TemporaryDirectory() as home:
        make_demo(Path(home))
        with serving(Path(home)) as site, chromium(path) as browser:
            problems = [problem for place in wanted for problem in take(browser, site, place)]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(wanted) * len(SCREENS) * len(SCHEMES)} pictures in {FOLDER}")
    return 1 if problems else 0


def take(browser: Browser, site: Site, place: Place) -> list[str]:
    """Take one place on each screen in each scheme; what went wrong on it meanwhile."""
    watch = Watch(site.url)
    if place.status >= 400:
        watch.allow(f"status of {place.status}")
    for screen in SCREENS:
        with profile(browser, watch, screen) as context:
            page = context.new_page()
            go(page, place)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
                page.screenshot(path=FOLDER / f"{place.name}-{screen}-{scheme}.png", full_page=True)
    return [f"{place.name}: {problem}" for problem in watch.unexpected()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
