"""Texts that somebody made to keep the site busy are understood and checked as quickly as any other."""

from __future__ import annotations

import time

import pytest

from lms.content.checker.checking import check_pack
from lms.content.checker.fixing import fix_files
from lms.content.sources import LARGEST_TEXT
from lms.editing.links import relinked
from lms.markdown import render, render_inline
from lms.markdown.tree import LONGEST
from lms.question_types import BUILT_IN

TYPES = {type_.name: type_ for type_ in BUILT_IN}
FRONT = "courses/x/index.md"
LESSON = "courses/x/01-a.md"
MANY = 30_000


def took(files: dict[str, str]) -> float:
    """Seconds that it takes to check these files."""
    whole = {FRONT: "---\ntitle: X\nlanguage: en\n---\n\nWords.\n", LESSON: "# A\n\nWords.\n", **files}
    before = time.process_time()
    check_pack({path: text.encode() for path, text in whole.items()}, TYPES, name="p")
    return time.process_time() - before


@pytest.mark.parametrize(
    "unit", [" ", "\t", ":", "> ", "[", "*a ", "**a ", "_a ", "<a ", "`", "![", "{#", "# ", "<!--"]
)
@pytest.mark.parametrize("before", ["# A\n\n", "# A", "# "])
def test_no_line_keeps_the_checker_busy(before: str, unit: str) -> None:
    assert took({LESSON: f"{before}{unit * (MANY // len(unit))}!\n"}) < 4


@pytest.mark.parametrize("label", ["[" + "`a`" * 60, "[a](" + "%20" * 60, "[](" * 10_000])
def test_no_list_of_pages_keeps_the_reader_busy(label: str) -> None:
    assert took({"courses/x/SUMMARY.md": f"# Summary\n\n- {label}\n"}) < 4


def test_no_front_page_keeps_the_reader_busy() -> None:
    assert took({FRONT: "---\ntitle: X\n---\n" + "<a " * 10_000}) < 4


@pytest.mark.parametrize("unit", ["<!--", "~", "`"])
def test_comments_and_code_that_never_end_are_looked_for_once(unit: str) -> None:
    before = time.process_time()
    assert relinked(unit * MANY + "[a](b.md)", lambda _target: None).endswith("[a](b.md)")
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    "text", ["*" * 20_000 + "a" + "*" * 20_000, "*a " * 3000 + "a*" * 3000, "_a *b " * 2000 + "b* a_ " * 2000]
)
def test_emphasis_nested_without_end_is_text(text: str) -> None:
    html = render(f"Before.\n\n{text}\n\nAfter {text}.").html
    assert "<p>Before.</p>" in html
    assert html.count("a") > 1
    assert took({LESSON: f"# A\n\n{text}\n"}) < 4


def test_thousands_of_problems_are_mended_a_part_at_a_time() -> None:
    files = {FRONT: b"---\ntitle: X\n---\n\nWords.\n", LESSON: b"# A\n\n" + b"# a\n" * 3000}
    before = time.process_time()
    changed = fix_files(files, check_pack(files, TYPES, name="p").problems)
    assert time.process_time() - before < 10  # a minute, and four for twice as many
    assert b"\n## a\n" in changed[LESSON]
    assert b"\n# a\n" in changed[LESSON]


@pytest.mark.parametrize("unit", ["\\\n", "[", "a  \n", "<a", "&a;", "`a` "])
def test_a_paragraph_without_end_is_shown_as_it_is_written(unit: str) -> None:
    text = unit * (1 + LONGEST // len(unit)) + "**end**"
    page = render(f"Before *it*.\n\nA {text}\n\nAfter *it*.")
    assert "**end**" in page.html
    assert page.html.count("<em>it</em>") == 2
    assert [(each.rule, each.line) for each in page.oddities] == [("paragraph-endless", 3)]
    assert "<strong>end</strong>" in render(f"A {text[-1000:]}").html


@pytest.mark.parametrize("before", ["- [ ] ", "> ", "# ", "a | b\n--|--\n", "[^1]\n\n[^1]: "])
def test_no_block_reads_a_text_without_end(before: str) -> None:
    page = render(f"{before}{'word ' * (LONGEST // 5)}**end**")
    assert "**end**" in page.html
    assert "paragraph-endless" in {each.rule for each in page.oddities}


def test_a_line_without_end_is_shown_as_it_is_written() -> None:
    assert render_inline("**short**") == "<strong>short</strong>"
    assert "**end**" in render_inline("word " * (LONGEST // 5) + "**end**")


@pytest.mark.parametrize("path", [LESSON, "courses/x/01-a.quiz.md", "quizzes/exam.md", FRONT])
def test_a_text_that_nobody_reads_to_its_end_is_refused(path: str) -> None:
    files = {
        FRONT: b"---\ntitle: X\n---\n\nWords.\n",
        LESSON: b"# A\n\nWords.\n",
        "courses/x/02-b.md": b"# B\n\nWords.\n",
    }
    head = b"# A\n\n"
    fits = {**files, path: head + b"0" * (LARGEST_TEXT - len(head))}
    report = check_pack({**fits, "courses/x/a.png": b"0" * (LARGEST_TEXT + 1)}, TYPES, name="p")
    assert "text-too-large" not in {problem.rule for problem in report.problems}
    report = check_pack({**files, path: fits[path] + b"0"}, TYPES, name="p")
    refused = [problem for problem in report.problems if problem.rule == "text-too-large"]
    assert [(problem.file, problem.severity) for problem in refused] == [(path, "error")]
    assert "2 MB" in refused[0].message
    assert report.courses, "the other files are read"
