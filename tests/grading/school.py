"""A small course whose exam a person has to grade, and people who took it."""

from __future__ import annotations

import io
import re
import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from lms.quiz.models import Attempt, QuestionGrade
from tests.packs import publish

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Visitor

CHOICE = """
## Which is longest? {#longest}

- [ ] abc
- [x] abcdef
- [ ] abcd
"""
# what the trainer meant: the first one
MENDED = CHOICE.replace("[ ] abc\n", "[x] abc\n").replace("[x] abcdef", "[ ] abcdef")
ESSAY = """
## Describe one visit. {#visit}

```quiz
type: essay
words: 5..50
rubric:
  - 2: says what the reader wanted
  - 2: shows each step
```

What did the reader want?
"""
POSTER = """
## Make a poster. {#poster}

```quiz
type: upload
files: [pdf, png, txt]
max: 2
points: 2
```

One page.
"""
COURSE = {
    "courses/stories/index.md": (
        "---\ntitle: Stories\nlanguage: en\nexam: ../../quizzes/stories.md\n"
        "certificate: {title: Teller of stories}\n---\n\nAbout stories.\n"
    ),
    "courses/stories/01-one.md": "# One\n\nOnly one lesson.\n",
}
QUIZ = "---\ntitle: Stories exam\npass: 60%\nreview: submitted\nattempts: 3\n---\n"
EXAM = "/courses/stories/quizzes/stories"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
TEXT = "A reader wanted to pay a bill.\n\n<script>alert(1)</script> & nothing else."


def pack(*questions: str, head: str = QUIZ) -> dict[str, str]:
    """The course with these questions in its exam."""
    return {**COURSE, "quizzes/stories.md": head + "".join(questions)}


def open_school(database: Database, *questions: str, head: str = QUIZ) -> None:
    """Publish it."""
    publish(database, pack(*questions, head=head), name="stories")


def read_all(person: Visitor) -> None:
    """Read the one lesson."""
    assert person.post("/courses/stories/read/one").status_code in (204, 303)


def hand_in(person: Visitor, answers: dict[str, Any]) -> str:
    """Take the exam with these answers, by the beginning of the question; the attempt's id."""
    started = person.post(EXAM, {"attempt_id": str(uuid.uuid4())})
    assert started.status_code == 303, started.text
    attempt = str(started.location).split("/")[2]
    for number in range(1, len(answers) + 1):
        page = person.get(f"/attempts/{attempt}/{number}").text
        form = next(form for stem, form in answers.items() if stem in page)
        if form is not None:
            answer = {**form, "answer_id": str(uuid.uuid4())}
            kept = person.post(f"/attempts/{attempt}/{number}", answer)
            assert kept.status_code in (200, 303), kept.text
    assert person.post(f"/attempts/{attempt}/submit").status_code == 303
    return attempt


def essay(text: str = TEXT) -> dict[str, Any]:
    return {"answer": text}


def files(*named: tuple[str, bytes]) -> dict[str, Any]:
    return {"file": [(io.BytesIO(content), name) for name, content in named]}


def in_force(database: Database, attempt: str, key: str) -> QuestionGrade:
    """The grade that counts."""
    with database.reading() as db:
        return db.scalars(
            select(QuestionGrade).where(
                QuestionGrade.attempt_id == attempt,
                QuestionGrade.question_key == key,
                QuestionGrade.superseded_at.is_(None),
            )
        ).one()


def the_attempt(database: Database, attempt: str) -> Attempt:
    with database.reading() as db:
        return db.get_one(Attempt, attempt)


def client_id_in(page: str) -> str:
    found = re.search(r'name="client_id" value="([^"]+)"', page)
    assert found
    return found[1]


def grade(person: Visitor, grade_id: int, *points: str, **more: str) -> Any:
    """Send the form of an answer."""
    form = {f"points-{which}": each for which, each in enumerate(points)}
    return person.post(f"/authoring/grading/{grade_id}", {"client_id": str(uuid.uuid4()), **form, **more})
