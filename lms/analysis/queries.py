"""What the pages show. They read sums that the worker made; none of them counts an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from lms.analysis import picture, rules
from lms.analysis.course_pages import CoursePage, lesson_rows, never_rows, practice_rows
from lms.analysis.course_sums import CourseSums
from lms.analysis.models import CourseFigure, QuestionFigure, QuizCount, QuizFigure
from lms.analysis.rules import Exam, Flag
from lms.analysis.sums import FormSums
from lms.analysis.tally import decode, load
from lms.analysis.texts import asked, form_of
from lms.content import queries as content
from lms.content.models import CourseVersion, PublishedCourse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse, CompiledQuiz
    from lms.plugins import QuestionType

    Types = Mapping[str, QuestionType]

SORTS = ("place", "asked", "facility", "discrimination", "seconds")


@dataclass(frozen=True, slots=True)
class Counted:
    """How fresh figures are. `is_asked` says that somebody asked for a new count, which is still to come."""

    at: datetime | None = None
    attempts: int = 0
    flagged: int = 0
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class QuizCard:
    """A quiz in a list: the form that the version on offer has, and how many questions need a look."""

    course: str
    quiz: str
    title: str
    is_exam: bool
    counted: Counted
    exam: Exam


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course with its quizzes; `language` is the one of its title."""

    id: str
    title: str
    language: str
    quizzes: tuple[QuizCard, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody wants to see of a quiz. `version` 0 is the one on offer; an empty language is all of them."""

    version: int = 0
    language: str = ""
    flag: str = ""
    sort: str = "place"
    is_down: bool = False


@dataclass(frozen=True, slots=True)
class VersionChoice:
    """A version that people answered, or the one on offer."""

    id: int
    number: int
    people: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class QuizPage:
    """A quiz and its questions, sorted and filtered as `chosen`; `every` is all of them in the quiz's order."""

    course: CompiledCourse
    quiz: CompiledQuiz
    pack: str
    title: str
    chosen: Chosen
    counted: Counted
    exam: Exam
    every: tuple[picture.Row, ...]
    questions: tuple[picture.Row, ...]
    languages: tuple[str, ...]
    versions: tuple[VersionChoice, ...]

    @property
    def graded(self) -> tuple[picture.Row, ...]:
        """The questions shown that have a right answer."""
        return tuple(row for row in self.questions if not row.is_opinion)

    @property
    def opinions(self) -> tuple[picture.Row, ...]:
        """The questions shown that have none."""
        return tuple(row for row in self.questions if row.is_opinion)

    @property
    def urgent(self) -> tuple[picture.Row, ...]:
        """Those that may be unfair to people."""
        return tuple(row for row in self.every if row.is_urgent)

    @property
    def flagged(self) -> int:
        """How many need a look."""
        return sum(row.is_flagged for row in self.every)

    @property
    def flags(self) -> dict[Flag, int]:
        """How many questions have each flag."""
        return {
            flag: count
            for flag in Flag
            if (count := sum(any(raised.flag == flag for raised in row.flags) for row in self.every))
        }

    def question(self, name: str) -> picture.Row | None:
        """A question by its id."""
        return next((row for row in self.every if row.id == name), None)


def title_of(course: CompiledCourse, language: str) -> tuple[str, str]:
    """A course's title in a language, else in its own; and which language that is."""
    spoken = language if language in course.pages else course.language
    return course.pages[spoken].title, spoken


def quiz_title(course: CompiledCourse, quiz: str, language: str) -> str:
    """A quiz's title in a language, else in the course's own."""
    titles = course.quizzes[quiz].titles
    return titles.get(language) or titles.get(course.language) or quiz


def _current(db: Session) -> dict[str, int]:
    """The last version of every course ever published, on offer or not."""
    rows = db.execute(
        select(PublishedCourse.id, PublishedCourse.current_version_id).order_by(
            PublishedCourse.position, PublishedCourse.id
        )
    )
    return {course: version for course, version in rows if version is not None}


def quizzes_to_count(db: Session) -> list[tuple[str, str]]:
    """Every quiz that people can take or could take, as course and quiz."""
    found = {
        (course, quiz): None
        for course, version in _current(db).items()
        for quiz in content.version(db, version).quizzes
    }
    known = db.execute(select(QuizCount.course_id, QuizCount.quiz_id).order_by(QuizCount.course_id, QuizCount.quiz_id))
    return list(found | dict.fromkeys((course, quiz) for course, quiz in known))


def home_page(db: Session, types: Types, language: str) -> list[CourseCard]:
    """The courses on offer that have quizzes."""
    courses = [current.course for current in content.catalogue(db) if current.course.quizzes]
    return _cards(db, courses, types, language)


def _cards(db: Session, courses: Sequence[CompiledCourse], types: Types, language: str) -> list[CourseCard]:
    names = [course.id for course in courses]
    counts: dict[str, dict[str, QuizCount]] = {}
    for row in db.scalars(select(QuizCount).where(QuizCount.course_id.in_(names))):
        counts.setdefault(row.course_id, {})[row.quiz_id] = row
    forms = _forms(db, names)
    return [_card(course, types, language, counts.get(course.id, {}), forms.get(course.id, {})) for course in courses]


def _card(
    course: CompiledCourse,
    types: Types,
    language: str,
    counts: Mapping[str, QuizCount],
    forms: Mapping[str, Mapping[str, FormSums]],
) -> CourseCard:
    """A course with its quizzes, the exam first."""
    order = sorted(course.quizzes, key=lambda quiz: quiz != course.exam)
    cards = tuple(
        QuizCard(
            course.id,
            quiz,
            quiz_title(course, quiz, language),
            quiz == course.exam,
            _counted(counts.get(quiz)),
            _exam(course, quiz, types, forms.get(quiz, {})),
        )
        for quiz in order
    )
    return CourseCard(course.id, *title_of(course, language), cards)


def _forms(db: Session, courses: Sequence[str]) -> dict[str, dict[str, dict[str, FormSums]]]:
    """The sums of each form by course, quiz and the form's name."""
    shown = and_(
        QuizCount.course_id == QuizFigure.course_id,
        QuizCount.quiz_id == QuizFigure.quiz_id,
        QuizCount.shown == QuizFigure.generation,
    )
    rows = db.execute(
        select(QuizFigure.course_id, QuizFigure.quiz_id, QuizFigure.form, QuizFigure.sums)
        .join(QuizCount, shown)
        .where(QuizFigure.course_id.in_(courses))
    )
    found: dict[str, dict[str, dict[str, FormSums]]] = {}
    for course, quiz, form, sums in rows:
        found.setdefault(course, {}).setdefault(quiz, {})[form] = decode(sums, FormSums)
    return found


def _exam(course: CompiledCourse, quiz: str, types: Types, forms: Mapping[str, FormSums]) -> Exam:
    form = form_of(course, course.quizzes[quiz], asked(course, quiz, course.language, types))
    return rules.exam(forms.get(form.name) or FormSums(is_drawn=form.is_drawn))


def _counted(row: QuizCount | None) -> Counted:
    if row is None:
        return Counted()
    is_asked = row.asked_at is not None or row.building != 0
    return Counted(row.counted_at, row.attempts if row.counted_at else 0, row.flagged, is_asked)


def quiz_page(db: Session, course_id: str, quiz: str, types: Types, language: str, chosen: Chosen) -> QuizPage | None:
    """A quiz as somebody wants to see it; None if there is none, or no such version."""
    published = db.get(PublishedCourse, course_id)
    if published is None or published.current_version_id is None:
        return None
    count = db.get(QuizCount, (course_id, quiz))
    forms = _forms(db, [course_id]).get(course_id, {}).get(quiz, {})
    versions = _versions(db, course_id, quiz, published.current_version_id, forms)
    version = chosen.version or next((each.id for each in versions), 0)
    if version not in {each.id for each in versions}:
        return None
    course = content.version(db, version)
    sums = load(db, course_id, quiz, count.shown).questions if count else {}
    every = picture.rows(course, quiz, types, sums, language, chosen.language)
    return QuizPage(
        course,
        course.quizzes[quiz],
        published.pack,
        quiz_title(course, quiz, language),
        Chosen(version, chosen.language, chosen.flag, chosen.sort, chosen.is_down),
        _counted(count),
        _exam(course, quiz, types, forms),
        tuple(every),
        tuple(_sorted(_filtered(every, chosen.flag), chosen)),
        tuple(sorted({tongue for _key, tongue, _text in sums} | {chosen.language} - {""})),
        versions,
    )


def _versions(
    db: Session, course: str, quiz: str, current: int, forms: Mapping[str, FormSums]
) -> tuple[VersionChoice, ...]:
    """The versions that have the quiz and were answered, and the one on offer; newest first."""
    people: dict[int, int] = {}
    for sums in forms.values():
        for version, count in sums.versions.items():
            people[version] = people.get(version, 0) + count
    if quiz in content.version(db, current).quizzes:
        people.setdefault(current, 0)
    rows = db.execute(
        select(CourseVersion.id, CourseVersion.number)
        .where(CourseVersion.course_id == course, CourseVersion.id.in_(people))
        .order_by((CourseVersion.id == current).desc(), CourseVersion.id.desc())
    )
    return tuple(VersionChoice(version, number, people[version], version == current) for version, number in rows)


def _filtered(rows: Sequence[picture.Row], flag: str) -> list[picture.Row]:
    if flag == "any":
        return [row for row in rows if row.is_flagged]
    return [row for row in rows if not flag or any(raised.flag == flag for raised in row.flags)]


def _sorted(rows: list[picture.Row], chosen: Chosen) -> list[picture.Row]:
    """In the quiz's order, or by a figure; what has no figure stands last."""
    if chosen.sort not in SORTS[1:]:
        return rows[::-1] if chosen.is_down else rows

    def figure(row: picture.Row) -> tuple[bool, float]:
        value = getattr(row.figures, chosen.sort) if row.figures.is_shown else None
        return value is None, 0.0 if value is None else -value if chosen.is_down else value

    return sorted(rows, key=figure)


def count_flagged(db: Session, types: Types, course: str, quiz: str, sums: picture.Sums) -> int:
    """How many questions of the version on offer need a look."""
    version = _current(db).get(course)
    if version is None:
        return 0
    current = content.version(db, version)
    if quiz not in current.quizzes:
        return 0
    return sum(row.is_flagged for row in picture.rows(current, quiz, types, sums, current.language))


def never_drawn(db: Session, course: CompiledCourse) -> list[tuple[str, str]]:
    """Questions that no first attempt had, of quizzes that were taken; as quiz and question id."""
    shown = and_(
        QuizCount.course_id == QuestionFigure.course_id,
        QuizCount.quiz_id == QuestionFigure.quiz_id,
        QuizCount.shown == QuestionFigure.generation,
    )
    rows = db.execute(
        select(QuestionFigure.quiz_id, QuestionFigure.question_key)
        .join(QuizCount, shown)
        .where(QuestionFigure.course_id == course.id)
        .distinct()
    )
    drawn: dict[str, set[str]] = {}
    for quiz, key in rows:
        drawn.setdefault(quiz, set()).add(key)
    return [
        (quiz.id, key.rpartition("#")[2])
        for quiz in course.quizzes.values()
        if quiz.id in drawn
        for key in quiz.questions
        if key not in drawn[quiz.id]
    ]


def oldest_course_count(db: Session) -> datetime | None:
    """When the course was counted whose count is the oldest; None if one was never counted."""
    counted = {row[0]: row[1] for row in db.execute(select(CourseFigure.course_id, CourseFigure.counted_at))}
    moments = [counted.get(course) for course in _current(db)]
    return None if None in moments else min((each for each in moments if each is not None), default=None)


def course_page(db: Session, course_id: str, types: Types, language: str) -> CoursePage | None:
    """A course that was published at least once; None for any other."""
    published = db.get(PublishedCourse, course_id)
    if published is None or published.current_version_id is None:
        return None
    course = content.version(db, published.current_version_id)
    kept = db.get(CourseFigure, course_id)
    sums = decode(kept.sums, CourseSums) if kept else CourseSums()
    return CoursePage(
        _cards(db, [course], types, language)[0],
        published.pack,
        published.current_version_id,
        kept.counted_at if kept else None,
        sums.enrolled,
        sums.completed,
        sums.stopped,
        lesson_rows(course, sums, language),
        practice_rows(course, sums, types, language),
        never_rows(course, never_drawn(db, course)),
    )
