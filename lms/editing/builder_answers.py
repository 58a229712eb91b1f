"""The list of answers, written again: items that did not change keep their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lms.content.question_blocks import Block, dedented
from lms.editing.builder_places import Line
from lms.editing.builder_sheets import CHOICES, WRITTEN, Answer, answers_of, feedback_start

_HEAD = re.compile(r"^( {0,3})([-*+]|\d{1,9}[.)])([ \t]*)(\[.\](?=[ \t]|$)|=(?:\d{1,3}(?:\.\d+)?%)?(?=[ \t]|$))?[ \t]*")
_CREDIT = re.compile(r"^\(\d{1,3}(?:\.\d+)?\s?%\)")
_ARROW = re.compile(r"(?:^|(?<=\s))->(?=\s|$)")


@dataclass(frozen=True, slots=True)
class _Own:
    """An item as it stands in the file: its lines, those of its feedback, and the blank ones after it."""

    words: tuple[Line, ...]
    feedback: tuple[Line, ...]
    blanks: tuple[Line, ...]


def written_answers(
    kind: str, lines: Sequence[Line], block: Block | None, wanted: Sequence[Answer], end: str
) -> list[Line]:
    """The lines of a list. `lines` are the whole question's, `block` its list, None if it has none yet."""
    before = answers_of(kind, block)
    own = _own(lines, block)
    heads = [_HEAD.match(each.words[0].words) for each in own]
    first = heads[0] if heads else None
    indent, bullet = (first[1], first[2]) if first else ("", "1." if kind == "ordering" else "-")
    is_counted = len(own) < 2 or heads[0][2] != heads[1][2]  # type: ignore[index]
    usual = own[0].blanks if len(own) > 1 else ()
    found: list[Line] = []
    for place, answer in enumerate(wanted):
        marker = _number(bullet, place) if kind == "ordering" and is_counted else bullet
        known = answer.origin is not None and answer.origin < len(own)
        old = own[answer.origin] if known else None  # type: ignore[index]
        same = before[answer.origin] if known else None  # type: ignore[index]
        found += _item(kind, indent + marker, answer, same, old, end)
        if place + 1 < len(wanted):
            is_next = known and wanted[place + 1].origin == answer.origin + 1  # type: ignore[operator]
            found += old.blanks if old and is_next else usual
    return found


def _number(bullet: str, place: int) -> str:
    start = int(bullet[:-1]) if bullet[:-1].isdigit() else 1
    return f"{start + place}{bullet[-1] if bullet[-1] in '.)' else '.'}"


def _own(lines: Sequence[Line], block: Block | None) -> list[_Own]:
    """The items of a list with all their lines; `block` counts from the line below the heading."""
    if block is None:
        return []
    starts = [entry.line - 1 for entry in block.entries]  # the first line below the heading is its line 2
    found = []
    for entry, start, end in zip(block.entries, starts, [*starts[1:], block.end + 1], strict=True):
        inside = list(lines[start:end])
        count = len(inside)
        while not inside[count - 1].words.strip():
            count -= 1
        head = _HEAD.match(inside[0].words)
        bare = [inside[0].words[head.end() :] if head else "", *entry.lines[1:count]]
        split = max(1, feedback_start(bare))
        found.append(_Own(tuple(inside[:split]), tuple(inside[split:count]), tuple(inside[count:])))
    return found


def _item(kind: str, marker: str, answer: Answer, before: Answer | None, own: _Own | None, end: str) -> list[Line]:
    feedback = _feedback(kind, answer)
    if own is None or before is None:
        return [Line(words, end) for words in (*_words(kind, marker, answer), *feedback)]
    is_same = _unfed(kind, answer) == _unfed(kind, before)
    lines = list(own.words) if is_same else [Line(words, end) for words in _words(kind, marker, answer)]
    if not is_same and (answer.text, answer.match) == (before.text, before.match):
        lines = [Line(_marked(own.words[0].words, kind, answer), own.words[0].end), *own.words[1:]]
    if kind == "ordering":
        lines[0] = replace(lines[0], words=_HEAD.sub(lambda head: marker + head[3], lines[0].words, count=1))
    if feedback == _feedback(kind, before):
        return [*lines, *own.feedback]
    while not own.feedback and len(lines) > 1 and not lines[-1].words.strip():
        lines.pop()
    return [*lines, *(Line(words, end) for words in feedback)]


def _unfed(kind: str, answer: Answer) -> Answer:
    """An answer without its feedback, of which the part credit of single choice is a piece."""
    return replace(answer, origin=None, feedback="", credit="" if kind == "single" else answer.credit)


def _marked(line: str, kind: str, answer: Answer) -> str:
    """The first line of an item with another mark."""
    return _HEAD.sub(lambda head: f"{head[1]}{head[2]}{head[3]}{_mark(kind, answer)} ", line, count=1).rstrip()


def _mark(kind: str, answer: Answer) -> str:
    if kind in CHOICES:
        return "[x]" if answer.is_right else "[ ]"
    return f"={answer.credit}%" if answer.credit else "="


def _words(kind: str, marker: str, answer: Answer) -> list[str]:
    """An item's own lines."""
    text = answer.text
    if kind == "matching":
        left, right = _without_arrow(answer.text), _without_arrow(answer.match)
        text = f"{left} -> {right}".strip()
    head = f"{marker} {_mark(kind, answer)}" if kind in {*CHOICES, *WRITTEN} else marker
    first, *rest = text.split("\n")
    indent = " " * (len(marker) - len(marker.lstrip()) + 2)
    return [f"{head} {first}".rstrip(), *(indent + dedented(line, 0) if line.strip() else "" for line in rest)]


def _without_arrow(text: str) -> str:
    return _ARROW.sub(r"\\->", text)


def _feedback(kind: str, answer: Answer) -> list[str]:
    """The feedback of an item as a quote below it, part credit in front."""
    text = answer.feedback
    if kind == "single" and answer.credit:
        text = f"({answer.credit}%) {text}".rstrip()
    elif kind == "single" and _CREDIT.match(text):
        text = "\\" + text
    return [f"  > {line}".rstrip() for line in text.split("\n")] if text else []
