"""Files handed in: what is taken, where it lies, whose it is."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from lms.clock import now
from lms.config import Settings
from lms.db import Database
from lms.quiz import queries
from lms.quiz.models import Upload
from tests.cast import Cast, Visitor
from tests.packs import SMALL, publish

EXAM = "/courses/first-aid/quizzes/first-aid-exam"
POSTER = """---
title: Exam of posters
pass: 50%
minutes: 10
---

## Make a poster. {#poster}

```quiz
type: upload
files: [pdf, png]
max: 2
points: 5
rubric:
  - 5: is a poster
outcome: keep
```
"""
FRONT = "courses/first-aid/index.md"


@pytest.fixture
def attempt(app: Flask, cast: Cast, database: Database) -> tuple[Visitor, str]:
    """Laura at an exam that asks for files, and its address."""
    front = SMALL[FRONT].replace(", help: Help others", "")
    publish(database, {**SMALL, FRONT: front, "quizzes/first-aid-exam.md": POSTER})
    assert app.name == "lms"
    return begin(cast, cast.learner)


def begin(cast: Cast, login: str) -> tuple[Visitor, str]:
    person = cast.at_browser(login)
    started = person.post(EXAM, {"attempt_id": str(uuid.uuid4())})
    assert started.status_code == 303, started.text
    return person, str(started.location).removesuffix("/1")


def hand_in(person: Visitor, address: str, *files: tuple[bytes, str]) -> int:
    data = {"answer_id": str(uuid.uuid4()), "file": [(io.BytesIO(content), name) for content, name in files]}
    answer = person.post(f"{address}/1", data, content_type="multipart/form-data")
    answer.request.input_stream.close()  # the test client puts a large form into a file of its own
    return answer.status_code


def rows(database: Database) -> list[Upload]:
    with database.reading() as db:
        return list(db.scalars(select(Upload)))


@pytest.mark.parametrize(
    "name", ["poster.pdf", "../../../lms.db.pdf", "C:\\x\\poster.pdf", "<b>poster</b>.pdf", ".pdf"]
)
def test_a_file_lies_under_a_name_of_ours(
    attempt: tuple[Visitor, str], database: Database, settings: Settings, name: str
) -> None:
    laura, address = attempt
    assert hand_in(laura, address, (b"%PDF-1.7", name)) == 303
    lying = list((settings.home / "uploads").iterdir())
    assert [file.name for file in lying] == [rows(database)[0].id]
    assert str(uuid.UUID(lying[0].name)) == lying[0].name
    assert lying[0].read_bytes() == b"%PDF-1.7"
    page = laura.get(f"{address}/1").text
    assert "<b>poster" not in page


REFUSED = ["page.html", "drawing.svg", "program.exe", "poster.pdf.js", "no-ending", "sheet.docx"]


def test_only_the_kinds_asked_for_are_taken(
    attempt: tuple[Visitor, str], database: Database, settings: Settings
) -> None:
    laura, address = attempt
    for name in REFUSED:
        assert hand_in(laura, address, (b"x", name)) == 422, name
    assert hand_in(laura, address, *[(b"x", f"{number}.pdf") for number in range(3)]) == 422
    assert hand_in(laura, address, (b"x" * (10 * 2**20 + 1), "large.pdf")) == 422
    assert rows(database) == []
    assert list((settings.home / "uploads").glob("*")) == []


def test_a_large_file_is_taken_as_promised(attempt: tuple[Visitor, str], database: Database) -> None:
    laura, address = attempt
    assert hand_in(laura, address, (b"x" * 9_000_000, "large.pdf")) == 303
    assert rows(database)[0].size == 9_000_000


def test_nobody_hands_in_the_file_of_another(attempt: tuple[Visitor, str], cast: Cast, database: Database) -> None:
    laura, address = attempt
    hand_in(laura, address, (b"%PDF-1.7", "poster.pdf"))
    stolen = rows(database)[0].id
    otto, his = begin(cast, cast.other)
    claim = f'[{{"id": "{stolen}", "name": "mine.pdf", "size": 8}}]'
    otto.post(f"{his}/1", {"answer": claim, "answer_id": str(uuid.uuid4())})
    with database.reading() as db:
        assert queries.responses(db, his.rpartition("/")[2]) == {}
    otto.post(f"{his}/1", {"answer": claim.replace(stolen, "../../lms.db"), "answer_id": str(uuid.uuid4())})
    with database.reading() as db:
        assert queries.responses(db, his.rpartition("/")[2]) == {}


def test_no_address_leads_to_a_file(attempt: tuple[Visitor, str], client: Visitor, database: Database) -> None:
    laura, address = attempt
    hand_in(laura, address, (b"%PDF-1.7", "poster.pdf"))
    name = rows(database)[0].id
    for browser in (laura, client):
        for path in (f"/uploads/{name}", f"/static/../uploads/{name}", f"/media/{name.replace('-', '')}/x"):
            assert browser.get(path).status_code == 404
    assert not re.search(r'href="[^"]*' + name, laura.get(f"{address}/1").text)


def test_nothing_is_kept_after_the_time(attempt: tuple[Visitor, str], database: Database, settings: Settings) -> None:
    laura, address = attempt
    with time_machine.travel(now() + timedelta(minutes=11)):
        hand_in(laura, address, (b"%PDF-1.7", "late.pdf"))
    assert rows(database) == []
    assert list((settings.home / "uploads").glob("*")) == []
