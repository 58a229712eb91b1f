"""The help that Moldova's e-Ambassadors gave, to the last person, and what the programme means by each of its words.

3,900 citizens trained, 5,503 consulted, 570 of local authorities and 158 business people: 10,131 people. The headline
says "14 thousand": those are visits, a number of its own with a definition of its own.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from lms.clock import now
from lms.demo.bulk import Row, fill
from lms.demo.help_writing import COLUMNS, COVERED, helpers_of
from lms.helping import period_actions
from lms.helping.models import HelpDefinition, HelpEntry

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.db import Database
    from lms.demo.helping import Helper
    from lms.demo.plan import Plan
    from lms.demo.progress import Way
    from lms.demo.writing import Crowd

TRAINED, CONSULTED, OF_AUTHORITIES, OF_BUSINESS, VISITS = 3_900, 5_503, 570, 158, 14_000
PEOPLE = TRAINED + CONSULTED + OF_AUTHORITIES + OF_BUSINESS  # 10,131
BEGINS = 6  # June: from then on local ambassadors help
HOW_MUCH = {6: 3, 7: 2, 8: 2, 9: 5, 10: 6}  # in each month, against the others
FIRST_DAY, LAST_DAY = 6, 27  # of a month on which help is given: after the first certificates, in every month
SERVICES = ("identity", "health", "pension", "work", "home", "child", "safety", "other")


class Word(NamedTuple):
    """What the programme means by a word, in English and in Romanian."""

    code: str
    title: str
    text: str
    titlu: str
    sens: str
    kinds: tuple[str, ...]
    audiences: tuple[str, ...]
    counts: str = "people"


WORDS = (
    Word(
        "trained", "Citizens trained",
        "Citizens who took part in a training at a library. Somebody who came to two trainings counts twice.",
        "Cetățeni instruiți",
        "Cetățeni care au participat la o instruire în bibliotecă. Cine a venit la două instruiri este numărat de două "
        "ori.",
        ("training",), ("citizen",),
    ),
    Word(
        "consulted", "Citizens consulted",
        "Citizens who were helped with one question of their own, at the library, by phone or by messenger.",
        "Cetățeni consultați",
        "Cetățeni ajutați cu o întrebare a lor, la bibliotecă, la telefon sau prin mesagerie.",
        ("consultation",), ("citizen",),
    ),
    Word(
        "local-authority", "Staff of local authorities",
        "People who work for a town hall or a district council, trained or consulted. They are not among the citizens.",
        "Personal al autorităților locale",
        "Angajați ai primăriilor și consiliilor raionale, instruiți sau consultați. Nu sunt numărați printre cetățeni.",
        ("training", "consultation"), ("local-authority",),
    ),
    Word(
        "business", "Business people",
        "People who came for a business, trained or consulted. They are not among the citizens.",
        "Oameni de afaceri",
        "Persoane venite pentru o afacere, instruite sau consultate. Nu sunt numărate printre cetățeni.",
        ("training", "consultation"), ("business",),
    ),
    Word(
        "visited", "Visits",
        "Contacts at a library’s e-services corner: everybody who came in, asked the way or came back, each time anew. "
        "The “14 thousand” of the headline is this number. It counts contacts and not people: whoever was trained or "
        "consulted mostly made a visit, too, so it cannot be added to the people helped, and is larger than their "
        "number.",
        "Vizite",
        "Contacte la colțul de e-servicii al bibliotecii: oricine a intrat, a întrebat sau a revenit, de fiecare dată "
        "din nou. Cele „14 mii” din titluri sunt acest număr. El numără contacte, nu oameni: cine a fost instruit sau "
        "consultat a făcut de obicei și o vizită, deci nu se adună la oamenii ajutați și este mai mare.",
        ("visit",), ("citizen",), "entries",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class District:
    """A district: its helpers, and the library at its centre, which notes visits as a tally."""

    helpers: Sequence[Helper]
    library: int


class Given(NamedTuple):
    """Help once, by somebody of a library; without a helper it is a tally."""

    unit: int
    helper: int | None
    day: date
    kind: str
    audience: str
    service: str
    people: int


def share_out(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount in whole parts as the weights say; together they are the amount."""
    total, before, found = sum(weights), 0, []
    for weight in weights:
        found.append(amount * (before + weight) // total - amount * before // total)
        before += weight
    return found


def help_given(districts: Sequence[District], months: Sequence[date], seed: str) -> Iterator[Given]:
    """All help of the programme, month by month and district by district; the same for the same seed."""
    chance = Random(f"{seed}/help")  # noqa: S311 - a demonstration is the same each time
    cells = [(month, each) for month in months for each in districts]
    weights = [HOW_MUCH[month.month] * len(_there(each, month)) for month, each in cells]
    parts = zip(*(share_out(amount, weights) for amount in _AMOUNTS), strict=True)
    for (month, district), (trained, consulted, authorities, business, visits) in zip(cells, parts, strict=True):
        there = _there(district, month)
        for people in groups(chance, trained, 6, 14):
            yield _one(chance, there, month, "training", "citizen", people)
        for people in groups(chance, consulted, 1, 2):
            yield _one(chance, there, month, "consultation", "citizen", people)
        for people in groups(chance, authorities, 2, 6):
            yield _one(chance, there, month, "training", "local-authority", people)
        for people in groups(chance, business, 1, 1):
            yield _one(chance, there, month, "consultation", "business", people)
        if visits:
            last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
            yield Given(district.library, None, last, "visit", "citizen", "", visits)


_AMOUNTS = (TRAINED, CONSULTED, OF_AUTHORITIES, OF_BUSINESS, VISITS)


def groups(chance: Random, people: int, fewest: int, most: int) -> Iterator[int]:
    """People in groups of a usual size; the last one may be smaller."""
    while people:
        group = min(people, chance.randint(fewest, most) if chance.random() < 0.5 else fewest)
        yield group
        people -= group


def _there(district: District, month: date) -> list[Helper]:
    """Who was certified before help begins in a month."""
    return [each for each in district.helpers if each.since < month.replace(day=FIRST_DAY)]


def _one(chance: Random, there: Sequence[Helper], month: date, kind: str, audience: str, people: int) -> Given:
    helper = there[int(chance.random() ** 2 * len(there))]  # some do much more than others
    day = month.replace(day=chance.randint(FIRST_DAY, LAST_DAY))
    return Given(helper.unit, helper.person, day, kind, audience, chance.choice(SERVICES), people)


def months_until(year: int, until: date) -> list[date]:
    """The months of help that are over."""
    first = [date(year, month, 1) for month in HOW_MUCH]
    return [each for each in first if each.replace(day=calendar.monthrange(year, each.month)[1]) <= until]


def write(database: Database, plan: Plan, crowd: Crowd, steps: Mapping[str, Sequence[Way]]) -> None:
    """Write the definitions, all help, and a period of its first months, ready to be closed."""
    months = months_until(plan.since.year, now().date() - timedelta(days=1))
    given = help_given(districts_of(plan, crowd, steps), months, str(plan.seed))
    ids = Random(f"{plan.seed}/help-ids")  # noqa: S311 - as above
    fill(database, HelpEntry, COLUMNS, (_row(each, ids, crowd.approver) for each in given))
    root, by = crowd.unit_ids[plan.units[0].code], crowd.approver
    with database.writing() as db:
        define(db, root, by, datetime.combine(plan.since, time(8), UTC))
        last = months[min(2, len(months) - 1)]
        period_actions.open_period(db, root, months[0], last.replace(day=calendar.monthrange(last.year, last.month)[1]))


def districts_of(plan: Plan, crowd: Crowd, steps: Mapping[str, Sequence[Way]]) -> list[District]:
    """The districts with their certified helpers."""
    codes = {crowd.unit_ids[unit.code]: unit.code for unit in plan.units if unit.kind == "library"}
    found: dict[str, list[Helper]] = {unit.code: [] for unit in plan.units if unit.kind == "district"}
    for helper in helpers_of(plan, crowd, steps):
        if helper.unit in codes:
            found[codes[helper.unit].rpartition("-")[0]].append(helper)
    return [District(helpers, crowd.unit_ids[f"{code}-00"]) for code, helpers in found.items() if helpers]


def define(db: Session, root: int, by: int | None, moment: datetime) -> None:
    """Write down what the programme means by its words."""
    for each in WORDS:
        db.add(
            HelpDefinition(
                unit_id=root, code=each.code, version=1, since=None, until=None, made_by=by, made_at=moment,
                titles={"en": each.title, "ro": each.titlu}, texts={"en": each.text, "ro": each.sens},
                kinds=list(each.kinds), audiences=list(each.audiences), counts=each.counts,
            )
        )  # fmt: skip


def _row(given: Given, ids: Random, coordinator: int) -> Row:
    minutes = None if given.helper is None else 90 if given.kind == "training" else 20
    return (
        str(UUID(int=ids.getrandbits(128), version=4)), given.helper, given.unit, given.day.isoformat(), given.kind,
        given.audience, given.service, given.people, minutes, "in-person" if given.helper else "", "", "",
        given.helper is None, COVERED, given.helper or coordinator, f"{given.day.isoformat()} 14:00:00.000000", True,
    )  # fmt: skip
