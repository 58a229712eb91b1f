"""Questions of other systems on the desk."""

from __future__ import annotations

import io
import json
import os
import time
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lms.authoring.models import AuthoringStep
from lms.db import Database
from lms.exchange import keeping
from tests.cast import Cast, Visitor

GIFT = "::Sun::The sun is a <b>star</b>.{T#no#yes}\n\nOnly text.\n\nWhich?{=a ~%-50%b}\n"
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def send(visitor: Visitor, text: str | bytes, **fields: str) -> TestResponse:
    """A file on the page where questions are sent in."""
    data = text.encode() if isinstance(text, str) else text
    form = {"pack": "tests", "path": "quizzes/sun.md", "mode": "refuse", "held": str(uuid.uuid4()), **fields}
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(data), "old.gift"), **form})
    return visitor.browser.post(
        "/authoring/import",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def test_look_first_then_bring_in(trainer: Visitor, folder: Path, database: Database, tmp_path: Path) -> None:
    answer = send(trainer, GIFT)
    assert answer.status_code == 303
    page = trainer.get(answer.location).text
    for words in (
        "2 questions can come in.",
        "<b>star</b>".replace("b>", "strong>"),
        "Only text.",
        "-50%",
        "True or false",
    ):
        assert words in page
    assert not (folder / "quizzes/sun.md").exists()
    done = trainer.post(answer.location)
    assert done.location == "/authoring/packs/tests/questions/quizzes/sun.md"
    assert (folder / "quizzes/sun.md").read_text(encoding="utf-8").startswith("## The sun is a **star**. {#sun}")
    with database.reading() as db:
        step = db.scalars(select(AuthoringStep).where(AuthoringStep.kind == "imported")).one()
    assert (step.pack, step.path, step.detail["questions"], len(step.detail["lost"])) == (
        "tests",
        "quizzes/sun.md",
        2,
        2,
    )
    assert trainer.get(answer.location).status_code == 404
    assert list((tmp_path / keeping.FOLDER).iterdir()) == []


def test_sending_twice_keeps_one_file(trainer: Visitor, tmp_path: Path) -> None:
    held = str(uuid.uuid4())
    assert send(trainer, GIFT, held=held).location == send(trainer, GIFT, held=held).location
    assert len(list((tmp_path / keeping.FOLDER).glob("*.questions"))) == 1


def test_a_target_that_is_there_asks_first_and_is_added_to(trainer: Visitor, folder: Path) -> None:
    target = folder / "quizzes/sun.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text("## Mine {#sun}\n\n- [x] a\n- [ ] b\n", encoding="utf-8")
    refused = send(trainer, GIFT)
    assert refused.status_code == 422
    assert "quizzes/sun.md is there already." in refused.text
    trainer.post(send(trainer, GIFT, mode="append").location)
    text = target.read_text(encoding="utf-8")
    assert text.startswith("## Mine {#sun}")
    assert "{#sun-2}" in text


def test_what_cannot_be_read_is_said_in_the_form(trainer: Visitor) -> None:
    answer = send(trainer, "<quiz>\n<question>\n</quiz>")
    assert answer.status_code == 422
    assert "Line 3: The XML cannot be read: mismatched tag." in answer.text
    assert send(trainer, GIFT, path="../../x.md").status_code == 422
    assert send(trainer, GIFT, path="courses/first-aid/lesson.md").status_code == 422
    assert send(trainer, GIFT, pack="handrail").status_code == 422
    assert "Choose a file first." in trainer.post("/authoring/import", {}, content_type="multipart/form-data").text


def test_a_file_without_questions_brings_nothing(trainer: Visitor, folder: Path) -> None:
    answer = send(trainer, "::d::A text.\n\n::e::Another.\n")
    assert "No question of this file can come in." in trainer.get(answer.location).text
    assert trainer.post(answer.location).status_code == 422
    assert not (folder / "quizzes/sun.md").exists()


def test_a_target_that_came_meanwhile_is_not_overwritten(trainer: Visitor, folder: Path) -> None:
    answer = send(trainer, GIFT)
    target = folder / "quizzes/sun.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text("## Theirs {#t}\n\n- [x] a\n- [ ] b\n", encoding="utf-8")
    refused = trainer.post(answer.location)
    assert refused.status_code == 422
    assert "Your file is kept for a day." in refused.text
    assert target.read_text(encoding="utf-8").startswith("## Theirs")


def test_what_one_sends_another_does_not_see(trainer: Visitor, cast: Cast) -> None:
    address = send(trainer, GIFT).location
    assert cast.at_browser(cast.north).get(address).status_code == 403
    assert trainer.get(f"/authoring/import/{uuid.uuid4()}").status_code == 404


def test_files_are_forgotten_after_a_day(tmp_path: Path, database: Database) -> None:  # noqa: ARG001 - the mark's
    old, new = uuid.uuid4(), uuid.uuid4()
    wish = keeping.Wish("a", "b", "quizzes/c.md")
    keeping.keep(tmp_path, 1, old, b"x", wish)
    for file in (tmp_path / keeping.FOLDER).iterdir():
        os.utime(file, (time.time() - keeping.DAY - 60,) * 2)
    keeping.keep(tmp_path, 1, new, b"y", wish)
    assert keeping.kept(tmp_path, 1, old) is None
    held = keeping.kept(tmp_path, 1, new)
    assert held is not None
    assert (held.data(), held.wish) == (b"y", wish)
    assert keeping.waiting(tmp_path, 1) == [held]
    assert keeping.kept(tmp_path, 2, new) is None
    for _ in range(keeping.MOST_KEPT + 5):
        keeping.keep(tmp_path, 1, uuid.uuid4(), b"z", wish)
    assert len(list((tmp_path / keeping.FOLDER).glob("1-*.questions"))) == keeping.MOST_KEPT


def test_questions_go_out(trainer: Visitor) -> None:
    page = trainer.get("/authoring/packs/tests/export").text
    assert "/authoring/packs/tests/export?path=" in page
    path = "courses/first-aid/01-long-passwords.quiz.md"
    assert "Download as GIFT" in trainer.get(f"/authoring/packs/tests/export?path={path}").text
    answer = trainer.get(f"/authoring/packs/tests/export/moodle-xml?path={path}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=01-long-passwords.xml"
    assert answer.mimetype == "application/xml"
    assert "<quiz>" in answer.text
    assert trainer.get("/authoring/packs/tests/export/gift").text.startswith("$CATEGORY:")
    assert trainer.get("/authoring/packs/tests/export/qti").status_code == 404
    assert trainer.get("/authoring/packs/tests/export?path=nothing.md").status_code == 404


def test_a_course_by_itself_gets_no_folder_that_hides_it(trainer: Visitor, folder: Path) -> None:
    for part in ("courses", "quizzes"):
        if (folder / part).exists():
            (folder / part).rename(folder / f"other-{part}")
    (folder / "index.md").write_text("# A course\n", encoding="utf-8")
    assert send(trainer, GIFT).status_code == 422
    assert send(trainer, GIFT, path="lesson.quiz.md").status_code == 303


def test_the_report_that_is_noted_is_plain_json(trainer: Visitor, database: Database) -> None:
    trainer.post(send(trainer, GIFT).location)
    with database.reading() as db:
        step = db.scalars(select(AuthoringStep).where(AuthoringStep.kind == "imported")).one()
    assert json.loads(json.dumps(step.detail["lost"]))[0].keys() == {"where", "what", "why"}
