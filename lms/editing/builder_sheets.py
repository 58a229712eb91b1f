"""A question as a form shows it: words, answers, hint, explanation, settings; and what the form doesn't understand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lms.content.question_blocks import Block, blocks_of, without_quote
from lms.content.question_parts import item_of, marks_of, take_apart
from lms.content.questions import merge_translation, parse_question_file
from lms.content.structure import Problem, Question, QuestionFile
from lms.editing.builder_places import Lines, Piece, lines_of, pieces_of, words_of_lines
from lms.editing.builder_settings import settings_shown
from lms.plugins import Item, QuestionType
from lms.question_types.markup import split_arrow

CHOICES = ("single", "multiple", "true-false")
WRITTEN = ("text", "number", "command")
LISTS = (*CHOICES, *WRITTEN, "matching", "ordering")
KINDS = (*LISTS, "gaps", "essay", "upload", "scale")
_CREDIT = re.compile(r"^\((\d{1,3}(?:\.\d+)?)\s?%\)\s*")


@dataclass(frozen=True, slots=True)
class Answer:
    """One option, accepted answer, pair or step. `origin` is its place in the file, None for a new one.

    `credit` is a percentage as written, empty for the usual; `match` is the right side of a pair.
    """

    origin: int | None = None
    is_right: bool = False
    text: str = ""
    match: str = ""
    credit: str = ""
    feedback: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written into it."""
        return not (self.text or self.match or self.feedback or self.credit)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A question in the parts of a form. `kind` is empty where it can be shown as text only.

    `texts` are the runs of text between heading and answers, `kept` what a form has no field for. `raw` is the whole
    question as it stands in the file.
    """

    kind: str = ""
    id: str = ""
    stem: str = ""
    texts: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    hint: str = ""
    explanation: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    raw: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """What the builder knows about a question file. `types` by name, in the order in which they are asked."""

    path: str
    text: str
    language: str
    types: Mapping[str, QuestionType]
    source: QuestionFile | None = None

    def parsed(self) -> tuple[QuestionFile, tuple[Problem, ...]]:
        """The file as publishing would understand it, and what is wrong with it."""
        parsed, problems = parse_question_file(
            self.path, self.text, id="-", language=self.language, types=self.types, source=self.source
        )
        if self.source is None:
            return parsed, problems
        return parsed, (*problems, *merge_translation(self.source, parsed)[1])


def sheets_of(file: File) -> tuple[Sheet, ...]:
    """Every question of a file, in order."""
    lines = lines_of(file.text)
    questions = {question.line: question for question in file.parsed()[0].questions}
    return tuple(
        sheet_of(file, lines, place, questions.get(start + 1)) for place, (start, _) in enumerate(lines.ranges)
    )


def sheet_of(file: File, lines: Lines, place: int, question: Question | None) -> Sheet:
    """One question. `question` is what publishing makes of it, None if it has errors."""
    own = lines.question(place)
    words = words_of_lines(own)
    parts = take_apart(file.path, words, lines.ranges[place][0] + 1)
    raw = "\n".join(words).rstrip()
    is_broken = any(problem.severity == "error" for problem in parts.problems) or len(marks_of(parts.items)) > 1
    stated = _original_type(file, parts.id) or parts.block.values.get("type")
    kind = _kind(stated, question, parts.items)
    takes_list = kind in LISTS
    pieces, answers = pieces_of(words, takes_list=takes_list)
    fence = next((words[piece.start : piece.end] for piece in pieces if piece.role == "settings"), [])
    settings = settings_shown(fence) if fence else {}
    if is_broken or parts.rival or settings is None or kind not in KINDS or _is_odd(kind, parts.items):
        return Sheet("", parts.id, parts.stem, raw=raw)
    return Sheet(
        kind=kind,
        id=parts.id,
        stem=parts.stem,
        texts=tuple(text_of(words, piece) for piece in pieces if piece.role == "text"),
        answers=answers_of(kind, answers),
        hint=_callout(words, pieces, "hint"),
        explanation=_callout(words, pieces, "explanation"),
        settings={key: value for key, value in settings.items() if key != "type"},
        kept=tuple(text_of(words, piece) for piece in pieces if piece.role == "kept"),
        raw=raw,
    )


def _original_type(file: File, name: str) -> str:
    """In a translation, the type of the question that it translates."""
    questions = file.source.questions if file.source else ()
    return next((question.type for question in questions if question.id == name), "")


def _kind(stated: object, question: Question | None, items: Sequence[Item]) -> str:
    """The kind that publishing found, or that is stated, or that the answers look like."""
    if question is not None:
        return question.type
    if isinstance(stated, str):
        return stated
    marks = marks_of(items)
    if marks == {"box"}:
        return "multiple" if sum(item.marker == "[x]" for item in items) > 1 else "single"
    return "text" if marks == {"="} else ""


def _is_odd(kind: str, items: Sequence[Item]) -> bool:
    """Whether the answers are not of the form that their kind asks for."""
    markers = {item.marker for item in items}
    if kind in CHOICES:
        return not markers <= {"[ ]", "[x]"}
    if kind in WRITTEN:
        return not markers <= {"="}
    if kind == "ordering":
        return not all(marker[:1].isdigit() for marker in markers)
    return kind == "matching" and (markers != {"-"} or any(split_arrow(item.text) is None for item in items))


def text_of(words: Sequence[str], piece: Piece) -> str:
    """The lines of a piece as one text."""
    return "\n".join(words[piece.start : piece.end])


def _callout(words: Sequence[str], pieces: Sequence[Piece], role: str) -> str:
    piece = next((piece for piece in pieces if piece.role == role), None)
    return without_quote(words[piece.start + 1 : piece.end]).strip() if piece else ""


def answers_of(kind: str, block: Block | None) -> tuple[Answer, ...]:
    """The items of a question's list as a form shows them."""
    entries = block.entries if block else ()
    return tuple(_answer(kind, place, item_of("", entry, [])) for place, entry in enumerate(entries))


def _answer(kind: str, origin: int, item: Item) -> Answer:
    if kind == "matching":
        left, right = split_arrow(item.text) or (item.text, "")
        return Answer(origin, text=left, match=right, feedback=item.feedback)
    percent = "" if item.percent is None else f"{item.percent:g}"
    credit, feedback = _CREDIT.match(item.feedback) if kind == "single" else None, item.feedback
    if credit:
        percent, feedback = credit[1], item.feedback[credit.end() :]
    elif kind == "single" and feedback.startswith("\\("):
        feedback = feedback[1:]
    return Answer(origin, item.marker == "[x]", item.text, "", percent, feedback)


def feedback_start(lines: Sequence[str]) -> int:
    """The line of an item (without marker and indent) at which its feedback begins; their number if it has none."""
    blocks = blocks_of(lines)
    return blocks[-1].start if blocks and blocks[-1].kind == "quote" else len(lines)
