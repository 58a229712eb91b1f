"""What was asked for in a month, by district: sums that tell nobody who asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from lms.consulting import rules
from lms.consulting.models import Consultation
from lms.helping import catalogue
from lms.people.models import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class AskedService:
    """A service, and how often it was asked for."""

    name: str
    times: int


@dataclass(frozen=True, slots=True)
class AskedDistrict:
    """A district, or all of them (an empty name): services from the most asked on, and how many requests are not told.

    `few` counts requests for services that were asked for too seldom to be named.
    """

    name: str
    total: int
    services: Sequence[AskedService]
    few: int


@dataclass(frozen=True, slots=True)
class AskedMonthPage:
    """A month: all districts together, and each by itself where enough was asked."""

    month: date
    whole: AskedDistrict | None
    districts: Sequence[AskedDistrict]
    left_out: int


def asked_in(db: Session, month: date, zone: ZoneInfo, language: str) -> AskedMonthPage:
    """What was asked for in a month of a zone. What fewer than `rules.FEWEST` asked for is added up, not named.

    A district is a unit right below the top of its tree; a request at the top itself has none.
    """
    whole: Counter[str] = Counter()
    by_district: defaultdict[int, Counter[str]] = defaultdict(Counter)
    roots: dict[str, int] = {}
    for path, service, times in _counted(db, month, zone):
        ids = [int(each) for each in path.strip("/").split("/")]
        whole[service] += times
        by_district[ids[min(1, len(ids) - 1)]][service] += times
        roots.setdefault(service, ids[0])
    names = {row.id: row.name for row in db.execute(select(Unit.id, Unit.name).where(Unit.id.in_(by_district)))}
    called = {service: _name(db, service, root, month, language) for service, root in roots.items()}
    told = [_district(names[unit], counts, called) for unit, counts in by_district.items()]
    shown = sorted((each for each in told if each is not None), key=lambda each: (-each.total, each.name))
    return AskedMonthPage(month, _district("", whole, called), shown, len(told) - len(shown))


def _counted(db: Session, month: date, zone: ZoneInfo) -> list[tuple[str, str, int]]:
    """Path, service and number; one row for each unit and service, however many asked."""
    days = (month, rules.month_after(month))
    first, last = (datetime.combine(each, time(), zone).astimezone(UTC) for each in days)
    counted = (
        select(Unit.path, Consultation.service, func.count())
        .join(Unit, Unit.id == Consultation.unit_id)
        .where(Consultation.asked_at >= first, Consultation.asked_at < last)
        .group_by(Unit.path, Consultation.service)
    )
    return [(row[0], row[1], row[2]) for row in db.execute(counted)]


def has_any(db: Session, month: date, zone: ZoneInfo) -> bool:
    """Whether enough was asked for in a month that something can be told."""
    return asked_in(db, month, zone, "en").whole is not None


def _district(name: str, counts: Counter[str], called: dict[str, str]) -> AskedDistrict | None:
    total = counts.total()
    if total < rules.FEWEST:
        return None
    often = [AskedService(called[code], times) for code, times in counts.most_common() if times >= rules.FEWEST]
    return AskedDistrict(name, total, often, total - sum(each.times for each in often))


def _name(db: Session, code: str, root: int, day: date, language: str) -> str:
    choice = catalogue.catalogue(db, root, day).service(code)
    return choice.name(language) if choice else code
