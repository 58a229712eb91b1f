"""e-Ambassadors in libraries: 43 national ones train 250 local ones, who train others; 1,220 local ones in all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from lms.demo.names import moldovan
from lms.demo.plan import Account, Cell, FullName, Plan, PlannedSession, PlannedTarget, PlannedUnit, next_day
from lms.people.rules import Role

SEED = 1220
NATIONAL = "MD-NAT"
LOCAL = 1_220
COURSE = "e-services"
# region, its national trainers, how many local people these train in spring, its districts
REGIONS = (
    ("MD-N", "Nord", 17, 100, (
        "Bălți", "Briceni", "Dondușeni", "Drochia", "Edineț", "Fălești", "Florești", "Glodeni", "Ocnița", "Rîșcani",
        "Sîngerei", "Soroca",
    )),
    ("MD-C", "Centru", 14, 80, (
        "Chișinău", "Anenii Noi", "Călărași", "Criuleni", "Dubăsari", "Hîncești", "Ialoveni", "Nisporeni", "Orhei",
        "Rezina", "Strășeni", "Șoldănești", "Telenești", "Ungheni",
    )),
    ("MD-S", "Sud", 12, 70, (
        "Basarabeasca", "Cahul", "Cantemir", "Căușeni", "Cimișlia", "Găgăuzia", "Leova", "Ștefan Vodă", "Taraclia",
    )),
)  # fmt: skip
VILLAGES = ("Bîrlad", "Dealul", "Fîntîna", "Izvoare", "Lunca", "Mălina", "Pădurea", "Plopi", "Sălcuța", "Teiul",
            "Valea", "Vișina")  # fmt: skip
ENDINGS = ("de Jos", "de Sus", "Mare", "Mică", "Nouă", "Veche", "Verde")
CLASS = 10  # people whom a local ambassador trains


def plan(today: date, scale: float = 1.0) -> Plan:
    """The programme as it stands today. Its spring is the last one that is over. It has one size."""
    del scale
    year = today.year if today >= date(today.year, 7, 1) else today.year - 1
    since, until = date(year, 1, 8), min(today - timedelta(days=1), date(year, 10, 31))
    units = _units(Random(SEED), since - timedelta(days=40))  # noqa: S311 - a demonstration is the same each time
    due = next_day(today, 12, 15)
    return Plan(
        seed=SEED,
        since=since,
        due_on=due,
        hours_east=2,
        units=units,
        naming=moldovan,
        cells=tuple(_cells(units, year, until)),
        accounts=(
            Account("rodica", FullName("Rodica Munteanu", "", "ro"), "coordinator of all", Role.COORDINATOR, "MD"),
            Account("mihai", FullName("Mihai Grosu", "", "ro"), "coordinator of the north", Role.COORDINATOR, "MD-N"),
            Account("vera", FullName("Vera Lungu", "", "ro"), "owner, sees figures and no names", Role.OWNER, "MD"),
            Account("ion", FullName("Ion Rusu", "", "ro"), "trainer, writes courses", Role.TRAINER),
            Account("nina", FullName("Nina Ursu", "", "ro"), "operator, keeps it running", Role.OPERATOR),
            Account(
                "doina", FullName("Doina Moraru", "", "ro"), "national e-Ambassador, has trained others", Role.PROVIDER,
                "MD", NATIONAL,
            ),
        ),
        targets=(
            PlannedTarget("MD", COURSE, 1.0, due),
            PlannedTarget("MD", COURSE, 1.0, due, counts="district", rule="half"),
        ),
        rules=(("MD", COURSE),),
        sessions=tuple(_sessions(units, year, until)),
        mail_share=0.9,
    )  # fmt: skip


def _units(chance: Random, opened: date) -> list[PlannedUnit]:
    units = [PlannedUnit("MD", "country", "Bibliotecile din Moldova", -1, opened=opened)]
    national = sum(trainers for _, _, trainers, _, _ in REGIONS)
    units.append(PlannedUnit(NATIONAL, "team", "e-Ambasadori naționali", 0, members=national, opened=opened))
    districts = sum(len(names) for *_, names in REGIONS)
    rest, turn = LOCAL - sum(trained for _, _, _, trained, _ in REGIONS), 0
    for code, region, _, trained, names in REGIONS:
        units.append(PlannedUnit(code, "region", region, 0, opened=opened))
        above = len(units) - 1
        for number, name in enumerate(names):
            district = f"{code}-{number + 1:02}"
            units.append(PlannedUnit(district, "district", name, above, opened=opened, is_fixed=True))
            place = len(units) - 1
            first = trained * (number + 1) // len(names) - trained * number // len(names)
            units.append(PlannedUnit(f"{district}-00", "library", f"Biblioteca {name}", place, first, 0.5, opened))
            later = rest * (turn + 1) // districts - rest * turn // districts
            for library, size in enumerate(_sizes(later), 1):
                words = f"{VILLAGES[library % len(VILLAGES)]} {ENDINGS[(library + turn) % len(ENDINGS)]}"
                own = f"{district}-{library:02}"
                strength = chance.gauss(0, 0.8)
                units.append(PlannedUnit(own, "library", f"Biblioteca {words}", place, size, strength, opened))
            turn += 1
    return units


def _sizes(people: int) -> list[int]:
    """Village libraries of two, the last perhaps of one."""
    return [2] * (people // 2) + [1] * (people % 2)


def _cells(units: list[PlannedUnit], year: int, until: date) -> Iterator[Cell]:
    """The national ones learn first, then those whom they train, then all others."""
    winter = date(year, 1, 10), date(year, 2, 20)
    yield Cell(1, COURSE, 1.0, 0.0, 0.0, 0.0, *winter)
    yield Cell(1, "online-security", 1.0, 0.0, 0.0, 0.0, *winter)
    for place, unit in enumerate(units):
        if unit.code.endswith("-00"):
            yield Cell(place, COURSE, 1.0, 0.0, 0.0, 0.0, date(year, 3, 10), date(year, 6, 3))
    yield Cell(0, COURSE, 0.83, 0.11, 0.04, 0.005, date(year, 6, 5), until)
    yield Cell(0, "online-security", 0.3, 0.1, 0.02, 0.0, date(year, 6, 5), until)


def _sessions(units: list[PlannedUnit], year: int, until: date) -> Iterator[PlannedSession]:
    """In spring each national trainer teaches their share of a region; then those people teach the villages."""
    trainer = 0
    for code, region, trainers, _, _ in REGIONS:
        local = [(unit.code, member) for unit in units if _is_central(unit, code) for member in range(unit.members)]
        for number in range(trainers):
            people = local[len(local) * number // trainers : len(local) * (number + 1) // trainers]
            held = date(year, 3, 1) + timedelta(days=number * 90 // trainers)
            yield PlannedSession(
                (NATIONAL, trainer), people, code, COURSE, f"e-Ambasadori locali, {region} {number + 1}", region,
                is_online=False, held_on=held, hours=8.0,
            )  # fmt: skip
            trainer += 1
    yield from _village_sessions(units, year, until)


def _village_sessions(units: list[PlannedUnit], year: int, until: date) -> Iterator[PlannedSession]:
    begin = date(year, 6, 8)
    for district in (unit for unit in units if unit.kind == "district"):
        inside = [unit for unit in units if unit.code.startswith(f"{district.code}-")]
        central = next(unit for unit in inside if unit.code.endswith("-00"))
        people = [(unit.code, member) for unit in inside if unit is not central for member in range(unit.members)]
        for number in range(-(-len(people) // CLASS)):
            held = begin + timedelta(days=min((until - begin).days, number * 21 + len(district.name)))
            yield PlannedSession(
                (central.code, number % central.members), people[number * CLASS : (number + 1) * CLASS], district.code,
                COURSE, f"e-Ambasadori în {district.name}, {number + 1}", central.name, is_online=False, held_on=held,
                hours=6.0,
            )  # fmt: skip


def _is_central(unit: PlannedUnit, region: str) -> bool:
    return unit.code.startswith(f"{region}-") and unit.code.endswith("-00")
