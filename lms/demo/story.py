"""People who never lived, at every stage of the way, so that each page of a demonstration has something to show.

They are made through the same actions that real people use; nothing is written behind the program's back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.clock import now, saying
from lms.credentials import queries as credentials
from lms.demo.asked import ask_for_help
from lms.demo.courses import publish_earlier
from lms.demo.help_writing import certified, count_help, write_help
from lms.demo.months import EARLIEST, GRADUATES, LIBRARY, certify_library, keep_knowledge, report_on_periods
from lms.demo.points import open_points
from lms.demo.steps import DemoPerson, learn
from lms.people import actions as people
from lms.people import queries as known
from lms.people.models import Person, Unit
from lms.people.rules import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.plugins import QuestionType

HELP_ENTRIES = 400  # in three months
PASSWORD = "demo-demo-demo"  # noqa: S105 - printed on the demonstration's own sign-in page


class RealPeople(RuntimeError):
    """The database holds people who live, or who have left: no place for a demonstration."""


class AnotherDemonstration(RuntimeError):
    """The database holds another demonstration, or one that was not finished."""


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
    DemoPerson("austra", "Austra Celma", "coordinator of all libraries", role=Role.COORDINATOR, scope="LIB"),
    DemoPerson("olga", "Olga Petrova", "operator, keeps it running", role=Role.OPERATOR),
    DemoPerson(
        "marta", "Marta Kalniņa", "trainee, whose certificate ends soon", "KUR-LIE", course="online-security", reads=-1,
        exam="passed", ago=705, knows=0.95,
    ),
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


def make_people(database: Database, types: Mapping[str, QuestionType]) -> str:
    """Make the demonstration once; the code of the certificate that somebody holds in it, empty if none.

    Raises `RealPeople`, `AnotherDemonstration`.
    """
    secret = people.hash_password(PASSWORD)
    with database.writing() as db:
        is_new = not has_people(db, demo=True)
        if is_new:
            if has_people(db, demo=False):
                raise RealPeople
            before = now() - timedelta(days=EARLIEST)
            publish_earlier(db, before)
            with saying(before):
                _units(db)
            for someone in PEOPLE:
                _person(db, someone, secret, types)
            _colleagues(db, secret, types)
            for someone in GRADUATES:
                _person(db, someone, secret, types)
            certify_library(db, _unit(db, LIBRARY))
            open_points(db)
            ask_for_help(db)
        holder = known.by_login(db, "lucia")
        if holder is None:
            raise AnotherDemonstration
        held = credentials.certificates(db, holder.id, now().date())
        code = held[0].code if held else ""
    if is_new:
        helpers = certified(database)
        write_help(database, helpers, HELP_ENTRIES, "handful", 0)
        report_on_periods(database, helpers)
        count_help(database)
    return code


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
    today = now()
    with saying(today - timedelta(days=someone.ago)):
        new = people.NewPerson(
            someone.name, someone.login, "", someone.language, latin_name=someone.latin_name, is_demo=True
        )
        person = people.sign_up(db, new, secret)
        if someone.unit:
            people.join_unit(db, person.id, _unit(db, someone.unit), since=now().date())
        if someone.role is not None:
            scope = _unit(db, someone.scope) if someone.scope else None
            people.grant_role(db, person.id, someone.role, unit=scope, by=None)
        learn(db, person.id, someone, types)
        if someone.exam == "passed":
            keep_knowledge(db, person.id, someone, types, today)


def _colleagues(db: Session, secret: str, types: Mapping[str, QuestionType]) -> None:
    for code, names in COLLEAGUES:
        for place, name in enumerate(names):
            login = f"{code.lower()}-{place + 1}"
            person = people.sign_up(db, people.NewPerson(name, login, "", is_demo=True), secret)
            people.join_unit(db, person.id, _unit(db, code), since=now().date())
            learn(db, person.id, DemoPerson(login, name, "", course="e-services", reads=place * 2), {})
            if name == WRITER.name:
                learn(db, person.id, WRITER, types)
