"""What a browser sends about help, read without guessing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from lms.helping.rules import LONGEST_NOTE, Help, without_names

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_help(form: Mapping[str, str], today: date) -> Help:
    """Help as a form names it. What is no number or day is left for `rules.problems` to refuse."""
    return Help(
        kind=form.get("kind", ""),
        audience=form.get("audience", ""),
        service=form.get("service", ""),
        people=_number(form.get("people", ""), empty=1),
        given_on=_day(form.get("given_on", ""), today),
        minutes=_number(form["minutes"], empty=0) if form.get("minutes", "").strip() else None,
        channel=form.get("channel", ""),
        outcome=form.get("outcome", ""),
        note=_note(form),
    )


def _note(form: Mapping[str, str]) -> str:
    note = " ".join(form.get("note", "").split())
    # what is too long is refused anyway, and nobody waits until it is looked through
    return without_names(note) if form.get("sure") == "without" and len(note) <= LONGEST_NOTE else note


def _number(text: str, *, empty: int) -> int:
    plain = text.strip()
    if not plain:
        return empty
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else 0


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else today
    except ValueError:
        return date.max
