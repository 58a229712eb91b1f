"""Home, catalogue, course page, My learning."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user

from lms.clock import now
from lms.content import queries as content
from lms.credentials import queries as credentials
from lms.learning import actions, assignment_queries, outside_queries, queries, rules
from lms.learning.assignment_rules import urgency
from lms.learning.outside_rules import Source
from lms.learning.topics import TOPICS
from lms.people.needs import needs
from lms.people.rules import Right
from lms.people.session import acting
from lms.quiz import queries as quizzes
from lms.web.language import language
from lms.web.transaction import read_connection, reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from lms.content.compiled import CompiledCourse, CompiledLesson, CoursePage, LessonPage
    from lms.learning.assignment_rules import Assigned
    from lms.learning.queries import CourseStanding
    from lms.quiz.models import Attempt

bp = Blueprint("learning", __name__)
SHORT, AFTERNOON = 15, 240


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course on a shelf."""

    course: CompiledCourse
    page: CoursePage

    @property
    def minutes(self) -> float:
        """The honest estimate of the whole course, in minutes."""
        return self.course.estimate.get("total", 0.0)


@dataclass(frozen=True, slots=True)
class LessonCard:
    """A lesson in a list, with the course it belongs to."""

    course: CompiledCourse
    lesson: CompiledLesson
    page: LessonPage


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Courses and lessons that fit what was asked."""

    query: str
    topic: str
    length: str
    spoken: str
    courses: Sequence[CourseCard]
    lessons: Sequence[LessonCard]
    topics: Sequence[tuple[str, int]]
    spoken_languages: Sequence[str]


def card(course: CompiledCourse) -> CourseCard:
    """A course in the reader's language, else in its own."""
    return CourseCard(course, course.pages.get(language()) or course.pages[course.language])


def lesson_card(course: CompiledCourse, lesson: CompiledLesson) -> LessonCard:
    """A lesson in the reader's language, else in its course's own."""
    return LessonCard(course, lesson, lesson.pages.get(language()) or lesson.pages[course.language])


def published(course_id: str) -> content.Current:
    """The course on offer under this id, or a page that says there is none."""
    found = content.current(read_connection(), course_id)
    if found is None:
        abort(404)
    return found


@bp.get("/")
@needs(Right.ANYONE)
def home() -> ResponseReturnValue:
    """The front door."""
    courses = [current.course for current in content.catalogue(reading())]
    lessons = [lesson_card(course, lesson) for course in courses for lesson in course.lessons]
    first = next((item for item in lessons), None)
    return render_template(
        "learning/home.html",
        cards=[card(course) for course in courses],
        lessons=len(lessons),
        first=first,
        topics=_count_topics(lessons),
    )


@bp.get("/courses")
@needs(Right.ANYONE)
def catalogue() -> ResponseReturnValue:
    """What there is to learn, found by words, life situation, language and length."""
    courses = [current.course for current in content.catalogue(reading())]
    query, topic = request.args.get("q", "").strip()[:200], request.args.get("life", "")
    length, spoken = request.args.get("length", ""), request.args.get("speaks", "")
    found = [card(course) for course in courses]
    lessons = [lesson_card(course, lesson) for course in courses for lesson in course.lessons]
    topics = _count_topics(lessons)
    if query:
        hits = content.search(reading(), query)
        named = {(hit.course, hit.lesson): place for place, hit in reversed(list(enumerate(hits)))}
        found = [item for item in found if (item.course.id, "") in named]
        lessons = [item for item in lessons if (item.course.id, item.lesson.id) in named]
        lessons.sort(key=lambda item: named[item.course.id, item.lesson.id])
    if topic:
        found = [item for item in found if topic in item.course.topics]
        lessons = [item for item in lessons if topic in item.lesson.topics]
    if spoken:
        found = [item for item in found if spoken in item.course.pages]
        lessons = [item for item in lessons if spoken in item.lesson.pages]
    if length:
        found = [item for item in found if item.minutes <= _most_minutes(length)]
        lessons = [item for item in lessons if item.page.minutes <= _most_minutes(length)]
    shown = lessons if query or topic or length == "short" else []
    tags = sorted({tag for course in courses for tag in course.pages})
    return render_template(
        "learning/catalogue.html",
        page=CataloguePage(query, topic, length, spoken, found, shown[:60], topics, tags),
    )


def _most_minutes(length: str) -> float:
    return {"short": SHORT, "afternoon": AFTERNOON}.get(length, float("inf"))


def _count_topics(lessons: Sequence[LessonCard]) -> list[tuple[str, int]]:
    """Life situations that some lesson is about, with the number of lessons."""
    counts = {topic: sum(topic in item.lesson.topics for item in lessons) for topic in TOPICS}
    return [(topic, count) for topic, count in counts.items() if count]


@bp.get("/courses/<course_id>")
@needs(Right.ANYONE)
def course(course_id: str) -> ResponseReturnValue:
    """A course: what it gives, what is still missing, one button."""
    current = published(course_id)
    standing = queries.standing(reading(), acting(), current, language())
    parts = [content.current(reading(), name) for name in current.course.courses]
    missing = [content.current(reading(), name) for name in standing.progress.missing_courses]
    code = credentials.of_completion(reading(), f"{acting()}/{course_id}") if acting() else None
    asks_outside = current_user.is_authenticated and current.course.complete.actions
    return render_template(
        "learning/course.html",
        page=card(current.course),
        standing=standing,
        parts=[card(part.course) for part in parts if part is not None],
        missing=[card(each.course) for each in missing if each is not None],
        groups=grouped_lessons(current.course),
        lessons={lesson.id: lesson_card(current.course, lesson) for lesson in current.course.lessons},
        exam=current.course.quizzes.get(current.course.exam),
        is_read={lesson.id: rules.is_read(lesson, standing.facts.read) for lesson in current.course.lessons},
        code=code,
        given=_given().get(course_id),
        urgency=_urgency,
        said=outside_queries.said(reading(), current_user.actor, course_id) if asks_outside else {},
        Source=Source,
    )


def grouped_lessons(course: CompiledCourse) -> list[tuple[str, list[str]]]:
    """The ids of lessons that stand together, with their module's title; empty where there is no module."""
    titles = {
        module.id: module.titles.get(language()) or module.titles.get(course.language, "") for module in course.modules
    }
    runs = groupby(course.lessons, key=attrgetter("module"))
    return [(titles.get(module, ""), [lesson.id for lesson in lessons]) for module, lessons in runs]


@bp.post("/courses/<course_id>/enrol")
@needs(Right.LEARN)
def enrol(course_id: str) -> ResponseReturnValue:
    """Join a course and open what comes next in it."""
    current = published(course_id)
    standing = queries.standing(reading(), current_user.actor, current, language())
    actions.enrol(writing(), current_user.actor, course_id)
    if standing.next is None:
        return redirect(url_for("learning.course", course_id=course_id), 303)
    return redirect(url_for("lessons.lesson", course_id=course_id, lesson_id=standing.next.id), 303)


def _given() -> Mapping[str, Assigned]:
    """The courses that whoever reads was given; nobody gives a visitor any."""
    if not current_user.is_authenticated:
        return {}
    return assignment_queries.assigned(reading(), current_user.actor, now().date())


def _urgency(given: Assigned) -> str:
    return urgency(given, now().date())


def _first_empty(attempt: Attempt) -> int:
    """The number of the first question that has no answer yet, else of the last."""
    given = quizzes.responses(reading(), attempt.id)
    empty = (number for number, key in enumerate(attempt.questions, 1) if given.get(key) is None)
    return next(empty, len(attempt.questions))


@bp.get("/my-learning")
@needs(Right.LEARN)
def my_learning() -> ResponseReturnValue:
    """What is next, how much is left, what each certificate still needs."""
    db, actor = reading(), current_user.actor
    offered = {current.course.id: current for current in content.catalogue(db)}
    joined = [offered[row.course_id] for row in queries.enrolments(db, actor) if row.course_id in offered]
    standings: list[CourseStanding] = [queries.standing(db, actor, current, language()) for current in joined]
    unfinished = [item for item in standings if item.enrolment and item.enrolment.completed_at is None]
    given, begun = _given(), {current.course.id for current in joined}
    rest = [card(current.course) for name, current in offered.items() if name not in {*begun, *given}]
    return render_template(
        "learning/my_learning.html",
        standings=standings,
        next=next((item for item in unfinished if not item.course.courses), None),
        card=card,
        lesson_card=lesson_card,
        given=given,
        to_begin=[each for name, each in given.items() if name in offered and name not in begun],
        urgency=_urgency,
        late={name for name, each in given.items() if _urgency(each) == "late"},
        unfinished=unfinished,
        open_attempts=[(attempt, _first_empty(attempt)) for attempt in quizzes.open_attempts(db, actor)],
        offered=offered,
        certificates=credentials.certificates(db, actor, now().date()),
        rest=rest,
    )
