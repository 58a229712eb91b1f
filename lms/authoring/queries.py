"""What the desk's pages show of packs, courses, versions and reported mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lms.content import queries as content
from lms.content.models import PublishedCourse
from lms.learning import queries as learning
from lms.learning.models import MistakeReport
from lms.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse
    from lms.content.packs import PackFolder
    from lms.content.queries import PackReport, VersionRow
    from lms.content.structure import Problem

PAGE = 50
MOST_PROBLEMS = 100
MOST_PLACES = 20  # of one rule


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A published course in a list. Counts are people."""

    id: str
    title: str
    languages: tuple[str, ...]
    lessons: int
    enrolled: int
    completed: int


@dataclass(frozen=True, slots=True)
class PackCard:
    """A pack: what is published of it, and what the last check found. Without a folder nothing can be published."""

    name: str
    folder: PackFolder | None
    courses: tuple[CourseRow, ...]
    report: PackReport | None

    @property
    def errors(self) -> int:
        """How many errors keep the pack from being published."""
        return self.report.errors if self.report else 0


@dataclass(frozen=True, slots=True)
class HomePage:
    """The desk's first page."""

    packs: tuple[PackCard, ...]
    reports: int

    @property
    def broken(self) -> tuple[PackCard, ...]:
        """The packs with errors."""
        return tuple(pack for pack in self.packs if pack.errors)


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course, its versions (one page of them, newest first) and what is known of it. `number` counts from 1."""

    id: str
    pack: str
    title: str
    course: CompiledCourse
    is_withdrawn: bool
    current: int | None
    versions: tuple[tuple[VersionRow, str], ...]
    number: int
    has_more: bool
    problems: tuple[Problem, ...]
    enrolled: int
    completed: int


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A mistake that a reader reported. `lesson_title` is empty if the lesson is gone."""

    report: MistakeReport
    course_title: str
    lesson_title: str


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """Reported mistakes, oldest first. `next` is the id after which the next page begins."""

    rows: tuple[ReportRow, ...]
    total: int
    next: int | None


def home_page(db: Session, folders: Sequence[PackFolder], language: str) -> HomePage:
    """All packs, on disk or published, in the order of the folders."""
    owned = _courses_by_pack(db, language)
    reports = {report.pack: report for report in content.pack_reports(db)}
    on_disk = {folder.name: folder for folder in folders}
    names = dict.fromkeys((*on_disk, *sorted(owned)))
    cards = tuple(PackCard(name, on_disk.get(name), owned.get(name, ()), reports.get(name)) for name in names)
    return HomePage(cards, count_reports(db))


def pack_card(db: Session, folder: PackFolder, language: str) -> PackCard:
    """One pack on disk."""
    report = next((report for report in content.pack_reports(db) if report.pack == folder.name), None)
    return PackCard(folder.name, folder, _courses_by_pack(db, language).get(folder.name, ()), report)


def _courses_by_pack(db: Session, language: str) -> dict[str, tuple[CourseRow, ...]]:
    owners = {row.id: row.pack for row in db.execute(select(PublishedCourse.id, PublishedCourse.pack))}
    learners = learning.count_learners(db)
    found: dict[str, tuple[CourseRow, ...]] = {}
    for current in content.catalogue(db):
        course = current.course
        row = CourseRow(
            course.id,
            title_of(course, language),
            tuple(course.pages),
            len(course.lessons),
            *learners.get(course.id, (0, 0)),
        )
        found[owners[course.id]] = (*found.get(owners[course.id], ()), row)
    return found


def title_of(course: CompiledCourse, language: str) -> str:
    """A course's title in a language, else in its own."""
    return (course.pages.get(language) or course.pages[course.language]).title


def count_reports(db: Session) -> int:
    """How many reported mistakes wait."""
    return db.scalar(select(func.count()).where(MistakeReport.settled_at.is_(None))) or 0


def course_page(db: Session, course_id: str, language: str, number: int) -> CoursePage | None:
    """A course that was published at least once; None for any other."""
    row = db.get(PublishedCourse, course_id)
    if row is None or row.current_version_id is None:
        return None
    course = content.version(db, row.current_version_id)
    versions = content.versions(db, course_id)
    shown = versions[(number - 1) * PAGE : number * PAGE]
    names = _names(db, {version.by for version in shown if version.by is not None})
    report = next((report for report in content.pack_reports(db) if report.pack == row.pack), None)
    return CoursePage(
        course_id,
        row.pack,
        title_of(course, language),
        course,
        row.is_withdrawn,
        None if row.is_withdrawn else row.current_version_id,
        tuple((version, names.get(version.by or 0, "")) for version in shown),
        number,
        len(versions) > number * PAGE,
        problems_of(course, report.problems) if report else (),
        *learning.count_learners(db).get(course_id, (0, 0)),
    )


def _names(db: Session, actors: set[int]) -> Mapping[int, str]:
    return {row.id: row.name for row in db.execute(select(Person.id, Person.name).where(Person.id.in_(actors)))}


def problems_of(course: CompiledCourse, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems in a course's folder and in the banks that it draws from."""
    paths = {lesson.path for lesson in course.lessons} | {quiz.path for quiz in course.quizzes.values()}
    folder = f"courses/{course.id}/"
    return tuple(problem for problem in problems if problem.file in paths or problem.file.startswith(folder))


def reports_page(db: Session, language: str, after: int) -> ReportsPage:
    """The reported mistakes that nobody has dealt with, from the one after `after` on."""
    waiting = select(MistakeReport).where(MistakeReport.settled_at.is_(None), MistakeReport.id > after)
    found = db.scalars(waiting.order_by(MistakeReport.id).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    courses = {current.course.id: current.course for current in content.catalogue(db)}
    rows = tuple(_report_row(report, courses.get(report.course_id), language) for report in shown)
    return ReportsPage(rows, count_reports(db), shown[-1].id if len(found) > PAGE else None)


def _report_row(report: MistakeReport, course: CompiledCourse | None, language: str) -> ReportRow:
    if course is None:
        return ReportRow(report, report.course_id, "")
    lesson = next((item for item in course.lessons if report.lesson_id in {item.id, *item.was}), None)
    page = lesson and (lesson.pages.get(report.language) or lesson.pages[course.language])
    return ReportRow(report, title_of(course, language), page.title if page else "")


def email_of(db: Session, actor: int) -> str:
    """The address of somebody who saves; empty if there is none."""
    return db.scalar(select(Person.email).where(Person.id == actor)) or ""
