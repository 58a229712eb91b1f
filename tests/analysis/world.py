"""Two small courses, and people who take their exams: one with the same questions for everybody, one that draws."""

from __future__ import annotations

import math
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from lms.content.queries import current, version
from lms.db import Database
from lms.discovery import OWN, question_types
from lms.people.models import Actor
from lms.quiz import rules
from lms.quiz.actions import grade_question
from lms.quiz.models import Answer, Attempt, QuestionGrade

TYPES = question_types([OWN])
BEGAN = datetime(2026, 11, 2, 8, tzinfo=UTC)
CHOICE = """## Which one is safe, case {number}? {{#q{number}}}

- [ ] the first
- [x] the second
- [ ] the third
- [ ] the fourth

"""
FIXED_EXAM = (
    "---\ntitle: Exam of safety\npass: 60%\nattempts: 3\n---\n\n"
    + "".join(CHOICE.format(number=number) for number in range(1, 5))
    + """## What do you close? {#close}

```quiz
points: 2
```

- [x] the mailbox
- [x] the window
- [ ] the catalogue

## How many words? {#words}

- = 4

## How sure are you? {#sure}

```quiz
type: scale
```
"""
)
FIXED_LATVIAN = (
    "---\ntitle: Drošības eksāmens\n---\n\n"
    + "".join(
        CHOICE.format(number=number).replace("Which one is safe, case", "Kura ir droša, nr.") for number in range(1, 5)
    )
    + """## Ko tu aizver? {#close}

- [x] pastkasti
- [x] logu
- [ ] katalogu

## Cik vārdu? {#words}

- = 4

## Cik droši jūties? {#sure}

```quiz
type: scale
```
"""
)
COURSE = "---\ntitle: {title}\nlanguage: en\nexam: ../../quizzes/{exam}.md\n---\n\nAbout.\n"
PACK = {
    "courses/safe/index.md": COURSE.format(title="Staying safe", exam="safe-exam"),
    "courses/safe/index.lv.md": "---\ntitle: Droši\n---\n\nPar.\n",
    "courses/safe/01-locks.md": "# Locks\n\nA lock.\n",
    "courses/safe/01-locks.quiz.md": "## Is it locked? {#locked}\n\n- [x] yes, it is\n- [ ] not at all\n",
    "courses/safe/02-keys.md": "# Keys\n\nA key.\n",
    "courses/safe/03-doors.md": "# Doors\n\nA door.\n",
    "quizzes/safe-exam.md": FIXED_EXAM,
    "quizzes/safe-exam.lv.md": FIXED_LATVIAN,
    "courses/luck/index.md": COURSE.format(title="By luck", exam="luck-exam"),
    "courses/luck/01-dice.md": "# Dice\n\nA die.\n",
    "quizzes/luck-exam.md": "---\ntitle: Exam by luck\npass: 60%\ndraw: 5\n---\n\n"
    + "".join(CHOICE.format(number=number) for number in range(1, 10)),
}
EXAMS = {"safe": "safe-exam", "luck": "luck-exam"}


@dataclass(frozen=True)
class Sitting:
    """One attempt as it was taken, for the reference: responses, seconds and scores by question id."""

    id: str
    actor: int
    version: int
    language: str
    questions: Sequence[str]
    responses: Mapping[str, Any]
    seconds: Mapping[str, int]
    scores: Mapping[str, float]
    points: Mapping[str, float]
    passed: bool | None
    number: int


Answers = Callable[[random.Random, float, str], Any]


def people(database: Database, count: int) -> range:
    """So many who never lived; their ids."""
    with database.writing() as db:
        last = db.scalar(select(func.max(Actor.id))) or 0
        db.execute(insert(Actor), [{"id": last + 1 + place, "created_at": BEGAN} for place in range(count)])
    return range(last + 1, last + 1 + count)


def usual(chance: random.Random, able: float, question: str) -> Any:
    """What somebody answers; None is nothing at all."""
    if chance.random() < 0.08:
        return None
    knows = chance.random() < 1 / (1 + math.exp(-1.6 * able - 0.4))
    if question == "close":
        return [0, 1] if knows else chance.choice(([0], [1, 2], [2]))
    if question == "words":
        return "4" if knows else "7"
    if question == "sure":
        return chance.randrange(1, 6)
    return 1 if knows else chance.choice((0, 0, 2, 3))


def sit(
    database: Database,
    course_id: str,
    count: int,
    *,
    seed: int = 1,
    languages: Sequence[str] = ("en",),
    answers: Answers = usual,
    begin: datetime = BEGAN,
    version_id: int = 0,
    number: int = 1,
    actors: Sequence[int] = (),
) -> list[Sitting]:
    """So many people take an exam, one a minute after the other."""
    chance = random.Random(seed)
    with database.reading() as db:
        found = current(db, course_id)
        assert found is not None
        taken = version(db, version_id or found.version)
    sittings, rows = [], ([], [], [])
    for place, actor in enumerate(actors or people(database, count)):
        language = languages[place % len(languages)]
        made = _sitting(chance, taken, EXAMS[course_id], answers, language)
        started = begin + timedelta(minutes=place)
        sitting = Sitting(str(uuid.UUID(int=chance.getrandbits(128))), actor, version_id or found.version, language,
                          *made, number)  # fmt: skip
        sittings.append(sitting)
        for into, more in zip(rows, _rows(sitting, course_id, started), strict=True):
            into.extend(more)
    with database.writing() as db:
        for model, values in zip((Attempt, Answer, QuestionGrade), rows, strict=True):
            if values:
                db.execute(insert(model), values)
    return sittings


def _sitting(chance: random.Random, course: Any, quiz: str, answers: Answers, language: str) -> tuple[Any, ...]:
    able = chance.gauss(0, 1)
    settings = course.quizzes[quiz].settings
    source = {key: course.questions[key][course.language] for key in course.quizzes[quiz].questions}
    candidates = [rules.Candidate(key, question.outcome) for key, question in source.items()]
    drawn = rules.draw(candidates, settings.draw, shuffle=settings.shuffle, seed=chance.getrandbits(31))
    ids = [key.rpartition("#")[2] for key in drawn]
    responses = {name: answers(chance, able, name) for name in ids}
    seconds = {name: chance.randrange(5, 90) for name in ids if responses[name] is not None}
    grades = [
        grade
        for key in drawn
        if (grade := grade_question(course, key, language, responses[key.rpartition("#")[2]], TYPES)) is not None
    ]
    result = rules.score(grades, settings.passing)
    scores = {grade.key.rpartition("#")[2]: grade.score for grade in grades}
    points = {grade.key.rpartition("#")[2]: grade.points for grade in grades}
    return ids, responses, seconds, scores, points, result.passed


def _rows(sitting: Sitting, course: str, started: datetime) -> tuple[list[Any], list[Any], list[Any]]:
    quiz = EXAMS[course]
    moment, answers = started, []
    for name in sitting.questions:
        if sitting.responses[name] is None:
            continue
        moment += timedelta(seconds=sitting.seconds[name])
        answers.append(_answer(sitting.id, f"{quiz}#{name}", sitting.responses[name], moment))
    ended = moment + timedelta(seconds=3)
    reached = math.fsum(sitting.scores[name] * worth for name, worth in sitting.points.items())
    attempt = {
        "id": sitting.id, "actor_id": sitting.actor, "course_id": course, "quiz_id": quiz,
        "version_id": sitting.version, "language": sitting.language, "seed": 1, "number": sitting.number,
        "questions": [f"{quiz}#{name}" for name in sitting.questions], "marked": [], "started_at": started,
        "deadline_at": None, "submitted_at": ended, "closed_by": "person", "score": reached,
        "points": math.fsum(sitting.points.values()), "passed": sitting.passed, "outcomes": {},
    }  # fmt: skip
    grades = [
        {"attempt_id": sitting.id, "question_key": f"{quiz}#{name}", "score": score, "points": sitting.points[name],
         "outcome": "", "graded_at": ended}
        for name, score in sitting.scores.items()
    ]  # fmt: skip
    return [attempt], answers, grades


def _answer(attempt: str, key: str, response: Any, moment: datetime) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "attempt_id": attempt, "question_key": key, "response": response,
            "made_at": moment, "received_at": moment}  # fmt: skip
