"""The worker's side of a reminder: put everybody on its list who fits the filter, in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms import jobs
from lms.clock import now
from lms.content import queries as content
from lms.coordination.missing_queries import asked_for, to_remind
from lms.coordination.pages import Desk, Offer
from lms.reminding import actions
from lms.reminding import queries as reminding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.reminding.models import Reminder

PIECE = 500


def choose_reminded(database: Database, task: jobs.Task) -> None:
    """Choose the people of a reminder. Run again after a kill, it adds those who are missing on the list."""
    with database.reading() as db:
        reminder = reminding.reminder(db, task.args["reminder"])
        chosen = _chosen(db, reminder) if reminder is not None and reminder.cancelled_at is None else []
    for start in range(0, len(chosen), PIECE):
        with database.writing() as db:
            actions.add_deliveries(db, task.args["reminder"], chosen[start : start + PIECE])
    with database.writing() as db:
        actions.all_chosen(db, task.args["reminder"])
        jobs.finish(db, task)


def _chosen(db: Session, reminder: Reminder) -> Sequence[int]:
    """Whom the filter chooses now, in the scope that whoever asked has now."""
    asked = asked_for(db, reminder.made_by, reminder.asked)
    current = content.current(db, reminder.course_id)
    if asked is None or current is None:
        return []
    course = current.course
    offers = {course.id: Offer(course.certificate is not None, course.courses)}
    return db.scalars(to_remind(db, Desk(reminder.made_by, now().date(), offers), asked)).all()
