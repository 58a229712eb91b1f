"""What is known of repositories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms import paging
from lms.people.models import Person
from lms.remotes import Remote, read_remote
from lms.repositories.models import Fetch, Repository
from lms.repositories.rules import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from lms.config import Settings

SETTINGS, PAGE = "settings", "page"


@dataclass(frozen=True, slots=True)
class Known:
    """A repository and how it stands. `id` is None while it stands in the settings only and was never fetched."""

    remote: Remote
    origin: str
    id: int | None = None
    round: int = 0
    state: State = State.NEW
    words: str = ""
    looked_at: datetime | None = None
    conflict: Conflicting | None = None


@dataclass(frozen=True, slots=True)
class Conflicting:
    """The two commits that do not go together, and the files in which they differ."""

    ours: str
    theirs: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One fetch or push, for the list of them."""

    at: datetime
    seconds: float
    cause: str
    by: str
    before: str
    after: str
    outcome: str
    words: str
    courses: tuple[str, ...]


def repositories(db: Session, settings: Settings) -> list[Known]:
    """All repositories: those of the settings first. One that the settings name no more is left out."""
    rows = {row.name: row for row in db.scalars(select(Repository).order_by(Repository.name))}
    named = [read_remote(line) for line in settings.repositories]
    known = [_known(remote, SETTINGS, rows.pop(remote.name, None)) for remote in named]
    added = [row for row in rows.values() if row.origin == PAGE]
    return [*known, *(_known(remote_of(row), PAGE, row) for row in added)]


def repository(db: Session, settings: Settings, name: str) -> Known | None:
    """One repository by its name."""
    return next((known for known in repositories(db, settings) if known.remote.name == name), None)


def remote_of(row: Repository) -> Remote:
    """Where a repository on a page comes from."""
    return Remote(row.name, row.address, row.branch, row.folder, row.pushes)


def _known(remote: Remote, origin: str, row: Repository | None) -> Known:
    if row is None:
        return Known(remote, origin)
    return Known(
        remote, origin, row.id, row.round, State(row.state), row.words, row.looked_at, _conflict(row.detail or {})
    )


def _conflict(detail: Mapping[str, Any]) -> Conflicting | None:
    return Conflicting(detail["ours"], detail["theirs"], tuple(detail["files"])) if "files" in detail else None


def looks(db: Session, repository_id: int, at: paging.At) -> paging.Page:
    """What became of each look at a repository, the newest first."""
    chosen = (
        select(Fetch, Person.name).outerjoin(Person, Person.id == Fetch.by).where(Fetch.repository_id == repository_id)
    )
    found = paging.page(db, chosen, (Fetch.at, Fetch.id), at, newest_first=True, size=20)
    return paging.Page([_look(row[0], row[1] or "") for row in found.rows], found.earlier, found.later)


def last_look(db: Session, repository_id: int) -> Look | None:
    """What became of the last look."""
    rows: Sequence[Look] = looks(db, repository_id, paging.At()).rows
    return rows[0] if rows else None


def _look(row: Fetch, by: str) -> Look:
    return Look(
        row.at, row.seconds, row.cause, by, row.before, row.after, row.outcome, row.words, tuple(row.courses.split())
    )


def is_pushed(db: Session, pack: str) -> bool:
    """Whether what the desk saves in a pack is to be given to another side."""
    return bool(db.scalar(select(Repository.pushes).where(Repository.name == pack)))
