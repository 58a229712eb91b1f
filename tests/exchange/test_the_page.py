"""The example of the documentation is what happens."""

from __future__ import annotations

import re
from pathlib import Path

from lms.exchange.moodle_types import READERS
from tests.exchange.files import brought

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")


def fence(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def test_the_example_becomes_what_the_page_says() -> None:
    found = brought(fence("gift"))
    assert found.text == fence("markdown")
    assert [loss.what for loss in found.losses] == [
        "category $course$/top/Weather",
        "-50% of the points for “under a tree”",
    ]


def test_the_page_names_every_type_that_comes_in() -> None:
    named = {
        "multichoice",
        "truefalse",
        "shortanswer",
        "numerical",
        "match",
        "essayautograde",
        "ddwtos",
        "gapselect",
        "cloze",
    }
    assert [kind for kind in READERS if kind not in named and kind not in PAGE] == []
