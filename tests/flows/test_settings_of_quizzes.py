"""What a quiz's own settings change: explanations after each answer, courses to finish first, files handed in."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from lms.credentials.models import Certificate
from lms.learning import queries as learning
from lms.quiz.models import Answer, Attempt, Upload
from tests.flows.test_quiz import START, begin
from tests.flows.test_to_the_certificate import answer_rightly
from tests.packs import SMALL, publish

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from lms.db import Database
    from tests.cast import Cast, Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
EXAM = "quizzes/first-aid-exam.md"


def number_of(database: Database, attempt: str, question: str) -> int:
    with database.reading() as db:
        return db.get_one(Attempt, attempt).questions.index(f"first-aid-exam#{question}") + 1


def test_with_review_each_the_first_answer_is_explained_and_final(cast: Cast, database: Database) -> None:
    publish(database, {**SMALL, EXAM: SMALL[EXAM].replace("review: submitted", "review: each")})
    laura = cast.at_browser("laura")
    attempt = begin(laura)
    number = number_of(database, attempt, "longest")
    assert "Count the letters." not in laura.get(f"/attempts/{attempt}/{number}").text
    laura.post(f"/attempts/{attempt}/{number}", {"answer": "0", "answer_id": str(uuid.uuid4())})
    explained = laura.get(f"/attempts/{attempt}/{number}").text
    assert "Count the letters." in explained
    assert "Not yet." in explained
    laura.post(f"/attempts/{attempt}/{number}", {"answer": "1", "answer_id": str(uuid.uuid4())})
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Answer)) == 1


def test_without_it_nothing_is_explained_before_handing_in(cast: Cast) -> None:
    laura = cast.at_browser("laura")
    attempt = begin(laura)
    for number in range(1, 5):
        laura.post(f"/attempts/{attempt}/{number}", {"answer": "0", "answer_id": str(uuid.uuid4())})
        page = laura.get(f"/attempts/{attempt}/{number}").text
        assert "Count the letters." not in page
        assert "is-right" not in page
    laura.post(f"/attempts/{attempt}/submit")
    assert "Count the letters." in laura.get(f"/attempts/{attempt}/result").text


def test_a_required_course_is_needed_and_completes_what_waited(cast: Cast, database: Database) -> None:
    index = SMALL["courses/first-aid/index.md"].replace("hours: 2", "hours: 2\nrequires: [manners]")
    other = {"courses/manners/index.md": "# Manners\n", "courses/manners/01-knock.md": "# Knock\n\nAlways.\n"}
    publish(database, {**SMALL, "courses/first-aid/index.md": index, **other})
    laura = cast.at_browser("laura")
    for lesson in ("long-passwords", "helping"):
        laura.post(f"/courses/first-aid/read/{lesson}")
    attempt = begin(laura)
    answer_rightly(laura, database, attempt)
    laura.post(f"/attempts/{attempt}/submit")
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Certificate)) == 0
    assert "Complete: Manners" in laura.get("/courses/first-aid").text
    laura.post("/courses/manners/read/knock")
    with database.reading() as db:
        assert learning.completed_courses(db, cast["laura"]) == {"manners", "first-aid"}
        assert db.scalar(select(func.count()).select_from(Certificate)) == 1


def hand_in(browser: Visitor, address: str, name: str, content: bytes) -> TestResponse:
    """Send a file as browsers do. (Werkzeug's own builder would leave a copy of a large form open.)"""
    edge = "----edge"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="answer_id"\r\n\r\n{uuid.uuid4()}\r\n'
    head += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    same = {"Sec-Fetch-Site": "same-origin"}
    return browser.browser.post(address, data=body, headers=same, content_type=f"multipart/form-data; boundary={edge}")


UPLOAD = """
## Make a sign. {#sign}

```quiz
type: upload
outcome: help
rubric:
  1: says how to sign out
```

> [!NOTE]
> Say it in few words.
"""


def test_a_file_of_several_megabytes_is_kept_and_belongs_to_its_attempt(cast: Cast, database: Database) -> None:
    publish(database, {**SMALL, EXAM: SMALL[EXAM].replace("draw: 4\n", "") + UPLOAD})
    laura, otto = cast.at_browser("laura"), cast.at_browser("otto")
    attempt = begin(laura)
    number = number_of(database, attempt, "sign")
    content = b"%PDF-1.7" + bytes(3 * 1024 * 1024)
    assert hand_in(laura, f"/attempts/{attempt}/{number}", "sign.pdf", content).status_code == 303
    assert "sign.pdf" in laura.get(f"/attempts/{attempt}/review").text
    with database.reading() as db:
        kept = db.scalars(select(Upload)).one()
    assert kept.size == len(content)
    refused = hand_in(laura, f"/attempts/{attempt}/{number}", "sign.exe", b"MZ")
    assert refused.status_code == 422
    assert ".exe" in refused.text

    theirs = begin(otto)
    claim = {"answer": f'[{{"id": "{kept.id}", "name": "sign.pdf", "size": 1}}]', "answer_id": str(uuid.uuid4())}
    otto.post(f"/attempts/{theirs}/{number_of(database, theirs, 'sign')}", claim)
    assert "sign.pdf" not in otto.get(f"/attempts/{theirs}/review").text


def test_an_exam_with_something_to_grade_waits(cast: Cast, database: Database) -> None:
    publish(database, {**SMALL, EXAM: SMALL[EXAM].replace("draw: 4\n", "").replace("pass: 75%", "pass: 90%") + UPLOAD})
    laura = cast.at_browser("laura")
    attempt = begin(laura)
    number = number_of(database, attempt, "sign")
    hand_in(laura, f"/attempts/{attempt}/{number}", "sign.pdf", b"%PDF-1.7")
    with database.reading() as db:
        keys = db.get_one(Attempt, attempt).questions
    rights = {"longest": ["1"], "may-know": ["0", "2"], "how-many": ["4"], "keyboard": ["0"]}
    for place, key in enumerate(keys, 1):
        if key.partition("#")[2] in rights:
            form = {"answer": rights[key.partition("#")[2]], "answer_id": str(uuid.uuid4())}
            laura.post(f"/attempts/{attempt}/{place}", form)
    laura.post(f"/attempts/{attempt}/submit")
    assert "A trainer will grade the rest." in laura.get(f"/attempts/{attempt}/result").text
    assert "being graded" in laura.get(START).text


def test_a_critical_question_has_to_be_right_whatever_the_points(cast: Cast, database: Database) -> None:
    critical = SMALL[EXAM].replace("outcome: keep\n", "outcome: keep\ncritical: yes\n", 1)
    publish(database, {**SMALL, EXAM: critical.replace("draw: 4\n", "")})
    laura = cast.at_browser("laura")
    attempt = begin(laura)
    answer_rightly(laura, database, attempt)
    wrong = number_of(database, attempt, "longest")
    laura.post(f"/attempts/{attempt}/{wrong}", {"answer": "0", "answer_id": str(uuid.uuid4())})
    laura.post(f"/attempts/{attempt}/submit")
    page = laura.get(f"/attempts/{attempt}/result").text
    assert "1 question that has to be right is not yet right." in page
    with database.reading() as db:
        done = db.get_one(Attempt, attempt)
        assert (done.score or 0) / (done.points or 1) >= 0.75
        assert done.passed is False
