"""A simulated month or three with planted inventions, judged as the worker does; and how much of them was found."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from random import Random
from typing import TYPE_CHECKING

from lms.demo.helping import Helper, Span, entries
from lms.vetting import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

SPAN = Span(date(2026, 8, 22), date(2026, 11, 21))


@dataclass(frozen=True, slots=True)
class Found:
    """How many entries there were, were invented, were listed, and were both."""

    entries: int
    planted: int
    listed: int
    hit: int

    @property
    def recall(self) -> float:
        return self.hit / self.planted

    @property
    def precision(self) -> float:
        return self.hit / self.listed


def helpers(number: int, seed: str) -> list[Helper]:
    chance = Random(seed)
    return [Helper(person, person // 4, SPAN.first + timedelta(days=chance.randint(0, 80))) for person in range(number)]


def trial(number: int, amount: int, seed: str) -> Found:
    """Let so many people note so much, and judge it beside what is usual among them."""
    truth: list[bool] = []
    months: defaultdict[tuple[int, date], list[rules.Entry]] = defaultdict(list)
    for made in entries(helpers(number, seed), SPAN, amount, seed):
        each = made.entry
        row = rules.Entry(
            len(truth), each.given_on, each.noted.replace(tzinfo=UTC), each.kind, each.audience, each.service,
            each.people, each.minutes, each.channel,
        )  # fmt: skip
        months[made.helper.person, each.given_on.replace(day=1)].append(row)
        truth.append(made.is_invented)
    usual = {month: peers(months, month) for month in {month for _person, month in months}}
    listed = {
        entry.id
        for (_person, month), noted in months.items()
        for odd in rules.odd(noted, usual[month], rules.deadlines(month))
        for entry in odd.entries
    }
    return Found(len(truth), sum(truth), len(listed), sum(truth[each] for each in listed))


def peers(months: dict[tuple[int, date], list[rules.Entry]], month: date) -> rules.Peers:
    """What is usual in a month, as the database counts it."""
    noted = [(person, each) for (person, when), found in months.items() if when == month for each in found]
    a_day = Counter(Counter((person, each.given_on) for person, each in noted).values())
    spreads = {kind: rules.spread(people(noted, kind)) for kind in {each.kind for _person, each in noted}}
    at_once = {kind: found for kind, found in spreads.items() if found is not None}
    return rules.Peers(rules.spread(a_day), at_once, rules.quiet_hours(Counter(e.noted.hour for _p, e in noted)))


def people(noted: Iterable[tuple[int, rules.Entry]], kind: str) -> Counter[int]:
    return Counter(each.people for _person, each in noted if each.kind == kind)
