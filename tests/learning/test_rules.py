"""What is missing, what is next, when a course is complete."""

from __future__ import annotations

import dataclasses

from lms.content.actions import prepare
from lms.content.compiled import CompiledCourse
from lms.discovery import OWN, question_types
from lms.learning.rules import Facts, next_lesson, progress
from tests.packs import SMALL, as_files


def course(**changes) -> CompiledCourse:
    found = prepare("tests", as_files(SMALL), question_types([OWN])).editions[0].course
    return dataclasses.replace(found, **changes)


ALL = frozenset({"long-passwords", "helping"})
EXAM = frozenset({"first-aid-exam"})


def test_at_the_beginning_everything_is_missing() -> None:
    found = progress(course(), Facts())
    assert (found.lessons, found.read, found.missing_lessons, found.is_exam_missing) == (2, 0, 2, True)
    assert not found.is_complete
    assert found.minutes_left > 4 * 1.5


def test_all_read_and_passed_is_complete() -> None:
    assert progress(course(), Facts(read=ALL, passed=EXAM)).is_complete
    assert not progress(course(), Facts(read=ALL)).is_complete
    assert not progress(course(), Facts(read=frozenset({"helping"}), passed=EXAM)).is_complete


def test_a_share_of_lessons_may_suffice() -> None:
    half = dataclasses.replace(course().complete, lessons=0.5)
    assert progress(course(complete=half), Facts(read=frozenset({"helping"}), passed=EXAM)).is_complete


def test_a_lesson_keeps_its_readers_when_it_moves() -> None:
    lessons = tuple(dataclasses.replace(each, id=f"new/{each.id}", was=(each.id,)) for each in course().lessons)
    assert progress(course(lessons=lessons), Facts(read=ALL, passed=EXAM)).is_complete


def test_lessons_published_after_the_passing_exam_are_not_asked_for() -> None:
    extra = dataclasses.replace(course().lessons[0], id="brand-new")
    later = course(lessons=(*course().lessons, extra))
    facts = Facts(read=ALL, passed=EXAM, exam_version_lessons=ALL)
    assert progress(later, facts).is_complete
    assert not progress(later, dataclasses.replace(facts, exam_version_lessons=None)).is_complete


def test_sessions_and_actions_count() -> None:
    asked = dataclasses.replace(course().complete, attendance=2, actions=("channel",))
    known = Facts(read=ALL, passed=EXAM, facts={("attendance", "a"): 1, ("attendance", "b"): 1})
    found = progress(course(complete=asked), known)
    assert (found.missing_sessions, found.missing_actions) == (0, ("channel",))
    done = dataclasses.replace(known, facts={**known.facts, ("action", "channel"): 1})
    assert progress(course(complete=asked), done).is_complete


def test_a_programme_is_complete_with_its_courses() -> None:
    programme = course(lessons=(), exam="", courses=("a", "b"))
    assert progress(programme, Facts(completed_courses=frozenset({"a"}))).missing_courses == ("b",)
    assert progress(programme, Facts(completed_courses=frozenset({"a", "b"}))).is_complete


def test_next_is_where_one_stopped_else_the_first_unread() -> None:
    found = course()
    assert next_lesson(found, frozenset()).id == "long-passwords"
    assert next_lesson(found, frozenset(), "helping").id == "helping"
    assert next_lesson(found, frozenset({"helping"}), "helping").id == "long-passwords"
    assert next_lesson(found, ALL) is None
