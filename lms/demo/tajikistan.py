"""A hundred civil-society organisations, and providers' staff who learn Linux; names in several scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from lms.demo.names import tajik
from lms.demo.plan import (
    Account,
    Cell,
    FullName,
    Plan,
    PlannedSession,
    PlannedTarget,
    PlannedUnit,
    next_day,
)
from lms.people.rules import Role

SEED = 100
HELP_ENTRIES = 12_000  # help noted in three months
CONSULTANTS, PROVIDERS = "TJ-CON", "TJ-ISP"
# region, its names, how many of the hundred organisations
REGIONS = (
    ("TJ-DUS", "Душанбе", "Dushanbe", 28), ("TJ-SUG", "Суғд", "Sughd", 26), ("TJ-KHA", "Хатлон", "Khatlon", 24),
    ("TJ-NTJ", "Ноҳияҳои тобеи ҷумҳурӣ", "Districts of Republican Subordination", 14),
    ("TJ-VMK", "Вилояти Мухтори Кӯҳистони Бадахшон", "Gorno-Badakhshan", 8),
)  # fmt: skip
WORDS = (
    ("Нур", "Nur"), ("Рушд", "Rushd"), ("Умед", "Umed"), ("Ҳамкорӣ", "Hamkori"), ("Дониш", "Donish"),
    ("Сомон", "Somon"), ("Меҳр", "Mehr"), ("Ояндасоз", "Oyandasoz"), ("Баҳор", "Bahor"), ("Чашма", "Chashma"),
    ("Хирад", "Khirad"), ("Субҳ", "Subh"), ("Роҳ", "Roh"), ("Созанда", "Sozanda"),
)  # fmt: skip
WORK = (
    ("Маркази занон", "Women's centre"), ("Маркази ҷавонон", "Youth centre"),
    ("Созмони ҷамъиятӣ", "Public organisation"), ("Ассотсиатсияи деҳқонон", "Farmers' association"),
    ("Маркази ҳуқуқӣ", "Legal aid centre"),
    ("Хонаи маърифат", "House of learning"), ("Маркази маъюбон", "Centre of people with disabilities"),
    ("Китобхонаи маҳалла", "Neighbourhood library"),
)  # fmt: skip
WEEKS = 13
ROOM = 32  # people in one online session


def plan(today: date, scale: float = 1.0) -> Plan:
    """The programme as it stands today. It has one size; `scale` is ignored."""
    del scale
    chance = Random(SEED)  # noqa: S311 - a demonstration is the same each time
    since, until, due = today - timedelta(weeks=WEEKS), today - timedelta(days=1), next_day(today, 12, 20)
    units = _units(chance, since - timedelta(days=45))
    place = {unit.code: number for number, unit in enumerate(units)}
    first = next(unit.code for unit in units if unit.kind == "organisation")
    return Plan(
        seed=SEED,
        since=since,
        due_on=due,
        hours_east=5,
        help_entries=HELP_ENTRIES,
        units=units,
        naming=tajik,
        cells=(
            Cell(place[CONSULTANTS], "e-services", 1.0, 0.0, 0.0, 0.0, since, since + timedelta(days=5)),
            Cell(place[CONSULTANTS], "linux-admin", 1.0, 0.0, 0.0, 0.0, since, since + timedelta(days=5)),
            Cell(place[PROVIDERS], "linux-admin", 0.6, 0.3, 0.1, 0.0, since, until),
            Cell(0, "e-services", 0.58, 0.24, 0.05, 0.01, since + timedelta(days=7), until),
            Cell(0, "online-security", 0.31, 0.2, 0.03, 0.0, since + timedelta(days=21), until),
            Cell(0, "linux-admin", 0.04, 0.06, 0.01, 0.0, since + timedelta(days=21), until),
        ),
        accounts=_accounts(first),
        targets=(
            PlannedTarget("TJ", "e-services", 0.9, due),
            PlannedTarget("TJ", "e-services", 1.0, due, counts="organisation", rule="one"),
        ),
        rules=(("TJ", "e-services"), (PROVIDERS, "linux-admin")),
        sessions=tuple(_sessions(chance, units, since)),
        corrections=tuple(_corrections(chance, units)),
        mail_share=0.85,
    )  # fmt: skip


def _accounts(member: str) -> tuple[Account, ...]:
    return (
        Account("zarina", FullName("Зарина Каримзода", "Zarina Karimzoda", "tg"), "coordinator of all",
                Role.COORDINATOR, "TJ"),
        Account("daler", FullName("Далер Юсуфзода", "Daler Yusufzoda", "tg"), "coordinator of Sughd",
                Role.COORDINATOR, "TJ-SUG"),
        Account("irina", FullName("Ирина Ким", "Irina Kim", "ru"), "owner, sees figures and no names", Role.OWNER,
                "TJ"),
        Account("rustam", FullName("Рустам Саидзода", "Rustam Saidzoda", "tg"), "consultant, holds sessions",
                Role.PROVIDER, "TJ", CONSULTANTS),
        Account("malika", FullName("Малика Шарифзода", "Malika Sharifzoda", "tg"), "trainer, writes courses",
                Role.TRAINER),
        Account("aziz", FullName("Азиз Мирзозода", "Aziz Mirzozoda", "tg"), "operator", Role.OPERATOR),
        Account("nigina", FullName("Нигина Назарзода", "Nigina Nazarzoda", "tg"), "trainee", member=member),
    )  # fmt: skip


def _units(chance: Random, opened: date) -> list[PlannedUnit]:
    units = [
        PlannedUnit("TJ", "country", "Барномаи созмонҳои ҷамъиятӣ", -1, opened=opened,
                    names=(("en", "Programme of civil-society organisations"),)),
        PlannedUnit(CONSULTANTS, "team", "Мушовирон", 0, 5, opened=opened, names=(("en", "Consultants"),)),
        PlannedUnit(PROVIDERS, "provider", "Провайдерҳои интернет", 0, 24, opened=opened,
                    names=(("en", "Internet providers"),)),
    ]  # fmt: skip
    pairs = [(kind, word) for kind in WORK for word in WORDS]
    chance.shuffle(pairs)
    for code, name, english, organisations in REGIONS:
        units.append(PlannedUnit(code, "region", name, 0, opened=opened, names=(("en", english),)))
        above = len(units) - 1
        for number in range(1, organisations + 1):
            kind, word = pairs.pop()
            units.append(
                PlannedUnit(
                    f"{code}-{number:02}", "organisation", f"{kind[0]} «{word[0]}»", above, chance.randint(2, 5),
                    chance.gauss(0, 0.9), opened, names=(("en", f"{kind[1]} {word[1]}"),),
                )
            )  # fmt: skip
    return units


def _sessions(chance: Random, units: list[PlannedUnit], since: date) -> Iterator[PlannedSession]:
    """Every week one online session, in turn for all organisations."""
    people = [(unit.code, member) for unit in units if unit.kind == "organisation" for member in range(unit.members)]
    chance.shuffle(people)
    for week in range(1, WEEKS):
        group = people[(week - 1) * ROOM : week * ROOM]
        if group:
            yield PlannedSession(
                (CONSULTANTS, week % 5), group, "TJ", "e-services", f"Вохӯрии {week}", "BigBlueButton", is_online=True,
                held_on=since + timedelta(weeks=week), hours=2.0,
            )  # fmt: skip


def _corrections(chance: Random, units: list[PlannedUnit]) -> Iterator[tuple[str, int]]:
    """One of ten came under another spelling at first."""
    for unit in units:
        for member in range(unit.members if unit.kind == "organisation" else 0):
            if chance.random() < 0.1:
                yield unit.code, member
