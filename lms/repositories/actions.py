"""What is done to repositories in the database; what is done to clones stands in `pulling`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from lms import jobs
from lms.clock import now
from lms.repositories import queries
from lms.repositories.models import Fetch, Repository
from lms.repositories.rules import Cause, State

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.remotes import Remote

JOB = "repository"
MOST_KEPT = 500  # looks at one repository that are remembered


def add(db: Session, remote: Remote, *, by: int) -> Repository:
    """Remember a repository that an operator added on a page."""
    row = _new(remote, queries.PAGE, by)
    db.add(row)
    db.flush()
    return row


def _new(remote: Remote, origin: str, by: int | None) -> Repository:
    row = Repository(name=remote.name, origin=origin, added_by=by, added_at=now(), state=State.NEW, round=0)
    _describe(row, remote)
    return row


def _describe(row: Repository, remote: Remote) -> None:
    row.address, row.branch, row.folder, row.pushes = remote.address, remote.branch, remote.folder, remote.pushes


def see(db: Session, known: queries.Known) -> Repository:
    """The row of a repository, with what the settings say of it now."""
    row = db.scalar(select(Repository).where(Repository.name == known.remote.name).with_for_update())
    if row is None:
        row = _new(known.remote, known.origin, None)
        db.add(row)
    row.origin = known.origin
    _describe(row, known.remote)
    db.flush()
    return row


def change_secret(db: Session, known: queries.Known) -> None:
    """Give the webhook another secret; the one before is good no more."""
    see(db, known).round += 1


def forget(db: Session, repository_id: int) -> None:
    """Forget a repository and what became of its looks. What was published of it stays."""
    db.execute(delete(Fetch).where(Fetch.repository_id == repository_id))
    db.execute(delete(Repository).where(Repository.id == repository_id))


def ask(
    db: Session, name: str, cause: Cause, *, by: int | None = None, attempt: int = 0, at: datetime | None = None
) -> None:
    """Have the worker look at a repository. Asking twice before it begins is asking once."""
    once = f"{JOB}/{name}/clock" if cause is Cause.CLOCK else f"{JOB}/{name}" if at is None else None
    args = {"name": name, "cause": cause, "by": by, "attempt": attempt}
    jobs.enqueue(db, JOB, args, run_at=at, dedupe=once)


def prune(db: Session, repository_id: int) -> None:
    """Forget the oldest looks beyond those that are kept."""
    oldest = (
        select(Fetch.id)
        .where(Fetch.repository_id == repository_id)
        .order_by(Fetch.at.desc(), Fetch.id.desc())
        .offset(MOST_KEPT)
        .limit(50)
    )
    ids = list(db.scalars(oldest))
    if ids:
        db.execute(delete(Fetch).where(Fetch.id.in_(ids)))
