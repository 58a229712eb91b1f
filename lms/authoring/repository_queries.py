"""What the pages about repositories show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.content.queries import pack_reports
from lms.jobs import Job
from lms.repositories import actions, clones, joining, queries
from lms.repositories.git import GitFailed
from lms.repositories.rules import meaning

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from lms import paging
    from lms.config import Settings
    from lms.repositories.joining import Sides
    from lms.repositories.queries import Known, Look

MOST_FILES = 20  # of a conflict, whose texts are shown


@dataclass(frozen=True, slots=True)
class Line:
    """A repository in the list: how it stands, whether the worker is at it, its last look."""

    known: Known
    is_asked: bool
    last: Look | None


@dataclass(frozen=True, slots=True)
class RepositoryPage:
    """One repository with all that is known of it.

    `unpushed` counts commits that the other side has not, `meant` says in plain words what Git said, `sides` are the
    files of a conflict; `is_all` says whether these are all of them. `errors` counts what keeps the pack from being
    published.
    """

    known: Known
    is_asked: bool
    looks: paging.Page | None
    unpushed: int
    meant: str
    sides: tuple[Sides, ...]
    is_all: bool
    errors: int


def home_page(db: Session, settings: Settings) -> list[Line]:
    """All repositories."""
    asked = _asked(db)
    return [
        Line(known, known.remote.name in asked, queries.last_look(db, known.id) if known.id else None)
        for known in queries.repositories(db, settings)
    ]


def repository_page(db: Session, settings: Settings, name: str, at: paging.At) -> RepositoryPage | None:
    """One repository by its name."""
    known = queries.repository(db, settings, name)
    if known is None:
        return None
    place = clones.place_of(settings, name)
    sides = _sides(place, known)
    return RepositoryPage(
        known,
        name in _asked(db),
        queries.looks(db, known.id, at) if known.id else None,
        _unpushed(place),
        meaning(known.words),
        sides,
        known.conflict is None or len(sides) == len(known.conflict.files),
        sum(report.errors for report in pack_reports(db) if report.pack == name),
    )


def _asked(db: Session) -> set[str]:
    """The repositories at which the worker is to look, or looks."""
    rows = db.scalars(select(Job).where(Job.name == actions.JOB, Job.state == "waiting"))
    return {row.args["name"] for row in rows if row.run_at <= row.created_at}


def _unpushed(place: Path) -> int:
    if not (place / ".git").exists():
        return 0
    try:
        return clones.count_between(place, clones.known_there(place), "HEAD") if clones.known_there(place) else 0
    except GitFailed:
        return 0


def _sides(place: Path, known: Known) -> tuple[Sides, ...]:
    if known.conflict is None:
        return ()
    pair = (known.conflict.ours, known.conflict.theirs)
    try:
        return tuple(joining.sides(place, pair, path) for path in known.conflict.files[:MOST_FILES])
    except GitFailed:
        return ()
