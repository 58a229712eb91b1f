"""The pieces of a question, each written again only if it changed; new ones at the place where the format has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lms.content.question_blocks import Block, heading_text
from lms.editing.builder_answers import written_answers
from lms.editing.builder_places import Line, Lines, Role, pieces_of, words_of_lines
from lms.editing.builder_settings import settings_shown, with_settings
from lms.editing.builder_sheets import LISTS, Sheet

_ID = re.compile(r"\{#[a-z0-9-]+\}$")
# after the last piece of which roles a new one comes
_AFTER: Mapping[Role, frozenset[Role]] = {
    "settings": frozenset({"heading"}),
    "text": frozenset({"heading", "settings", "text"}),
    "answers": frozenset({"heading", "settings", "text"}),
    "hint": frozenset({"heading", "settings", "text", "answers"}),
    "explanation": frozenset({"heading", "settings", "text", "answers", "hint", "explanation", "kept"}),
}


@dataclass(slots=True)
class _Part:
    role: Role
    gap: list[Line]
    lines: list[Line]


@dataclass(slots=True)
class _Work:
    """One question between what it was and what is wanted."""

    own: Sequence[Line]
    block: Block | None
    old: Sheet
    wanted: Sheet
    stated: str | None
    end: str
    parts: list[_Part] = field(default_factory=list)

    def heading(self, part: _Part) -> list[Line]:
        """The heading, with the id that was only made of the words till now, so that it stays."""
        stem = heading_text(part.lines[0].words, 2) or ""
        is_same = self.wanted.stem == self.old.stem
        if is_same and (_ID.search(stem) or self.wanted == self.old):
            return part.lines
        words = " ".join(word for word in ("##", self.wanted.stem, f"{{#{self.old.id}}}") if word)
        return [Line(words, part.lines[0].end or self.end)]

    def settings(self, part: _Part | None) -> list[Line]:
        """The block of settings; the type is written only where the answers do not tell it."""
        words = words_of_lines(part.lines) if part else []
        written = (settings_shown(words) or {}).get("type", "") if part else ""
        type_ = self.stated or (written if self.wanted.kind == self.old.kind else "")
        now = with_settings(words, {"type": type_, **self.wanted.settings})
        return self._same(part, now)

    def answers(self, part: _Part | None) -> list[Line]:
        """The list of answers."""
        if self.wanted.answers == self.old.answers and part:
            return part.lines
        return written_answers(self.wanted.kind, self.own, self.block, self.wanted.answers, self.end)

    def callout(self, part: _Part | None, kind: str, before: str, now: str) -> list[Line]:
        """A hint or an explanation."""
        if before == now:
            return part.lines if part else []
        if not now:
            return []
        head = part.lines[0] if part else Line(f"> [!{kind}]", self.end)
        return [head, *(Line(f"> {line}".rstrip(), self.end) for line in now.split("\n"))]

    def text(self, part: _Part | None, now: str) -> list[Line]:
        """A run of text."""
        words = now.strip("\n")
        return self._same(part, words.split("\n") if words.strip() else [])

    def _same(self, part: _Part | None, now: Sequence[str]) -> list[Line]:
        """New words, with the lines of the file where all of them are the same."""
        if part and words_of_lines(part.lines) == list(now):
            return part.lines
        return [Line(words, self.end) for words in now]


def question_lines(lines: Lines, place: int, old: Sheet, wanted: Sheet, stated: str | None) -> list[Line]:
    """The lines of one question as wanted; `stated` is the type to write down, None to leave that as it is."""
    own = lines.question(place)
    pieces, block = pieces_of(words_of_lines(own), takes_list=old.kind in LISTS)
    work = _Work(own, block, old, wanted, stated, lines.end)
    reached = 0
    for piece in pieces:
        work.parts.append(_Part(piece.role, list(own[reached : piece.start]), list(own[piece.start : piece.end])))
        reached = piece.end
    tail = own[reached:]
    texts = iter(wanted.texts)
    writers: dict[Role, Callable[[_Part | None], list[Line]]] = {
        "settings": work.settings,
        "text": lambda part: work.text(part, next(texts, "")),
        "answers": work.answers,
        "hint": lambda part: work.callout(part, "TIP", old.hint, wanted.hint),
        "explanation": lambda part: work.callout(part, "NOTE", old.explanation, wanted.explanation),
    }
    had = {part.role for part in work.parts}
    for part in work.parts:
        writer = work.heading if part.role == "heading" else writers.get(part.role)
        part.lines = writer(part) if writer else part.lines
    for role, writer in writers.items():
        if role not in had or role == "text":
            _insert(work, role, writer(None))
    return [*(line for part in work.parts if part.lines for line in (*part.gap, *part.lines)), *tail]


def _insert(work: _Work, role: Role, lines: list[Line]) -> None:
    """A new piece, with a blank line before it and after it."""
    if not lines:
        return
    place = max(number for number, part in enumerate(work.parts) if part.role in _AFTER[role] and part.lines) + 1
    work.parts.insert(place, _Part(role, [Line("", work.end)], lines))
    after = next((part for part in work.parts[place + 1 :] if part.lines), None)
    if after is not None and not after.gap:
        after.gap = [Line("", work.end)]
