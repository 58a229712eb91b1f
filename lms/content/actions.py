"""Publishing: a folder's text becomes the version that trainees see, all of it or nothing.

`prepare` does the slow, pure part without a database; `publish` is one short transaction. The same text published
twice is one version.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, func, select

from lms import events
from lms.clock import now
from lms.content import approvals, drawings
from lms.content.checker.checking import check_pack, has_errors
from lms.content.compiled import CompiledCourse
from lms.content.compiler import source_paths
from lms.content.models import Blob, CourseVersion, PackState, Publication, PublishedCourse, SearchEntry
from lms.content.queries import catalogue, plain_text
from lms.content.reader import digest
from lms.content.structure import Problem
from lms.folding import fold
from lms.markdown import RENDERER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.plugins import QuestionType

PUBLISHING = 0x7075626C  # the number of PostgreSQL's lock for all who publish
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Edition:
    """One course, ready to be published: what pages need, the source as a zip file, the files it shows."""

    course: CompiledCourse
    source: bytes
    media: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack as it was read: its editions, if no error forbids them, and everything its author should know."""

    pack: str
    digest: str
    editions: tuple[Edition, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What has to be mended before this can be published."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


class PackHasErrors(Exception):
    """Nothing was published; the problems say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} errors")
        self.problems = tuple(problems)


def prepare(
    pack: str,
    files: Mapping[str, bytes],
    types: Mapping[str, QuestionType],
    *,
    earlier: Mapping[str, Collection[str]] | None = None,
    owners: Mapping[str, str] | None = None,
    today: date | None = None,
) -> Draft:
    """Parse, check and compile a pack. Pure: the same files give the same draft.

    `earlier` and `owners` are what was published before (`published_before`), so that a vanished id or a course id of
    another pack is found; against `today` the dates of lessons are held.
    """
    report = check_pack(files, types, name=pack, earlier=earlier, owners=owners, today=today)
    if has_errors(report.problems):
        return Draft(pack, digest(files), (), report.problems)
    editions = tuple(
        Edition(
            each.compiled,
            _zip(files, source_paths(each.rendered)),
            {item.digest: drawings.sent(path, files[path]) for path, item in each.compiled.media.items()},
        )
        for each in report.courses
    )
    return Draft(pack, digest(files), editions, report.problems)


def published_before(db: Session) -> tuple[dict[str, frozenset[str]], dict[str, str]]:
    """By course id: the lesson ids and question keys of the version on offer, and the pack that owns the course."""
    owners = {row[0]: row[1] for row in db.execute(select(PublishedCourse.id, PublishedCourse.pack))}
    earlier = {
        current.course.id: frozenset(lesson.id for lesson in current.course.lessons) | current.course.questions.keys()
        for current in catalogue(db)
    }
    return earlier, owners


def _zip(files: Mapping[str, bytes], paths: Collection[str]) -> bytes:
    """The chosen files as a zip whose bytes depend on nothing else."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(paths):
            archive.writestr(zipfile.ZipInfo(path, LONG_AGO), files[path], zipfile.ZIP_DEFLATED)
    return target.getvalue()


def publish(db: Session, draft: Draft, *, by: int | None = None) -> list[str]:
    """Make a draft the current version of its courses: the ids of the courses that changed. Raises `PackHasErrors`.

    Whoever publishes, restores or approves at the same moment waits until this transaction ends.
    """
    in_turn(db)
    not_ours = taken(db, draft)
    if draft.errors or not_ours:
        raise PackHasErrors([*draft.errors, *not_ours])
    changed = [
        edition.course.id
        for position, edition in enumerate(draft.editions)
        if _publish_course(db, draft.pack, edition, position, by)
    ]
    _withdraw_missing(db, draft)
    return changed


def in_turn(db: Session) -> None:
    """Let everybody who publishes wait for this transaction to end, so that each sees what the one before did.

    SQLite lets one write at a time anyhow.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(PUBLISHING)))


def taken(db: Session, draft: Draft) -> list[Problem]:
    """An error for each course whose id belongs to another pack."""
    owners = {row[0]: row[1] for row in db.execute(select(PublishedCourse.id, PublishedCourse.pack))}
    return [
        _taken(edition, owners[edition.course.id])
        for edition in draft.editions
        if owners.get(edition.course.id, draft.pack) != draft.pack
    ]


def remember_report(db: Session, draft: Draft, problems: Sequence[Problem] | None = None) -> None:
    """Keep what a look at a pack found, for its trainers."""
    in_turn(db)
    found = draft.problems if problems is None else tuple(problems)
    db.merge(
        PackState(
            pack=draft.pack,
            digest=draft.digest,
            checked_at=now(),
            errors=sum(problem.severity == "error" for problem in found),
            warnings=sum(problem.severity == "warning" for problem in found),
            report=msgspec.json.encode(found),
        )
    )


def restore(db: Session, course_id: str, version_id: int, *, by: int) -> bool:
    """Make an older version the current one again; that is a publication of its own. False if it is current already.

    Raises `LookupError`, `approvals.NotApproved`.
    """
    in_turn(db)
    row = db.get(CourseVersion, version_id)
    if row is None or row.course_id != course_id:
        raise LookupError(version_id)
    course = db.get_one(PublishedCourse, course_id, with_for_update=True)
    if course.current_version_id == version_id and not course.is_withdrawn:
        return False
    compiled = msgspec.json.decode(row.compiled, type=CompiledCourse)
    approvals.refuse_unapproved(db, course, row.id, compiled)
    _make_current(db, course, row.id, compiled, by)
    return True


def _taken(edition: Edition, owner: str) -> Problem:
    return Problem(
        f"courses/{edition.course.id}/index.md",
        0,
        "error",
        "course-id-taken",
        f'The course id "{edition.course.id}" belongs to the pack "{owner}".',
        "Rename the course's folder.",
    )


def _publish_course(db: Session, pack: str, edition: Edition, position: int, by: int | None) -> bool:
    compiled = edition.course
    course = _course_row(db, pack, compiled.id)
    version = _version_of(db, course, edition)
    course.position = position
    if course.current_version_id == version and not course.is_withdrawn:
        return False
    if not approvals.is_free(db, course, version, compiled, by):
        return False
    _make_current(db, course, version, compiled, by)
    return True


def keep_version(db: Session, draft: Draft, course_id: str) -> int:
    """The version of a draft's course, kept without being published. Raises `LookupError`, `PackHasErrors`."""
    in_turn(db)
    not_ours = taken(db, draft)
    if draft.errors or not_ours:
        raise PackHasErrors([*draft.errors, *not_ours])
    edition = next((edition for edition in draft.editions if edition.course.id == course_id), None)
    if edition is None:
        raise LookupError(course_id)
    return _version_of(db, _course_row(db, draft.pack, course_id), edition)


def _course_row(db: Session, pack: str, course_id: str) -> PublishedCourse:
    course = db.get(PublishedCourse, course_id, with_for_update=True)
    if course is None:
        course = PublishedCourse(id=course_id, pack=pack, is_withdrawn=False)
        db.add(course)
        db.flush()
    return course


def _version_of(db: Session, course: PublishedCourse, edition: Edition) -> int:
    version = db.scalar(
        select(CourseVersion.id).where(
            CourseVersion.course_id == course.id,
            CourseVersion.digest == edition.course.digest,
            CourseVersion.renderer == RENDERER,
        )
    )
    return _store_version(db, edition) if version is None else version


def _store_version(db: Session, edition: Edition) -> int:
    compiled = edition.course
    number = db.scalar(select(func.count()).where(CourseVersion.course_id == compiled.id)) or 0
    row = CourseVersion(
        course_id=compiled.id,
        digest=compiled.digest,
        renderer=RENDERER,
        number=number + 1,
        created_at=now(),
        compiled=msgspec.json.encode(compiled),
        source=edition.source,
    )
    db.add(row)
    for item in compiled.media.values():
        if db.get(Blob, item.digest) is None:
            db.add(Blob(digest=item.digest, media_type=item.media_type, content=edition.media[item.digest]))
            db.flush()
    db.flush()
    return row.id


def approve(db: Session, version_id: int, *, by: int) -> None:
    """Publish a version that waited for a second person. Raises `approvals.NotWaiting`, `approvals.OwnWork`."""
    in_turn(db)
    row = approvals.decide(db, version_id, approvals.APPROVED, by=by)
    course = db.get_one(PublishedCourse, row.course_id, with_for_update=True)
    _make_current(db, course, row.id, msgspec.json.decode(row.compiled, type=CompiledCourse), by)


def _make_current(db: Session, course: PublishedCourse, version: int, compiled: CompiledCourse, by: int | None) -> None:
    course.current_version_id, course.is_withdrawn = version, False
    db.add(Publication(course_id=course.id, version_id=version, at=now(), by=by))
    db.execute(delete(SearchEntry).where(SearchEntry.course_id == course.id))
    db.add_all(_search_entries(compiled))
    events.announce(db, events.CoursePublished(course.id, version))


def _search_entries(compiled: CompiledCourse) -> list[SearchEntry]:
    """The words that searching may find: titles, summaries and lesson text, never questions."""
    pages = [("", tag, page.title, f"{page.summary} {page.html}") for tag, page in compiled.pages.items()]
    for lesson in (*compiled.lessons, *compiled.aside):
        for tag, lesson_page in lesson.pages.items():
            text = " ".join(part.html for part in lesson_page.parts)
            pages.append((lesson.id, tag, lesson_page.title, f"{lesson_page.summary} {text}"))
    return [
        SearchEntry(
            course_id=compiled.id,
            lesson_id=lesson,
            language=tag,
            title=title[:400],
            folded_title=fold(title)[:400],
            folded_text=fold(f"{title} {plain_text(text)}"),
        )
        for lesson, tag, title, text in pages
    ]


def _withdraw_missing(db: Session, draft: Draft) -> None:
    """A course that left its pack is no longer offered; what people did in it stays."""
    offered = {edition.course.id for edition in draft.editions}
    for course in db.scalars(select(PublishedCourse).where(PublishedCourse.pack == draft.pack)):
        if course.id not in offered:
            course.is_withdrawn = True
