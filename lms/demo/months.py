"""What happened in the months before today: courses completed long ago, reviews answered since, a certified library.

It goes through the same actions as everything else in the story; only the clock says an earlier day meanwhile.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.accrediting import actions as accrediting
from lms.accrediting import queries as organisations
from lms.clock import now, saying
from lms.demo.steps import DemoPerson
from lms.helping import actions as helping
from lms.helping.models import HelpPeriod
from lms.helping.rules import Help
from lms.people import queries as people
from lms.people.models import Unit
from lms.plugins import UnclearAnswer
from lms.reach import actions as reach
from lms.reach import closing
from lms.reach.rules import Period, Span
from lms.renewing import actions as renewing
from lms.renewing import queries as reviews
from lms.reporting.months import last_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from lms.content.queries import Current
    from lms.content.structure import Question
    from lms.db import Database
    from lms.demo.helping import Helper
    from lms.plugins import QuestionType, Response

EARLIEST = 760  # days ago: the units and the courses were there
COURSE, SECOND = "online-security", "e-services"
LIBRARY, CERTIFIED = "KUR-VEN", 250  # whose two digital helpers have made it a certified one, so many days ago
FORGOTTEN_A_DAY = 0.0007  # of what is known on the first day
A_YEAR = 365  # days; what is still known then stays
LEARNED_AGAIN = 0.97  # of what was forgotten once and explained
LATEST = 9  # days after which somebody answers what has come back
WHOLE, CLOSES = "LIB", "austra"  # what is reported on, and who closes its periods
CLOSED_AFTER = 4  # days after the first one of a month
LATE = 8  # people at a training that was noted after the closing
# login, name, unit, days since the course was completed, share of right answers at first, a second course
_GRADUATES = (
    ("baiba", "Baiba Ozola", "KUR-LIE", 430, 0.96, ""),
    ("edgars", "Edgars Zariņš", "KUR-LIE", 330, 0.92, ""),
    ("vija", "Vija Lūse", "KUR-LIE", 260, 0.98, ""),
    ("normunds", "Normunds Briedis", "KUR-LIE", 200, 0.94, ""),
    ("sanita", "Sanita Āboliņa", "KUR-LIE", 140, 0.96, ""),
    ("aija", "Aija Grava", "KUR-VEN", 400, 0.84, ""),
    ("guntis", "Guntis Roze", "KUR-VEN", 300, 0.8, SECOND),
    ("velta", "Velta Siliņa", "KUR-VEN", CERTIFIED, 0.86, SECOND),
    ("kaspars", "Kaspars Dūms", "KUR-VEN", 190, 0.78, ""),
    ("ligita", "Ligita Egle", "KUR-VEN", 120, 0.82, ""),
    ("raimonds", "Raimonds Kārkls", "LAT-REZ", 380, 0.9, ""),
    ("marija", "Marija Orlova", "LAT-REZ", 220, 0.9, ""),
)
GRADUATES = tuple(
    DemoPerson(login, name, "", unit, course=COURSE, reads=-1, exam="passed", ago=ago, knows=knows, also=also)
    for login, name, unit, ago, knows, also in _GRADUATES
)


def keep_knowledge(
    db: Session, actor: int, someone: DemoPerson, types: Mapping[str, QuestionType], until: datetime
) -> None:
    """Let the questions of what somebody has just completed come back, and let them be answered `until` a moment."""
    moment, chance = now(), Random(someone.name)  # noqa: S311 - a demonstration is the same each time
    for course in filter(None, (someone.course, someone.also)):
        renewing.deal(db, reviews.Since(actor, course, moment), types)
    began = moment
    while moment <= until:
        found = reviews.reviews(db, actor, moment)
        for place, (card, current) in enumerate(found.due):
            with saying(moment + timedelta(minutes=place)):
                knows = LEARNED_AGAIN if card.lapses else someone.knows
                knows -= FORGOTTEN_A_DAY * min((moment - began).days, A_YEAR)
                question = current.course.questions[card.question_key][current.course.language]
                is_right = chance.random() < knows
                renewing.keep_answer(db, card, _given(types[question.type], question, current, is_right=is_right))
        if found.due:
            continue
        if found.next_at is None:
            return
        moment = found.next_at + timedelta(days=chance.uniform(0.1, LATEST))


def _given(kind: QuestionType, question: Question, current: Current, *, is_right: bool) -> renewing.Given:
    """A right answer, or a wrong one if one is found."""
    model = kind.model_response(question)
    response = model if is_right else _wrong(kind, question, model)
    return renewing.Given(str(uuid.uuid4()), response, kind.grade(question, response).is_right, current.version)


def _wrong(kind: QuestionType, question: Question, model: Response) -> Response:
    """An answer as somebody gives it who has forgotten: another option, or the right parts in the wrong places."""
    tries: list[Response] = [list(reversed(model))] if isinstance(model, list) else []
    for option in range(len(question.options)):
        try:
            tries.append(kind.read(question, {"answer": [str(option)]}))
        except UnclearAnswer:
            continue
    return next((each for each in tries if each is not None and not kind.grade(question, each).is_right), model)


def certify_library(db: Session, unit: int) -> None:
    """Look at a library on the day on which it had enough certified people, as the worker would have."""
    with saying(now() - timedelta(days=CERTIFIED) + timedelta(minutes=1)):
        known = organisations.unit(db, unit)
        for offer in organisations.offers(db).values() if known is not None else ():
            assert known is not None
            accrediting.look_at(db, known, offer)


def report_on_periods(database: Database, helpers: Sequence[Helper]) -> None:
    """Report on help: the two months before this one are closed, this one is open; somebody was late with an entry."""
    today = now().date()
    this = today.replace(day=1)
    last = this - timedelta(days=1)
    first = (last.replace(day=1) - timedelta(days=1)).replace(day=1)
    moment = min(now(), datetime.combine(this + timedelta(days=CLOSED_AFTER), time(9), UTC))
    with saying(moment), database.writing() as db:
        root = db.scalars(select(Unit.id).where(Unit.code == WHOLE)).one()
        coordinator = people.by_login(db, CLOSES)
        reach.open_period(db, root, Period(Span.MONTHS, first, last), moment.date())
        reach.open_period(db, root, Period(Span.MONTHS, this, last_day(this)), moment.date())
        period = db.scalars(select(HelpPeriod).where(HelpPeriod.unit_id == root, HelpPeriod.last_day == last)).one()
        assert coordinator is not None
        reach.close_period(db, period, coordinator.id, moment.date())
        number = period.id
    closing.freeze(database, number)
    late = next((each.person for each in helpers if each.since <= last), None)
    if late is not None:
        with database.writing() as db:
            given = Help("training", "citizen", "safety", LATE, last, minutes=90)
            helping.log(db, late, given, client_id=str(uuid.uuid4()), today=today)
