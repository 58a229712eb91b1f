"""Sessions as trainers and coordinators enter them: late or ahead, from ticks or from paper, corrected, cancelled."""

from __future__ import annotations

import html
import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.learning.models import Enrolment, RequirementFact
from lms.meetings import cascade_queries
from lms.meetings.models import Attendance, TrainingSession
from lms.people import actions as people
from lms.people.models import Person, PersonChange
from lms.people.rules import Role
from tests.meetings.world import COURSE, OFFERS, add_person, certify, hold, today
from tests.packs import SMALL, publish

DAY = timedelta(days=1)
ASKS = {
    **SMALL,
    "courses/first-aid/index.md": SMALL["courses/first-aid/index.md"].replace(
        "certificate:", "complete: {attendance: 2}\ncertificate:"
    ),
}


@pytest.fixture
def nora(cast):
    return cast.at_browser(cast.north)


def form(**changes) -> dict[str, str]:
    values = {
        "course": COURSE,
        "unit": "N-1",
        "held_on": today().isoformat(),
        "hours": "4",
        "title": "",
        "place": "Hall",
    }
    return {**values, "session_id": str(uuid.uuid4()), **changes}


def make(visitor, **changes) -> int:
    answer = visitor.post("/sessions/new", form(**changes))
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def present(database, session: int) -> dict[int, float]:
    with database.reading() as db:
        there = select(Attendance).where(Attendance.session_id == session, Attendance.ended_at.is_(None))
        return {row.person_id: row.hours for row in db.scalars(there)}


def facts(database, person: int) -> list[tuple[str, str, float, str]]:
    with database.reading() as db:
        rows = db.scalars(select(RequirementFact).where(RequirementFact.actor_id == person))
        return [(row.kind, row.ref, row.value, row.source) for row in rows]


def test_a_session_is_made_once_however_often_the_form_is_sent(nora, database):
    values = form()
    first, second = nora.post("/sessions/new", values), nora.post("/sessions/new", values)
    assert first.location == second.location
    with database.reading() as db:
        (held,) = db.scalars(select(TrainingSession)).all()
    assert held.title == "First aid for passwords", "an empty title is the course's"
    page = nora.get(first.location).text
    assert f"{held.code[:3]}-{held.code[3:]}" in page
    assert "does not count for the cascade" in page, "Nora holds no certificate"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"course": "gone"}, "Choose one of the courses."),
        ({"unit": "S-1"}, "None of your units has this code or name."),
        ({"unit": "Unit"}, "Did you mean Unit N (N), Unit N-1 (N-1) and Unit N-2 (N-2)?"),
        ({"unit": " "}, "This is needed."),
        ({"held_on": "31.12.2025"}, "Write a day as year-month-day"),
        ({"held_on": "2099-01-01"}, "Look at the year"),
        ({"hours": "0"}, "From 0.5 to 200 hours"),
        ({"hours": "nan"}, "From 0.5 to 200 hours"),
        ({"hours": "four"}, "Write a number of hours"),
        ({"trainer": "Otto Südsen"}, "Nobody in your units"),
    ],
)
def test_what_is_wrong_is_said_and_kept(nora, database, wrong, says):
    answer = nora.post("/sessions/new", form(place="Reading room", **wrong))
    assert answer.status_code == 422
    assert says in words(answer.text)
    assert "Reading room" in answer.text
    with database.reading() as db:
        assert db.scalars(select(TrainingSession)).all() == []


def test_a_coordinator_names_the_trainer(nora, cast, database):
    number = make(nora, trainer="laura", hours="1,5")
    with database.reading() as db:
        held = db.get_one(TrainingSession, number)
    assert (held.trainer_id, held.made_by, held.hours) == (cast["laura"], cast["nora"], 1.5)
    changed = nora.post(f"/sessions/{number}/change", form(hours="2", trainer="Laura Lapiņa", title="Evening"))
    assert changed.status_code == 303
    with database.reading() as db:
        held = db.get_one(TrainingSession, number)
    assert (held.title, held.hours, held.trainer_id) == ("Evening", 2, cast["laura"])


def test_members_are_ticked_corrected_and_taken_off(nora, cast, database):
    laura = cast["laura"]
    number = make(nora)
    page = nora.get(f"/sessions/{number}/attendance").text
    assert "Laura Lapiņa" in page
    assert "Otto" not in page
    tick = f"/sessions/{number}/ticks"
    nora.post(tick, {"shown": [laura], "there": [laura], f"hours-{laura}": "2,5"})
    assert present(database, number) == {laura: 2.5}
    assert facts(database, laura) == [("attendance", str(number), 1, "session")]
    nora.post(tick, {"shown": [laura], "there": [laura], f"hours-{laura}": "9"})
    assert present(database, number) == {laura: 2.5}, "nobody is there for longer than it takes"
    nora.post(tick, {"shown": [laura], "there": [laura]})
    assert present(database, number) == {laura: 4}
    with database.reading() as db:
        enrolled = db.scalars(select(Enrolment).where(Enrolment.actor_id == laura)).one()
        touched = len(db.scalars(select(PersonChange).where(PersonChange.person_id == laura)).all())
    assert enrolled.course_id == COURSE
    nora.post(tick, {"shown": [laura]})
    assert present(database, number) == {}
    assert facts(database, laura) == []
    with database.reading() as db:
        assert db.scalars(select(Enrolment).where(Enrolment.actor_id == laura)).all() == [], "nothing else was begun"
        assert len(db.scalars(select(PersonChange).where(PersonChange.person_id == laura)).all()) == touched + 1
    nora.post(tick, {"shown": [laura], "there": [laura]})
    nora.post(f"/sessions/{number}/off", {"person": laura})
    assert present(database, number) == {}


def test_a_list_from_paper_is_typed_in(nora, cast, database):
    n1 = cast.units["N-1"]
    with database.writing() as db:
        anna = add_person(db, "Anna Liepa", n1, code="LIE-7")
        twins = [add_person(db, "Jānis Krūmiņš", n1), add_person(db, "Janis Krumins", cast.units["N-2"])]
        lucia = add_person(db, "Лусия Бергмане", n1, latin="Lucia Bergmane")
        far = add_person(db, "Zane Bērziņa", cast.units["N-2"])
        add_person(db, "Pēteris Kalējs", cast.units["S-1"])
    number = make(nora)
    typed = (
        "1. lie-7; 2\n\nKrumins Janis\nBergmane Lucia\t3\nzane berzina\nAna Liepa\nPeteris Kalejs\nLaura Lapiņa; 9\n"
    )
    answer = nora.post(f"/sessions/{number}/lines", {"lines": typed})
    assert answer.status_code == 200
    assert present(database, number) == {anna: 2, lucia: 3, far: 4, twins[0]: 4}, "the unit's own people come first"
    page = words(answer.text)
    assert "4 people noted." in page
    assert "3 lines need a look" in page
    assert (
        "Line 6 Nobody in your units has this name or code. Did you mean one of these? Anna Liepa LIE-7, Unit N-1"
        in page
    )
    assert "Line 7 Nobody in your units" in page
    assert "Kalējs" not in page, "nobody outside of her units is named"
    assert "Line 8 The session took 4 hours" in page
    assert 'value="Laura Lapiņa; 9"' in answer.text, "nothing is lost"
    again = {"line-6": "Ana Liepa; 1", "pick-6": anna, "line-7": "Peteris Kalejs", "line-8": "Laura Lapiņa; 1"}
    answer = nora.post(f"/sessions/{number}/lines", again)
    assert present(database, number)[anna] == 1
    assert present(database, number)[cast["laura"]] == 1
    assert "1 line needs a look" in words(answer.text)


def test_who_has_a_namesake_is_asked_about(nora, cast, database):
    with database.writing() as db:
        twins = [add_person(db, "Anna Liepa", cast.units[unit], code=unit) for unit in ("N-1", "N-2")]
        third = add_person(db, "Anna Liepa", cast.units["N-1"])
    number = make(nora, unit="N")
    page = words(nora.post(f"/sessions/{number}/lines", {"lines": "Anna Liepa"}).text)
    assert "Line 1 Several people have this name. Choose one." in page
    assert "Anna Liepa N-1, Unit N-1" in page
    assert present(database, number) == {}
    nora.post(f"/sessions/{number}/lines", {"line-1": "Anna Liepa", "pick-1": str(third)})
    assert list(present(database, number)) == [third]
    assert third not in twins


def test_an_empty_or_endless_list_comes_back(nora, database):
    number = make(nora)
    assert "There is no line yet" in nora.post(f"/sessions/{number}/lines", {"lines": "\n \n"}).text
    endless = "\n".join(f"Person {place}" for place in range(101))
    answer = nora.post(f"/sessions/{number}/lines", {"lines": endless})
    assert answer.status_code == 422
    assert "At most 100 lines" in answer.text
    assert "Person 100" in answer.text
    assert present(database, number) == {}


def test_nobody_outside_of_scope_can_be_noted(nora, cast, database):
    number, otto = make(nora), cast["otto"]
    nora.post(f"/sessions/{number}/ticks", {"shown": [otto], "there": [otto]})
    nora.post(f"/sessions/{number}/lines", {"line-1": "Otto", "pick-1": otto})
    assert present(database, number) == {}
    assert facts(database, otto) == []


def test_a_planned_session_waits_for_its_day(nora, cast, database):
    number = make(nora, held_on=(today() + DAY).isoformat())
    page = nora.get(f"/sessions/{number}/attendance").text
    assert "From that day on you can note here who was there." in page
    answer = nora.post(f"/sessions/{number}/ticks", {"shown": [cast["laura"]], "there": [cast["laura"]]})
    assert answer.status_code == 409
    assert present(database, number) == {}


def test_a_course_that_asks_for_sessions_is_completed_by_them(nora, cast, database):
    publish(database, ASKS)
    laura = cast["laura"]
    first, second = make(nora), make(nora, held_on=(today() - 40 * DAY).isoformat())
    tick = {"shown": [laura], "there": [laura]}
    nora.post(f"/sessions/{first}/ticks", tick)
    assert "1 session to attend" in cast.at_browser("laura").get(f"/courses/{COURSE}").text
    nora.post(f"/sessions/{second}/ticks", tick)
    with database.reading() as db:
        done = db.scalars(select(Enrolment).where(Enrolment.actor_id == laura)).one()
    assert done.completed_at is not None
    nora.post(f"/sessions/{second}/ticks", {"shown": [laura]})
    with database.reading() as db:
        done = db.scalars(select(Enrolment).where(Enrolment.actor_id == laura)).one()
    assert done.completed_at is not None, "what is complete stays complete"
    assert len(facts(database, laura)) == 1


def test_a_cancelled_session_counts_for_nothing_until_it_is_brought_back(nora, cast, database):
    laura = cast["laura"]
    with database.writing() as db:
        certify(db, cast["nora"], since=today() - 9 * DAY)
    number = make(nora)
    nora.post(f"/sessions/{number}/ticks", {"shown": [laura], "there": [laura]})

    def trained() -> int:
        with database.reading() as db:
            return cascade_queries.cascade(db, cast["nora"], OFFERS, today()).people

    assert trained() == 1
    nora.post(f"/sessions/{number}/cancel")
    assert (facts(database, laura), trained()) == ([], 0)
    assert nora.post(f"/sessions/{number}/ticks", {"shown": [laura], "there": [laura]}).status_code == 409
    nora.post(f"/sessions/{number}/restore")
    assert (len(facts(database, laura)), trained()) == (1, 1)


def test_the_printed_list_and_its_code(nora, cast, database):
    with database.writing() as db:
        add_person(db, "Anna Liepa", cast.units["N-1"], code="LIE-7")
    number = make(nora, title="Morning class")
    page = nora.get(f"/sessions/{number}/print").text
    assert page.index("Anna Liepa") < page.index("Laura Lapiņa")
    assert "Signature" in page
    assert "Otto" not in page
    with database.reading() as db:
        code = db.get_one(TrainingSession, number).code
    assert nora.get(f"/sessions?code={code[:3].lower()}-{code[3:]}").location == f"/sessions/{number}"
    assert nora.get(nora.get(f"/sessions/code/{code}").location).location == f"/sessions/{number}"
    lost = nora.get("/sessions?code=XXX-XXX")
    assert lost.status_code == 404
    assert "None of your sessions has this code" in lost.text


def test_who_may_see_and_change_which_sessions(cast, database):
    with database.writing() as db:
        ids = {name: add_person(db, name) for name in ("scoped",)}
        row = db.get_one(Person, ids["scoped"])
        row.user_name, row.password_hash = "scoped", db.get_one(Person, cast["laura"]).password_hash
        people.grant_role(db, ids["scoped"], Role.TRAINER, unit=cast.units["N-1"], by=None)
        people.grant_role(db, cast["otto"], Role.PROVIDER, unit=cast.units["N"], by=None)
        mine = hold(db, ids["scoped"], cast.units["N-1"], []).id
        other = hold(db, cast["tina"], cast.units["N-1"], []).id
        south = hold(db, ids["scoped"], cast.units["S-1"], []).id
    expected = {
        "scoped": {mine: 303, other: 404, south: 404},
        "tina": {mine: 404, other: 303, south: 404},
        "nora": {mine: 303, other: 303, south: 404},
        "sid": {mine: 404, other: 404, south: 303},
        "otto": {mine: 403, other: 403, south: 404},
    }
    for login, sessions in expected.items():
        visitor = cast.at_browser(login)
        seen = visitor.get("/sessions").text
        for number, status in sessions.items():
            assert visitor.get(f"/sessions/{number}").status_code == (404 if status == 404 else 200), (login, number)
            assert (f'"/sessions/{number}"' in seen) == (status != 404), (login, number)
            answer = visitor.post(f"/sessions/{number}/off", {"person": 1})
            assert answer.status_code == status, (login, number)
            if status != 303:
                assert visitor.post(f"/sessions/{number}/cancel").status_code == 404
    for login in ("laura", "omar"):
        assert cast.at_browser(login).get("/sessions").status_code == 403


def test_long_lists_go_on_page_by_page(nora, cast, database):
    with database.writing() as db:
        for place in range(60):
            hold(db, cast["nora"], cast.units["N-1"], [], on=today() - place // 2 * DAY)
        for place in range(60):
            add_person(db, f"Person {place:02}", cast.units["N-1"])
        held = hold(db, cast["nora"], cast.units["N-1"], []).id
    for path, mark, count in (("/sessions", r'href="(/sessions\?after=[^"]*)"', 61), (f"/sessions/{held}/attendance", r'href="([^"]*after=[^"]*)"', 61)):  # fmt: skip  # noqa: E501
        first = nora.get(path).text
        second = nora.get(html.unescape(re.search(mark, first)[1])).text
        rows = [page.count('<tr><th scope="row">') for page in (first, second)]
        assert rows == [50, count - 50], path


def test_the_pages_of_the_cascade(nora, cast, database):
    with database.writing() as db:
        trainer = add_person(db, "Vera Trainer", cast.units["N-1"])
        certify(db, trainer, since=today() - 90 * DAY)
        certify(db, cast["nora"], since=today() - 90 * DAY)
        hold(db, trainer, cast.units["N-1"], [cast["laura"]])
        hold(db, trainer, cast.units["S-1"], [cast["otto"]])
        hold(db, cast["nora"], cast.units["N-1"], [trainer], on=today() - DAY)
    page = words(nora.get("/sessions/trainers").text)
    assert "2 people trained by 2 trainers in 2 sessions; 1 certified today." in page
    assert "Vera Trainer 1 1 0" in page
    mine = words(nora.get("/sessions/cascade").text)
    assert "You have trained 1 person; 1 is certified today." in mine
    assert "Through 1 person between 2 0" in mine
    theirs = words(nora.get(f"/sessions/trainers/{trainer}").text)
    assert "1 person trained; 0 certified today." in theirs
    assert "Otto" not in theirs
    assert nora.get(f"/sessions/trainers/{cast['otto']}").status_code == 404
    assert nora.get("/sessions/trainers?unit=S-1").status_code == 404
    hers = words(cast.at_browser("laura").get("/sessions/attended").text)
    assert "A session First aid for passwords" in hers
    assert "4 Vera Trainer certified on that day" in hers
    assert "Vera Trainer certified on that day" in words(nora.get(f"/sessions/people/{cast['laura']}").text)
    assert nora.get(f"/sessions/people/{cast['otto']}").status_code == 404
