"""Where questions stand in a file: its lines as they are, their ends too, and the pieces of one question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from lms.content.frontmatter import split_page
from lms.content.question_blocks import Block, blocks_of, heading_lines
from lms.content.question_parts import trailing_notes

Role: TypeAlias = Literal["heading", "settings", "text", "answers", "hint", "explanation", "kept"]
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its words, and the end it has in the file (empty for a last line without one)."""

    words: str
    end: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a question that belong together; `start` is the first one's place in the question."""

    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lines:
    """A question file line by line. Joined again, it is the same text."""

    mark: str
    all: tuple[Line, ...]
    ranges: tuple[tuple[int, int], ...]

    @property
    def end(self) -> str:
        """The end that new lines get: the one of the first line."""
        return next((line.end for line in self.all if line.end), "\n")

    def question(self, place: int) -> tuple[Line, ...]:
        """The lines of a question, heading first. Raises `IndexError`."""
        start, end = self.ranges[place]
        return self.all[start:end]

    def with_question(self, place: int, lines: Iterable[Line]) -> str:
        """The text of the whole file with other lines for one question."""
        start, end = self.ranges[place]
        return self.mark + joined([*self.all[:start], *lines, *self.all[end:]], self.end)


def lines_of(text: str) -> Lines:
    """Take a file apart. A byte order mark stays in front."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    found = [Line(match[1], match[2]) for match in _LINE.finditer(text, len(mark))]
    while found and not found[-1].words and not found[-1].end:
        found.pop()
    words = [line.words for line in found]
    page = split_page("\n".join(words))
    skipped = page.first_line - 1
    heads = [skipped + head for head in heading_lines(words[skipped:])]
    return Lines(mark, tuple(found), tuple(pairwise([*heads, len(found)])) if heads else ())


def joined(lines: Sequence[Line], end: str) -> str:
    """Lines as text; only the last one may lack its end."""
    last = len(lines) - 1
    return "".join(line.words + (line.end if line.end or place == last else end) for place, line in enumerate(lines))


def words_of_lines(lines: Iterable[Line]) -> list[str]:
    """The lines without their ends."""
    return [line.words for line in lines]


def pieces_of(words: Sequence[str], *, takes_list: bool) -> tuple[list[Piece], Block | None]:
    """The pieces of a question whose heading is the first line, in order, and its list of answers if it has one.

    What stands after the answers and is neither hint nor explanation, second hints, and second blocks of settings are
    `kept`.
    """
    blocks = blocks_of(words[1:], 2)
    notes = trailing_notes(blocks)
    settings = [block for block in blocks if block.kind == "fence" and block.info.split()[:1] == ["quiz"]]
    hints = [block for block in blocks if block.kind == "quote" and block.info == "TIP"]
    rest = [block for block in blocks if block not in [*settings, *hints, *notes]]
    lists = [block for block in rest if block.kind == "list"] if takes_list else []
    answers = lists[-1] if lists else None
    first = {id(settings[0]): "settings"} if settings else {}
    first |= {id(hints[0]): "hint"} if hints else {}
    first |= {id(notes[0]): "explanation"} if notes else {}
    pieces = [Piece("heading", 0, 1)]
    for block in blocks:
        role = first.get(id(block)) or _role_of(block, answers, rest)
        last = pieces[-1]
        if role == "text" and last.role == "text":
            pieces[-1] = Piece("text", last.start, block.end + 1)
        else:
            pieces.append(Piece(role, block.start + 1, block.end + 1))  # type: ignore[arg-type]
    return pieces, answers


def _role_of(block: Block, answers: Block | None, rest: Sequence[Block]) -> Role:
    if block is answers:
        return "answers"
    is_before = answers is None or block.start < answers.start
    return "text" if is_before and any(block is each for each in rest) else "kept"
