"""The manual of question types says what the types do, with their own examples."""

import re
from pathlib import Path

import pytest

from lms.content import question_parts, question_settings, question_translations, questions
from lms.content.questions import parse_question_file
from lms.question_types import BUILT_IN, choices

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs" / "question-types.md").read_text(encoding="utf-8")
TYPES = {type_.name: type_ for type_ in BUILT_IN}


@pytest.mark.parametrize("type_", BUILT_IN, ids=lambda type_: type_.name)
def test_example_stands_in_the_manual(type_):
    assert f"````markdown\n{type_.example}````\n" in MANUAL


@pytest.mark.parametrize("type_", BUILT_IN, ids=lambda type_: type_.name)
def test_type_and_its_settings_are_named(type_):
    assert f"| [{type_.name}](#" in MANUAL
    assert all(f"`{setting}" in MANUAL for setting in type_.settings)


def test_links_within_the_page_lead_to_a_heading():
    headings = {re.sub(r"\W+", "-", line[3:].lower()) for line in MANUAL.splitlines() if line.startswith("## ")}
    assert set(re.findall(r"\(#([\w-]+)\)", MANUAL)) <= headings


def test_every_rule_is_explained():
    modules = (question_parts, question_settings, question_translations, questions, choices)
    types = [Path(file) for file in (ROOT / "lms" / "question_types").glob("*.py")]
    sources = [Path(module.__file__) for module in modules] + types
    words = re.compile(r'"((?:questions?|quiz|translation)-[a-z-]+)"')
    rules = {rule for source in sources for rule in words.findall(source.read_text(encoding="utf-8"))}
    assert len(rules) > 15
    assert {rule for rule in rules if f"`{rule}`" not in MANUAL} == set()


def test_bank_of_every_type_has_every_type():
    path = ROOT / "quizzes" / "every-question-type.md"
    file, problems = parse_question_file(
        path.name, path.read_text(encoding="utf-8"), id="x", language="en", types=TYPES
    )
    assert problems == ()
    assert {question.type for question in file.questions} == set(TYPES)
    assert file.settings.passing == {"total": 0.5}
    assert all(question.explanation for question in file.questions)


@pytest.mark.parametrize("path", sorted((ROOT / "courses" / "tour").glob("*.quiz.md")), ids=lambda path: path.name)
def test_practice_of_the_tour_is_sound(path):
    file, problems = parse_question_file(
        path.name, path.read_text(encoding="utf-8"), id="x", language="en", types=TYPES
    )
    assert problems == ()
    assert not file.is_graded
    assert file.questions
