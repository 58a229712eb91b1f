"""A question's form: what a browser sends of it, and the question that this means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lms.editing.builder_sheets import CHOICES, LISTS, WRITTEN, Answer, Sheet
from lms.question_types.markup import find_gaps

SETTINGS: Mapping[str, tuple[str, ...]] = {
    "single": ("order",),
    "multiple": ("credit", "order"),
    "text": ("case",),
    "matching": ("credit",),
    "ordering": ("credit",),
    "gaps": ("credit", "case"),
    "essay": ("words", "rubric"),
    "upload": ("files", "max", "rubric"),
    "scale": ("from", "to", "labels", "weight"),
}
FLAGS = frozenset({"critical", "order", "credit", "case"})  # boxes to tick: the field `set-KEY-on`
COMMON = ("points", "outcome", "critical")
# which kinds a question may become without losing its answers
FAMILIES = (CHOICES, WRITTEN)
FIRST_ANSWERS = {"true-false": 2, "single": 3, "multiple": 4, "text": 1, "number": 1, "command": 1, "matching": 3}
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of the form, and the key that its fields' names end in."""

    key: str
    answer: Answer


def settings_of(kind: str) -> tuple[str, ...]:
    """The settings that a kind's form has fields for."""
    return (*COMMON, *SETTINGS.get(kind, ()))


def family_of(kind: str) -> tuple[str, ...]:
    """The kinds that a question of this kind may become."""
    return next((family for family in FAMILIES if kind in family), (kind,))


def blank_sheet(kind: str, words: Sequence[str] = ()) -> Sheet:
    """A new question of a kind; `words` are the two answers of true or false, in the file's language."""
    texts = [*words, *[""] * FIRST_ANSWERS.get(kind, 3)][: FIRST_ANSWERS.get(kind, 3)]
    answers = tuple(Answer(text=text) for text in texts) if kind in LISTS else ()
    return Sheet(kind, texts=("",), answers=answers)


def rows_of(sheet: Sheet) -> tuple[Row, ...]:
    """The answers with keys for their fields: those of the file by their place, new ones after them."""
    return tuple(
        Row(str(answer.origin) if answer.origin is not None else f"n{place}", answer)
        for place, answer in enumerate(sheet.answers)
    )


def fields_of(sheet: Sheet) -> list[tuple[str, str]]:
    """Every field of the form with its value, in the order in which a browser sends them."""
    if not sheet.kind:
        return [("kind", ""), ("raw", sheet.raw)]
    fields = [("kind", sheet.kind), ("id", sheet.id), ("stem", sheet.stem)]
    fields += [("text", text) for text in sheet.texts or ("",)]
    for row in rows_of(sheet):
        key, answer = row.key, row.answer
        fields += [("row", key), (f"origin-{key}", "" if answer.origin is None else str(answer.origin))]
        fields += [("right", key)] if answer.is_right else []
        fields += [(f"{name}-{key}", getattr(answer, name)) for name in ("text", "match", "credit", "feedback")]
    fields += [("hint", sheet.hint), ("explanation", sheet.explanation)]
    for key in settings_of(sheet.kind):
        value = sheet.settings.get(key, "")
        fields.append((f"set-{key}", "" if key in FLAGS else value))
        fields += [(f"set-{key}-on", value)] if key in FLAGS and value not in {"", "no"} else []
    return fields


def sheet_from(form: Mapping[str, Sequence[str]], old: Sheet) -> Sheet:
    """The question that a form means. What the form has no field for is taken from `old`."""
    kind = _first(form, "kind")
    if not kind:
        return replace(old, kind="", raw=_text(_first(form, "raw")))
    rights = set(form.get("right", ()))
    answers = [_answer(form, key, is_right=key in rights) for key in dict.fromkeys(form.get("row", ()))]
    settings = dict(old.settings)
    for key in settings_of(kind):
        if f"set-{key}" in form:
            settings[key] = _setting(form, key, old.settings.get(key, ""))
    return Sheet(
        kind=kind if kind in family_of(old.kind) else old.kind,
        id=old.id,
        stem=_SPACES.sub(" ", _first(form, "stem")).strip() if _changed(form, old) else old.stem,
        texts=_texts([_text(each) for each in form.get("text", ())], old.texts),
        answers=tuple(answers),
        hint=_text(_first(form, "hint")).strip(),
        explanation=_text(_first(form, "explanation")).strip(),
        settings={key: value for key, value in settings.items() if value},
        kept=old.kept,
        raw=old.raw,
    )


def _setting(form: Mapping[str, Sequence[str]], key: str, before: str) -> str:
    """A setting as the form has it; a box that is not ticked leaves a `no` that somebody wrote."""
    if key in FLAGS:
        return _first(form, f"set-{key}-on") or ("no" if before == "no" else "")
    return _text(_first(form, f"set-{key}")).strip()


def _changed(form: Mapping[str, Sequence[str]], old: Sheet) -> bool:
    return _first(form, "stem") != old.stem


def _texts(sent: Sequence[str], old: Sequence[str]) -> tuple[str, ...]:
    """The runs of text; one that a question has not got is none as long as it is empty."""
    if len(sent) > len(old) and not any(text.strip() for text in sent[len(old) :]):
        return tuple(sent[: len(old)])
    return tuple(sent)


def _answer(form: Mapping[str, Sequence[str]], key: str, *, is_right: bool) -> Answer:
    origin = _first(form, f"origin-{key}")
    return Answer(
        origin=int(origin) if origin.isascii() and origin.isdigit() and len(origin) < 5 else None,
        is_right=is_right,
        text=_text(_first(form, f"text-{key}")).strip(),
        match=_text(_first(form, f"match-{key}")).strip(),
        credit=_first(form, f"credit-{key}").strip().rstrip("%").strip(),
        feedback=_text(_first(form, f"feedback-{key}")).strip(),
    )


def without_blanks(sheet: Sheet) -> Sheet:
    """The question without the answers that were left empty; those of the file stay."""
    kept = tuple(answer for answer in sheet.answers if answer.origin is not None or not answer.is_blank)
    return replace(sheet, answers=kept)


def pressed(sheet: Sheet, button: str) -> Sheet:
    """The question after one of the buttons `add`, `up-KEY`, `down-KEY`, `remove-KEY` that need no script."""
    if button == "add":
        return replace(sheet, answers=(*sheet.answers, Answer()))
    verb, _, key = button.partition("-")
    rows = list(rows_of(sheet))
    place = next((number for number, row in enumerate(rows) if row.key == key), None)
    if place is None:
        return sheet
    if verb == "remove":
        del rows[place]
    else:
        other = max(0, min(len(rows) - 1, place + (-1 if verb == "up" else 1)))
        rows.insert(other, rows.pop(place))
    return replace(sheet, answers=tuple(row.answer for row in rows))


def with_gap(text: str, word: str, accepted: str, wrong: str) -> str | None:
    """The text with a gap where a word stands for the first time outside other gaps; None if it is not there.

    `accepted` are further right answers, `wrong` choices that make it a drop-down; one on a line each.
    """
    found = _outside_gaps(text, word.strip())
    if not word.strip() or found < 0:
        return None
    others = [_part(each) for each in accepted.split("\n") if each.strip()]
    choices = [_part(each) for each in wrong.split("\n") if each.strip()]
    inner = "|".join([f"({_part(word)})", *choices] if choices else [_part(word), *others])
    return f"{text[:found]}[[{inner}]]{text[found + len(word.strip()) :]}"


def _part(word: str) -> str:
    return word.strip().replace("|", "\\|")


def _outside_gaps(text: str, word: str) -> int:
    taken = [(gap.start, gap.end) for gap in find_gaps(text)]
    place = text.find(word)
    while place >= 0 and any(start <= place < end for start, end in taken):
        place = text.find(word, place + 1)
    return place


def _first(form: Mapping[str, Sequence[str]], name: str) -> str:
    values = form.get(name, ())
    return values[0] if values else ""


def _text(value: str) -> str:
    """What a text area sent, with the line ends of a file."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
