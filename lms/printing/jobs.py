"""Print jobs: files of some hundred certificates each, made by several processes, the same bytes when repeated."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

from lms.credentials.paper import render_pieces
from lms.printing import joining

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from lms.credentials.paper import Paper
    from lms.printing.queries import Printed

AT_ONCE = 500  # certificates in a file: a box of paper
INDEX = "index.csv"


@dataclass(frozen=True, slots=True)
class Job:
    """One file, and what stands in it, in the order of its pages."""

    name: str
    title: str
    certificates: tuple[Printed, ...]


def jobs(certificates: Sequence[Printed], size: int = AT_ONCE) -> list[Job]:
    """The files that these certificates make, `size` in each but the last."""
    parts = (tuple(certificates[start : start + size]) for start in range(0, len(certificates), size))
    return [
        Job(f"certificates-{number:04d}.pdf", f"Certificates {number * size - size + 1}–{number * size}", part)
        for number, part in enumerate(parts, 1)
    ]


def index(made: Sequence[Job]) -> str:
    """Where each certificate is found, as CSV: file, place in the file, unit, name, code."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(["file", "number", "unit", "name", "code"])
    for job in made:
        for place, each in enumerate(job.certificates, 1):
            lines.writerow([job.name, place, each.unit, each.name, each.code])
    return text.getvalue()


def print_jobs(
    made: Sequence[Job], papers: Callable[[Job], Sequence[Paper]], folder: Path, processes: int
) -> Iterator[Job]:
    """Write the files into the folder; each job is given when its file is there.

    `papers` reads what is printed of a job, here; at most one job more than there are processes waits in memory.
    A file appears under its name when it is whole. Raises `MissingLetters`.
    """
    # Spawned, because typst's threads do not outlive a fork; one for each file, because memory that was freed may stay.
    with ProcessPoolExecutor(processes, get_context("spawn"), max_tasks_per_child=1) as pool:
        waiting: list[tuple[Job, Future[None]]] = []
        for job in made:
            waiting.append((job, pool.submit(_write, list(papers(job)), job.title, folder / job.name)))
            if len(waiting) > processes:
                yield _finished(*waiting.pop(0))
        for one in waiting:
            yield _finished(*one)


def _finished(job: Job, done: Future[None]) -> Job:
    done.result()
    return job


def _write(papers: Sequence[Paper], title: str, path: Path) -> None:
    joining.write(render_pieces(papers, title), path)
