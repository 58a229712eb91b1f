"""The author's manual: each example is read, finds what is promised, and shows what is promised; each key is named."""

from __future__ import annotations

import re

import pytest

from lms.content import awards
from lms.content.checker.checking import Report, check_pack
from lms.content.checker.workload import LONGEST_LESSON, MOST_READING
from lms.content.courses import COURSE_KEYS
from lms.content.estimates import ACADEMIC_HOUR, MINUTES_A_QUESTION, WORDS_A_MINUTE
from lms.content.lessons import LESSON_KEYS
from lms.content.question_settings import COMMON_SETTINGS, FILE_SETTINGS
from lms.content.show import as_text, page_html
from lms.content.structure import CompletionRules
from lms.content.targets import MEDIA_TYPES
from lms.learning.topics import TOPICS
from lms.question_types import BUILT_IN
from tests.docs.pages import Section, read, sections, spans, table_rows, without_fences

MANUAL = read("writing-courses.md")
TYPES = {each.name: each for each in BUILT_IN}
EXAMPLES = [section for section in sections(MANUAL) if section.files]


def check(section: Section) -> Report:
    return check_pack(section.files, TYPES)


def part(title: str) -> str:
    """The text under a heading, up to the next one of any level."""
    return next(section.text for section in sections(MANUAL) if section.title == title)


def keys(head: str, title: str) -> list[str]:
    return [row[0].strip("`") for row in table_rows(part(title), head)]


@pytest.mark.parametrize("section", EXAMPLES, ids=lambda section: section.title)
def test_an_example_has_the_problems_that_are_promised_and_no_others(section):
    promised = [line for fence in section.marked("finds") for line in fence.text.splitlines()]
    found = [f"{each.file}:{each.line}: {each.severity}: {each.rule}" for each in check(section).problems]
    assert found == promised


@pytest.mark.parametrize("section", EXAMPLES, ids=lambda section: section.title)
def test_an_example_shows_what_is_promised(section):
    report = check(section)
    for fence in section.marked("shows"):
        assert "\n".join(as_text(report)) == fence.text.rstrip("\n")
    for fence in section.fences:
        if fence.value("page"):
            page = " ".join((page_html(section.files, TYPES, fence.value("page")) or "").split())
            assert " ".join(fence.text.split()) in page
    assert section.marked("shows") or section.marked("finds") or any(fence.value("page") for fence in section.fences)


def test_an_example_stands_in_most_chapters():
    assert len(EXAMPLES) >= 15


def test_the_tables_name_every_key():
    assert set(keys("| key |", "Of a course")) == set(COURSE_KEYS)
    assert set(keys("| key |", "Of a lesson")) == set(LESSON_KEYS)
    quizzes = part("Quizzes and exams").split("Settings of one question")
    assert {row[0].strip("`") for row in table_rows(quizzes[0], "| key |")} == set(FILE_SETTINGS)
    assert {row[0].strip("`") for row in table_rows(quizzes[1], "| key |")} == set(COMMON_SETTINGS)
    assert set(keys("| key |", "What completes a course")) == set(CompletionRules.__dataclass_fields__)
    assert set(keys("| key |", "Certificates")) == set(awards.KEYS)
    assert set(keys("| key |", "Micro-credentials")) == set(awards.MICRO_KEYS)
    assert set(keys("| key |", "Certificates of organisations")) == set(awards.ORGANISATION_KEYS)
    assert set(keys("| key |", "Prior learning")) == set(awards.PRIOR_KEYS)


def test_the_examples_in_the_tables_of_a_course_are_understood():
    lines = [f"{row[0].strip('`')}: {row[1].strip('`')}" for row in table_rows(part("Of a course"), "| key |")]
    kept = [line for line in lines if not line.startswith(("lessons:", "courses:", "requires:", "exam:", "languages:"))]
    index = "\n".join(["---", *kept, "---", ""])
    found = check_pack({"index.md": index.encode(), "a.md": b"# A\n\nText.\n"}, TYPES).problems
    assert [each for each in found if each.rule.startswith(("setting", "front-matter"))] == []


def test_the_files_that_may_be_served_are_all_named():
    text = part("Images, sounds, films, files")
    named = {span for row in table_rows(text, "| kind |") for span in spans(row[1])}
    assert named == set(MEDIA_TYPES)


def test_topics_and_numbers_are_the_programs_own():
    assert {span for span in spans(MANUAL) if re.fullmatch(r"life/[a-z]+", span)} == set(TOPICS)
    text = part("Estimated time")
    assert f"words / {WORDS_A_MINUTE} a minute" in text
    assert f"{MINUTES_A_QUESTION} minutes each" in text
    assert f"hours of {ACADEMIC_HOUR} minutes" in text
    assert f"{MOST_READING:.0%}".replace("%", " %") in text
    assert f"above {LONGEST_LESSON} minutes" in text


def test_it_counts_the_question_types_right():
    words = {12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen"}
    assert f"All {words[len(BUILT_IN)]} ways to ask" in without_fences(MANUAL)
