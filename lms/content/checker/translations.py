"""Rules about translations of pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from lms.content.checker.mending import on_line
from lms.content.checker.rule import Check, CheckedCourse, Found, Rule
from lms.content.frontmatter import Page, plain_text, split_page
from lms.content.rendering import RenderedPage
from lms.content.structure import CourseText, Problem

NOW = "now"
_STAMP = re.compile(r"sha-[0-9a-f]{12}")
_SAID = re.compile(r"(translated_from:[ \t]*)[\"']?now[\"']?")
_SHORTEST = 6  # words; shorter ones may be a name or a saying


def _missing(check: Check) -> Iterator[Found]:
    for each in check.courses:
        for language in each.course.languages:
            if language not in each.course.texts and each.course.index:
                yield Found(each.index, 0, f"The front page is not translated into {language}.")
            for lesson in each.course.lessons:
                if language not in lesson.translations and language != lesson.source.language:
                    yield Found(lesson.path, 0, f"This lesson is not translated into {language}.")
            for file in (each.rendered.files[name].file for name in each.rendered.files):
                if language not in file.translations and language != file.language and file.questions:
                    yield Found(file.path, 0, f"These questions are not translated into {language}.")


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


def _words_missing(check: Check) -> Iterator[Found]:
    for each in check.courses:
        source = each.course.texts[each.course.language]
        for language, text in each.course.texts.items():
            if text is not source:
                path = each.course.index[language]
                line = check.targets.sources.page(path).lines.get(("outcomes",), 0)
                for what in _untranslated(each, source, text):
                    yield Found(path, line, f"{what} has no translation here.")


def _untranslated(each: CheckedCourse, source: CourseText, text: CourseText) -> Iterator[str]:
    yield from (f"The outcome `{name}`" for name in source.outcomes if name not in text.outcomes)
    yield from (f"The action `{name}`" for name in source.actions if name not in text.actions)
    if each.course.certificate and not text.certificate_title:
        yield "The title of the certificate"
    if source.organisation_title and not text.organisation_title:
        yield "The title of the organisations' certificate"
    yield from (f"The mandate `{name}`" for name in source.mandate if name not in text.mandate)


def _untouched(check: Check) -> Iterator[Found]:
    texts = {page.file: page for page in check.texts}
    for each in check.courses:
        for lesson in each.course.lessons:
            source = texts.get(lesson.path)
            known = {sentence.text for sentence in source.sentences} if source else set()
            for translation in lesson.translations.values():
                page = texts.get(translation.path)
                same = [
                    sentence
                    for sentence in (page.sentences if page else ())
                    if sentence.text in known and len(sentence.words) >= _SHORTEST
                ]
                if same:
                    count = f"{len(same)} sentences are" if len(same) > 1 else "1 sentence is"
                    message = f"{count} still in the words of {lesson.path}, the first of them here."
                    yield Found(translation.path, same[0].line, message)


def stamp(page: Page) -> str:
    """What `translated_from` says of a source as it is now: a digest of its title, summary, outcomes and text."""
    words = [str(page.values.get(key) or "").strip() for key in ("title", "summary", "outcomes")]
    lines = [line.rstrip() for line in page.text.strip().split("\n")]
    return "sha-" + hashlib.sha256("\n".join([*words, *lines]).encode("utf-8", "replace")).hexdigest()[:12]


def _pairs(check: Check) -> Iterator[tuple[str, str]]:
    """Path of each translation and of its source."""
    for each in check.courses:
        main = each.course.index.get(each.course.language, "")
        yield from ((path, main) for path in each.course.index.values() if path != main)
        for lesson in each.course.lessons:
            yield from ((text.path, lesson.path) for text in lesson.translations.values())
    for file in check.question_files():
        yield from ((other.path, file.path) for other in file.translations.values())


def _stamped(check: Check) -> Iterator[tuple[str, int, str, str]]:
    """Path, line, what `translated_from` says, and what it would say now."""
    for path, source in _pairs(check):
        page = check.targets.sources.page(path)
        said = page.values.get("translated_from")
        if said is not None:
            yield path, page.line("translated_from"), str(said).strip(), stamp(check.targets.sources.page(source))


def _stale(check: Check) -> Iterator[Found]:
    for path, line, said, current in _stamped(check):
        if said not in (current, NOW):
            what = (
                "The source has changed since" if _STAMP.fullmatch(said) else f"“{said[:30]}” is no state of a source"
            )
            fix = f"Compare both texts, bring this one up to date, then write `translated_from: {current}`."
            yield Found(path, line, f"{what}.", fix)


def _unstamped(check: Check) -> Iterator[Found]:
    for path, line, said, current in _stamped(check):
        if said == NOW:
            yield Found(path, line, "`now` does not last.", f"Write `translated_from: {current}`.")


@on_line
def stamped(line: str, problem: Problem) -> str:
    """`translated_from: now` with the state that the fix names."""
    state = _STAMP.search(problem.fix)
    return _SAID.sub(rf"\g<1>{state[0]}", line, count=1) if state else line


def _stamp_of(text: str) -> str:
    return stamp(split_page(plain_text(text.encode())))


_INDEX = "---\nlanguages: [lv]\n---\n# Doors\n"
_LATVIAN = {"index.md": _INDEX, "index.lv.md": "# Durvis\n", "a.md": "# A\n\n## One\n\nText.\n"}
_LETTISH = "# A\n\n## Viens\n\nTeksts.\n"
_OLD = "# A\n\n## One\n\nOld text.\n"
_FORGOTTEN = "\nFirst ask who has sent the letter.\n"

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
        "translation-stale",
        "warning",
        "The source was changed after it was translated, so people who read the translation learn something else. "
        "`translated_from:` in a translation keeps the state of the source; a changed source has another.",
        "Compare both texts, then write `translated_from: now` and run `lms check --fix`.",
        {**_LATVIAN, "a.lv.md": f"---\ntranslated_from: {_stamp_of(_OLD)}\n---\n{_LETTISH}"},
        {**_LATVIAN, "a.lv.md": f"---\ntranslated_from: {_stamp_of(_LATVIAN['a.md'])}\n---\n{_LETTISH}"},
        "a.lv.md",
        2,
        _stale,
    ),
    Rule(
        "translation-now",
        "notice",
        "`translated_from: now` says that you have just compared the translation with its source. To notice when the "
        "source changes later, the present state has to be written down.",
        "Run `lms check --fix`, or press Fix it: the word becomes the state of the source.",
        {**_LATVIAN, "a.lv.md": f"---\ntranslated_from: now\n---\n{_LETTISH}"},
        {**_LATVIAN, "a.lv.md": f"---\ntranslated_from: {_stamp_of(_LATVIAN['a.md'])}\n---\n{_LETTISH}"},
        "a.lv.md",
        2,
        _unstamped,
        mend=stamped,
    ),
    Rule(
        "translation-untouched",
        "notice",
        "A sentence of six words or more that is the same in both languages was probably forgotten.",
        "Translate it.",
        {**_LATVIAN, "a.md": f"{_LATVIAN['a.md']}{_FORGOTTEN}", "a.lv.md": f"{_LETTISH}{_FORGOTTEN}"},
        {
            **_LATVIAN,
            "a.md": f"{_LATVIAN['a.md']}{_FORGOTTEN}",
            "a.lv.md": f"{_LETTISH}\nVispirms jautājiet par vēstuli.\n",
        },
        "a.lv.md",
        7,
        _untouched,
    ),
    Rule(
        "translation-words-missing",
        "warning",
        "Outcomes, outside actions and the certificate's title are printed in the trainee's language. What is not "
        "translated stands there in another.",
        "Repeat it in the translated front page: the same id, other words.",
        {
            "index.md": "---\noutcomes:\n  open: Open doors\n---\n# Doors\n",
            "index.lv.md": "# Durvis\n",
            "a.md": "# A\n\nText.\n",
        },
        {
            "index.md": "---\noutcomes:\n  open: Open doors\n---\n# Doors\n",
            "index.lv.md": "---\noutcomes:\n  open: Atvērt durvis\n---\n# Durvis\n",
            "a.md": "# A\n\nText.\n",
        },
        "index.lv.md",
        0,
        _words_missing,
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
