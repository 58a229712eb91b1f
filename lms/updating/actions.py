"""Tell holders of a changed lesson, keep their answers, write to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select

from lms import jobs
from lms.authoring.steps import note_step
from lms.clock import now
from lms.content.queries import pack_of
from lms.db import insert_once
from lms.updating import queries
from lms.updating.models import CourseUpdate, UpdateAnswer, UpdateLetter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.db import Database

WRITE = "write_updates"
WEEK = timedelta(days=7)
AT_ONCE = 500


class ToldAlready(Exception):
    """Holders are asked already to read of this version of a lesson, by `update`."""

    def __init__(self, update: int) -> None:
        self.update = update


@dataclass(frozen=True, slots=True)
class Told:
    """What a trainer tells holders of a course. `words` map languages to `what` changed and `why` it matters."""

    course: str
    lesson: str
    old_version: int
    new_version: int
    question: str
    words: Mapping[str, Mapping[str, str]]


def tell(db: Session, told: Told, *, client_id: str, by: int) -> CourseUpdate:
    """Make an update; sent twice it is one. Raises `ToldAlready`."""
    queries.take_turns(db, told.course)
    known = db.scalar(select(CourseUpdate).where(CourseUpdate.client_id == client_id))
    if known is not None:
        return known
    same = select(CourseUpdate).where(
        CourseUpdate.course_id == told.course,
        CourseUpdate.lesson_id == told.lesson,
        CourseUpdate.new_version_id == told.new_version,
        CourseUpdate.ended_at.is_(None),
    )
    if (other := db.scalar(same.limit(1))) is not None:
        raise ToldAlready(other.id)
    update = CourseUpdate(
        client_id=client_id,
        course_id=told.course,
        lesson_id=told.lesson,
        old_version_id=told.old_version,
        new_version_id=told.new_version,
        question_key=told.question,
        words={tag: dict(texts) for tag, texts in told.words.items()},
        made_by=by,
        made_at=now(),
    )
    db.add(update)
    db.flush()
    note_step(db, "update-told", pack=pack_of(db, told.course) or "", by=by, course=told.course, lesson=told.lesson)
    return update


def end(db: Session, update: CourseUpdate, *, by: int) -> None:
    """Ask nobody else to read an update; who has read it stays counted."""
    if update.ended_at is None:
        update.ended_at = now()
        note_step(db, "update-ended", pack=pack_of(db, update.course_id) or "", by=by, course=update.course_id)


def keep_answer(
    db: Session, update: CourseUpdate, actor: int, *, answer_id: str, response: Any, is_right: bool | None
) -> None:
    """Keep an answer. The first one of a person counts, also when two devices send one at the same time."""
    fact = {
        "id": answer_id,
        "update_id": update.id,
        "actor_id": actor,
        "response": response,
        "is_right": is_right,
        "at": now(),
    }
    if not insert_once(db, UpdateAnswer, {**fact, "is_first": True}):
        insert_once(db, UpdateAnswer, {**fact, "is_first": False})


def ask_to_write(db: Session) -> None:
    """Ask for the letters of updates, once an hour at most."""
    turn = int(now().timestamp() // 3600) + 1
    at = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    jobs.enqueue(db, WRITE, {}, run_at=at, dedupe=f"{WRITE}/{turn}")


def write_updates(zone: str, database: Database, task: jobs.Task) -> None:
    """Ask for a letter to everybody who was not told of an update; nobody gets two in a week. `zone` is the site's."""
    moment = now()
    with database.writing() as db:
        chosen = choose(db, moment, moment.astimezone(ZoneInfo(zone)).date())
        for person in chosen:
            jobs.enqueue(db, "letter", {"kind": "updates_due", "person": person})
        if len(chosen) == AT_ONCE:
            jobs.enqueue(db, WRITE, {})
        jobs.finish(db, task)


def choose(db: Session, moment: datetime, today: date) -> list[int]:
    """Whom to write to now; it is noted at once that they were."""
    chosen = list(queries.to_write_to(db, today, moment - WEEK, AT_ONCE))
    known = delete(UpdateLetter).where(UpdateLetter.actor_id.in_(chosen))
    db.execute(known.execution_options(synchronize_session=False))
    if chosen:
        db.execute(insert(UpdateLetter), [{"actor_id": person, "at": moment} for person in chosen])
    return chosen
