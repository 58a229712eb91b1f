"""The worker's side of print jobs: one file at a time, in a process of its own; and how files end after their days."""

from __future__ import annotations

import hashlib
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

import msgspec

from lms import jobs
from lms.presses import actions, queries
from lms.presses.rules import Kind, State, file_name, parted
from lms.printable import missing_letters
from lms.printing import jobs as printing
from lms.printing import queries as printed
from lms.printing import yearly
from lms.printing.statement_paper import unprintable, write_statements

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flask import Flask

    from lms.credentials.paper import Paper
    from lms.db import Database
    from lms.presses.queries import NextFile, Run
    from lms.presses.rules import Sheet

FOLDER = "prints"
TITLES = {Kind.CERTIFICATES: "Certificates", Kind.STATEMENTS: "Statements"}


def folder(app: Flask, run_id: int) -> Path:
    """Where the files of a print job lie, or will lie."""
    place: Path = app.config["LMS"].home / FOLDER / str(run_id)
    return place


def print_next(app: Flask, database: Database, task: jobs.Task) -> None:
    """Do what is next for a print job: choose its papers, or make its next file. Another job does what comes then."""
    with database.reading() as db:
        run = queries.run(db, task.args["run"])
        is_allowed = run is not None and queries.may_print(db, run.by, run.wanted.unit)
    if run is None or not run.is_at_work:
        with database.writing() as db:
            jobs.finish(db, task)
    elif not is_allowed:
        with database.writing() as db:
            actions.refuse(db, task)
    elif run.state is State.WAITING:
        _choose(app, database, task, run)
    else:
        _make(app, database, task, run)


def forget(app: Flask, database: Database, task: jobs.Task) -> None:
    """Delete the files of a print job and the names that were kept for it."""
    with database.writing() as db:
        actions.forget(db, task.args["run"])
    shutil.rmtree(folder(app, task.args["run"]), ignore_errors=True)
    with database.writing() as db:
        jobs.finish(db, task)


def _choose(app: Flask, database: Database, task: jobs.Task, run: Run) -> None:
    parts = app.extensions["lms_statement_parts"]
    with database.reading() as db:
        files = parted(queries.sheets(db, run.wanted, parts, run.as_of), run.wanted.order)
    with database.writing() as db:
        actions.chosen(db, task, files)


def _make(app: Flask, database: Database, task: jobs.Task, run: Run) -> None:
    with database.reading() as db:
        step = queries.next_file(db, run.id)
    made = None
    if step is not None:
        folder(app, run.id).mkdir(parents=True, exist_ok=True)
        path = folder(app, run.id) / file_name(run.wanted.kind, step.number, run.wanted.year)
        write = _certificates if run.wanted.kind is Kind.CERTIFICATES else _statements
        there = write(app, database, run, step, path)
        made = _made(step, there, path)
    with database.writing() as db:
        actions.made(db, task, made)


def _made(step: NextFile, there: frozenset[int], path: Path) -> actions.Made:
    # a file of which nothing could be printed is none, and no older one is taken for it
    size, digest = _measured(path) if there else (0, "")
    return actions.Made(
        step.number,
        [each for each in step.sheets if each.id in there],
        [each for each in step.sheets if each.id not in there],
        size,
        digest,
    )


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return path.stat().st_size, digest


def _title(run: Run, step: NextFile) -> str:
    first = (step.number - 1) * printing.AT_ONCE + 1
    return f"{TITLES[run.wanted.kind]} {first}–{first + len(step.sheets) - 1}"


def _certificates(app: Flask, database: Database, run: Run, step: NextFile, path: Path) -> frozenset[int]:
    """Write a file of certificates; which of the sheets are in it."""
    with database.reading() as db:
        found = printed.papers(db, [each.id for each in step.sheets], app.config["LMS"].url.rstrip("/"))
    papers = [_in_design(each, run.wanted.design) for each in found if not _lacks_letters(each)]
    if papers:
        job = printing.Job(path.name, _title(run, step), ())
        for _job in printing.print_jobs([job], lambda _job: papers, path.parent, 1):
            pass
    return _ids(step.sheets, {each.facts.code for each in papers})


def _ids(sheets: Sequence[Sheet], codes: set[str]) -> frozenset[int]:
    return frozenset(each.id for each in sheets if each.code in codes)


def _in_design(paper: Paper, design: str) -> Paper:
    """The certificate in another design; what it says, and what is signed, is the same."""
    if not design:
        return paper
    return replace(paper, facts=replace(paper.facts, look=replace(paper.facts.look, design=design)))


def _lacks_letters(paper: Paper) -> bool:
    """Whether one paper would keep all others of its file from being printed."""
    return bool(missing_letters(msgspec.json.encode(paper.facts).decode()))


def _statements(app: Flask, database: Database, run: Run, step: NextFile, path: Path) -> frozenset[int]:
    """Write a file of yearly statements; which of the sheets are in it."""
    parts, settings = app.extensions["lms_statement_parts"], app.config["LMS"]
    year = run.wanted.year or run.as_of.year
    with database.reading() as db:
        ids = [each.id for each in step.sheets]
        found = yearly.statements(db, ids, year, run.as_of, parts, settings)
        looks = yearly.looks(db, run.as_of)
    made = {person: each for person, each in found.items() if not unprintable(each)}
    if made:
        # spawned, because typst's threads do not outlive a fork; of its own, because memory that was freed may stay
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            pool.submit(write_statements, path, list(made.values()), looks, _title(run, step)).result()
    return frozenset(made)
