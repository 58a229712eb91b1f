"""A question written again: only the lines of what changed are other lines than before.

Every text that is written is read again and compared with what was wanted, so nothing is lost without a word.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from lms.content.naming import slug
from lms.content.structure import Problem
from lms.editing.builder_pieces import question_lines
from lms.editing.builder_places import Line, Lines, joined, lines_of, words_of_lines
from lms.editing.builder_sheets import File, Sheet, sheets_of
from lms.folding import fold

_LATIN = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 40


@dataclass(frozen=True, slots=True)
class Written:
    """A file's text with a question changed, and what keeps that question from being understood."""

    text: str
    problems: tuple[Problem, ...] = ()


class NotWritable(ValueError):
    """What was wanted cannot be said in the format as it is: it would be read as something else.

    `part` is the piece of the question that would come back changed: `text`, `answers`, `hint`, `explanation`,
    `settings`, `stem`, or `other` where another question of the file would change.
    """

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def rewrite(file: File, place: int, wanted: Sheet) -> Written:
    """The file with one question as wanted. Raises `NotWritable`; `IndexError` for a place that isn't there."""
    lines = lines_of(file.text)
    before = sheets_of(file)
    old = before[place]
    if not wanted.kind:
        if wanted.raw.strip("\n") == old.raw.strip("\n"):
            return Written(file.text)
        own = lines.question(place)
        return _checked(file, before, place, lines.with_question(place, _raw(own, wanted.raw, lines.end)), None)
    if replace(wanted, raw="") == replace(old, raw=""):
        return Written(file.text)
    attempt = NotWritable("other")
    for stated in (None, wanted.kind):
        text = lines.with_question(place, question_lines(lines, place, old, wanted, stated))
        try:
            return _checked(file, before, place, text, wanted)
        except NotWritable as error:
            attempt = error
    raise attempt


def add(file: File, wanted: Sheet) -> Written:
    """The file with one more question at its end. An id is made if it has none. Raises `NotWritable`."""
    ids = {sheet.id for sheet in sheets_of(file)}
    lines = lines_of(file.text)
    kept = list(lines.all)
    while kept and not kept[-1].words.strip():
        kept.pop()
    room = [Line("", lines.end)] if kept else []
    if not wanted.kind:
        return _added(file, kept, room, wanted.raw.strip("\n").split("\n"), None)
    named = replace(wanted, id=wanted.id if wanted.id and wanted.id not in ids else new_id(wanted, ids))
    start = replace(Sheet(named.kind), id=named.id, stem=named.stem)
    head = [Line(f"## {named.stem} {{#{named.id}}}".replace("##  ", "## "), lines.end)]
    alone = Lines("", tuple(head), ((0, 1),))
    attempt = NotWritable("other")
    for stated in (None, named.kind):
        own = question_lines(alone, 0, start, named, stated)
        try:
            return _added(file, kept, room, words_of_lines(own), named)
        except NotWritable as error:
            attempt = error
    raise attempt


def _added(file: File, kept: list[Line], room: list[Line], words: Sequence[str], wanted: Sheet | None) -> Written:
    lines = lines_of(file.text)
    before = sheets_of(file)
    text = lines.mark + joined([*kept, *room, *(Line(each, lines.end) for each in words)], lines.end)
    return _checked(file, before, len(before), text, wanted)


def new_id(sheet: Sheet, taken: Collection[str]) -> str:
    """An id from the words of a question, in the letters that ids may have, that no other question has."""
    words = _LATIN.sub("-", fold(slug(sheet.stem or " ".join(sheet.texts)))).strip("-")
    name = words[: _LONGEST_ID + 1].rpartition("-")[0] if len(words) > _LONGEST_ID else words
    if len(name) < 3:
        text = "\n".join([sheet.stem, *sheet.texts, *(answer.text for answer in sheet.answers)])
        name = "q-" + hashlib.sha256(text.encode()).hexdigest()[:8]
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found


def remove(file: File, place: int) -> str:
    """The file without one question."""
    return lines_of(file.text).with_question(place, ())


def move(file: File, place: int, by: int) -> str:
    """The file with a question one further up (-1) or down (1); unchanged at the ends."""
    lines = lines_of(file.text)
    first = min(place, place + by)
    if first < 0 or first + 1 >= len(lines.ranges):
        return file.text
    start, end = lines.ranges[first][0], lines.ranges[first + 1][1]
    upper, lower = _trimmed(lines.question(first)), _trimmed(lines.question(first + 1))
    gap = lines.question(first)[len(upper) :] or (Line("", lines.end),)
    tail = lines.question(first + 1)[len(lower) :]
    own = [replace(line, end=line.end or lines.end) for line in (*lower, *gap, *upper)]
    return lines.mark + joined([*lines.all[:start], *own, *tail, *lines.all[end:]], lines.end)


def _trimmed(lines: Sequence[Line]) -> Sequence[Line]:
    count = len(lines)
    while count and not lines[count - 1].words.strip():
        count -= 1
    return lines[:count]


def _raw(own: Sequence[Line], raw: str, end: str) -> list[Line]:
    """A question written by hand; the blank lines after it stay."""
    tail = own[len(_trimmed(own)) :]
    return [*(Line(words, end) for words in raw.strip("\n").split("\n")), *tail]


def _checked(file: File, before: Sequence[Sheet], place: int, text: str, wanted: Sheet | None) -> Written:
    """What was written, if it reads as wanted and every other question as before. Raises `NotWritable`."""
    after = replace(file, text=text)
    sheets = sheets_of(after)
    others = [sheet for number, sheet in enumerate(before) if number != place]
    if len(sheets) != max(len(before), place + 1) or others != [*sheets[:place], *sheets[place + 1 :]]:
        raise NotWritable("other")
    if wanted is not None:
        for part, has, should in _compared(sheets[place], wanted):
            if has != should:
                raise NotWritable(part)
    start, end = lines_of(text).ranges[place]
    problems = (problem for problem in after.parsed()[1] if start < problem.line <= end)
    return Written(text, tuple(problem for problem in problems if problem.severity == "error"))


def _compared(has: Sheet, should: Sheet) -> list[tuple[str, object, object]]:
    return [
        ("kind", has.kind, should.kind),
        ("stem", has.stem, should.stem),
        ("text", _as_one(has.texts), _as_one(should.texts)),
        ("answers", _plain(has), _plain(should)),
        ("hint", has.hint, should.hint),
        ("explanation", has.explanation, should.explanation),
        ("settings", _filled(has.settings), _filled(should.settings)),
    ]


def _as_one(texts: Sequence[str]) -> str:
    return "\n\n".join(text.strip("\n") for text in texts if text.strip()).rstrip()


def _plain(sheet: Sheet) -> list[object]:
    return [replace(answer, origin=None) for answer in sheet.answers]


def _filled(settings: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in settings.items() if value}
