"""Aiken: a question in one line, options `A.` or `A)`, and `ANSWER: B`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lms.exchange.found import Answer, Found, Loss, Reading, Words, place_of, shortened

_OPTION = re.compile(r"^([A-Za-z])[.)](?:[ \t]+(.*)|$)")
_KEY = re.compile(r"^ANSWERS?\s*:\s*(.*)$", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z](?:(?:\s*+(?:[,;&]|and)\s*+|\s++)[A-Za-z])*+\.?")


@dataclass(slots=True)
class _Open:
    """A question that has not come to its `ANSWER:` yet."""

    line: int = 0
    text: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    stray: str = ""

    @property
    def where(self) -> str:
        return place_of(shortened(" ".join(self.text)), self.line)


def read_aiken(text: str) -> Reading:
    """All questions of an Aiken file; one that is not written as it should be is lost with the reason."""
    questions: list[Found] = []
    losses: list[Loss] = []
    now = _Open()
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if not bare:
            continue
        now.line = now.line or number
        key = _KEY.match(bare)
        if key:
            done = _finished(now, key[1].strip())
            (questions if isinstance(done, Found) else losses).append(done)  # type: ignore[arg-type]
            now = _Open()
        elif now.options and not _is_option(bare, now):
            now = _after_options(now, bare, number, losses)
        elif _is_option(bare, now):
            option = _OPTION.match(bare)
            assert option is not None
            now.letters.append(option[1].upper())
            now.options.append(option[2] or "")
        else:
            now.text.append(bare)
    if now.text or now.options:
        losses.append(Loss(now.where, "the question", "The file ends before its line `ANSWER: …`."))
    return Reading(tuple(questions), tuple(losses))


def _is_option(line: str, now: _Open) -> bool:
    """Capitals are options wherever they stand, as Moodle has it; small letters where they are next in turn."""
    match = _OPTION.match(line)
    if not match or not now.text:
        return False
    return match[1].isupper() or ord(match[1].upper()) == ord("A") + len(now.options)


def _after_options(now: _Open, line: str, number: int, losses: list[Loss]) -> _Open:
    """Text after options: another question if this one has enough options, else an option over two lines."""
    if len(now.options) > 1 and line.endswith(("?", ":", "_")):
        losses.append(Loss(now.where, "the question", f"It has no line `ANSWER: …` before line {number}."))
        return _Open(line=number, text=[line])
    now.stray = now.stray or f"Line {number} is neither an option nor `ANSWER: …`; an option is one line."
    return now


def _finished(now: _Open, key: str) -> Found | Loss:
    wrong = _what_is_wrong(now, key)
    if wrong:
        return Loss(now.where, "the question", wrong)
    rights = {letter.upper() for letter in re.findall(r"\b[A-Za-z]\b", key)}
    share = 1 / len(rights)
    answers = tuple(
        Answer(Words(option, "plain"), share if letter in rights else 0.0 if len(rights) == 1 else -share)
        for letter, option in zip(now.letters, now.options, strict=True)
    )
    kind = "single" if len(rights) == 1 else "multiple"
    return Found("", now.line, kind, Words("\n".join(now.text), "plain"), answers)


def _what_is_wrong(now: _Open, key: str) -> str:
    if now.stray:
        return now.stray
    if not now.text:
        return "There is no question above the options."
    if len(now.options) < 2:
        return "It has fewer than two options. Write each as `A. text`."
    if not _LETTERS.fullmatch(key):
        return f"“{shortened(key)}” names no option. Write the letter of the right one: `ANSWER: B`."
    unknown = [letter for letter in re.findall(r"\b[A-Za-z]\b", key) if letter.upper() not in now.letters]
    if unknown:
        return f"There is no option {unknown[0]}. Options: {', '.join(now.letters)}."
    twice = next((letter for letter in now.letters if now.letters.count(letter) > 1), "")
    return f"Two options have the letter {twice}." if twice else ""
