"""Versions of a course, and the mistakes that readers report."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from lms.authoring import queries
from lms.content.models import CourseVersion, Publication, PublishedCourse
from lms.db import Database
from lms.learning.models import MistakeReport
from tests.authoring.folders import GARDENS, unzipped
from tests.cast import Cast, Visitor
from tests.packs import SMALL, publish

FIRST = "courses/first-aid/01-long-passwords.md"
LESSON = "courses/first-aid/02-helping.md"
NEWER = {**SMALL, LESSON: "# Helping\n\nSit beside them.\n"}


def version_ids(database: Database) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(select(CourseVersion.id).order_by(CourseVersion.id)))


def test_versions_say_when_by_whom_and_which_is_current(trainer: Visitor, folder: Path) -> None:
    (folder / LESSON).write_text(NEWER[LESSON])
    trainer.post("/authoring/packs/tests/publish")
    page = trainer.get("/authoring/courses/first-aid").text
    assert page.index("Version 2") < page.index("Version 1")
    assert page.index("Version 2") < page.index("Current") < page.index("Version 1")
    assert 'data-label="By">Tina Teacher<' in page
    assert "the program, from the folder" in page
    assert page.count("Make this the current version again") == 1


def test_an_older_version_becomes_current_by_a_publication_of_its_own(
    trainer: Visitor, cast: Cast, database: Database
) -> None:
    publish(database, NEWER)
    first, second = version_ids(database)
    answer = trainer.post(f"/authoring/courses/first-aid/versions/{first}/restore", follow_redirects=True)
    assert "Version 1 is the current version again." in answer.text
    assert "Hands off" in cast.at_browser(cast.learner).get("/courses/first-aid/lessons/helping").text
    with database.reading() as db:
        rows = db.execute(select(Publication.version_id, Publication.by).order_by(Publication.id)).all()
    assert rows == [(first, None), (second, None), (first, cast["tina"])]
    assert version_ids(database) == [first, second]


def test_restoring_the_current_version_changes_nothing(trainer: Visitor, database: Database) -> None:
    answer = trainer.post(
        f"/authoring/courses/first-aid/versions/{version_ids(database)[0]}/restore", follow_redirects=True
    )
    assert "This is the current version already." in answer.text
    with database.reading() as db:
        assert len(db.scalars(select(Publication)).all()) == 1


def test_a_version_of_another_course_cannot_be_restored_or_downloaded(trainer: Visitor, database: Database) -> None:
    publish(database, GARDENS, "gardens")
    other = version_ids(database)[-1]
    assert trainer.post(f"/authoring/courses/first-aid/versions/{other}/restore").status_code == 404
    assert trainer.get(f"/authoring/courses/first-aid/versions/{other}/zip").status_code == 404
    assert trainer.get("/authoring/courses/first-aid/versions/999/zip").status_code == 404
    with database.reading() as db:
        assert db.get_one(PublishedCourse, "first-aid").current_version_id != other


def test_a_version_downloads_with_its_bank(trainer: Visitor, database: Database) -> None:
    publish(database, NEWER)
    with trainer.get(f"/authoring/courses/first-aid/versions/{version_ids(database)[0]}/zip") as answer:
        assert unzipped(answer.data) == {path: text.encode() for path, text in SMALL.items()}


def test_a_withdrawn_course_says_so_and_can_be_offered_again(trainer: Visitor, database: Database) -> None:
    publish(database, GARDENS)
    page = trainer.get("/authoring/courses/first-aid").text
    assert "no longer offered" in page
    trainer.post(f"/authoring/courses/first-aid/versions/{version_ids(database)[0]}/restore")
    assert "no longer offered" not in trainer.get("/authoring/courses/first-aid").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_versions_come_in_pages(trainer: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(3):
        publish(database, {**SMALL, LESSON: f"# Helping\n\nText {number}.\n"})
    first = trainer.get("/authoring/courses/first-aid").text
    second = trainer.get("/authoring/courses/first-aid?page=2").text
    assert ("Version 4" in first, "Version 2" in first, "Older versions" in first) == (True, False, True)
    assert ("Version 4" in second, "Version 1" in second, "Newer versions" in second) == (False, True, True)
    assert "Older versions" not in second


def test_a_course_that_was_never_published_is_not_found(trainer: Visitor) -> None:
    assert trainer.get("/authoring/courses/nothing").status_code == 404


def test_a_reported_mistake_waits_until_it_is_dealt_with(trainer: Visitor, cast: Cast, database: Database) -> None:
    assert "Nobody has reported a mistake." in trainer.get("/authoring/mistakes").text
    report = {
        "text": "It says <b>for</b>\nwhere it means “four”.",
        "report_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
    }
    cast.at_browser(cast.learner).post("/courses/first-aid/mistakes/long-passwords", report)
    assert "1 mistake reported" in trainer.get("/authoring").text
    page = trainer.get("/authoring/mistakes").text
    assert "It says &lt;b&gt;for&lt;/b&gt;" in page
    assert 'href="/courses/first-aid/lessons/long-passwords"' in page
    assert "English" in page
    with database.reading() as db:
        row = db.scalars(select(MistakeReport)).one()
    answer = trainer.post(f"/authoring/mistakes/{row.id}/settle", follow_redirects=True)
    assert "Nobody has reported a mistake." in answer.text
    with database.reading() as db:
        settled = db.get_one(MistakeReport, row.id)
    assert (settled.settled_by, settled.settled_at is not None) == (cast["tina"], True)


def test_a_report_about_a_lesson_that_left_is_still_shown(trainer: Visitor, cast: Cast, database: Database) -> None:
    cast.at_browser(cast.learner).post("/courses/first-aid/mistakes/helping", {"text": "A slip."})
    publish(database, {path: text for path, text in SMALL.items() if path != LESSON} | {FIRST: "# Long passwords\n"})
    page = trainer.get("/authoring/mistakes").text
    assert "A slip." in page
    assert "no longer in the course" in page


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_reports_come_in_pages_oldest_first(trainer: Visitor, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    learner = cast.at_browser(cast.learner)
    for number in range(3):
        learner.post("/courses/first-aid/mistakes/helping", {"text": f"Slip number {number}."})
    first = trainer.get("/authoring/mistakes").text
    assert [f"Slip number {number}." in first for number in range(3)] == [True, True, False]
    assert "3 reports wait" in first
    after = first.split("mistakes?after=")[1].split('"')[0]
    second = trainer.get(f"/authoring/mistakes?after={after}").text
    assert [f"Slip number {number}." in second for number in range(3)] == [False, False, True]
