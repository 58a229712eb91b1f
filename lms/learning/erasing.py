"""What of somebody's learning tells who it is: texts in practice, reports of mistakes, reasons of exemptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.content import queries as content
from lms.learning.models import Exemption, GroupMember, MistakeReport, PracticeAnswer
from lms.quiz.erasing import is_written, without_texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete texts; what was read, practised and completed stays."""
    for answer in db.scalars(select(PracticeAnswer).where(PracticeAnswer.actor_id == person)).all():
        current = content.current(db, answer.course_id)
        if current is None or is_written(current.course, answer.question_key):
            answer.response = without_texts(answer.response)
    db.execute(update(MistakeReport).where(MistakeReport.actor_id == person).values(text="", actor_id=None))
    db.execute(update(Exemption).where(Exemption.person_id == person).values(reason=""))
    db.execute(delete(GroupMember).where(GroupMember.person_id == person))
    db.flush()
    return ()
