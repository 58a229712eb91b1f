"""Pure decisions: what may become of a request, what has to be sent, when evidence is deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lms.content.compiled import CompiledCourse

MOST_FILES = 10  # of one request, all that was ever sent
MOST_AT_ONCE = 5
MOST_REQUESTS = 5  # of one person for one course, as long as their evidence is kept
LONGEST = 2000  # letters about one outcome
KINDS = frozenset({"pdf", "png", "jpg", "jpeg", "webp", "docx", "odt"})
WHOLE = ""  # stands for the outcome where a course names none


class State(StrEnum):
    """Where a request stands. Whoever decides has the next word while it is `WAITING`, the person at `MORE`."""

    WAITING = "waiting"
    MORE = "more"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.WAITING, State.MORE})
SENT, ANSWERS = "sent", frozenset({State.MORE, State.APPROVED, State.DECLINED})


def may_become(state: State, new: State) -> bool:
    """Whether a request may go on so. What is closed stays closed; who wants to try again asks anew."""
    return state in OPEN and (new != State.MORE or state == State.WAITING)


def outcomes_asked(course: CompiledCourse) -> tuple[str, ...]:
    """The ids of the outcomes that evidence has to show; `WHOLE` alone where the course names none."""
    asked = course.prior_learning.outcomes if course.prior_learning is not None else ()
    return asked or tuple(course.pages[course.language].outcomes) or (WHOLE,)


def lacks(course: CompiledCourse, texts: Mapping[str, str], files: int) -> tuple[str, ...]:
    """What a request still needs: ids of outcomes without words, and `file` if nothing proves it.

    Where somebody talks with the person anyway, words are enough.
    """
    missing = tuple(f"text:{name}" for name in outcomes_asked(course) if not texts.get(name, "").strip())
    talks = course.prior_learning is not None and course.prior_learning.interview
    return missing if files or talks else (*missing, "file")


def is_whole(course: CompiledCourse, approved: Collection[str]) -> bool:
    """Whether every outcome that is asked for was approved: half a certificate is none."""
    return set(outcomes_asked(course)) <= set(approved)


def assessment_form(files: int, talked_on: date | None) -> str:
    """How it was found out what somebody knows, as a certificate names it: by evidence, by talking, or by both.

    Words without a file are evidence, too, where nobody has talked with the person.
    """
    if talked_on is None:
        return "evidence"
    return "evidence-conversation" if files else "conversation"


def forget_before(moment: datetime, days: int) -> datetime:
    """Evidence of what was closed before this is deleted."""
    return moment - timedelta(days=days)
