"""Municipal staff: nine municipalities, three tracks, groups of 20 to 40; twelve of the 27 cells are complete."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from lms.demo.names import georgian
from lms.demo.plan import Account, Cell, FullName, Plan, PlannedGroup, PlannedSession, PlannedTarget, PlannedUnit
from lms.people.rules import Role

SEED = 927
HELP_ENTRIES = 12_000  # help noted in three months
TRAINERS = "GE-TRAIN"
# basic use of computers and services, documents and safety, the systems themselves
TRACKS = ("e-services", "online-security", "linux-admin")
# code, name in Georgian and in English, staff, and how far each track is: complete, running, planned
MUNICIPALITIES = (
    ("GE-AMB", "ამბროლაური", "Ambrolauri", 48, "CCR"), ("GE-BAG", "ბაღდათი", "Baghdati", 52, "CCC"),
    ("GE-GOR", "გორი", "Gori", 72, "CRP"), ("GE-DUS", "დუშეთი", "Dusheti", 56, "CRR"),
    ("GE-TET", "თეთრიწყარო", "Tetritsqaro", 44, "CCP"), ("GE-LEN", "ლენტეხი", "Lentekhi", 50, "RPP"),
    ("GE-KVA", "ყვარელი", "Kvareli", 60, "CRR"), ("GE-CHO", "ჩოხატაური", "Chokhatauri", 54, "CRP"),
    ("GE-TSA", "წალკა", "Tsalka", 64, "CRP"),
)  # fmt: skip
COMPLETE, RUNNING = "C", "R"
GROUP_DAYS = 12  # a group's two weeks, from a Monday to a Friday


def plan(today: date, scale: float = 1.0) -> Plan:
    """The programme as it stands today. It has one size; `scale` is ignored."""
    del scale
    chance = Random(SEED)  # noqa: S311 - a demonstration is the same each time
    monday = today - timedelta(days=today.weekday())
    since = monday - timedelta(weeks=14)
    units = _units(since - timedelta(days=30))
    due = monday + timedelta(weeks=8, days=4)
    return Plan(
        seed=SEED,
        since=since,
        due_on=due,
        hours_east=4,
        help_entries=HELP_ENTRIES,
        units=units,
        naming=georgian,
        cells=(*_team_cells(len(units) - 1, since), *_cells(monday)),
        accounts=(
            Account("nana", FullName("ნანა მელაძე", "Nana Meladze", "ka"), "coordinator", Role.COORDINATOR, "GE"),
            Account("shota", FullName("შოთა ლომიძე", "Shota Lomidze", "ka"), "of Gori", Role.COORDINATOR, "GE-GOR"),
            Account("eka", FullName("ეკა დოლიძე", "Eka Dolidze", "ka"), "owner, sees no names", Role.OWNER, "GE"),
            Account("levan", FullName("ლევან ნოზაძე", "Levan Nozadze", "ka"), "holds the training", Role.PROVIDER, "GE",
                    TRAINERS),
            Account("maia", FullName("მაია ფიფია", "Maia Pipia", "ka"), "trainer, writes courses", Role.TRAINER),
            Account("beka", FullName("ბექა ჯაფარიძე", "Beka Japaridze", "ka"), "operator", Role.OPERATOR),
            Account("lia", FullName("ლია ბერიძე", "Lia Beridze", "ka"), "trainee in Gori", member="GE-GOR"),
        ),
        targets=tuple(PlannedTarget("GE", track, 1.0, due) for track in TRACKS),
        rules=tuple(("GE", track) for track in TRACKS),
        groups=tuple(_groups(monday)),
        sessions=tuple(_sessions(chance, monday)),
        mail_share=0.7,
    )  # fmt: skip


def _units(opened: date) -> list[PlannedUnit]:
    return [
        PlannedUnit(
            "GE", "country", "მუნიციპალიტეტების პროგრამა", -1, opened=opened, is_fixed=True,
            names=(("en", "Programme of municipalities"),),
        ),
        *(
            PlannedUnit(code, "municipality", name, 0, staff, opened=opened, names=(("en", english),))
            for code, name, english, staff, _ in MUNICIPALITIES
        ),
        PlannedUnit(TRAINERS, "team", "მწვრთნელები", -1, 4, opened=opened, names=(("en", "Trainers"),)),
    ]  # fmt: skip


def _team_cells(place: int, since: date) -> Iterator[Cell]:
    """Who trains others is certified before."""
    for track in TRACKS:
        yield Cell(place, track, 1.0, 0.0, 0.0, 0.0, since - timedelta(days=25), since - timedelta(days=4))


def _begins(monday: date, municipality: int, track: int, state: str) -> date:
    """The Monday on which the first group of a cell begins; the second follows two weeks later."""
    if state == COMPLETE:
        return monday - timedelta(weeks=14 - 2 * track - municipality % 3)
    weeks = -2 if state == RUNNING else 2 + 2 * (track + municipality % 2)
    return monday + timedelta(weeks=weeks)


def _cells(monday: date) -> Iterator[Cell]:
    for number, (*_, staff, states) in enumerate(MUNICIPALITIES):
        for track, state in enumerate(states):
            first = _begins(monday, number, track, state)
            last = first + timedelta(days=14 + GROUP_DAYS)
            if state == COMPLETE:
                excused = number % 2 / staff
                yield Cell(number + 1, TRACKS[track], 1 - excused, 0.0, 0.0, excused, first, last)
            elif state == RUNNING:
                yield Cell(number + 1, TRACKS[track], 0.3, 0.25, 0.04, 0.0, first, monday - timedelta(days=1))


def _halves(staff: int) -> tuple[tuple[int, int], ...]:
    return (0, staff // 2), (staff // 2, staff)


def _groups(monday: date) -> Iterator[PlannedGroup]:
    for number, (code, name, _, staff, states) in enumerate(MUNICIPALITIES):
        for track, state in enumerate(states):
            first = _begins(monday, number, track, state)
            for half, (start, end) in enumerate(_halves(staff)):
                begins = first + timedelta(weeks=2 * half)
                ends = begins + timedelta(days=GROUP_DAYS - 1)
                yield PlannedGroup(code, TRACKS[track], f"{name} {track + 1}.{half + 1}", begins, ends, start, end)


def _sessions(chance: Random, monday: date) -> Iterator[PlannedSession]:
    """The first day of each group that has begun is on site."""
    for group in _groups(monday):
        if group.starts_on < monday:
            people = [(group.unit, member) for member in range(group.first, group.last) if chance.random() < 0.96]
            yield PlannedSession(
                (TRAINERS, chance.randrange(4)), people, group.unit, group.course, group.name, group.name.split()[0],
                is_online=False, held_on=group.starts_on, hours=6.0,
            )  # fmt: skip
