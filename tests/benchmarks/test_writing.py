"""Writing: how long the preview and the check of a text take in a pack of 500 files, while its author types."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pytest

from lms.app import create_app
from lms.cli.schema import upgrade_database
from lms.config import Settings
from lms.db import Database
from lms.paths import shipped
from lms.people.actions import NewPerson, grant_role, hash_password, sign_up
from lms.people.rules import Role

pytestmark = pytest.mark.benchmark
SAME = {"Sec-Fetch-Site": "same-origin"}
COURSES, LESSONS, TURNS = 10, 25, 60
PASSWORD = "four words are good"
QUESTIONS = "".join(f"## Question {n}? {{#q{n}}}\n\n- [x] Yes\n  > Right.\n- [ ] No\n\n" for n in range(4))


def _pack(folder: Path) -> str:
    """A pack of some 500 files; the path of a lesson with questions, tables and links."""
    source = next((shipped("courses") / "e-services" / "01-start").glob("01-*.md")).read_text("utf-8")
    usual = source.partition("\n---\n")[2]
    for course in range(COURSES):
        place = folder / "courses" / f"course-{course}"
        place.mkdir(parents=True)
        (place / "index.md").write_text(f"---\ntitle: Course {course}\n---\n\nWords.\n")
        for lesson in range(LESSONS):
            name = f"{lesson:02}-lesson"
            text = f"# Lesson {lesson}\n\n{usual}\n\n[Check](../course-0/00-lesson.md)\n\n[Ask]({name}.quiz.md)\n"
            (place / f"{name}.md").write_text(text)
            (place / f"{name}.quiz.md").write_text(QUESTIONS)
    return "courses/course-3/07-lesson.md"


def test_preview_and_check_while_typing(tmp_path: Path) -> None:
    path = _pack(tmp_path / "many")
    settings = Settings(
        home=tmp_path, url="http://localhost", secret_key="a key for benchmarks that is long enough",
        shipped_pack=False, packs=(str(tmp_path / "many"),),
    )  # fmt: skip
    database = Database(settings.database)
    upgrade_database(database)
    with database.writing() as db:
        person = sign_up(db, NewPerson("Tina", "tina", ""), hash_password(PASSWORD))
        grant_role(db, person.id, Role.TRAINER, unit=None, by=None)
    browser = create_app(settings, database).test_client()
    browser.post("/sign-in", data={"login": "tina", "password": PASSWORD}, headers=SAME)
    text = (tmp_path / "many" / path).read_text()
    for what in ("preview", "check"):
        spent = []
        for turn in range(TURNS):
            began = time.perf_counter()
            data = {"text": f"{text}\nWord {turn}.\n"}
            answer = browser.post(f"/authoring/packs/many/{what}/{path}", data=data, headers=SAME)
            spent.append(time.perf_counter() - began)
            assert answer.status_code == 200
        later = sorted(spent[1:])
        print(
            f"\n{what}: first {spent[0] * 1000:.0f} ms, median {statistics.median(later) * 1000:.0f} ms, "
            f"p95 {later[int(len(later) * 0.95)] * 1000:.0f} ms, {len(text.split())} words, 500 files"
        )
        if what == "preview":
            assert later[int(len(later) * 0.95)] < 0.1
    database.dispose()
