"""Rules about where a lesson has its facts from, and whether they still hold."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from lms.content.checker.rule import Check, Found, PageText, Rule
from lms.content.structure import Lesson

OLDEST = 365  # days
_FEWEST_FIGURES = 2
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_LAW = re.compile(
    r"§\s?\d|\((?:EU|EC|ES|UE|EK|ЕС)\)\s*(?:No\.?|Nr\.?|nr\.?|№)?\s*\d{2,4}/\d+|\b(?:GDPR|VDAR|RGPD|DSGVO)\b"
    r"|\b(?:Regulation|Directive|Article|Section|Act|Legea|Regulamentul|Articolul|articolul|Закон|закон|Стаття|статья"
    r"|Artikel|Gesetz)\s+(?:No\.?|nr\.?|№)?\s*\d"
    r"|\b(?:art|ст)\.\s?\d|(?<!\d)\d{1,4}\.\s?pant\w*|\b[Ll]ikum\w* [„“\"«]"
    r"|\b(?:by law|the law (?:says|requires|demands|forbids|allows|gives)|against the law)\b"
)
_FIGURE = re.compile(
    r"\d\s?(?:%|per ?cent|procent\w*|процент\w*)\s+(?:of|de|din|no|от|von|des?|людей|cilvēku|жителей)\b"
    r"|\d[\d.,\s]{0,20}(?:million|billion|milj\w*|miljon\w*|milioane|млн|миллион\w*|Millionen)\b"
)


def _lessons(check: Check) -> Iterator[Lesson]:
    for each in check.courses:
        yield from each.course.lessons


def _missing(check: Check) -> Iterator[Found]:
    texts = {page.file: page for page in check.texts}
    linked = {link.file for link in check.links if link.target.kind == "external"}
    for lesson in _lessons(check):
        page = texts.get(lesson.path)
        if page and not lesson.sources and lesson.path not in linked and "[^" not in lesson.source.text:
            yield from _unproved(page)


def _unproved(page: PageText) -> Iterator[Found]:
    law = next((sentence for sentence in page.sentences if _LAW.search(sentence.text)), None)
    figures = [sentence for sentence in page.sentences if _FIGURE.search(sentence.text)]
    if law:
        yield Found(page.file, law.line, "The lesson speaks of the law here and names no source.")
    elif len(figures) >= _FEWEST_FIGURES:
        yield Found(page.file, figures[0].line, f"The lesson gives {len(figures)} figures and names no source.")


def _undated(check: Check) -> Iterator[Found]:
    for lesson in _lessons(check):
        if lesson.sources and not lesson.valid_as_of:
            line = check.targets.sources.page(lesson.path).line("sources")
            yield Found(lesson.path, line, "The lesson names sources, but no day on which they were looked up.")


def _unclear(check: Check) -> Iterator[Found]:
    for lesson in _lessons(check):
        day = last_day(lesson.valid_as_of)
        if lesson.valid_as_of and day is None:
            yield _dated(check, lesson, f"“{lesson.valid_as_of[:30]}” is no day.")
        elif day and check.today and _first_day(lesson.valid_as_of) > check.today:
            yield _dated(check, lesson, f"{lesson.valid_as_of} is still to come.")


def _overdue(check: Check) -> Iterator[Found]:
    for lesson in _lessons(check):
        day = last_day(lesson.valid_as_of)
        days = (check.today - day).days if day and check.today else 0
        if days > OLDEST:
            yield _dated(check, lesson, f"The facts were last looked at on {lesson.valid_as_of}, {days} days ago.")


def _dated(check: Check, lesson: Lesson, message: str) -> Found:
    return Found(lesson.path, check.targets.sources.page(lesson.path).line("valid_as_of"), message)


def last_day(written: str) -> date | None:
    """The last day of what `valid_as_of` says: `2026-11-21`, `2026-11` or `2026`; None if it is no day."""
    match = _DAY.fullmatch(written.strip())
    if match is None:
        return None
    try:
        year, month = int(match[1]), int(match[2] or 12)
        return date(year, month, int(match[3]) if match[3] else monthrange(year, month)[1])
    except ValueError:
        return None


def _first_day(written: str) -> date:
    year, month, day = _DAY.fullmatch(written.strip()).groups()  # type: ignore[union-attr]  # last_day has read it
    return date(int(year), int(month or 1), int(day or 1))


def _pack(head: str, text: str = "Everybody may ask. Section 12 says so.") -> dict[str, str]:
    return {"a.md": f"---\ntitle: A\n{head}---\n\n{text}\n"}


_SOURCES = "sources:\n  - Law on Information, section 12\n"
_TODAY = date(2026, 11, 22)

RULES = (
    Rule(
        "sources-missing",
        "notice",
        "Helpers repeat what a lesson says about the law and about numbers, and are believed. Whoever doubts or "
        "updates it must find where it came from. A footnote or a link to another site counts as a source, too.",
        "Write `sources:` with a list into the front matter, and `valid_as_of:` with the day on which you looked.",
        _pack(""),
        _pack(_SOURCES + "valid_as_of: 2026-11-21\n"),
        "a.md",
        5,
        _missing,
    ),
    Rule(
        "valid-as-of-missing",
        "notice",
        "Laws, fees and screens change. Without a day nobody can tell whether the lesson is of last week or of ten "
        "years ago, and nothing reminds you to look again.",
        "Write `valid_as_of: 2026-11-21` with the day on which you looked at the sources.",
        _pack(_SOURCES),
        _pack(_SOURCES + "valid_as_of: 2026-11-21\n"),
        "a.md",
        3,
        _undated,
    ),
    Rule(
        "valid-as-of-unclear",
        "warning",
        "This day is shown under the lesson, and compared with today to say when to look again.",
        "Write a past day as year, month and day: `valid_as_of: 2026-11-21`. The year, or year and month, will do.",
        _pack("valid_as_of: last spring\n"),
        _pack("valid_as_of: 2026-04\n"),
        "a.md",
        3,
        _unclear,
        today=_TODAY,
    ),
    Rule(
        "valid-as-of-old",
        "warning",
        f"The facts of this lesson were last looked at more than {OLDEST} days ago. A helper who follows an old rule "
        "sends people to the wrong door.",
        "Look at the sources again, mend what has changed, and write today's day.",
        _pack("valid_as_of: 2024-03-01\n"),
        _pack("valid_as_of: 2026-11-21\n"),
        "a.md",
        3,
        _overdue,
        today=_TODAY,
    ),
)  # fmt: skip
