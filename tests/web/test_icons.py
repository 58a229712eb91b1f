"""Each icon that a page names is drawn: a name without a drawing leaves a gap beside the word."""

from __future__ import annotations

import re
from pathlib import Path

from lms.web.assets import FOLDER

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMED = re.compile(r"icon\('([a-z-]+)'\)")
SIGNED = re.compile(r"sign\('[a-z]+', '([a-z-]+)'")


def test_every_icon_that_a_page_names_is_drawn() -> None:
    drawn = set(re.findall(r'id="([a-z-]+)"', (FOLDER / "icons.svg").read_text(encoding="utf-8")))
    named = {
        (name, page.name)
        for page in TEMPLATES.rglob("*.html")
        for pattern in (NAMED, SIGNED)
        for name in pattern.findall(page.read_text(encoding="utf-8"))
    }
    assert len(named) > 50
    assert sorted(pair for pair in named if pair[0] not in drawn) == []
