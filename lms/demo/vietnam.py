"""Community digital teams: 63 provinces, 51 of them with 46,105 teams of 212,761 members, 28 complete by commune.

A second tree is the Youth Union with a cell in each district that has teams: about a sixth of all members are in both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from lms.demo.names import vietnamese
from lms.demo.plan import ALL_OF_THEM, Account, Cell, FullName, Plan, PlannedTarget, PlannedUnit, next_day
from lms.demo.provinces import FIRST, PROVINCES, SECOND
from lms.demo.youth_union import UNION, youth_union
from lms.people.rules import Role

SEED = 46105
HELP_ENTRIES = 300_000  # help noted in three months
TEAMS, MEMBERS = 46_105, 212_761
COMPLETE = 28  # provinces with a team in each commune
CERTIFIED, EXEMPT = 174_103, 361  # with those excused they are 82 % of all members
DISTRICT_COMMUNES = 15
HOME, HOME_TEAMS = "SOL", 904  # the province with a coordinator of its own to sign in as
DAYS = 92
PART_OF_BARE = 0.3  # of the communes in a province that is not complete have no team


@dataclass(slots=True)
class _Country:
    """The tree while it grows: its units, the places of communes by province, and who may have teams."""

    units: list[PlannedUnit]
    communes: dict[str, list[int]] = field(default_factory=dict)
    bare: frozenset[int] = frozenset()


def plan(today: date, scale: float = 1.0) -> Plan:
    """The programme as it stands today; `scale` makes it smaller for tests."""
    chance = Random(SEED)  # noqa: S311 - a demonstration is the same each time
    since = today - timedelta(days=DAYS)
    units = _units(chance, since, scale)
    second = youth_union(units, since)
    place = {unit.code: number for number, unit in enumerate(units)}
    due = next_day(today, 11, 30)
    home_team = next(unit.code for unit in units if unit.members and unit.code.startswith(HOME))
    return Plan(
        seed=SEED,
        since=since,
        due_on=due,
        hours_east=7,
        help_entries=round(HELP_ENTRIES * scale),
        units=units,
        naming=vietnamese,
        cells=_cells(since, today - timedelta(days=1), place[HOME]),
        accounts=_accounts(home_team),
        targets=(
            PlannedTarget("VN", "e-services", 1.0, due),
            PlannedTarget("VN", "e-services", 0.9, due, counts="team", rule="half"),
            PlannedTarget("VN", "online-security", 0.5, due),
            PlannedTarget(HOME, "e-services", 1.0, due),
            PlannedTarget(HOME, "e-services", 1.0, due, counts="commune", rule="one"),
            PlannedTarget(UNION, "online-security", 0.6, due),
        ),
        rules=(("VN", "e-services"), (HOME, "online-security")),
        second_tree=second,
    )


def _cells(since: date, until: date, home: int) -> tuple[Cell, ...]:
    later = since + timedelta(days=21)
    return (
        Cell(0, "e-services", CERTIFIED / MEMBERS, 0.085, 0.022, EXEMPT / MEMBERS, since, until),
        Cell(0, "online-security", 0.37, 0.12, 0.03, 0.0, later, until),
        Cell(home, "linux-admin", 0.01, 0.02, 0.005, 0.0, later, until),
    )


def _accounts(team: str) -> tuple[Account, ...]:
    return (
        Account("hoa", FullName("Trần Thị Minh Hoa", "", "vi"), "coordinator of the country", Role.COORDINATOR, "VN"),
        Account("son", FullName("Lò Văn Sơn", "", "vi"), "coordinator of Sơn La", Role.COORDINATOR, HOME),
        Account("long", FullName("Phạm Đức Long", "", "vi"), "owner, sees figures and no names", Role.OWNER, "VN"),
        Account("thu", FullName("Lê Ngọc Thu", "", "vi"), "trainer, writes courses", Role.TRAINER),
        Account("binh", FullName("Vũ Quốc Bình", "", "vi"), "operator, keeps it running", Role.OPERATOR),
        Account("lan", FullName("Quàng Thị Lan", "", "vi"), "trainee in a team in Sơn La", member=team),
        Account("mai", FullName("Đoàn Ngọc Mai", "", "vi"), "coordinator of the Youth Union", Role.COORDINATOR, UNION),
    )


def _units(chance: Random, since: date, scale: float) -> list[PlannedUnit]:
    country = _Country(
        [PlannedUnit("VN", "country", "Việt Nam", -1, opened=since - timedelta(days=150), is_fixed=True)]
    )
    for code, name, latitude, longitude, districts, share in PROVINCES:
        strength = ALL_OF_THEM if share == 100 else math.log(share / (100 - share)) if share else 0.0
        opened = since - timedelta(days=140)
        country.units.append(
            PlannedUnit(code, "province", name, 0, strength=strength, opened=opened, place=(latitude, longitude))
        )
        country.communes[code] = list(
            _districts(country, chance, code, max(1, round(districts * math.sqrt(scale))), scale)
        )
    country.bare = frozenset(_bare(country, chance))
    teams = _teams(country, chance, scale)
    return _in_order(country, chance, teams, round(MEMBERS * scale), since)


def _districts(country: _Country, chance: Random, code: str, amount: int, scale: float) -> Iterator[int]:
    """Districts of a province with their communes; the communes' places."""
    province = len(country.units) - 1
    opened = country.units[province].opened
    names = _names(chance, amount)
    for number in range(1, amount + 1):
        district = f"{code}-{number:02}"
        country.units.append(PlannedUnit(district, "district", names[number - 1], province, opened=opened))
        above = len(country.units) - 1
        size = DISTRICT_COMMUNES + chance.randint(-5, 5)
        communes = _names(chance, max(2, round(size * math.sqrt(scale))))
        for commune, name in enumerate(communes, 1):
            country.units.append(PlannedUnit(f"{district}-{commune:03}", "commune", name, above, opened=opened))
            yield len(country.units) - 1


def _names(chance: Random, amount: int) -> list[str]:
    """Names that do not repeat within one list, which is what a reader of one page sees."""
    picked: dict[str, None] = {}
    while len(picked) < amount:
        first, second = chance.choice(FIRST), chance.choice(SECOND)
        if first != second:
            picked[f"{first} {second}"] = None
    return list(picked)


def _bare(country: _Country, chance: Random) -> Iterator[int]:
    """Communes without a team: all in 12 provinces, some in those that are not complete."""
    staffed = [code for code, *_, share in PROVINCES if share]
    complete = {code for code, *_, share in PROVINCES if share == 100}
    others = [code for code in staffed if code not in complete and code != HOME]
    complete |= set(chance.sample(others, COMPLETE - len(complete)))
    for code, *_, share in PROVINCES:
        communes = country.communes[code]
        if not share:
            yield from communes
        elif code not in complete:
            yield from chance.sample(communes, max(1, min(len(communes) - 1, round(len(communes) * PART_OF_BARE))))


def _teams(country: _Country, chance: Random, scale: float) -> dict[int, int]:
    """How many teams each commune has: the home province's number is known, the others share the rest."""
    at_home = [place for place in country.communes[HOME] if place not in country.bare]
    elsewhere = [
        place
        for code, places in country.communes.items()
        if code != HOME
        for place in places
        if place not in country.bare
    ]
    home_teams = max(len(at_home), round(HOME_TEAMS * scale))
    teams = _spread(at_home, home_teams, chance)
    return teams | _spread(elsewhere, max(len(elsewhere), round(TEAMS * scale) - home_teams), chance)


def _spread(places: Sequence[int], amount: int, chance: Random) -> dict[int, int]:
    """Each place gets one at least; the rest falls by chance."""
    shares = dict.fromkeys(places, 1)
    for place in chance.choices(places, k=amount - len(places)):
        shares[place] += 1
    return shares


def _in_order(country: _Country, chance: Random, teams: dict[int, int], members: int, since: date) -> list[PlannedUnit]:
    """The tree with its teams, each unit right before what is below it."""
    total = sum(teams.values())
    sizes = list(_spread(range(total), max(total, members), chance).values())
    moved: dict[int, int] = {}
    ordered: list[PlannedUnit] = []
    strength = 0.0
    for place, unit in enumerate(country.units):
        strength = unit.strength if unit.kind == "province" else strength
        moved[place] = len(ordered)
        ordered.append(replace(unit, parent=moved.get(unit.parent, -1)))
        for number in range(1, teams.get(place, 0) + 1):
            name = f"Tổ công nghệ số cộng đồng thôn {number}"
            opened = since - timedelta(days=chance.randint(2, 120))
            own = strength if strength == ALL_OF_THEM else strength + chance.gauss(0, 0.8)
            ordered.append(
                PlannedUnit(
                    f"{unit.code}-{number:02}",
                    "team",
                    name,
                    moved[place],
                    members=sizes.pop(),
                    strength=own,
                    opened=opened,
                )
            )
    return ordered
