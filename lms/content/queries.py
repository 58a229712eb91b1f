"""Reads of what is published. A compiled version is immutable, so each process decodes it once."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import defer

from lms.content.compiled import CompiledCourse
from lms.content.models import Blob, CourseVersion, PackState, Publication, PublishedCourse, SearchEntry
from lms.content.structure import Problem
from lms.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Pool
    from sqlalchemy.orm import Session

KEPT = 256
_decoder = msgspec.json.Decoder(CompiledCourse)
_versions: dict[tuple[str, str, int], CompiledCourse] = {}
# what a version id means, by the connection pool of its database: it never changes
_by_id: WeakKeyDictionary[Pool, dict[int, tuple[str, str, int]]] = WeakKeyDictionary()
_course, _version = PublishedCourse.__table__.c, CourseVersion.__table__.c
# asked by every page: built once, and read without the ORM's loading
_OFFERED = (
    select(_version.id, _version.course_id, _version.digest, _version.renderer)
    .join_from(CourseVersion.__table__, PublishedCourse.__table__, _course.current_version_id == _version.id)
    .where(_course.is_withdrawn.is_(False))
)
CURRENT = _OFFERED.where(_course.id == bindparam("course_id"))
CATALOGUE = _OFFERED.order_by(_course.position, _course.id)


@dataclass(frozen=True, slots=True)
class Current:
    """A course as it is offered now."""

    version: int
    course: CompiledCourse


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the list of versions."""

    id: int
    number: int
    digest: str
    created_at: datetime
    published_at: datetime | None
    by: int | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that a search found."""

    course: str
    lesson: str
    language: str
    title: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class PackReport:
    """What the last look at a pack found."""

    pack: str
    checked_at: datetime
    errors: int
    warnings: int
    problems: tuple[Problem, ...]


def current(db: Session | Connection, course_id: str) -> Current | None:
    """The version of a course that is offered now; None if it is unknown or withdrawn."""
    connection = db if isinstance(db, Connection) else db.connection()
    row = connection.execute(CURRENT, {"course_id": course_id}).one_or_none()
    return Current(row[0], _decoded(db, row[0], (row[1], row[2], row[3]))) if row else None


def catalogue(db: Session) -> list[Current]:
    """All courses on offer, in the order in which their packs list them."""
    rows = db.connection().execute(CATALOGUE).all()
    return [Current(row[0], _decoded(db, row[0], (row[1], row[2], row[3]))) for row in rows]


def version(db: Session | Connection, version_id: int) -> CompiledCourse:
    """One version, current or not. Raises `sqlalchemy.exc.NoResultFound`."""
    known = _by_id.setdefault((db if isinstance(db, Connection) else db.get_bind()).engine.pool, {})
    if version_id not in known:
        row = db.execute(
            select(CourseVersion.course_id, CourseVersion.digest, CourseVersion.renderer).where(
                CourseVersion.id == version_id
            )
        ).one()
        known[version_id] = (row[0], row[1], row[2])
    return _decoded(db, version_id, known[version_id])


def _decoded(db: Session | Connection, version_id: int, name: tuple[str, str, int]) -> CompiledCourse:
    """The version of this content; the same content is the same whatever database it comes from."""
    found = _versions.get(name)
    if found is None:
        found = _decoder.decode(
            db.execute(select(CourseVersion.compiled).where(CourseVersion.id == version_id)).scalar_one()
        )
        while len(_versions) >= KEPT:
            _versions.pop(next(iter(_versions)), None)
        _versions[name] = found
    return found


def source_zip(db: Session, version_id: int) -> bytes:
    """The source of a version, as a zip file."""
    return db.execute(select(CourseVersion.source).where(CourseVersion.id == version_id)).scalar_one()


def versions(db: Session, course_id: str) -> list[VersionRow]:
    """All versions of a course, newest first, each with its last publication."""
    now_current = db.scalar(select(PublishedCourse.current_version_id).where(PublishedCourse.id == course_id))
    published = {
        row.version_id: row
        for row in db.scalars(select(Publication).where(Publication.course_id == course_id).order_by(Publication.id))
    }
    rows = db.scalars(
        select(CourseVersion)
        .where(CourseVersion.course_id == course_id)
        .options(defer(CourseVersion.compiled), defer(CourseVersion.source))
        .order_by(CourseVersion.id.desc())
    )
    return [
        VersionRow(
            row.id,
            row.number,
            row.digest,
            row.created_at,
            published[row.id].at if row.id in published else None,
            published[row.id].by if row.id in published else None,
            row.id == now_current,
        )
        for row in rows
    ]


def blob(db: Session, short_digest: str) -> Blob | None:
    """A published file by the beginning of its digest (32 hexadecimal digits)."""
    if len(short_digest) != 32:
        return None
    return db.scalars(
        select(Blob).where(Blob.digest >= short_digest, Blob.digest < short_digest + "g").limit(1)
    ).one_or_none()


def pack_of(db: Session, course_id: str) -> str | None:
    """The pack that owns a course id."""
    return db.scalar(select(PublishedCourse.pack).where(PublishedCourse.id == course_id))


def pack_reports(db: Session) -> list[PackReport]:
    """What the last look at each pack found."""
    rows: Sequence[PackState] = db.scalars(select(PackState).order_by(PackState.pack)).all()
    return [
        PackReport(
            row.pack,
            row.checked_at,
            row.errors,
            row.warnings,
            msgspec.json.decode(row.report, type=tuple[Problem, ...]),
        )
        for row in rows
    ]


@lru_cache(maxsize=1024)
def plain_text(markup: str) -> str:
    """HTML without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", " ", markup))


def search(db: Session, words: str, *, most: int = 40) -> list[Hit]:
    """Published pages that have every word, whatever its case or diacritics; titles first."""
    terms = fold(words).split()[:8]
    if not terms:
        return []
    found = select(SearchEntry).join(PublishedCourse, PublishedCourse.id == SearchEntry.course_id)
    found = found.where(PublishedCourse.is_withdrawn.is_(False))
    for term in terms:
        found = found.where(SearchEntry.folded_text.contains(term, autoescape=True))
    rows = db.scalars(found.limit(500)).all()
    ranked = sorted(rows, key=lambda row: (-_weight(row, terms), row.id))
    return [Hit(row.course_id, row.lesson_id, row.language, row.title, "") for row in ranked[:most]]


def _weight(row: SearchEntry, terms: list[str]) -> float:
    text = f" {row.folded_text}"
    in_title = sum(f" {term}" in f" {row.folded_title}" for term in terms)
    whole = sum(f" {term}" in text for term in terms)
    return 10 * in_title + 3 * whole + sum(min(text.count(term), 9) for term in terms) / 10
