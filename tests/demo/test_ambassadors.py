"""Moldova's numbers, to the last person: for the country, a district, a library and a helper, by month."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.clock import now
from lms.demo import ambassadors
from lms.demo.helping import Helper
from lms.helping import catalogue
from lms.helping.figure_queries import of_person
from lms.helping.models import HelpEntry
from lms.people.models import Unit
from lms.reach.rules import TOTAL, Period, Span
from lms.reach.unit_queries import figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lms.reach.pages import Shown
    from tests.demo.conftest import Programmes

KNOWN = {
    "trained": 3_900, "consulted": 5_503, "local-authority": 570, "business": 158, "visited": 14_000, TOTAL: 10_131,
}  # fmt: skip


def counted(rows: Iterable[HelpEntry | ambassadors.Given]) -> Counter[str]:
    """The same added up without definitions in a table."""
    found: Counter[str] = Counter()
    for row in rows:
        word = {"local-authority": "local-authority", "business": "business"}.get(row.audience)
        found[word or {"training": "trained", "consultation": "consulted", "visit": "visited"}[row.kind]] += row.people
        found[TOTAL] += row.people if row.kind != "visit" else 0
    return found


def numbers(shown: Shown) -> dict[str, int]:
    return {code: each.number for code, each in shown.total.items() if each.number}


@pytest.mark.parametrize("months", [1, 2, 5])
def test_the_numbers_come_out_whatever_months_are_over(months: int) -> None:
    districts = [
        ambassadors.District([Helper(10 * place + each, place, date(2026, 5, 1)) for each in range(size)], place)
        for place, size in enumerate((7, 1, 30))
    ]
    begun = [date(2026, 6 + each, 1) for each in range(months)]
    given = list(ambassadors.help_given(districts, begun, "x"))
    assert counted(given) == KNOWN
    assert {each.day.month for each in given} == {each.month for each in begun}
    assert given == list(ambassadors.help_given(districts, begun, "x"))


def test_nobody_helps_before_the_certificate() -> None:
    early, late = Helper(1, 1, date(2026, 5, 1)), Helper(2, 1, date(2026, 8, 15))
    given = ambassadors.help_given([ambassadors.District([early, late], 1)], [date(2026, 6, 1), date(2026, 9, 1)], "x")
    assert {each.day.month for each in given if each.helper == 2} == {9}


def test_an_amount_is_shared_out_whole() -> None:
    assert ambassadors.share_out(10, [1, 0, 2]) == [3, 0, 7]
    assert sum(ambassadors.share_out(5_503, list(range(1, 36)))) == 5_503


@pytest.fixture(scope="module")
def year() -> Period:
    today = now().date()
    since = date(today.year if today >= date(today.year, 7, 1) else today.year - 1, 1, 1)
    return Period(Span.MONTHS, since, since.replace(month=12, day=31))


@pytest.mark.mostly_sqlite
def test_every_level_says_the_same(programmes: Programmes, year: Period) -> None:
    today = now().date()
    with programmes["moldova"].reading() as db:
        units = {unit.code: unit for unit in db.scalars(select(Unit))}
        rows = db.scalars(select(HelpEntry)).all()
        country = figures(db, units["MD"], year, today)
        assert numbers(country) == KNOWN
        assert sum(country.total[each.code].number for each in country.definitions if each.counts == "people") == 10_131
        months = country.months.values()
        assert {code: sum(each[code].number for each in months) for code in KNOWN} == KNOWN
        regions = [row.figures for row in country.rows]
        assert {code: sum(each[code].number for each in regions) for code in KNOWN} == KNOWN
        codes = {unit.id: unit.code for unit in units.values()}
        for code in ("MD-N", "MD-C-01", "MD-C-01-00"):
            inside = [row for row in rows if f"{codes[row.unit_id]}-".startswith(f"{code}-")]
            assert numbers(figures(db, units[code], year, today)) == +counted(inside)
        helper, _entries = Counter(row.helper_id for row in rows if row.helper_id).most_common(1)[0]
        definitions = catalogue.definitions(db, units["MD"].id, today)
        own = of_person(db, helper, year.first, year.last, definitions)
        alone = counted(row for row in rows if row.helper_id == helper)
        assert {code: each.number for code, each in own.items() if each.number} == {
            code: number for code, number in alone.items() if code != TOTAL
        }


def test_the_page_says_why_visits_are_another_number(programmes: Programmes, year: Period) -> None:
    with programmes["moldova"].reading() as db:
        top = db.scalars(select(Unit).where(Unit.code == "MD")).one()
        shown = figures(db, top, year, now().date())
    [visits] = [each for each in shown.definitions if each.code == "visited"]
    assert shown.total["visited"].number == 14_000
    assert "14 thousand" in catalogue.text_of(visits, "en")
    assert "cannot be added to the people helped" in catalogue.text_of(visits, "en")
