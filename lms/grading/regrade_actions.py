"""Ask for a regrading, say yes or no to it; and the worker's walk through the attempts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from lms import jobs
from lms.clock import now
from lms.content import queries as content
from lms.db import insert_once
from lms.grading import regrade_queries, regrading
from lms.grading.models import ChangedKey, Regrading
from lms.grading.rules import AT_WORK, State
from lms.quiz.regrading import count_attempts, one_attempt, still_so

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.plugins import QuestionType

REGRADE, REGRADE_LATE, COMPARE = "regrade", "regrade_late", "compare_keys"
BREATH = 0.055  # seconds: who waits to write a SQLite file looks every 50 ms for the first 200 ms


def ask(db: Session, regrading_id: str, course: str, key: str, version: int, *, by: int) -> None:
    """Find out what the key of this version would change. Asking twice with the same id is one regrading."""
    about = {"course_id": course, "question_key": key, "version_id": version, "state": State.LOOKING}
    empty = {"total": 0, "reached": "", "found": {}, "made": {}, "confirmed_by": None, "ended_at": None}
    values = {"id": regrading_id, **about, **empty, "asked_by": by, "asked_at": now()}
    if insert_once(db, Regrading, values):
        regrading.note(db, "regrade-asked", db.get_one(Regrading, regrading_id), by)
        _enqueue(db, regrading_id, State.LOOKING)


def _enqueue(db: Session, regrading_id: str, state: State) -> None:
    jobs.enqueue(db, REGRADE, {"regrading": regrading_id}, dedupe=job_key(regrading_id, state))


def job_key(regrading_id: str, state: str) -> str:
    """Each walk is a job of its own: the first may still be ending when the second is asked for."""
    return f"{REGRADE}/{regrading_id}/{state}"


def confirm(db: Session, regrading_id: str, *, by: int) -> bool:
    """Grade again for real, in the worker; False if that was said before, or nothing was looked at yet."""
    said = {"state": State.WRITING, "reached": "", "confirmed_by": by}
    if not _step(db, regrading_id, said):
        return False
    regrading.note(db, "regrade-confirmed", db.get_one(Regrading, regrading_id), by)
    _enqueue(db, regrading_id, State.WRITING)
    return True


def drop(db: Session, regrading_id: str, *, by: int) -> bool:
    """Leave every grade as it is; False if it was too late for that."""
    if not _step(db, regrading_id, {"state": State.DROPPED, "ended_at": now()}):
        return False
    row = db.get_one(Regrading, regrading_id)
    _forget_change(db, row)
    regrading.note(db, "regrade-dropped", row, by)
    return True


def _step(db: Session, regrading_id: str, values: Mapping[str, object]) -> bool:
    waits = update(Regrading).where(Regrading.id == regrading_id, Regrading.state == State.LOOKED)
    return db.execute(waits.values(**values).returning(Regrading.id)).one_or_none() is not None


def regrade(app: Flask, database: Database, task: jobs.Task) -> None:
    """Walk through the attempts, from where the last one who did was stopped."""
    types: Mapping[str, QuestionType] = app.extensions["lms_question_types"]
    regrading_id = task.args["regrading"]
    with database.reading() as db:
        row = db.get(Regrading, regrading_id)
    if row is None or row.state not in AT_WORK:
        return
    key = regrading.Key(row.question_key, row.version_id, types)
    step = _look_once if row.state == State.LOOKING else _write_once
    while step(database, regrading_id, key):
        pass


def _look_once(database: Database, regrading_id: str, key: regrading.Key) -> bool:
    """Look at some attempts and note what was found; whether there may be more."""
    with database.reading() as db:
        row = db.get_one(Regrading, regrading_id)
        total = row.total or count_attempts(db, row.course_id)
        last, sums = regrading.look(db, row, key)
    found = regrading.more(row.found, sums)
    values = {"total": total, "found": found, "reached": last} if last else {"state": State.LOOKED, "found": found}
    with database.writing() as db:
        mine = update(Regrading).where(
            Regrading.id == regrading_id, Regrading.state == State.LOOKING, Regrading.reached == row.reached
        )
        is_mine = db.execute(mine.values(**values).returning(Regrading.id)).one_or_none() is not None
    return bool(last) and is_mine


def _write_once(database: Database, regrading_id: str, key: regrading.Key) -> bool:
    """Grade some attempts again; whether there may be more.

    What can be found out before is found out before, so that others wait for the right to write as short as possible.
    """
    began = time.perf_counter()
    with database.reading() as db:
        row = db.get_one(Regrading, regrading_id)
        before, batch = row.reached, regrading.read_some(db, row, key)
    if database.engine.dialect.name == "sqlite":
        time.sleep(max(0.0, BREATH - (time.perf_counter() - began)))
    with database.writing() as db:
        row = db.scalars(select(Regrading).where(Regrading.id == regrading_id).with_for_update()).one()
        if row.state != State.WRITING or row.reached != before:
            return row.state == State.WRITING
        if batch.last:
            regrading.write_some(db, row, batch)
            return True
        regrading.end(db, row)
        _forget_change(db, row)
    return False


def _forget_change(db: Session, row: Regrading) -> None:
    changed = delete(ChangedKey).where(ChangedKey.course_id == row.course_id)
    db.execute(changed.where(ChangedKey.question_key == row.question_key))


def mind_published(db: Session, course: str) -> None:
    """A course has another version on offer: perhaps keys changed."""
    jobs.enqueue(db, COMPARE, {"course": course})


def mind_late(db: Session, attempt: str) -> None:
    """An attempt was handed in that began before a key was corrected: it is graded by the corrected one, too."""
    if regrade_queries.late_regradings(db, attempt):
        jobs.enqueue(db, REGRADE_LATE, {"attempt": attempt}, dedupe=f"{REGRADE_LATE}/{attempt}")


def regrade_late(app: Flask, database: Database, task: jobs.Task) -> None:
    """Grade one attempt by each key that was corrected while it was open."""
    types: Mapping[str, QuestionType] = app.extensions["lms_question_types"]
    with database.writing() as db:
        for regrading_id, question in regrade_queries.late_regradings(db, task.args["attempt"]):
            row = db.get_one(Regrading, regrading_id)
            key = regrading.Key(question, row.version_id, types)
            attempts = [task.args["attempt"]]
            still_so(db, attempts, ())  # nobody changes it any more from here
            batch = regrading.gather(db, key, one_attempt(db, task.args["attempt"], question), most_passed=1)
            regrading.apply(db, row, attempts, batch)
        jobs.finish(db, task)


def compare_keys(app: Flask, database: Database, task: jobs.Task) -> None:
    """Find which keys of a newly published version are others than those by which people were graded."""
    types: Mapping[str, QuestionType] = app.extensions["lms_question_types"]
    course_id = task.args["course"]
    with database.reading() as db:
        current = content.current(db, course_id)
        changed = regrade_queries.changed_keys(db, current, types) if current else []
    with database.writing() as db:
        db.execute(delete(ChangedKey).where(ChangedKey.course_id == course_id))
        if current and changed:
            common = {"course_id": course_id, "version_id": current.version, "found_at": now()}
            db.execute(insert(ChangedKey), [{**common, "question_key": key} for key in changed])
        jobs.finish(db, task)
