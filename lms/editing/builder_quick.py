"""Several questions written in one go, as people have them in their notes: a question, its answers, an empty line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.editing.builder_sheets import Answer, Sheet

_STAR = re.compile(r"^(?:[*✓✔]|\[[xX]\])\s*(?=\S)|(?<!\s)\s*+(?:\*|✓|✔)$")
_BULLET = re.compile(r"^(?:[-•–+]\s+|\[ \]\s*|\(?\w[.)]\s+)")
_NUMBER = re.compile(r"^\(?\d{1,3}[.)]\s+")


@dataclass(frozen=True, slots=True)
class Note:
    """A question of the notes that cannot be taken as it is; `line` counts from 1, `reason` is `answers` or `right`."""

    line: int
    words: str
    reason: str


def questions_in(text: str) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
    """The questions of some notes, and those that lack answers or a right one.

    The first line of each is the question. Each further line is an answer: a star before or after it makes it right,
    `a)` or a dash in front are taken off. Lines that begin with `=` are what may be typed as an answer. An empty line
    ends a question.
    """
    sheets: list[Sheet] = []
    notes: list[Note] = []
    for line, rows in _groups(text):
        sheet = _sheet(rows)
        if not sheet.answers:
            notes.append(Note(line, rows[0], "answers"))
        elif sheet.kind in {"single", "multiple"} and not any(answer.is_right for answer in sheet.answers):
            notes.append(Note(line, rows[0], "right"))
        else:
            sheets.append(sheet)
    return tuple(sheets), tuple(notes)


def _groups(text: str) -> list[tuple[int, list[str]]]:
    """The lines of each question with the number of its first."""
    found: list[tuple[int, list[str]]] = []
    is_open = False
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        words = line.strip()
        if words and is_open:
            found[-1][1].append(words)
        elif words:
            found.append((number, [words]))
        is_open = bool(words)
    return found


def _sheet(rows: list[str]) -> Sheet:
    stem = _NUMBER.sub("", rows[0].lstrip("# "), count=1)
    if len(rows) > 1 and all(row.startswith("=") for row in rows[1:]):
        return Sheet("text", stem=stem, answers=tuple(Answer(text=row[1:].strip()) for row in rows[1:]))
    answers = tuple(_answer(row) for row in rows[1:])
    kind = "multiple" if sum(answer.is_right for answer in answers) > 1 else "single"
    return Sheet(kind, stem=stem, answers=answers)


def _answer(row: str) -> Answer:
    bare = _BULLET.sub("", row, count=1)
    words = _STAR.sub("", bare).strip()
    text = _BULLET.sub("", words, count=1).strip() if words != bare else words
    return Answer(is_right=words != bare, text=text)
