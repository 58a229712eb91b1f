"""People who never lived, at every stage of the way, so that each page of a demonstration has something to show.

They are made through the same actions that real people use; nothing is written behind the program's back.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.clock import now
from lms.content import queries as content
from lms.credentials import queries as credentials
from lms.learning import actions as learning
from lms.people import actions as people
from lms.people import queries as known
from lms.people.models import Person, Unit
from lms.people.rules import Role
from lms.quiz import actions as quiz

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.plugins import QuestionType

PASSWORD = "demo-demo-demo"  # noqa: S105 - printed on the demonstration's own sign-in page


class RealPeople(RuntimeError):
    """The database holds people who live, or who have left: no place for a demonstration."""


class AnotherDemonstration(RuntimeError):
    """The database holds another demonstration, or one that was not finished."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Who somebody is in the story. `reads` is how many lessons of the course they have read; -1 means all."""

    login: str
    name: str
    story: str
    unit: str = ""
    role: Role | None = None
    scope: str = ""
    course: str = ""
    reads: int = 0
    exam: str = ""
    quiz: str = ""
    latin_name: str = ""
    language: str = "en"


PEOPLE = (
    DemoPerson("anna", "Anna Liepa", "trainee, has just begun", "KUR-LIE", course="e-services", reads=3),
    DemoPerson(
        "maris", "Māris Kalns", "trainee, half-way through an exam", "KUR-LIE", course="online-security", reads=9,
        exam="half",
    ),
    DemoPerson(
        "lucia", "Лусия Бергмане", "trainee, holds a certificate", "KUR-VEN", course="online-security", reads=-1,
        exam="passed", latin_name="Lucia Bergmane",
    ),
    DemoPerson("ilze", "Ilze Ozola", "trainer, writes courses", role=Role.TRAINER),
    DemoPerson("janis", "Jānis Krūmiņš", "coordinator of the north-west", "KUR", role=Role.COORDINATOR, scope="KUR"),
    DemoPerson("olga", "Olga Petrova", "operator, keeps it running", role=Role.OPERATOR),
)  # fmt: skip
COLLEAGUES = (
    ("KUR-LIE", ("Zane Bērziņa", "Rita Vītola", "Pēteris Kalējs")),
    ("KUR-VEN", ("Dace Upīte", "Andris Lācis")),
    ("LAT-REZ", ("Svetlana Zaiceva", "Inese Mežs")),
    ("LAT-DAU", ("Tatjana Ivanova",)),
)
UNITS = (
    ("", "country", "LIB", "Network of public libraries"),
    ("LIB", "region", "KUR", "North-west region"),
    ("LIB", "region", "LAT", "East region"),
    ("KUR", "library", "KUR-LIE", "Harbour town library"),
    ("KUR", "library", "KUR-VEN", "River mouth library"),
    ("KUR", "library", "KUR-TAL", "Village library with nobody yet"),
    ("LAT", "library", "LAT-REZ", "Lake town library"),
    ("LAT", "library", "LAT-DAU", "Fortress town library"),
)


# somebody who has handed in an essay: the trainer's grading desk has something to read
WRITER = DemoPerson("", "Dace Upīte", "", course="tour", reads=2, exam="waits", quiz="every-question-type")
ESSAY = (
    "Thank you for your trust, but I would rather not know your password: then nobody can ever ask me for it. Shall we "
    "look together for a safe place for it at your home?"
)


def make_people(database: Database, types: Mapping[str, QuestionType]) -> str:
    """Make the demonstration once; the code of the certificate that somebody holds in it, empty if none.

    Raises `RealPeople`, `AnotherDemonstration`.
    """
    secret = people.hash_password(PASSWORD)
    with database.writing() as db:
        if not has_people(db, demo=True):
            if has_people(db, demo=False):
                raise RealPeople
            _units(db)
            for someone in PEOPLE:
                _person(db, someone, secret, types)
            _colleagues(db, secret, types)
        holder = known.by_login(db, "lucia")
        if holder is None:
            raise AnotherDemonstration
        held = credentials.certificates(db, holder.id, now().date())
        return held[0].code if held else ""


def has_people(db: Session, *, demo: bool) -> bool:
    """Whether there is anybody of the demonstration, or anybody else."""
    return db.scalar(select(Person.id).where(Person.is_demo.is_(demo)).limit(1)) is not None


def _units(db: Session) -> None:
    made: dict[str, Unit] = {}
    for parent, kind, code, name in UNITS:
        made[code] = people.add_unit(db, kind=kind, code=code, name=name, parent=made.get(parent))


def _unit(db: Session, code: str) -> int:
    return db.scalars(select(Unit.id).where(Unit.code == code)).one()


def _person(db: Session, someone: DemoPerson, secret: str, types: Mapping[str, QuestionType]) -> None:
    new = people.NewPerson(
        someone.name, someone.login, "", someone.language, latin_name=someone.latin_name, is_demo=True
    )
    person = people.sign_up(db, new, secret)
    if someone.unit:
        people.join_unit(db, person.id, _unit(db, someone.unit), since=now().date())
    if someone.role is not None:
        scope = _unit(db, someone.scope) if someone.scope else None
        people.grant_role(db, person.id, someone.role, unit=scope, by=None)
    _learn(db, person.id, someone, types)


def _colleagues(db: Session, secret: str, types: Mapping[str, QuestionType]) -> None:
    for code, names in COLLEAGUES:
        for place, name in enumerate(names):
            login = f"{code.lower()}-{place + 1}"
            person = people.sign_up(db, people.NewPerson(name, login, "", is_demo=True), secret)
            people.join_unit(db, person.id, _unit(db, code), since=now().date())
            _learn(db, person.id, DemoPerson(login, name, "", course="e-services", reads=place * 2), {})
            if name == WRITER.name:
                _learn(db, person.id, WRITER, types)


def _learn(db: Session, actor: int, someone: DemoPerson, types: Mapping[str, QuestionType]) -> None:
    current = content.current(db, someone.course) if someone.course else None
    if current is None:
        return
    lessons = current.course.lessons if someone.reads < 0 else current.course.lessons[: someone.reads]
    for lesson in lessons:
        learning.read_lesson(db, actor, current, lesson.id)
    if someone.exam:
        _exam(db, actor, current, someone, types)


def _exam(
    db: Session, actor: int, current: content.Current, someone: DemoPerson, types: Mapping[str, QuestionType]
) -> None:
    """Sit the exam: half of it, or all of it and hand in."""
    course = current.course
    attempt = quiz.start_attempt(
        db,
        actor,
        course,
        current.version,
        course.quizzes[someone.quiz or course.exam],
        attempt_id=str(uuid.uuid4()),
        language=course.language,
    )
    is_whole = someone.exam in ("passed", "waits")
    asked = attempt.questions if is_whole else attempt.questions[: len(attempt.questions) // 2]
    for key in asked:
        question = course.questions[key][course.language]
        response = ESSAY if question.type == "essay" else types[question.type].model_response(question)
        if response is not None:
            quiz.save_answer(db.connection(), attempt, key, response, answer_id=str(uuid.uuid4()), made_at=now())
    if is_whole:
        db.flush()
        learning.submit_quiz(db, attempt, types)
