"""Writes the tree and the people of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from lms.demo.bulk import Row, count_on, fill, next_id
from lms.demo.plan import FullName, Plan, SecondTree
from lms.folding import fold
from lms.people.actions import LONGEST_FOLDED
from lms.people.models import Actor, Membership, Person, Unit, UnitName, UnitPlace

if TYPE_CHECKING:
    from lms.db import Database

LEAST_DAYS = 1  # a member joined before the programme began


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is who: for each person of the plan, in order, the row's number, their unit's place and their name.

    `first` is where a unit's people begin, and where those of its whole subtree end is `end`. `accounts` are the places
    of those who are written already; `approver` is the number of the coordinator in whose name things were decided.
    """

    ids: Sequence[int]
    units: Sequence[int]
    names: Sequence[FullName]
    first: Sequence[int]
    end: Sequence[int]
    places: Mapping[str, int]
    unit_ids: Mapping[str, int]
    accounts: frozenset[int]
    approver: int

    def person(self, code: str, member: int) -> int:
        """The row's number of a member of a unit."""
        return self.ids[self.first[self.places[code]] + member]

    def name(self, code: str, member: int) -> FullName:
        """How a member of a unit is called."""
        return self.names[self.first[self.places[code]] + member]


def gather(database: Database, plan: Plan, accounts: Sequence[int]) -> Crowd:
    """Give everybody a name and a number, before they are written; `accounts` are those who are there already."""
    chance = Random(f"{plan.seed}/names")  # noqa: S311 - a demonstration is the same each time
    units, first, end = _ranges(plan)
    names = [plan.naming(chance) for _ in units]
    places = {unit.code: place for place, unit in enumerate(plan.units)}
    actor, unit = next_id(database, Actor), next_id(database, Unit)
    ids = list(range(actor, actor + len(units)))
    theirs = set()
    for account, known in zip(plan.accounts, accounts, strict=True):
        if account.member:
            person = first[places[account.member]]
            ids[person], names[person] = known, account.person
            theirs.add(person)
    unit_ids = {planned.code: unit + place for place, planned in enumerate(plan.units)}
    return Crowd(ids, units, names, first, end, places, unit_ids, frozenset(theirs), accounts[0])


def _ranges(plan: Plan) -> tuple[list[int], list[int], list[int]]:
    """The unit of each person; for each unit, where its people begin and where those of its subtree end."""
    units: list[int] = []
    first: list[int] = []
    for place, unit in enumerate(plan.units):
        first.append(len(units))
        units.extend([place] * unit.members)
    end = [start + unit.members for start, unit in zip(first, plan.units, strict=True)]
    for place in range(len(plan.units) - 1, 0, -1):
        above = plan.units[place].parent
        if above >= 0:
            end[above] = max(end[above], end[place])
    return units, first, end


def write_units(database: Database, plan: Plan, crowd: Crowd) -> None:
    """The tree with its places and names, everything since the day on which it opened."""
    paths: list[str] = []
    for unit in plan.units:
        above = paths[unit.parent] if unit.parent >= 0 else "/"
        paths.append(f"{above}{crowd.unit_ids[unit.code]}/")
    columns = ("id", "parent_id", "path", "kind", "code", "name", "folded_name", "is_fixed", "latitude", "longitude",
               "opened_on")  # fmt: skip
    fill(database, Unit, columns, _unit_rows(plan, crowd, paths))
    fill(
        database,
        UnitPlace,
        ("unit_id", "path", "since"),
        (
            (crowd.unit_ids[unit.code], path, unit.opened.isoformat())
            for unit, path in zip(plan.units, paths, strict=True)
        ),
    )
    fill(database, UnitName, ("unit_id", "kind", "language", "name", "folded_name"), _name_rows(plan, crowd))
    count_on(database, Unit)


def _unit_rows(plan: Plan, crowd: Crowd, paths: Sequence[str]) -> Iterator[Row]:
    for unit, path in zip(plan.units, paths, strict=True):
        above = crowd.unit_ids[plan.units[unit.parent].code] if unit.parent >= 0 else None
        latitude, longitude = unit.place or (None, None)
        folded = fold(unit.name)[:LONGEST_FOLDED]
        own = crowd.unit_ids[unit.code]
        yield (own, above, path, unit.kind, unit.code, unit.name, folded, unit.is_fixed, latitude, longitude,
               unit.opened.isoformat())  # fmt: skip


def _name_rows(plan: Plan, crowd: Crowd) -> Iterator[Row]:
    for unit in plan.units:
        for language, name in unit.names:
            yield crowd.unit_ids[unit.code], "language", language, name, fold(name)[:LONGEST_FOLDED]


def write_people(database: Database, plan: Plan, crowd: Crowd, begun: frozenset[int], secret: str) -> None:
    """Everybody, each in a unit. Who has begun (`begun`: places) has an account; others are in the register only."""
    joined = _joined(plan, crowd)
    moments = [f"{day.isoformat()} 03:00:00.000000" for day in joined]
    everybody = [place for place in range(len(crowd.ids)) if place not in crowd.accounts]
    fill(database, Actor, ("id", "created_at"), ((crowd.ids[place], moments[place]) for place in everybody))
    columns = ("id", "code", "name", "latin_name", "folded_name", "user_name", "email", "proved_email", "phone",
               "password_hash", "language", "category", "employer", "is_demo", "created_at")  # fmt: skip
    fill(database, Person, columns, _person_rows(plan, crowd, moments, begun, secret))
    fill(
        database,
        Membership,
        ("person_id", "unit_id", "since"),
        (
            (crowd.ids[place], crowd.unit_ids[plan.units[crowd.units[place]].code], joined[place].isoformat())
            for place in range(len(crowd.ids))
        ),
    )
    if plan.second_tree is not None:
        fill(
            database, Membership, ("person_id", "unit_id", "since"), _second_rows(plan, plan.second_tree, crowd, joined)
        )
    count_on(database, Actor)


def _second_rows(plan: Plan, tree: SecondTree, crowd: Crowd, joined: Sequence[date]) -> Iterator[Row]:
    """Who belongs to the second tree, too, since they belong to the first."""
    for place, number in enumerate(crowd.ids):
        cell = tree.cells.get(crowd.units[place])
        if cell is not None and crowd.names[place].category == tree.category:
            yield number, crowd.unit_ids[plan.units[cell].code], joined[place].isoformat()


def _joined(plan: Plan, crowd: Crowd) -> list[date]:
    """The day on which each person became a member: after the unit opened, before the programme began."""
    chance = Random(f"{plan.seed}/joined")  # noqa: S311 - as above
    days = []
    for place in crowd.units:
        opened = plan.units[place].opened
        days.append(opened + timedelta(days=int(chance.random() * ((plan.since - opened).days - LEAST_DAYS + 1))))
    return days


def _person_rows(plan: Plan, crowd: Crowd, moments: Sequence[str], begun: frozenset[int], secret: str) -> Iterator[Row]:
    chance = Random(f"{plan.seed}/mail")  # noqa: S311 - as above
    for place, number in enumerate(crowd.ids):
        unit, name, mails = plan.units[crowd.units[place]], crowd.names[place], chance.random()
        code = f"{unit.code}-{place - crowd.first[crowd.units[place]] + 1}"
        login = code.lower() if place in begun else None
        email = f"{code.lower()}@mail.example" if mails < plan.mail_share else ""
        proved = email if login and mails < 0.8 * plan.mail_share else ""
        if place in crowd.accounts:
            continue
        folded = fold(f"{name.name} {name.latin}")[:LONGEST_FOLDED]
        yield (number, code, name.name, name.latin, folded, login, email, proved or None, "", secret if login else "",
               name.language, name.category, "", True, moments[place])  # fmt: skip


def moment_of(day: date, hour: int) -> datetime:
    """A moment on a day, in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
