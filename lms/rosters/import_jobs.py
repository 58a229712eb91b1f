"""What the worker runs for registers: going through a file, looking for duplicates, forgetting files."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from lms import jobs
from lms.clock import now
from lms.rosters import likeness_actions, likeness_queries, run_actions, running
from lms.rosters.likeness import alike

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from lms.db import Database

PAIRS = 500  # in one transaction


def folder(app: Flask) -> Path:
    """Where the files of registers lie."""
    place: Path = app.config["LMS"].home / run_actions.FOLDER
    return place


def import_file(app: Flask, database: Database, task: jobs.Task) -> None:
    """Do what is next for a run."""
    running.carry_on(database, folder(app), task.args["run"], task=task)


def forget_import(app: Flask, database: Database, task: jobs.Task) -> None:
    """Delete the file of a run after its time, and what is kept of its rows."""
    with database.writing() as db:
        run_actions.forget(db, task.args["run"], folder(app))
        jobs.finish(db, task)


def find_duplicates(database: Database, task: jobs.Task) -> None:
    """Note who has the same phone or e-mail in a subtree, or nearly the same name in one unit; a person decides."""
    unit, today = task.args["unit"], now().date()
    with database.reading() as reader:
        by_name = (
            (*pair, "name") for people in likeness_queries.by_unit(reader, unit, today) for pair in alike(people)
        )
        found = chain(likeness_queries.sharing(reader, unit, today), by_name)
        while pairs := list(islice(found, PAIRS)):
            with database.writing() as db:
                likeness_actions.note_pairs(db, pairs)
    with database.writing() as db:
        jobs.finish(db, task)
