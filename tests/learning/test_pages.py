"""What the course and lesson pages show."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from lms.learning.models import MistakeReport
from tests.packs import SMALL, publish

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast, Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_course_without_modules_lists_its_lessons(client: Visitor) -> None:
    page = client.get("/courses/first-aid").text
    assert "Long passwords" in page
    assert "Helping without typing" in page


def test_a_course_in_modules_lists_them_with_their_titles(client: Visitor, database: Database) -> None:
    moved = {
        path.replace("first-aid/0", "first-aid/01-start/0").replace(
            "first-aid/images", "first-aid/01-start/images"
        ): text
        for path, text in SMALL.items()
    }
    publish(database, {**moved, "courses/first-aid/01-start/index.md": "---\ntitle: The first steps\n---\n"})
    page = client.get("/courses/first-aid").text
    assert "The first steps" in page
    assert "Long passwords" in page


def test_a_lesson_that_moved_redirects_and_stays_read(cast: Cast, database: Database) -> None:
    laura = cast.at_browser("laura")
    laura.post("/courses/first-aid/read/helping")
    moved = {path: text for path, text in SMALL.items() if "02-helping" not in path}
    moved["courses/first-aid/01-long-passwords.md"] = moved["courses/first-aid/01-long-passwords.md"].replace(
        "02-helping.md", "03-hands-off.md"
    )
    moved["courses/first-aid/03-hands-off.md"] = "---\nwas: helping\n---\n# Hands off\n\nTheir keyboard, their hands.\n"
    publish(database, moved)
    answer = laura.get("/courses/first-aid/lessons/helping")
    assert answer.status_code == 301
    assert answer.location.endswith("/lessons/hands-off")
    assert "Read. We remember this place." in laura.get(answer.location).text


def test_answers_to_practice_stay_with_a_lesson_that_is_renamed(cast: Cast, database: Database) -> None:
    laura = cast.at_browser("laura")
    answer = {"question": "long-passwords#hardest", "answer": "1", "answer_id": str(uuid.uuid4())}
    laura.post("/courses/first-aid/practise/long-passwords", answer)
    assert "This is right." in laura.get("/courses/first-aid/lessons/long-passwords").text
    renamed = {path.replace("01-long-passwords", "01-strong"): text for path, text in SMALL.items()}
    lesson = "courses/first-aid/01-strong.md"
    renamed[lesson] = "---\nwas: long-passwords\n---\n" + renamed[lesson].replace("01-long-passwords", "01-strong")
    publish(database, renamed)
    assert "This is right." in laura.get("/courses/first-aid/lessons/strong").text


def test_a_search_forgives_case_and_accents_and_finds_no_exam(client: Visitor) -> None:
    assert "First aid for passwords" in client.get("/courses?q=PIRMA+palidziba").text
    assert "Long passwords" in client.get("/courses?q=guess").text
    assert "Nothing fits yet" in client.get("/courses?q=abcdef").text


def test_a_lesson_is_shown_in_the_readers_language_else_in_the_courses_own(client: Visitor) -> None:
    latvian = {"Accept-Language": "lv"}
    assert "Garas paroles" in client.get("/courses/first-aid/lessons/long-passwords", headers=latvian).text
    assert "Garas paroles" not in client.get("/courses/first-aid/lessons/long-passwords").text


def test_what_is_missing_and_what_is_next_stand_on_my_learning(cast: Cast) -> None:
    laura = cast.at_browser("laura")
    laura.post("/courses/first-aid/enrol")
    page = laura.get("/my-learning").text
    assert "Next: Long passwords" in page
    assert "2 lessons and the exam" in page
    laura.post("/courses/first-aid/read/long-passwords")
    assert "Next: Helping without typing" in laura.get("/my-learning").text


def test_a_mistake_is_reported_once(cast: Cast, database: Database) -> None:
    laura = cast.at_browser("laura")
    form = {"text": "The picture is too small.", "report_id": "5f0c0c5e-0f5e-4a3e-9a3e-0f5e4a3e9a3e"}
    for _ in range(2):
        laura.post("/courses/first-aid/mistakes/long-passwords", form)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(MistakeReport)) == 1
