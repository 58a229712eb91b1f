"""As a program: takes a picture of every place, on a phone and at a desk, light and dark, into build/screenshots.

With `--readme` it takes the few that stand in the README, as much as a phone shows at once, into docs/screenshots.
"""

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
README = Path(__file__).parents[2] / "docs" / "screenshots"
IN_README = {"lesson": "lesson", "exam-half-way": "exam", "certificate": "certificate"}
SCREENS = ("phone", "desktop")
SCHEMES = ("light", "dark")


def main(names: list[str]) -> int:
    """Take the named places, or all; 1 if something went wrong on a page."""
    path = program.find()
    if path is None:
        print(f"There is no browser: {program.advice()}", file=sys.stderr)
        return 1
    for_readme = names == ["--readme"]
    (README if for_readme else FOLDER).mkdir(parents=True, exist_ok=True)
    wanted = [place for place in PLACES if place.name in (IN_README if for_readme else names or (place.name,))]
    shoot = take_for_readme if for_readme else take
    with tempfile.TemporaryDirectory() as home:
        make_demo(Path(home))
        with serving(Path(home)) as site, chromium(path) as browser:
            problems = [problem for place in wanted for problem in shoot(browser, site, place)]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(wanted)} places in {README if for_readme else FOLDER}")
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


def take_for_readme(browser: Browser, site: Site, place: Place) -> list[str]:
    """Take what a phone shows of a place at first."""
    watch = Watch(site.url)
    with profile(browser, watch, "phone") as context:
        page = context.new_page()
        go(page, place)
        page.screenshot(path=README / f"{IN_README[place.name]}-phone.png")
    return [f"{place.name}: {problem}" for problem in watch.unexpected()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
