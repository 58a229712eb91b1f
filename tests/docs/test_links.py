"""Whatever the documents point at is there: pages, anchors, files, parts of the program."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, PAGES, ROOT, anchors, links, read, spans

OURS = re.compile(r"(?:lms|docs|templates|tests|migrations)/[\w./-]*")
DOTTED = re.compile(r"(lms(?:\.\w+)+)(?:\(.*\))?")
MADE_BY_OTHERS = {"lms.toml", "lms.db", "lms.example.org"}


def by_name(page: Path) -> str:
    return page.name


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_link_leads_somewhere(page):
    broken = []
    for target in links(page.read_text(encoding="utf-8")):
        if re.match(r"(https?|mailto):", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        is_there = file.exists() and file.is_relative_to(ROOT)
        if not is_there or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_file_that_is_named_exists(page):
    named = [span for span in spans(page.read_text(encoding="utf-8")) if OURS.fullmatch(span)]
    assert [span for span in named if not (ROOT / span).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_part_of_the_program_that_is_named_exists(page):
    found = [DOTTED.fullmatch(span) for span in spans(page.read_text(encoding="utf-8"))]
    names = {match[1] for match in found if match} - MADE_BY_OTHERS
    assert [name for name in sorted(names) if not is_there(name)] == []


def is_there(dotted: str) -> bool:
    """Whether a dotted name is a module or something in one."""
    module, *rest = dotted.split(".")
    thing: object = importlib.import_module(module)
    for word in rest:
        if not hasattr(thing, word):
            try:
                importlib.import_module(f"{module}.{word}")
            except ImportError:
                return False
        thing = getattr(thing, word)
        module = f"{module}.{word}"
    return True


def test_the_front_page_leads_to_every_page():
    reached = {target.partition("#")[0] for target in links(read("index.md"))}
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} <= reached


def test_no_page_names_a_broken_thing_unnoticed():
    assert not is_there("lms.learning.actions.fly")
    assert is_there("lms.learning.actions.submit_quiz")
    assert anchors("# A b\n\n## A b\n\n```\n# no\n```\n") == {"a-b", "a-b-1"}
