"""One question taken apart: heading, settings, text, answer list, hint, explanation. No type is asked yet."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lms.content.question_blocks import Block, Entry, blocks_of, heading_text, without_quote
from lms.content.question_settings import QuizBlock, quiz_block
from lms.content.structure import Json, Problem
from lms.plugins import Item, QuestionSource

ID = re.compile(r"[a-z0-9-]+")
_BRACES = re.compile(r"\{#([^{}]*)\}$")
_BOX = re.compile(r"^\[([ xX×хХ✓✔])\](?:[ \t]+(.*)|$)")
_ANSWER = re.compile(r"^=(?:(\d{1,3}(?:\.\d+)?)%)?(?:[ \t]+(.*)|$)")
_TOLERATED = frozenset("X×хХ✓✔")


@dataclass(frozen=True, slots=True)
class Parts:
    """A question in parts. `text` is the body with its last list, `text_before` without it and what follows.

    `stray` is the line of the first block after the list that may not stand there, 0 if there is none; `rival` the
    line of an earlier list that looks like answers as well.
    """

    file: str
    line: int
    stem: str
    written_id: str
    block: QuizBlock
    items: tuple[Item, ...]
    text: tuple[str, int]
    text_before: tuple[str, int]
    hint: str
    explanation: str
    stray: int
    rival: int
    problems: list[Problem] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id in the heading, else one made of the words: a corrected mark or feedback doesn't change it."""
        if self.written_id:
            return self.written_id
        words = [self.stem, self.text_before[0], *(item.text for item in self.items)]
        normal = "\n".join(" ".join(unicodedata.normalize("NFC", each).split()) for each in words)
        return "q-" + hashlib.sha256(normal.encode()).hexdigest()[:10]

    def source(self, language: str, settings: dict[str, Json], *, takes_list: bool) -> QuestionSource:
        """What a type gets to see. With `takes_list` the last list is its items, else it stays in the body."""
        body, line = self.text_before if takes_list and self.items else self.text
        return QuestionSource(
            file=self.file,
            id=self.id,
            line=self.line,
            stem=self.stem,
            body=body,
            items=self.items if takes_list else (),
            hint=self.hint,
            explanation=self.explanation,
            settings=settings,
            language=language,
            body_line=line,
        )


def marks_of(items: Sequence[Item]) -> set[str]:
    """The kinds of marker among items: `box`, `=` and `plain`."""
    return {"box" if item.marker[0] == "[" else "=" if item.marker == "=" else "plain" for item in items}


def take_apart(file: str, lines: Sequence[str], line: int) -> Parts:
    """Take apart a question whose heading is the first of `lines` and stands in `line` of the file."""
    problems: list[Problem] = []
    stem, written_id = _heading(file, lines[0], line, problems)
    content = lines[1:]
    blocks = blocks_of(content, line + 1)
    quiz = [block for block in blocks if block.kind == "fence" and block.info.split()[:1] == ["quiz"]]
    settings = _settings(file, content, quiz, line, problems)
    hints = [block for block in blocks if block.info == "TIP" and block.kind == "quote"]
    notes = trailing_notes(blocks)
    special = [*quiz, *hints, *notes, *(block for block in blocks if block.kind == "comment")]
    rest = [block for block in blocks if block not in special]
    answers = next((block for block in reversed(rest) if block.kind == "list"), None)
    items = tuple(item_of(file, entry, problems) for entry in answers.entries) if answers else ()
    after = [block for block in rest if answers and block.start > answers.start]
    return Parts(
        file=file,
        line=line,
        stem=stem,
        written_id=written_id,
        block=settings,
        items=items,
        text=_text(content, special, line + 1),
        text_before=_text(content, [*special, *after, *([answers] if answers else [])], line + 1),
        hint=_quoted(content, hints),
        explanation=_quoted(content, notes),
        stray=line + 1 + after[0].start if after else 0,
        rival=_rival(rest, answers),
        problems=problems,
    )


def _heading(file: str, heading: str, line: int, problems: list[Problem]) -> tuple[str, str]:
    """The stem, and the id written at its end."""
    stem = heading_text(heading, 2) or ""
    braces = _BRACES.search(stem)
    if braces and ID.fullmatch(braces[1]):
        return stem[: braces.start()].rstrip(), braces[1]
    if braces:
        message = f"`{braces[0]}` is no id, so it is shown as text."
        fix = "Use small letters a to z, digits and hyphens."
        problems.append(Problem(file, line, "warning", "question-id-form", message, fix))
    return stem, ""


def _settings(
    file: str, content: Sequence[str], quiz: Sequence[Block], line: int, problems: list[Problem]
) -> QuizBlock:
    for second in quiz[1:]:
        message = "This question has a second `quiz` block."
        fix = "Put all settings into one."
        problems.append(Problem(file, line + 1 + second.start, "error", "question-setting-value", message, fix))
    if not quiz:
        return QuizBlock()
    inner = [
        each for each in content[quiz[0].start + 1 : quiz[0].end] if not re.fullmatch(r"\s*(?:`{3,}|~{3,})\s*", each)
    ]
    settings, more = quiz_block(file, "\n".join(inner), line + 2 + quiz[0].start)
    problems.extend(more)
    return settings


def trailing_notes(blocks: Sequence[Block]) -> list[Block]:
    """The notes after which only hints, settings and comments follow."""
    notes: list[Block] = []
    for block in reversed(blocks):
        if block.kind == "quote" and block.info == "NOTE":
            notes.insert(0, block)
        elif not (block.info == "TIP" or block.kind == "comment" or block.info.split()[:1] == ["quiz"]):
            break
    return notes


def _quoted(content: Sequence[str], blocks: Sequence[Block]) -> str:
    """The words of callouts without their first line."""
    return "\n\n".join(without_quote(content[block.start + 1 : block.end]).strip() for block in blocks).strip()


def _text(content: Sequence[str], without: Sequence[Block], first_line: int) -> tuple[str, int]:
    """The lines outside some blocks, which leave blank lines, and the file's line of the first."""
    taken = {index for block in without for index in range(block.start, block.end)}
    kept = ["" if index in taken else each for index, each in enumerate(content)]
    start = next((index for index, each in enumerate(kept) if each.strip()), len(kept))
    return "\n".join(kept[start:]).rstrip(), first_line + start


def _rival(blocks: Sequence[Block], answers: Block | None) -> int:
    for block in blocks:
        if block.kind == "list" and block is not answers:
            first = block.entries[0]
            if _BOX.match(first.lines[0]) or _ANSWER.match(first.lines[0]):
                return first.line
    return 0


def item_of(file: str, entry: Entry, problems: list[Problem]) -> Item:
    """An entry with its marker understood and its last block, if a quote, taken off as feedback."""
    first = entry.lines[0]
    box, answer = _BOX.match(first), _ANSWER.match(first)
    marker, percent = entry.marker if entry.marker[0].isdigit() else "-", None
    if box:
        if box[1] in _TOLERATED:
            message = f"`[{box[1]}]` is read as `[x]`."
            problems.append(Problem(file, entry.line, "warning", "question-mark", message, "Write `[x]`."))
        marker, first = "[ ]" if box[1] == " " else "[x]", box[2] or ""
    elif answer:
        marker, first = "=", answer[2] or ""
        percent = float(answer[1]) if answer[1] else None
    lines = [first, *entry.lines[1:]]
    blocks = blocks_of(lines)
    feedback = ""
    if blocks and blocks[-1].kind == "quote":
        begin = blocks[-1].start + (1 if blocks[-1].info else 0)  # `> [!NOTE]` inside an item is feedback as well
        feedback = without_quote(lines[begin : blocks[-1].end]).strip()
        lines = lines[: blocks[-1].start]
    return Item(marker, "\n".join(lines).strip(), feedback, entry.line, percent)


def with_markers(source: QuestionSource, rights: Sequence[bool]) -> QuestionSource:
    """The source with its empty boxes marked as in another language's file, if there are as many."""
    if len(rights) != len(source.items) or any(item.marker != "[ ]" for item in source.items):
        return source
    items = (replace(item, marker="[x]" if right else "[ ]") for item, right in zip(source.items, rights, strict=True))
    return replace(source, items=tuple(items))
