"""What the pages of reviewing show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.authoring.models import AuthoringStep
from lms.authoring.queries import title_of
from lms.clock import now
from lms.content import approvals
from lms.content import queries as content
from lms.content.models import CourseVersion
from lms.people.models import Person
from lms.people.session import digest
from lms.reviewing.comparing import Comparison, compare
from lms.reviewing.models import PreviewLink

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.content.queries import VersionRow

MOST_LINKS = 100
# the steps that change what a course says
WRITING = ("saved", "created", "renamed", "reordered", "moved", "deleted", "picture-added", "mended", "imported")


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A version that waits for a second person. `by` is a name, empty for what came by itself."""

    waiting: approvals.Waiting
    title: str
    by: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Two versions of a course; `old` and `new` are rows of `versions`, newest first."""

    course_id: str
    pack: str
    title: str
    versions: tuple[VersionRow, ...]
    old: VersionRow
    new: VersionRow
    found: Comparison


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link that somebody made."""

    id: int
    version: int
    made_for: str
    by: str
    made_at: datetime
    expires_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class LinksPage:
    """The links of a course, newest first."""

    course_id: str
    pack: str
    title: str
    versions: tuple[VersionRow, ...]
    rows: tuple[LinkRow, ...]


def waiting_page(db: Session, actor: int, language: str) -> tuple[WaitingRow, ...]:
    """Everything that waits for a second person or was given back, oldest first."""
    found = approvals.waiting(db)
    names = _names(db, {each.asked_by for each in found if each.asked_by is not None})
    return tuple(
        WaitingRow(
            each,
            title_of(content.version(db, each.version), language),
            names.get(each.asked_by or 0, ""),
            each.asked_by == actor,
        )
        for each in found
    )


def wrote_it(db: Session, course_id: str, version: int, actor: int) -> bool:
    """Whether a version that nobody asked about, because the program saw it on disk, was written by this person."""
    pack = content.pack_of(db, course_id) or ""
    waits = next((each for each in approvals.waiting(db, pack) if each.version == version), None)
    if waits is None or waits.asked_by is not None:
        return False
    steps = select(AuthoringStep.id).where(
        AuthoringStep.pack == pack,
        AuthoringStep.course_id.in_((course_id, "")),
        AuthoringStep.by == actor,
        AuthoringStep.kind.in_(WRITING),
    )
    last = max((row.published_at for row in content.versions(db, course_id) if row.published_at), default=None)
    return db.scalar((steps.where(AuthoringStep.at > last) if last else steps).limit(1)) is not None


def compare_page(db: Session, course_id: str, old: int, new: int, language: str) -> ComparePage | None:
    """Two versions of a course; 0 stands for the newest, and for the one before. None if there are not two."""
    versions = tuple(content.versions(db, course_id))
    newer = _chosen(versions, new, 0)
    at = versions.index(newer) if newer else 0
    older = _chosen(versions, old, min(at + 1, len(versions) - 1))
    if newer is None or older is None:
        return None
    title = title_of(content.version(db, newer.id), language)
    sides = [(content.version(db, row.id), content.source_zip(db, row.id)) for row in (older, newer)]
    return ComparePage(course_id, content.pack_of(db, course_id) or "", title, versions, older, newer, compare(*sides))


def _chosen(versions: tuple[VersionRow, ...], wanted: int, place: int) -> VersionRow | None:
    if not wanted:
        return versions[place] if versions else None
    return next((row for row in versions if row.id == wanted), None)


def links_page(db: Session, course_id: str, language: str) -> LinksPage | None:
    """The links of a course; None for an unknown course."""
    versions = tuple(content.versions(db, course_id))
    if not versions:
        return None
    found = db.execute(
        select(PreviewLink, CourseVersion.number, Person.name)
        .join(CourseVersion, CourseVersion.id == PreviewLink.version_id)
        .join(Person, Person.id == PreviewLink.made_by)
        .where(CourseVersion.course_id == course_id)
        .order_by(PreviewLink.id.desc())
        .limit(MOST_LINKS)
    )
    rows = tuple(
        LinkRow(link.id, number, link.made_for, name, link.made_at, link.expires_at, _is_open(link))
        for link, number, name in found
    )
    title = title_of(content.version(db, versions[0].id), language)
    return LinksPage(course_id, content.pack_of(db, course_id) or "", title, versions, rows)


def is_version_of(db: Session, course_id: str, version_id: int) -> bool:
    """Whether there is such a version of this course."""
    return any(row.id == version_id for row in content.versions(db, course_id))


def shown_by(db: Session, token: str) -> int | None:
    """The version that a link shows; None if there is no such link, or it has ended."""
    link = db.scalars(select(PreviewLink).where(PreviewLink.token_hash == digest(token))).one_or_none()
    return link.version_id if link is not None and _is_open(link) else None


def _is_open(link: PreviewLink) -> bool:
    return link.ended_at is None and link.expires_at > now()


def _names(db: Session, actors: set[int]) -> Mapping[int, str]:
    return {row.id: row.name for row in db.execute(select(Person.id, Person.name).where(Person.id.in_(actors)))}
