"""Rules about translations of pages."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.checker.rule import Check, Found, Rule
from lms.content.rendering import RenderedPage


def _missing(check: Check) -> Iterator[Found]:
    for each in check.courses:
        for language in each.course.languages:
            if language not in each.course.texts and each.course.index:
                yield Found(each.index, 0, f"The front page is not translated into {language}.")
            for lesson in each.course.lessons:
                if language not in lesson.translations and language != lesson.source.language:
                    yield Found(lesson.path, 0, f"This lesson is not translated into {language}.")


def _different(check: Check) -> Iterator[Found]:
    for each in check.courses:
        for lesson in each.course.lessons:
            pages = each.rendered.lessons[lesson.id]
            source = pages[lesson.source.language]
            for language in lesson.translations:
                for what, here, there in _differences(pages[language], source):
                    message = f"{here} {what} here, {there} in {source.path}."
                    yield Found(pages[language].path, 0, message)


def _differences(page: RenderedPage, source: RenderedPage) -> Iterator[tuple[str, int, int]]:
    ours, theirs = page.rendered, source.rendered
    for what, here, there in (
        ("headings", len(ours.headings), len(theirs.headings)),
        ("code blocks", ours.code_blocks, theirs.code_blocks),
        ("tables", ours.tables, theirs.tables),
        ("images", len(ours.images), len(theirs.images)),
    ):
        if here != there:
            yield what, here, there


_INDEX = "---\nlanguages: [lv]\n---\n# Doors\n"
_LATVIAN = {"index.md": _INDEX, "index.lv.md": "# Durvis\n", "a.md": "# A\n\n## One\n\nText.\n"}

RULES = (
    Rule(
        "translation-missing",
        "warning",
        "The course says that it exists in this language. Where a page or a question is missing, trainees get the "
        "source language.",
        "Add the file with the language tag before `.md`, or take the language out of `languages:`.",
        _LATVIAN,
        {**_LATVIAN, "a.lv.md": "# A\n\n## Viens\n\nTeksts.\n"},
        "a.md",
        0,
        _missing,
    ),
    Rule(
        "translation-different",
        "notice",
        "A translation with other headings, code blocks, tables or images has probably lost or gained a passage.",
        "Compare both files and bring the translation up to date.",
        {**_LATVIAN, "a.lv.md": "# A\n\nTeksts.\n"},
        {**_LATVIAN, "a.lv.md": "# A\n\n## Viens\n\nTeksts.\n"},
        "a.lv.md",
        0,
        _different,
    ),
    Rule(
        "translation-outcome",
        "warning",
        "A translated outcome belongs to the source's outcome with the same id. This id is not there.",
        "Use the ids of the source language.",
        {
            "index.md": "---\noutcomes:\n  open: Open doors\n---\n# Doors\n",
            "index.lv.md": "---\noutcomes:\n  durvis: Atvērt durvis\n---\n# Durvis\n",
            "a.md": "# A\n\nText.\n",
        },
        {
            "index.md": "---\noutcomes:\n  open: Open doors\n---\n# Doors\n",
            "index.lv.md": "---\noutcomes:\n  open: Atvērt durvis\n---\n# Durvis\n",
            "a.md": "# A\n\nText.\n",
        },
        "index.lv.md",
        3,
    ),
)
