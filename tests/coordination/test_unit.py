"""Any unit: its units compared and sorted, what they lack, its matrix, its map."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.clock import now
from lms.content.models import PublishedCourse
from lms.coordination.charts import NARROW, WIDE, Growth, burn_up, dates, readings, steps, tiles
from lms.coordination.forecast import Aim, forecast
from lms.coordination.matrix import Plan, Stage, stage
from lms.coordination.matrix_queries import matrix
from lms.coordination.pages import Offer
from lms.coordination.unit_queries import signs_of
from lms.figures.rules import Figures
from lms.learning.models import Enrolment, EnrolmentRule, Group
from lms.paging import At
from lms.people import actions
from lms.people.models import Unit
from tests.coordination.desk import aim_at, certify, sentence
from tests.coordination.world import COURSE, add_many, count_all

TODAY = now().date()
MUNICIPALITIES = ("AMB", "BAG", "CHO", "DUS", "GOR", "KVA", "LEN", "TET", "TSA")
TRACKS = ("basic-it", "e-documents", "municipal-system")


@pytest.fixture
def nora(cast):
    return cast.at_browser(cast.north)


def add_below(db, cast, codes, parent="N", kind="district") -> dict[str, int]:
    above = db.get_one(Unit, cast.units[parent])
    made = [actions.add_unit(db, kind=kind, code=code, name=f"Place {code}", parent=above) for code in codes]
    return {unit.code: unit.id for unit in made}


def units_on(page: str) -> list[str]:
    table = page[page.index('id="units"') :]
    return re.findall(r'<th scope="row"><span><a [^>]*>([^<]*)</a>', table[: table.index("</table>")])


def test_units_are_compared_and_sorted(database, cast, nora) -> None:
    with database.writing() as db:
        places = add_below(db, cast, ("A", "B", "C"))
        for code, members, certified in (("A", 4, 1), ("B", 10, 9), ("C", 6, 0)):
            for actor in add_many(db, places[code], members)[:certified]:
                certify(db, actor, days_ago=2)
    count_all(database)
    order = {
        "sort=name": ["Place A", "Place B", "Place C", "Unit N-1", "Unit N-2"],
        "sort=registered&order=falling": ["Place B", "Place C", "Place A", "Unit N-1", "Unit N-2"],
        "sort=share": ["Unit N-2", "Unit N-1", "Place C", "Place A", "Place B"],
        "sort=left&order=falling": ["Place C", "Place A", "Place B", "Unit N-1", "Unit N-2"],
        "sort=not-started&order=falling": ["Place C", "Place A", "Unit N-1", "Place B", "Unit N-2"],
    }
    for asked, names in order.items():
        assert units_on(nora.get(f"/coordination/units/N?{asked}").text) == names, asked
    assert nora.get("/coordination/units/N?sort=luck").status_code == 404


def test_a_long_list_goes_on_whatever_it_is_sorted_by(database, cast, nora) -> None:
    with database.writing() as db:
        places = add_below(db, cast, [f"P{number:03}" for number in range(118)])
        for number, unit in enumerate(places.values()):
            for actor in add_many(db, unit, 1 + number % 3)[: number % 2]:
                certify(db, actor, days_ago=1)
    count_all(database)
    for asked in ("sort=name", "sort=share", "sort=share&order=falling", "sort=left&order=falling"):
        address, seen = f"/coordination/units/N?{asked}", []
        for _ in range(3):
            page = nora.get(address).text
            seen += units_on(page)
            later = re.search(r'href="([^"]*after=[^"]*)"', page)
            address = later.group(1).replace("&amp;", "&") if later else ""
        assert len(seen) == len(set(seen)) == 120, asked
        assert not address


def test_units_with_nobody_and_with_no_start_are_lists(database, cast, nora) -> None:
    with database.writing() as db:
        places = add_below(db, cast, ("A", "B", "C"))
        above = db.get_one(Unit, places["A"])
        teams = {
            code: actions.add_unit(db, kind="team", code=code, name=f"Team {code}", parent=above).id
            for code in ("A-1", "A-2", "A-3")
        }
        certify(db, add_many(db, teams["A-1"], 2)[1], days_ago=1)
        for actor in add_many(db, teams["A-2"], 3):
            db.query(Enrolment).filter(Enrolment.actor_id == actor).delete()
    count_all(database)
    nobody = nora.get("/coordination/units/N/lacking?gap=nobody&kind=team").text
    assert "Team A-3" in nobody
    assert "Team A-1" not in nobody
    assert "Team A-2" not in nobody
    assert "Place A</td>" in nobody  # to whom it belongs
    assert sentence(nobody) == "1 team in Unit N with nobody."
    idle = nora.get("/coordination/units/N/lacking?gap=no-start&kind=team").text
    assert "Team A-2" in idle
    assert "Team A-1" not in idle
    assert "Team A-3" not in idle
    districts = nora.get("/coordination/units/N/lacking?gap=nobody&kind=district").text
    assert "Place B" in districts
    assert "Place A<" not in districts.replace("Place A</td>", "")


def test_nobody_looks_into_a_unit_of_others(database, nora) -> None:
    count_all(database)
    for path in ("S", "ALL", "S-1", "none"):
        for page in ("", "/courses", "/lacking?gap=nobody&kind=unit"):
            assert nora.get(f"/coordination/units/{path}{page}").status_code == 404, path + page
    assert "Unit ALL" not in nora.get("/coordination/units/N").text


def test_a_unit_without_anybody_is_a_broken_tile_with_a_word(database, cast, nora) -> None:
    with database.writing() as db:
        places = add_below(db, cast, ("A", "B"))
        for actor in add_many(db, places["A"], 2):
            certify(db, actor, days_ago=2)
        aim_at(db, cast, "N", due=TODAY - timedelta(days=1))
    count_all(database)
    page = nora.get("/coordination/units/N").text
    assert 'class="s4"><title>Place A: 100%</title>' in page
    assert 'class="none"><title>Place B: nobody yet</title>' in page
    assert 'class="s1 late"><title>Unit N-1: 0%, behind the plan</title>' in page


def test_georgias_27_cells_come_from_data_alone(database, cast) -> None:
    """Nine municipalities by three tracks, twelve of them complete, as rules, groups and certificates say."""
    with database.writing() as db:
        publish_tracks(db)
        places = add_below(db, cast, [f"GE-{code}" for code in MUNICIPALITIES], kind="municipality")
        done = dict(zip(places, (3, 2, 2, 1, 1, 1, 1, 1, 0), strict=True))
        for code, unit in places.items():
            ids = add_many(db, unit, 5)
            for track in TRACKS[: done[code]]:
                for actor in ids:
                    certify(db, actor, days_ago=3, course=track)
        first = places["GE-GOR"]
        db.add(Group(**a_group(cast, first, "e-documents", TODAY + timedelta(days=9))))
        db.add(Group(**a_group(cast, places["GE-TSA"], "basic-it", TODAY - timedelta(days=40))))
        db.add(
            EnrolmentRule(unit_id=cast.units["N"], course_id="municipal-system", made_by=cast["nora"], made_at=now())
        )
    count_all(database)
    with database.reading() as db:
        unit = db.get_one(Unit, cast.units["N"])
        offers = dict.fromkeys((COURSE, *TRACKS), Offer(gives_certificate=True))
        page = matrix(db, cast["nora"], unit, offers, At(), TODAY)
    cells = {(row.unit.code, course): cell for row in page.rows for course, cell in row.cells.items()}
    tracks = {key: cell for key, cell in cells.items() if key[0].startswith("GE-") and key[1] in TRACKS}
    assert len(tracks) == 27
    assert sum(cell.stage is Stage.COMPLETE for cell in tracks.values()) == 12
    assert tracks["GE-GOR", "e-documents"].stage is Stage.PLANNED
    assert tracks["GE-GOR", "e-documents"].day == TODAY + timedelta(days=9)
    assert tracks["GE-TSA", "basic-it"].stage is Stage.OVERDUE
    assert tracks["GE-TSA", "municipal-system"].stage is Stage.PLANNED
    assert tracks["GE-TSA", "e-documents"].stage is Stage.NOT_PLANNED
    assert cells["N-2", "basic-it"].stage is Stage.NOBODY
    assert page.once.certified == 40  # distinct people, each once
    assert page.person_courses == 60  # and in how many courses


def publish_tracks(db) -> None:
    for track in TRACKS:
        db.add(PublishedCourse(id=track, pack="tests"))
    db.flush()
    version = db.get_one(PublishedCourse, COURSE).current_version_id
    for track in TRACKS:
        db.get_one(PublishedCourse, track).current_version_id = version
    db.flush()


def a_group(cast, unit, course, begins) -> dict:
    return {
        "unit_id": unit,
        "course_id": course,
        "name": "Group 1",
        "starts_on": begins,
        "ends_on": begins + timedelta(days=14),
        "made_by": cast["nora"],
        "made_at": now(),
    }


def test_the_matrix_is_a_page(database, cast, nora) -> None:
    with database.writing() as db:
        for actor in add_many(db, cast.units["N-2"], 3):
            certify(db, actor, days_ago=2)
    count_all(database)
    page = nora.get("/coordination/units/N/courses").text
    assert sentence(page).startswith("1 of 2 cells are complete. 3 of 4 people have finished at least one course.")
    assert "4 distinct people, 3 completed person-courses of 4." in page
    assert nora.get("/coordination/units/N/courses?show=share").status_code == 200
    assert nora.get("/coordination/units/N/courses?show=nothing").status_code == 404


YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("figures", "plan", "expected"),
    [
        (Figures(), Plan(True, TODAY), (Stage.NOBODY, None)),
        (Figures(5), Plan(), (Stage.NOT_PLANNED, None)),
        (Figures(5), Plan(True), (Stage.PLANNED, None)),
        (Figures(5), Plan(True, TOMORROW), (Stage.PLANNED, TOMORROW)),
        (Figures(5), Plan(True, TODAY, TOMORROW), (Stage.RUNNING, TOMORROW)),
        (Figures(5, under_way=1), Plan(), (Stage.RUNNING, None)),
        (Figures(5, certified=4), Plan(True, None, YESTERDAY), (Stage.OVERDUE, YESTERDAY)),
        (Figures(5, certified=4, exempt=1), Plan(True, None, YESTERDAY), (Stage.COMPLETE, None)),
        (Figures(5, exempt=5), Plan(), (Stage.NOT_PLANNED, None)),
    ],
)
def test_a_cell_stands_by_rule(figures, plan, expected) -> None:
    assert stage(figures, plan, TODAY) == expected


def test_the_drawing_says_what_the_numbers_say() -> None:
    points = [(TODAY - timedelta(days=90 - number), number * 1000) for number in range(91)]
    growth = Growth(points, 200_000, 200_000, TODAY + timedelta(days=31))
    seen = forecast(Aim(200_000, 90_000, 0, 1.0, TODAY + timedelta(days=31)), [1000] * 14, TODAY)
    for frame in (WIDE, NARROW):
        drawing = burn_up(growth, seen, frame)
        assert drawing.goal_y == frame.top
        assert drawing.base == frame.height - frame.bottom
        places = [tuple(map(float, place.split(","))) for place in drawing.line.split()]
        assert all(a[0] <= b[0] and a[1] >= b[1] for a, b in pairwise(places))
        assert places[0] == (frame.left, drawing.base)
        assert all(frame.left <= x <= drawing.end and frame.top <= y <= drawing.base for x, y in places)
        assert drawing.due_x is not None
        assert drawing.today.x < drawing.due_x
        assert drawing.reached is not None
        assert drawing.reached.x > drawing.due_x  # late
        assert len(drawing.lines) <= frame.ticks + 1
        assert len(drawing.dates) <= frame.months
    assert readings(growth)[-1][:2] == (TODAY, 90_000)
    assert len(readings(growth)) <= 11


@given(st.integers(0, 10**7), st.integers(1, 6))
def test_numbers_beside_a_drawing_are_few_and_round(most, count) -> None:
    found = steps(most, count)
    assert found[0] == 0
    assert found[-1] <= most
    assert len(found) <= count + 2


@given(st.integers(0, 900), st.integers(1, 6))
def test_dates_below_a_drawing_are_few(days, count) -> None:
    found = dates(TODAY, TODAY + timedelta(days=days), count)
    assert 1 <= len(found) <= count
    assert found == sorted(found)


places_known = st.tuples(st.floats(-60, 70), st.floats(-170, 170))


@given(st.lists(st.one_of(st.none(), places_known), max_size=70))
def test_each_tile_has_a_cell_of_its_own(places) -> None:
    found = tiles(places)
    assert len(found) == len(set(found)) == len(places)


def test_tiles_stand_as_on_a_map() -> None:
    north, south, west, east = (60.0, 25.0), (50.0, 25.5), (55.0, 20.0), (55.2, 30.0)
    cells = tiles([south, north, west, east])
    assert cells[1].row < cells[2].row < cells[0].row
    assert cells[2].column < cells[3].column


def test_signs_leave_out_what_all_codes_begin_with() -> None:
    assert signs_of(["GE-AMB", "GE-BAG"]) == ["AMB", "BAG"]
    assert signs_of(["HNO", "HPH"]) == ["HNO", "HPH"]
    assert signs_of(["14-09-001", "14-09-002"]) == ["001", "002"]
    assert signs_of(["ONE"]) == ["ONE"]
