"""How much units keep: compared, with an interval, and silent where fewer than five people answered."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from lms.clock import now
from lms.content.models import CourseVersion
from lms.figures.intervals import wilson
from lms.paging import SIZE, At
from lms.people.actions import add_unit, grant_role, join_unit
from lms.people.models import Membership, Unit
from lms.people.rules import Role
from lms.renewing import kept_queries, rules
from lms.renewing.models import ReviewAnswer
from lms.renewing.rules import Answered
from tests.meetings.world import add_person

COURSE = "first-aid"


def answered(db, person, rights, days=3):
    version = db.scalars(select(CourseVersion.id)).first()
    fact = {"course_id": COURSE, "version_id": version, "question_key": "q", "response": 1, "at": now()}
    for is_right in rights:
        db.add(ReviewAnswer(id=str(uuid.uuid4()), actor_id=person, is_right=is_right, days=days, **fact))


@pytest.fixture
def people(database, cast):
    """Six people of N-1 who know all of it and five of N-2 who know little; four in S-1, whom nobody is told of."""
    with database.writing() as db:
        found = {}
        for code, amount, rights in (("N-1", 6, [True] * 4), ("N-2", 5, [True, False, False]), ("S-1", 4, [True])):
            found[code] = [add_person(db, f"{code} {number}", cast.units[code]) for number in range(amount)]
            for person in found[code]:
                answered(db, person, rights)
        answered(db, found["N-1"][0], [False] * 9, days=40)  # many answers of one person say nothing
        return found


def page_of(database, cast, code="N", me="nora"):
    with database.reading() as db:
        unit = kept_queries.unit_asked(db, cast[me], code)
        return kept_queries.kept_page(db, cast[me], unit, COURSE, now().date(), At())


@pytest.mark.usefixtures("people")
def test_units_right_below_are_compared(database, cast):
    page = page_of(database, cast)
    assert [(each.unit.code, each.spans[0].share, each.is_less[0]) for each in page.rows] == [
        ("N-1", 1.0, False), ("N-2", pytest.approx(1 / 3), True)
    ]  # fmt: skip
    first = page.spans[0]
    assert (first.people, first.asked, first.share) == (11, 39, pytest.approx(29 / 39))
    assert (first.low, first.high) == wilson(29, 39)
    assert [(each.share, each.people) for each in page.spans[1:]] == [(None, 1), (None, 0), (None, 0), (None, 0)]


@pytest.mark.usefixtures("people")
def test_fewer_than_five_people_are_not_shown(cast):
    page = cast.at_browser(cast.south).get("/kept").text
    assert "What is kept in Unit S" in page
    assert "Fewer than 5 people in Unit S have answered reviews" in page
    assert "100" not in page
    rows = lines(cast.at_browser(cast.south), "/kept.csv")
    assert {row["People"] for row in rows} == {""}


def test_who_is_in_two_units_counts_once_in_the_unit_above(database, cast, people):
    with database.writing() as db:
        join_unit(db, people["N-1"][0], cast.units["N-2"], since=now().date())
    page = page_of(database, cast)
    assert (page.spans[0].people, page.spans[0].asked) == (11, 39)
    assert [each.spans[0].people for each in page.rows] == [6, 6]


def test_who_left_does_not_count(database, cast, people):
    with database.writing() as db:
        for row in db.scalars(select(Membership).where(Membership.person_id.in_(people["N-2"]))):
            row.until = now().date() - timedelta(days=1)
    assert page_of(database, cast).rows[1].spans[0].people == 0


@pytest.mark.usefixtures("people")
def test_each_sees_the_units_that_are_hers(database, cast):
    nora = cast.at_browser(cast.north)
    for code in ("S", "ALL", "S-1", "nowhere"):
        assert nora.get(f"/kept?unit={code}").status_code == 404
        assert nora.get(f"/kept.csv?unit={code}").status_code == 404
    assert nora.get("/kept?course=nothing").status_code == 404
    text = nora.get("/kept?unit=N-2").text
    assert "There is no unit below this one." in text
    assert 'href="/kept?unit=N&' in text
    assert "unit=ALL" not in text
    with database.writing() as db:
        grant_role(db, cast["otto"], Role.OWNER, unit=cast.units["ALL"], by=None)
    owner = cast.at_browser(cast.other).get("/kept")  # figures and no names
    assert "What is kept in Unit ALL" in owner.text
    assert "N-1 3" not in owner.text
    assert cast.at_browser(cast.learner).get("/kept").status_code == 403


def lines(person, path):
    return list(csv.DictReader(io.StringIO(person.get(path).get_data(as_text=True).lstrip("\ufeff"))))


@pytest.mark.usefixtures("people")
def test_the_file_has_the_rows_of_the_screen(cast):
    rows = lines(cast.at_browser(cast.north), f"/kept.csv?unit=N&course={COURSE}")
    assert [(row["Code"], row["Right"]) for row in rows if row["People"]] == [
        ("N", "0.7436"), ("N-1", "1.0"), ("N-2", "0.3333")
    ]  # fmt: skip
    assert len(rows) == 3 * len(rules.SPANS)


@pytest.mark.usefixtures("people")
def test_statements_do_not_grow_with_units_and_the_file_has_them_all(database, cast):
    def count():
        said = []
        with database.reading() as db:
            unit = kept_queries.unit_asked(db, cast["nora"], "N")
            event.listen(db.connection(), "before_cursor_execute", lambda *about: said.append(about[2]))
            page = kept_queries.kept_page(db, cast["nora"], unit, COURSE, now().date(), At())
            rows = list(kept_queries.kept_rows(db, cast["nora"], unit, COURSE, now().date()))
        return page, rows, said

    with database.writing() as db:
        top = db.get_one(Unit, cast.units["N"])
        for number in range(SIZE):
            add_unit(db, kind="team", code=f"T{number}", name=f"Team {number:03}", parent=top)
    page, rows, said = count()
    assert (len(page.rows), bool(page.page.later), len(rows)) == (SIZE, True, SIZE + 3)
    assert len(said) <= 10


def test_a_span_is_shown_from_five_people_on():
    spans = rules.retention_of_people([Answered(0, 90, 100, 4), Answered(4, 3, 5, 5)])
    assert [(kept.share, kept.people) for kept in spans] == [(None, 4), (None, 0), (None, 0), (None, 0), (0.6, 5)]


@pytest.mark.parametrize(
    ("first", "last", "way"),
    [((95, 100), (60, 100), "less"), ((60, 100), (95, 100), "more"), ((9, 10), (7, 10), "same")],
)
def test_what_chance_explains(first, last, way):
    trend = rules.trend(rules.retention_of_people([Answered(0, *first, 9), Answered(3, *last, 9)]))
    assert (trend.first.since, trend.last.since, trend.way) == (0, 6, way)


def test_too_few_make_no_sentence():
    assert rules.trend(rules.retention_of_people([Answered(0, 9, 9, 4)])) is None


def test_days_fall_into_the_months_that_they_are_in():
    days = [30, 31, 91, 92, 182, 183, 365, 366]
    assert [rules._span(day) for day in days] == [0, 1, 1, 2, 2, 3, 3, 4]
