"""Our structure is GitHub's: on lessons as nasty as real ones, and on lines thrown together."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.markdown import render
from lms.markdown.inline_reading import MARKS
from lms.markdown.rendering import machine
from tests.markdown.shape import github, ours

LESSONS = sorted((Path(__file__).parent / "lessons").glob("*/*.md"))
LINES = [
    "- a", "* b", "+ c", "1. one", "2) two", "3. x", "10. ten", "> q", "> - ql", ">> qq", "# H", "## H2 ##",
    "text", "more *em*", "```", "~~~", "```py", "    code", "\tcode", "  two", "   three", "", "", "", "---",
    "***", "===", "<div>", "</div>", "<br>", "- [ ] task", "-", "1.", "  - n", "   - n3", "    - n4",
    "     - n5", "  ```", "      deep", "> ```", "\t- tab", "-\ttab", "\\", "<b>x</b>", "**bo**", "#",
    "-   wide", "-     code5", "1.  wide", "    > in", "  1. n", "| a | b |", "|---|:-:|", "| 1 | 2 |",
    "a | b", "- | -", "| only |",
]  # fmt: skip


def test_there_are_enough_lessons():
    assert len(LESSONS) >= 50


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_lesson_has_githubs_shape(path: Path):
    text = path.read_text(encoding="utf-8")
    assert ours(text) == github(text)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_line_ends_and_byte_order_mark_change_nothing(path: Path):
    text = path.read_text(encoding="utf-8")
    assert render("\ufeff" + text.replace("\n", "\r\n")) == render(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=9))
def test_any_lines_have_githubs_shape(lines: list[str]):
    text = "\n".join(lines) + "\n"
    assert ours(text) == github(text)


@pytest.mark.parametrize(
    "marks",
    [
        "*args and **kwargs",
        "2 * 3 * 4",
        "**bold**text, *em*text",
        "snake_case, _em_, __init__",
        "***both*** and **bold *em***",
        "*a **b* c**",
        "a* b*, a _ b_",
        '(*in*) "*quotes*" *“these”*',
        "`*code*` and \\*no\\* and \\`no\\`",
        "``a ` b`` ` c",
        "[link *em*](x) ![alt](y) [no](link",
        "[a [b] c](d) (x)[y]",
        "AT&T &amp; &copy; &nope;",
        "a < b > c <b>d</b> <!-- e --> f",
        "~~gone~~ ~~ kept ~~",
        "trailing \\# #",
        "[a](b c) ![d](e f.png) [g](<h i>) [j](k (l)) [m]( n ) [o](p(q)r)",
        '[a](b "c "d" e") [f](g\'h i\') [j]("k")',
        "[a\\](b) c](d) [e](f\\)g) [`]`](h)",
    ],
)
def test_inline_marks_leave_githubs_text(marks: str):
    assert ours(f"# {marks}") == github(f"# {marks}")


def test_a_label_that_is_nobodys_hides_the_short_reference_before_it():
    text = "[door][gate] [door] [door][] [the *door*][door]\n\n[door]: a.md\n"
    assert ours(text) == github(text)
    assert [link.text for link in render(text).links] == ["door", "door", "the door"]


@pytest.mark.parametrize("piece", ["[", "[a ", "![ ", "[[a](b) ", "[a](b ", "[a]({{", "[a](("])
def test_many_open_brackets_are_read_in_time_that_grows_evenly(piece: str):
    def effort(count: int) -> int:
        lines = 0

        def count_lines(*_: object) -> object:
            nonlocal lines
            lines += 1
            return count_lines

        before = sys.gettrace()
        sys.settrace(count_lines)
        try:
            render(piece * count)
        finally:
            sys.settrace(before)
        return lines

    effort(1)
    assert effort(320) < 5 * effort(80)


def test_deep_nesting_ends_in_text_not_in_an_error():
    for text in ("> " * 500 + "x", "- " * 500 + "x", "*a " * 500, "[" * 300, "<div>" * 500):
        assert render(text).html


def test_every_inline_pattern_says_which_marks_it_needs():
    assert len(machine().md.inlinePatterns) == len(MARKS)
    assert all(name in machine().md.inlinePatterns for name in MARKS)
