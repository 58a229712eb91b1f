"""What the documents call not built yet is not built. When it is, the test here that fails names the page to change."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.docs.pages import ROOT, read


@dataclass(frozen=True)
class Promise:
    """A sentence of a page, and the code that would make it untrue, outside of some files."""

    page: str
    sentence: str
    code: str
    but: str = r"^$"


PROMISES = (
    Promise("writing-courses.md", "understood, but not used yet", r"settings\.offline\b"),
    Promise("plugins.md", "cannot be found by the server yet", r"PackageLoader|ChoiceLoader|jinja_loader"),
    Promise("security.md", "No second factor", r"\btotp\b|webauthn"),
)  # fmt: skip


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.sentence)
def test_it_is_said_and_still_so(promise):
    assert promise.sentence in " ".join(read(promise.page).split())
    built = []
    for folder, ending in (("lms", "*.py"), ("templates", "*.html")):
        for file in (ROOT / folder).rglob(ending):
            name = file.relative_to(ROOT).as_posix()
            if not re.match(promise.but, name) and re.search(promise.code, file.read_text(encoding="utf-8")):
                built.append(name)
    assert built == [], f"docs/{promise.page} says: {promise.sentence}"
