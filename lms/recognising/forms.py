"""What people send about earlier learning, and what whoever decides answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lms.recognising.rules import LONGEST, MOST_AT_ONCE, MOST_FILES, State, outcomes_asked
from lms.web.language import _, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    from lms.content.compiled import CompiledCourse


def texts_in(form: MultiDict[str, str], course: CompiledCourse) -> dict[str, str]:
    """What was written of each outcome that is asked for. Fields are numbered, so that an id may be any text."""
    asked = outcomes_asked(course)
    return {name: form.get(f"text-{place}", "").strip()[:LONGEST] for place, name in enumerate(asked)}


def too_many(given: int, known: int) -> str:
    """Why so many files cannot be taken; empty if they can."""
    if given > MOST_AT_ONCE:
        return _("Send at most %(most)s files at a time.", most=number(MOST_AT_ONCE))
    if given + known > MOST_FILES:
        return _("At most %(most)s files can belong to a request.", most=number(MOST_FILES))
    return ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form of a decision says. `problem` is what is missing, in the reader's language."""

    state: State | None
    words: str
    approved: Sequence[str]
    talked_on: date | None
    problem: str


def wanted_in(form: MultiDict[str, str], course: CompiledCourse, today: date) -> Wanted:
    """Read a decision: which button, the words, the outcomes that were ticked, and the day of the talk."""
    state = {"approve": State.APPROVED, "more": State.MORE, "decline": State.DECLINED}.get(form.get("decision", ""))
    words = form.get("words", "").strip()[:LONGEST]
    approved = [name for place, name in enumerate(outcomes_asked(course)) if form.get(f"shown-{place}")]
    day = _day(form, today)
    return Wanted(state, words, approved, day, _problem(form, state, words, day))


def _day(form: Mapping[str, str], today: date) -> date | None:
    try:
        day = date.fromisoformat(form.get("talked_on", ""))
    except ValueError:
        return None
    return day if day <= today else None


def _problem(form: Mapping[str, str], state: State | None, words: str, day: date | None) -> str:
    if state in (State.MORE, State.DECLINED) and not words:
        return _("Write what is missing, or why it does not show what is asked. The person reads it.")
    if form.get("talked_on") and day is None:
        return _("Write the day of the talk as a day that is over, for example 2026-01-31.")
    return ""
