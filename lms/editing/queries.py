"""What the pages of the editor show of the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.authoring.models import AuthoringStep
from lms.editing.models import FileDraft
from lms.paging import At, page
from lms.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from lms.paging import Page


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that was not saved."""

    draft_id: str
    text: str
    seen: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step that was done to a pack. `by` is empty for what happened by itself."""

    at: datetime
    kind: str
    path: str
    course: str
    by: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StepsPage:
    """Steps, newest first; marks of the pages beside."""

    path: str
    rows: tuple[StepRow, ...]
    newer: str
    older: str


def drafts_of(db: Session, actor: int, pack: str, path: str) -> tuple[Draft, ...]:
    """What somebody wrote in a file and did not save, newest first."""
    own = select(FileDraft).where(FileDraft.actor_id == actor, FileDraft.pack == pack, FileDraft.path == path)
    rows = db.scalars(own.order_by(FileDraft.at.desc(), FileDraft.id.desc()))
    return tuple(Draft(row.draft_id, row.text, row.seen, row.at) for row in rows)


def steps_page(db: Session, pack: str, path: str, at: At) -> StepsPage:
    """What was done to a pack, or to one file of it."""
    found = (
        select(AuthoringStep, Person.name)
        .outerjoin(Person, Person.id == AuthoringStep.by)
        .where(AuthoringStep.pack == pack)
    )
    if path:
        found = found.where(AuthoringStep.path == path)
    rows: Page = page(db, found, (AuthoringStep.id, AuthoringStep.id), at, newest_first=True)
    return StepsPage(
        path,
        tuple(
            StepRow(step.at, step.kind, step.path, step.course_id, name or "", step.detail)
            for step, name, *_ in rows.rows
        ),
        rows.earlier,
        rows.later,
    )
