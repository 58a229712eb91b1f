"""Publish, check and download a pack from the desk; each test on both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from lms.content.models import PackState, Publication
from lms.content.queries import current
from lms.db import Database
from tests.authoring.folders import unzipped
from tests.cast import Cast, Visitor
from tests.packs import SMALL

LESSON = "courses/first-aid/02-helping.md"
BROKEN = "# Helping\n\n[Check](02-helping.quiz.md#gone)\n"
QUESTIONS = "## Whose keyboard is it? {#whose}\n\n- [x] Theirs\n- [ ] Mine\n"


def break_lesson(folder: Path) -> None:
    (folder / LESSON).write_text(BROKEN)
    (folder / "courses/first-aid/02-helping.quiz.md").write_text(QUESTIONS)


def test_home_opens_with_the_sentence_and_counts_learners(trainer: Visitor, cast: Cast) -> None:
    cast.at_browser(cast.learner).post("/courses/first-aid/enrol")
    page = trainer.get("/authoring").text
    assert "1 pack." in page
    assert "No error keeps any of them from being published." in page
    assert "First aid for passwords" in page
    assert 'data-label="Enrolled">1<' in page
    assert "Latviešu" in page
    assert "No mistakes reported" in page


def test_publishing_shows_the_new_text_and_says_who_did_it(
    trainer: Visitor, cast: Cast, folder: Path, database: Database
) -> None:
    (folder / LESSON).write_text("# Helping\n\nSit beside them.\n")
    answer = trainer.post("/authoring/packs/tests/publish", follow_redirects=True)
    assert "Published: First aid for passwords." in answer.text
    assert "Sit beside them." in cast.at_browser(cast.learner).get("/courses/first-aid/lessons/helping").text
    with database.reading() as db:
        assert db.scalars(select(Publication.by).order_by(Publication.id)).all() == [None, cast["tina"]]


def test_publishing_unchanged_text_says_so(trainer: Visitor, database: Database) -> None:
    answer = trainer.post("/authoring/packs/tests/publish", follow_redirects=True)
    assert "Nothing has changed" in answer.text
    with database.reading() as db:
        assert len(db.scalars(select(Publication)).all()) == 1


def test_a_pack_with_errors_publishes_nothing_and_shows_file_line_and_fix(
    trainer: Visitor, cast: Cast, folder: Path, database: Database
) -> None:
    break_lesson(folder)
    with database.reading() as db:
        before = current(db, "first-aid")
    answer = trainer.post("/authoring/packs/tests/publish")
    assert answer.status_code == 422
    assert "Nothing was published." in answer.text
    assert f"{LESSON}:3" in answer.text
    assert "braces after a" in answer.text
    with database.reading() as db:
        assert current(db, "first-aid") == before
    assert "1 error keeps the pack tests from being published." in trainer.get("/authoring").text
    assert "Hands off" in cast.at_browser(cast.learner).get("/courses/first-aid/lessons/helping").text


def test_checking_remembers_what_it_found_and_publishes_nothing(
    trainer: Visitor, folder: Path, database: Database
) -> None:
    break_lesson(folder)
    answer = trainer.post("/authoring/packs/tests/check", follow_redirects=True)
    assert "1 error" in answer.text
    assert f"{LESSON}:3" in answer.text
    assert f"{LESSON}:3" in trainer.get("/authoring/courses/first-aid").text
    (folder / LESSON).write_text("# Helping\n\nSit beside them.\n")
    (folder / "courses/first-aid/02-helping.quiz.md").unlink()
    assert "1 error" not in trainer.post("/authoring/packs/tests/check", follow_redirects=True).text
    with database.reading() as db:
        assert db.get_one(PackState, "tests").errors == 0
        assert len(db.scalars(select(Publication)).all()) == 1


def test_a_folder_that_cannot_be_read_is_a_problem_not_a_crash(trainer: Visitor, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    answer = trainer.post("/authoring/packs/tests/check", follow_redirects=True)
    assert answer.status_code == 200
    assert "is not a folder" in answer.text
    assert trainer.get("/authoring/packs/tests/zip").status_code == 404


def test_a_pack_downloads_as_it_lies_on_disk(trainer: Visitor, folder: Path) -> None:
    (folder / LESSON).write_text("# Not published yet\n")
    wanted = {path: text.encode() for path, text in SMALL.items()} | {LESSON: b"# Not published yet\n"}
    with trainer.get("/authoring/packs/tests/zip") as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename=tests.zip"
        assert unzipped(answer.data) == wanted


def test_an_unknown_pack_is_not_found(trainer: Visitor) -> None:
    assert trainer.get("/authoring/packs/nothing").status_code == 404
    assert trainer.post("/authoring/packs/nothing/publish").status_code == 404
