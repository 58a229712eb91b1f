"""Rules about the headings of a page, which are its outline for everybody who does not see it whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.content.checker.mending import split_lines
from lms.content.checker.rule import Check, Found, Rule
from lms.content.frontmatter import plain_text, split_page
from lms.content.headings import Heading, top_headings
from lms.content.structure import LessonText, Problem

_ATX = re.compile(r"( {0,3})#{1,6}(?=[ \t\r\n]|\Z)")
_DEEPEST = 6
_LEVEL = re.compile(r"level (\d)")


def _texts(check: Check) -> Iterator[LessonText]:
    for each in check.courses:
        for lesson in each.course.lessons:
            yield from (lesson.source, *lesson.translations.values())


def _skipped(check: Check) -> Iterator[Found]:
    for text in _texts(check):
        before = 1  # the lesson's title
        for heading in top_headings(text.text):
            if heading.level > before + 1:
                message = f"This heading is on level {heading.level}, the one before it on level {before}."
                fix = f"Write it on level {before + 1}: `{'#' * (before + 1)} {_words(heading)}`."
                yield Found(text.path, heading.line + text.first_line - 1, message, fix)
            before = heading.level


def _twice(check: Check) -> Iterator[Found]:
    for text in _texts(check):
        titles = [heading for heading in top_headings(text.text) if heading.level == 1 and heading.text.strip()]
        for heading in titles[1:]:
            first = titles[0].line + text.first_line - 1
            message = f"This page has a title already, in line {first}."
            fix = f"Write it on level 2, `## {_words(heading)}`, and what is below it one deeper."
            yield Found(text.path, heading.line + text.first_line - 1, message, fix)


def _words(heading: Heading) -> str:
    return " ".join(heading.text.split())[:60]


def deeper_or_higher(text: str, problem: Problem) -> str:
    """The heading on the level that the fix names, and with it all that stand below it. Underlined ones stay."""
    page = split_page(plain_text(text.encode("utf-8", "surrogateescape")))
    headings = [(heading.line + page.first_line - 1, heading.level) for heading in top_headings(page.text)]
    level = next((level for line, level in headings if line == problem.line), 0)
    wanted = _LEVEL.search(problem.fix)
    if not level or not wanted:
        return text
    lines = split_lines(text)
    for line, own in headings:
        if line > problem.line and own < max(level, 2):  # of a second title, all up to the third
            break
        if line >= problem.line and line <= len(lines):
            marks = "#" * min(own + int(wanted[1]) - level, _DEEPEST)
            lines[line - 1] = _ATX.sub(rf"\g<1>{marks}", lines[line - 1], count=1)
    return "".join(lines)


RULES = (
    Rule(
        "heading-skipped",
        "notice",
        "Screen readers jump from heading to heading and say the level of each. Where a level is left out, their users "
        "look for a heading that they seem to have missed; the table of contents has a hole, too.",
        "Write the heading one level below the one before it.",
        {"a.md": "# A\n\nText.\n\n### Part\n\nText.\n\n#### Piece\n\nText.\n"},
        {"a.md": "# A\n\nText.\n\n## Part\n\nText.\n\n### Piece\n\nText.\n"},
        "a.md",
        5,
        _skipped,
        based_on="WCAG 2.2, 1.3.1 and 2.4.6; technique G141.",
        mend=deeper_or_higher,
    ),
    Rule(
        "heading-one-twice",
        "notice",
        "The heading of level 1 is the lesson's title. With two of them nobody can tell what the lesson is called.",
        "Keep one `# ` heading, the title; write the others with `## `.",
        {"a.md": "# A\n\nText.\n\n# Part\n\nText.\n\n## Piece\n\nText.\n"},
        {"a.md": "# A\n\nText.\n\n## Part\n\nText.\n\n### Piece\n\nText.\n"},
        "a.md",
        5,
        _twice,
        based_on="WCAG 2.2, technique H42.",
        mend=deeper_or_higher,
    ),
)  # fmt: skip
