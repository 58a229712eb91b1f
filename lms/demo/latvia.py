"""Librarians as digital agents: one course, and each librarian counts."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from lms.demo.names import latvian
from lms.demo.plan import Account, Cell, FullName, Plan, PlannedTarget, PlannedUnit, next_day
from lms.people.rules import Role

SEED = 360  # minutes: eight academic hours
HELP_ENTRIES = 12_000  # help noted in three months
LIBRARIES, LIBRARIANS = 778, 1_346
REGIONS = (
    ("LV-RIG", "Rīga un Pierīga", (
        "Rīga", "Jūrmala", "Ādažu novads", "Ķekavas novads", "Mārupes novads", "Ogres novads", "Olaines novads",
        "Ropažu novads", "Salaspils novads", "Saulkrastu novads", "Siguldas novads", "Tukuma novads",
    )),
    ("LV-VID", "Vidzeme", (
        "Alūksnes novads", "Cēsu novads", "Gulbenes novads", "Limbažu novads", "Madonas novads", "Smiltenes novads",
        "Valkas novads", "Valmieras novads",
    )),
    ("LV-KUR", "Kurzeme", (
        "Liepāja", "Ventspils", "Dienvidkurzemes novads", "Kuldīgas novads", "Saldus novads", "Talsu novads",
        "Ventspils novads",
    )),
    ("LV-ZEM", "Zemgale", (
        "Jelgava", "Aizkraukles novads", "Bauskas novads", "Dobeles novads", "Jelgavas novads", "Jēkabpils novads",
    )),
    ("LV-LAT", "Latgale", (
        "Daugavpils", "Rēzekne", "Augšdaugavas novads", "Balvu novads", "Krāslavas novads", "Līvānu novads",
        "Ludzas novads", "Preiļu novads", "Rēzeknes novads",
    )),
)  # fmt: skip
# about where the municipalities of each region lie, in their order: degrees north and east
PLACES = (
    ((57.0, 24.1), (57.0, 23.8), (57.1, 24.3), (56.8, 24.2), (56.9, 24.0), (56.8, 24.6), (56.8, 23.9), (57.0, 24.6),
     (56.9, 24.4), (57.3, 24.4), (57.2, 24.9), (57.0, 23.2)),
    ((57.4, 27.1), (57.3, 25.3), (57.2, 26.8), (57.5, 24.7), (56.9, 26.2), (57.4, 25.9), (57.8, 26.0), (57.5, 25.4)),
    ((56.5, 21.0), (57.4, 21.6), (56.6, 21.4), (57.0, 22.0), (56.7, 22.5), (57.2, 22.6), (57.3, 21.8)),
    ((56.7, 23.7), (56.6, 25.3), (56.4, 24.2), (56.6, 23.3), (56.6, 23.6), (56.5, 25.9)),
    ((55.9, 26.5), (56.5, 27.3), (56.0, 26.7), (57.1, 27.3), (55.9, 27.2), (56.4, 26.2), (56.6, 27.7), (56.3, 26.7),
     (56.5, 27.5)),
)  # fmt: skip
AROUND = 0.1  # degrees that a library may lie from there
FIRST = ("Bērz", "Jaun", "Kalna", "Lauk", "Lej", "Liel", "Liep", "Maz", "Mež", "Oz", "Pried", "Saul", "Skuj", "Upes",
         "Vec", "Viest", "Vītol", "Zemgal")  # fmt: skip
SECOND = ("birzes", "ciema", "dārzu", "ezera", "gala", "kalna", "krogu", "lauku", "leju", "muižas", "pils", "pļavu",
          "sala", "stūra", "upes", "valka")  # fmt: skip
DAYS = 92


def plan(today: date, scale: float = 1.0) -> Plan:
    """The programme as it stands today; `scale` makes it smaller for tests."""
    chance = Random(SEED)  # noqa: S311 - a demonstration is the same each time
    since, due = today - timedelta(days=DAYS), next_day(today, 12, 20)
    units = _units(chance, since, scale)
    library = next(unit.code for unit in units if unit.members and unit.code.startswith("LV-KUR"))
    return Plan(
        seed=SEED,
        since=since,
        due_on=due,
        hours_east=2,
        help_entries=round(HELP_ENTRIES * scale),
        units=units,
        naming=latvian,
        cells=(Cell(0, "e-services", 0.71, 0.14, 0.02, 0.01, since, today - timedelta(days=1)),),
        accounts=(
            Account("anda", FullName("Anda Straume", "", "lv"), "coordinator of all libraries", Role.COORDINATOR, "LV"),
            Account("uldis", FullName("Uldis Mednis", "", "lv"), "coordinator of Kurzeme", Role.COORDINATOR, "LV-KUR"),
            Account("vita", FullName("Vita Skuja", "", "lv"), "owner, sees figures and no names", Role.OWNER, "LV"),
            Account("gints", FullName("Gints Vanags", "", "lv"), "provider, holds the training", Role.PROVIDER, "LV"),
            Account("laila", FullName("Laila Krauze", "", "lv"), "trainer, writes courses", Role.TRAINER),
            Account("ivars", FullName("Ivars Krūze", "", "lv"), "operator, keeps it running", Role.OPERATOR),
            Account("zinta", FullName("Zinta Medne", "", "lv"), "trainee, librarian in Kurzeme", member=library),
        ),
        targets=(
            PlannedTarget("LV", "e-services", 1.0, due),
            PlannedTarget("LV", "e-services", 1.0, due, counts="library", rule="one"),
        ),
        rules=(("LV", "e-services"),),
        mail_share=0.95,
    )


def _units(chance: Random, since: date, scale: float) -> list[PlannedUnit]:
    opened = since - timedelta(days=60)
    units = [PlannedUnit("LV", "country", "Latvijas bibliotēkas", -1, opened=opened, is_fixed=True)]
    towns = sum(len(names) for _, _, names in REGIONS)
    libraries = max(towns, round(LIBRARIES * scale))
    sizes = [1] * libraries
    for place in chance.choices(range(libraries), k=max(0, round(LIBRARIANS * scale) - libraries)):
        sizes[place] += 1
    turn, apart = 0, Random(f"{SEED}/places")  # noqa: S311 - a demonstration is the same each time
    for region, (code, name, municipalities) in enumerate(REGIONS):
        units.append(PlannedUnit(code, "region", name, 0, opened=opened))
        above = len(units) - 1
        for number, municipality in enumerate(municipalities, 1):
            strength = chance.gauss(0.3 - 0.2 * region, 0.7)
            north, east = PLACES[region][number - 1]
            units.append(
                PlannedUnit(
                    f"{code}-{number:02}", "municipality", municipality, above, opened=opened, place=(north, east)
                )
            )
            place, amount = len(units) - 1, libraries * (turn + 1) // towns - libraries * turn // towns
            for library, words in enumerate(_names(chance, amount), 1):
                own = f"{code}-{number:02}-{library:02}"
                lies = (_near(apart, north), _near(apart, east))
                name_of = f"{words} bibliotēka"
                units.append(PlannedUnit(own, "library", name_of, place, sizes.pop(), strength, opened, place=lies))
            turn += 1
    return units


def _near(apart: Random, degrees: float) -> float:
    return round(degrees + apart.uniform(-AROUND, AROUND), 3)


def _names(chance: Random, amount: int) -> list[str]:
    """Names of libraries in one municipality, each once."""
    picked: dict[str, None] = {}
    while len(picked) < amount:
        picked[chance.choice(FIRST) + chance.choice(SECOND)] = None
    return list(picked)
