"""A hard question: ask it, answer it, and mark the place in a course where the answer belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms import events
from lms.clock import now
from lms.consulting import expert_actions
from lms.consulting.actions import BadRequest
from lms.consulting.course_places import lessons_of, questions_of
from lms.consulting.models import CourseMark, HardQuestion
from lms.consulting.rules import LONGEST_ANSWER, words_problem
from lms.content import queries as content
from lms.db import insert_once

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


class NoSuchPlace(LookupError):
    """The course has no such lesson or question now."""


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A hard question as it was sent: where it comes from, about what. `is_sure`: what looks like a name is none."""

    words: str
    service: str
    unit: int | None
    course: str | None = None
    request: int | None = None
    is_sure: bool = False


def ask(db: Session, person: int, new: NewQuestion, *, client_id: str, today: date) -> HardQuestion:
    """Ask the experts. What was sent before under this `client_id` is not asked again. Raises `BadRequest`."""
    plain = new.words.strip()
    problem = "missing" if not plain else words_problem(plain, is_sure=new.is_sure)
    if problem:
        raise BadRequest({"words": problem})
    values = {
        "client_id": client_id,
        "asked_by": person,
        "asked_at": now(),
        "consultation_id": new.request,
        "unit_id": new.unit,
        "course_id": new.course,
        "service": new.service,
        "words": plain,
        "answer": "",
        "answered_by": None,
        "answered_at": None,
        "to_trainers_at": None,
    }
    is_new = insert_once(db, HardQuestion, values)
    row = db.scalars(select(HardQuestion).where(HardQuestion.client_id == client_id)).one()
    if is_new:
        expert_actions.put(db, row, today)
    return row


def answer(db: Session, row: HardQuestion, words: str, *, by: int, over: str = "") -> None:
    """Answer a question; a later answer takes the place of the first, and is told again.

    `over` is the answer, as `answer_shown` names it, that whoever writes has seen: somebody else's is not replaced
    unread. Raises `BadRequest`.
    """
    plain = words.strip()
    if not plain or len(plain) > LONGEST_ANSWER:
        raise BadRequest({"answer": "long" if plain else "missing"})
    db.refresh(row, with_for_update=True)
    if row.answer == plain:
        return
    if row.answered_by not in (None, by) and over != answer_shown(row):
        raise BadRequest({"answer": "meanwhile"})
    row.answer, row.answered_by, row.answered_at = plain, by, now()
    events.announce(db, events.HardQuestionAnswered(row.id))


def answer_shown(row: HardQuestion) -> str:
    """A word for the answer that a question has now; empty while it has none."""
    return row.answered_at.isoformat() if row.answered_at else ""


def mark(db: Session, row: HardQuestion, course_id: str, place: str, *, by: int) -> None:
    """Mark a lesson, or a question by its key, as a place where the answer belongs. The course itself stays as it is.

    `place` is `lesson:ID` or `question:KEY`. Raises `NoSuchPlace`.
    """
    current = content.current(db, course_id)
    kind, _colon, name = place.partition(":")
    known = {"lesson": lessons_of, "question": questions_of}
    if current is None or kind not in known or name not in known[kind](current.course):
        raise NoSuchPlace(place)
    values = {
        "question_id": row.id,
        "course_id": course_id,
        "lesson_id": name if kind == "lesson" else "",
        "question_key": name if kind == "question" else "",
        "made_by": by,
        "made_at": now(),
        "done_by": None,
        "done_at": None,
    }
    insert_once(db, CourseMark, values)


def settle(mark_row: CourseMark, *, by: int) -> None:
    """Say that the course has it now."""
    if mark_row.done_at is None:
        mark_row.done_by, mark_row.done_at = by, now()
