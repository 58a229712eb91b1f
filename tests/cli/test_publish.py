"""`lms publish`: twice is once, and a pack with errors publishes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.content.models import CourseVersion
from lms.db import Database
from tests.cli.console import Console
from tests.packs import SMALL

UNANSWERED = "## Which one?\n\n- [ ] this\n- [ ] that\n"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    for name, text in SMALL.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def versions(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(CourseVersion)) or 0


def test_twice_is_once(ready: Console, database: Database, pack: Path) -> None:
    assert ready("publish", pack).out == "library: published first-aid.\n"
    again = ready("publish", pack)
    assert (again.code, again.out) == (0, "library: nothing has changed.\n")
    assert versions(database) == 1


def test_what_waits_for_approval_is_said(ready: Console, pack: Path) -> None:
    index = pack / "courses/first-aid/index.md"
    index.write_text(index.read_text(encoding="utf-8").replace("---\n", "---\napproval: yes\n", 1), encoding="utf-8")
    assert ready("publish", pack).out == "library: waits for a second person's approval: first-aid.\n"


def test_an_error_publishes_nothing_and_says_where(ready: Console, database: Database, pack: Path) -> None:
    quiz = pack / "courses/first-aid/02-helping.quiz.md"
    quiz.write_text(UNANSWERED, encoding="utf-8")
    said = ready("publish", pack)
    assert said.code == 1
    assert "courses/first-aid/02-helping.quiz.md:1: " in said.err
    assert "library: nothing was published" in said.err
    assert versions(database) == 0
    quiz.unlink()
    assert ready("publish", pack).code == 0
    assert versions(database) == 1


def test_what_was_published_stays_when_the_folder_breaks(ready: Console, database: Database, pack: Path) -> None:
    ready("publish", pack)
    (pack / "courses/first-aid/02-helping.quiz.md").write_text(UNANSWERED, encoding="utf-8")
    assert ready("publish", pack).code == 1
    assert versions(database) == 1


def test_the_packs_of_the_settings_are_published(ready: Console, database: Database, pack: Path) -> None:
    ready.set(packs=str(pack))
    said = ready("publish", "--json")
    assert said.code == 0
    assert [(line["pack"], line["published"]) for line in said.json] == [("library", ["first-aid"])]
    assert versions(database) == 1


def test_json_names_file_and_line_of_an_error(ready: Console, pack: Path) -> None:
    (pack / "courses/first-aid/02-helping.quiz.md").write_text(UNANSWERED, encoding="utf-8")
    said = ready("publish", pack, "--json")
    assert said.code == 1
    problem = next(each for each in said.json[0]["problems"] if each["severity"] == "error")
    assert (problem["file"], problem["line"]) == ("courses/first-aid/02-helping.quiz.md", 1)


def test_nothing_to_publish_is_said(ready: Console) -> None:
    said = ready("publish")
    assert said.code == 1
    assert "LMS_PACKS" in said.err
