r"""Moodle's embedded answers: `{1:SHORTANSWER:=sudo~=doas}` in the middle of a text, as gaps."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lms.exchange.found import MOST_GAPS, Answer, Gap, Words, gap_mark, shortened
from lms.exchange.numerals import key_of

_KINDS = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), "typed"),
    **dict.fromkeys(("NUMERICAL", "NM"), "number"),
    **dict.fromkeys(
        (
            "MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS",
            "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS",
        ),
        "choices",
    ),
    **dict.fromkeys(
        (
            "MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH", "MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS",
        ),
        "several",
    ),
}  # fmt: skip
_EXACT = frozenset({"SHORTANSWER_C", "SAC", "MWC"})
_NAMES = "|".join(sorted(_KINDS, key=len, reverse=True))
_GAP = re.compile(rf"(?<!\\)\{{\s*+(\d*+)\s*+:\s*+({_NAMES})\s*+:(.*?)(?<!\\)\}}", re.DOTALL | re.IGNORECASE)
_BETWEEN = re.compile(r"(?<!\\)~")
_FEEDBACK = re.compile(r"(?<!\\)(?<!&)(?<!&amp;)#")
_WEIGHT = re.compile(r"^%(-?\d{1,3}(?:[.,]\d*)?)%")
_ESCAPE = re.compile(r"\\([{}~#/\"'\\*=%])")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
Plain = Callable[[str], str]


@dataclass(slots=True)
class Filled:
    """A text with a mark in the place of each gap. `several` holds the options of a gap with several right ones."""

    text: str
    gaps: list[Gap] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    several: list[tuple[Answer, ...]] = field(default_factory=list)
    losses: list[tuple[str, str]] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class _Choice:
    text: str
    credit: float
    feedback: str


def fill(text: str, plain: Plain) -> Filled:
    """Find the embedded answers of a text; `plain` turns a piece of it into words without marks."""
    filled = Filled("")
    if text.count("{") > 2 * MOST_GAPS:
        filled.wrong = f"It has more than {MOST_GAPS} gaps."
        return filled
    filled.text = _GAP.sub(lambda match: _gap(match, filled, plain), _PRIVATE.sub("", text))
    if not filled.gaps and not filled.several:
        filled.wrong = "No embedded answer such as `{1:SHORTANSWER:=word}` was understood in its text."
    return filled


def _gap(match: re.Match[str], filled: Filled, plain: Plain) -> str:
    number = len(filled.gaps)
    if number >= MOST_GAPS:
        filled.wrong = f"It has more than {MOST_GAPS} gaps."
        return ""
    name = match[2].upper()
    choices = [_choice(piece, plain) for piece in _BETWEEN.split(match[3]) if piece.strip()]
    kind = _KINDS[name]
    if kind == "several":
        return _several(choices, filled)
    gap = {"typed": _typed, "number": _number, "choices": _drop_down}[kind](choices, number, filled)
    filled.gaps.append(gap)
    filled.weights.append(int(match[1] or 1))
    if kind == "typed":
        filled.exact.append(name in _EXACT)
    feedbacks = [f"{choice.text}: {choice.feedback}" for choice in choices if choice.feedback]
    if feedbacks:
        why = "A gap shows no feedback of its own; put what matters into the explanation."
        filled.losses.append((f"feedback of gap {number + 1}: {shortened('; '.join(feedbacks), 300)}", why))
    return gap_mark(number)


def _choice(piece: str, plain: Plain) -> _Choice:
    piece = piece.strip()
    weight = _WEIGHT.match(piece)
    is_right = piece.startswith("=")
    credit = float(weight[1].replace(",", ".")) / 100 if weight else float(is_right)
    rest = piece[weight.end() :] if weight else piece[is_right:]
    text, *feedback = _FEEDBACK.split(rest, maxsplit=1)
    return _Choice(_bare(text, plain), credit, _bare(feedback[0], plain) if feedback else "")


def _bare(text: str, plain: Plain) -> str:
    return _ESCAPE.sub(r"\1", plain(text)).strip()


def _several(choices: list[_Choice], filled: Filled) -> str:
    answers = tuple(
        Answer(Words(choice.text, "plain"), choice.credit, Words(choice.feedback, "plain")) for choice in choices
    )
    filled.several.append(answers)
    return ""


def _typed(choices: list[_Choice], number: int, filled: Filled) -> Gap:
    rights = [choice.text for choice in choices if choice.credit >= 1 and choice.text]
    for choice in choices:
        if 0 < choice.credit < 1:
            why = "In a gap an answer is right or wrong."
            filled.losses.append((f"{choice.credit:.0%} for “{choice.text}” in gap {number + 1}", why))
    if any("*" in right for right in rights):
        rights = [right.replace("*", "").strip() for right in rights]
        why = "`*` stood for any letters; what is typed must now be the rest."
        filled.losses.append((f"`*` in gap {number + 1}", why))
    rights = list(dict.fromkeys(filter(None, rights)))
    filled.wrong = filled.wrong or ("" if rights else f"Gap {number + 1} accepts nothing, or everything.")
    return Gap(tuple(rights))


def _number(choices: list[_Choice], number: int, filled: Filled) -> Gap:
    keys = [key for choice in choices if choice.credit >= 1 and (key := key_of(choice.text))]
    for choice in choices:
        if 0 < choice.credit < 1:
            why = "In a gap an answer is right or wrong."
            filled.losses.append((f"{choice.credit:.0%} for “{choice.text}” in gap {number + 1}", why))
    filled.wrong = filled.wrong or ("" if keys else f"Gap {number + 1} has no number that is right.")
    return Gap(tuple(dict.fromkeys(keys)))


def _drop_down(choices: list[_Choice], number: int, filled: Filled) -> Gap:
    texts = [choice.text for choice in choices]
    best = max((choice.credit for choice in choices), default=0.0)
    right = next((place for place, choice in enumerate(choices) if choice.credit == best), 0)
    if best <= 0 or len(choices) < 2:
        filled.wrong = filled.wrong or f"Gap {number + 1} has no right choice among several."
    for place, choice in enumerate(choices):
        if choice.credit > 0 and place != right:
            why = "A drop-down has one right choice."
            filled.losses.append((f"{choice.credit:.0%} for “{choice.text}” in gap {number + 1}", why))
    return Gap(tuple(texts), right)
