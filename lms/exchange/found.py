"""What readers of other formats find: plain values that know nothing of Markdown yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from lms.content.structure import Json

Form: TypeAlias = Literal["html", "markdown", "plain", "moodle"]
# stands for a line break that its author asked for, where the breaks of the file mean nothing
BREAK = "\u2028"
FIRST_GAP, MOST_GAPS = 0xE100, 2000


class CannotRead(ValueError):
    """A file that cannot be read at all: in which line, why, and what to do."""

    def __init__(self, line: int, message: str, fix: str) -> None:
        super().__init__(message)
        self.line, self.message, self.fix = line, message, fix


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that could not be carried over."""

    where: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one of the forms that Moodle knows, with the files that it shows. `moodle` is text with some HTML."""

    text: str = ""
    form: Form = "moodle"
    files: Mapping[str, bytes] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.text.strip())


NOTHING = Words()


@dataclass(frozen=True, slots=True)
class Answer:
    """An option, an accepted answer, a pair or a step. `credit` is a share of the points, below 0 for a penalty."""

    words: Words
    credit: float = 0.0
    feedback: Words = NOTHING
    match: Words = NOTHING


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap: the answers that are accepted or, where `right` names one of them, the choices of a drop-down."""

    answers: tuple[str, ...]
    right: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A question as another system has it. `type` is the name of ours; `losses` are pairs of what and why.

    In the words of a question with gaps, `gap_mark(number)` stands for each.
    """

    name: str
    line: int
    type: str
    words: Words
    answers: tuple[Answer, ...] = ()
    gaps: tuple[Gap, ...] = ()
    explanation: Words = NOTHING
    hints: tuple[Words, ...] = ()
    points: float = 1.0
    settings: Mapping[str, Json] = field(default_factory=dict)
    given_id: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    losses: tuple[tuple[str, str], ...] = ()

    @property
    def where(self) -> str:
        """How a report names the question."""
        return place_of(self.name, self.line)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: questions in order, and what of it is none that we have."""

    questions: tuple[Found, ...]
    losses: tuple[Loss, ...] = ()


def place_of(name: str, line: int) -> str:
    """A line of the file and, where it has one, a question's name."""
    return f"line {line}: {name}" if name else f"line {line}"


def gap_mark(number: int) -> str:
    """The character that stands for a gap (from 0) until the Markdown is written."""
    return chr(FIRST_GAP + number)


def shortened(text: str, most: int = 80) -> str:
    """The text in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
