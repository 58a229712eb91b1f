"""Print jobs that are deleted while they are made, and names of whom they left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.clock import now
from lms.jobs import Job, Task
from lms.people.models import Person
from lms.presses import actions, queries
from lms.presses.models import PrintFile, PrintRun
from lms.presses.rules import Kind, Order, Sheet, State, Wanted

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.db import Database
    from tests.cast import Cast

ANNA = Sheet(1, "C-1", "North", "Anna Ozola")


def begun(db: Session, cast: Cast) -> PrintRun:
    """A print job with one file that is made just now."""
    wanted = Wanted(Kind.CERTIFICATES, cast.units["N"], Order.UNIT)
    run = actions.start(db, "1", wanted, papers=1, days=9, by=cast["nora"], today=now().date())
    row = db.get_one(PrintRun, run)
    row.state = State.RUNNING
    values = {"papers": 1, "bytes": 0, "digest": ""}
    db.add(PrintFile(run_id=run, number=1, sheets=[[1, "C-1", "North", ANNA.name]], left_out=[], **values))
    db.flush()
    return row


def at_work(db: Session, run: int) -> Task:
    job = Job(name=actions.JOB, args={"run": run}, run_at=now(), created_at=now(), worker="w")
    db.add(job)
    db.flush()
    return Task(job.id, job.name, job.args, "key", "w")


def test_a_file_that_was_under_way_brings_no_name_back(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        run = begun(db, cast).id
        task = at_work(db, run)
        actions.forget(db, run)
        actions.made(db, task, actions.Made(1, [ANNA], [], 5, "digest"))
        db.expire_all()
        file = db.query(PrintFile).one()
        assert (file.sheets, file.made_at) == ([], None)
        # the file itself came after the folder was deleted: it is deleted once more
        assert db.query(Job).filter(Job.name == actions.FORGET, Job.run_at <= now()).count() == 1


def test_a_job_that_left_somebody_out_names_them_too(database: Database, cast: Cast) -> None:
    with database.writing() as db:
        run = begun(db, cast).id
        task, otto = at_work(db, run), db.get_one(Person, cast["otto"])
        actions.made(db, task, actions.Made(1, [], [Sheet(cast["otto"], "", "South", otto.name)], 0, ""))
        assert queries.holding(db, cast["otto"]) == {run}
        assert queries.holding(db, cast["laura"]) == set()
