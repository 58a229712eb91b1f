"""Every event is told: what it carries, who announces it, what answers it."""

from __future__ import annotations

import ast
import dataclasses
from functools import cache

import pytest

from lms.events import EVENTS
from lms.jobs import MOST_ATTEMPTS
from lms.reactions import JOBS, LETTERS, WRITERS
from tests.docs.pages import ROOT, read, sections, spans

TEXT = read("events.md")
TOLD = {section.title: section.text for section in sections(TEXT)}


@cache
def announcers() -> dict[str, set[str]]:
    """The dotted names of the functions that announce each event."""
    found: dict[str, set[str]] = {name: set() for name in EVENTS}
    for file in (ROOT / "lms").rglob("*.py"):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for name in announced(function):
                    found[name].add(f"{module}.{function.name}")
    return found


def announced(function: ast.FunctionDef) -> list[str]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    facts = [call.args[1] for call in calls if _name(call.func).startswith("announce") and len(call.args) > 1]
    facts = [fact.elt if isinstance(fact, ast.ListComp) else fact for fact in facts]
    return [_name(fact.func) for fact in facts if isinstance(fact, ast.Call)]


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def line(event: str, start: str) -> str:
    """What a chapter says after `* Carries:` and its like."""
    return next(part for part in TOLD[event].split("\n* ") if part.startswith(start)).split("\n\n")[0]


@pytest.mark.parametrize("event", EVENTS)
def test_what_an_event_carries(event):
    assert spans(line(event, "Carries:")) == [field.name for field in dataclasses.fields(EVENTS[event])]


@pytest.mark.parametrize("event", EVENTS)
def test_who_announces_an_event(event):
    assert set(spans(line(event, "Announced by:"))) == announcers()[event] != set()


@pytest.mark.parametrize("event", EVENTS)
def test_what_answers_an_event(event):
    letters = [kind for kind, _subject in LETTERS.get(EVENTS[event], ())]
    answers = letters + [job for job, _ask in JOBS.get(EVENTS[event], ())]
    assert spans(line(event, "Answered by:")) == answers
    assert ("nothing yet" in TOLD[event]) is not bool(answers)


def test_no_event_is_told_that_does_not_exist():
    assert set(TOLD) - {"", "Events", "Letters that no event asks for"} == set(EVENTS)


def test_the_other_letters():
    asked = {kind for letters in LETTERS.values() for kind, _subject in letters}
    named = spans(TOLD["Letters that no event asks for"])
    assert set(WRITERS) - asked == {span for span in named if span in WRITERS}


def test_how_often_a_job_is_tried():
    assert {8: "eight"}[MOST_ATTEMPTS] + " times" in TEXT
