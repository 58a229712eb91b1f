"""From nothing to a certificate: the main job, without a browser."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.quiz.models import Attempt

if TYPE_CHECKING:
    from flask import Flask

    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Visitor

RIGHT = {"longest": ["1"], "may-know": ["0", "2"], "how-many": ["4"], "keyboard": ["0"]}


def test_a_stranger_becomes_a_helper(client: Visitor, app: Flask, database: Database, worker: Worker) -> None:
    first = client.get("/courses/first-aid/lessons/long-passwords")
    assert "Four words are easy to keep" in first.text

    practice = {"question": "long-passwords#hardest", "answer": "1", "answer_id": str(uuid.uuid4())}
    answered = client.post("/courses/first-aid/practise/long-passwords", practice)
    assert answered.status_code == 303
    assert "This is right." in client.get("/courses/first-aid/lessons/long-passwords").text

    assert client.get("/courses/first-aid/lessons/helping").status_code == 303
    signed_up = client.post(
        "/sign-up",
        {
            "name": "Maija Saule",
            "login": "maija@example.org",
            "password": "four words are good",
            "next": "/my-learning",
        },
    )
    assert signed_up.location == "/my-learning"
    kept = client.get("/courses/first-aid/lessons/long-passwords").text
    assert "This is right." in kept, "what was answered before signing up is kept"

    client.post("/courses/first-aid/read/long-passwords")
    client.post("/courses/first-aid/read/helping")
    started = client.post("/courses/first-aid/quizzes/first-aid-exam", {"attempt_id": str(uuid.uuid4())})
    assert started.status_code == 303, started.text
    attempt_id = started.location.split("/")[2]
    answer_rightly(client, database, attempt_id)

    submitted = client.post(f"/attempts/{attempt_id}/submit")
    assert submitted.status_code == 303
    result = client.get(submitted.location).text
    assert "You have passed" in result
    code = re.search(r"/c/([0-9A-Z-]+)", result)
    assert code is not None

    public = app.test_client().get(f"/c/{code[1]}")
    assert "This certificate is valid." in public.text
    assert "Maija Saule" in public.text
    assert "Password helper" in public.text
    assert "Ministry of Tests" in public.text
    unsigned = app.test_client().get(f"/c/{code[1]}/certificate.pdf")
    assert (unsigned.status_code, unsigned.headers["Retry-After"]) == (503, "3")
    assert '<meta http-equiv="refresh"' in unsigned.text
    worker.drain()
    pdf = app.test_client().get(f"/c/{code[1]}/certificate.pdf")
    assert pdf.data.startswith(b"%PDF")

    again = client.post(f"/attempts/{attempt_id}/submit")
    assert again.status_code == 303
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Certificate)) == 1
    worker.drain()


def answer_rightly(client: Visitor, database: Database, attempt_id: str) -> None:
    """Give the right answer to each question of an attempt, one page after the other."""
    with database.reading() as db:
        attempt = db.get_one(Attempt, attempt_id)
        course = content.version(db, attempt.version_id)
    for number, key in enumerate(attempt.questions, 1):
        page = client.get(f"/attempts/{attempt_id}/{number}")
        assert page.status_code == 200
        question = course.questions[key]["en"]
        saved = client.post(
            f"/attempts/{attempt_id}/{number}",
            {"answer": RIGHT[question.id], "answer_id": str(uuid.uuid4()), "go": "next"},
        )
        assert saved.status_code == 303, saved.text
