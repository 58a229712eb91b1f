"""Exemptions with reason and approver, and names corrected for people who never signed in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.figures.queries import figures
from lms.learning.models import Exemption
from lms.people.models import Person, PersonChange, PersonName, SecurityEvent
from tests.coordination.world import COURSE, add_many, count_all

FREE = {"course": COURSE, "reason": "On parental leave."}


@pytest.fixture
def nora(cast):
    return cast.at_browser(cast.north)


def test_an_exemption_has_reason_and_approver_and_counts_apart(database, cast, nora) -> None:
    path = f"/coordination/people/{cast['laura']}"
    with database.writing() as db:
        db.query(PersonChange).delete()
    assert nora.post(f"{path}/exempt", FREE).status_code == 303
    with database.reading() as db:
        assert PersonChange in {type(row) for row in db.scalars(select(PersonChange))}
        logged = db.scalars(select(SecurityEvent).where(SecurityEvent.kind == "exempted")).one()
        assert (logged.actor_id, logged.subject_id, logged.detail) == (cast["nora"], cast["laura"], {"course": COURSE})
    count_all(database)
    page = nora.get(path).text
    assert "On parental leave." in page
    assert "Nora North" in page
    assert "Laura" in nora.get(f"/coordination/people?course={COURSE}&state=exempt").text
    assert "Laura" not in nora.get(f"/coordination/people?course={COURSE}&state=left").text
    with database.reading() as db:
        found = figures(db, [cast.units["N"]], COURSE)[cast.units["N"]]
    assert (found.registered, found.exempt, found.left) == (1, 1, 0)


def test_sending_it_twice_frees_once(database, cast, nora) -> None:
    path = f"/coordination/people/{cast['laura']}/exempt"
    nora.post(path, FREE)
    again = nora.post(path, FREE | {"reason": "Another one."}, follow_redirects=True)
    assert "exempt from that course already" in again.text
    with database.reading() as db:
        assert [row.reason for row in db.scalars(select(Exemption))] == ["On parental leave."]


def test_an_exemption_ends_and_stays_in_the_history(database, cast, nora) -> None:
    path = f"/coordination/people/{cast['laura']}"
    nora.post(f"{path}/exempt", FREE)
    with database.reading() as db:
        number = db.scalars(select(Exemption.id)).one()
    sid = cast.at_browser(cast.south)
    assert sid.post(f"{path}/exemptions/{number}/end").status_code == 404
    assert nora.post(f"/coordination/people/{cast['nora']}/exemptions/{number}/end").status_code == 404
    assert nora.post(f"{path}/exemptions/{number}/end").status_code == 303
    assert nora.post(f"{path}/exemptions/{number}/end").status_code == 404
    assert "On parental leave." in nora.get(path).text
    count_all(database)
    assert "Laura" in nora.get(f"/coordination/people?course={COURSE}&state=left").text


@pytest.mark.parametrize(
    ("change", "words"), [({"reason": " "}, "Write the reason"), ({"course": "nothing"}, "Choose one of the courses")]
)
def test_an_exemption_needs_a_course_and_a_reason(database, cast, nora, change, words) -> None:
    answer = nora.post(f"/coordination/people/{cast['laura']}/exempt", FREE | change)
    assert answer.status_code == 422
    assert words in answer.text
    with database.reading() as db:
        assert db.scalars(select(Exemption)).all() == []


def test_a_name_is_corrected_and_the_one_before_kept(database, cast, nora) -> None:
    with database.writing() as db:
        (person,) = add_many(db, cast.units["N-1"], 1)
    path = f"/coordination/people/{person}"
    assert "Nobody has signed in" in nora.get(path).text
    answer = nora.post(f"{path}/name", {"name": "Đặng  Thị Hà", "latin_name": "Dang Thi Ha"})
    assert answer.status_code == 303
    page = nora.get(path).text
    assert "Đặng Thị Hà" in page
    assert "Former names" in page
    assert "Person 00000" in page
    assert "Đặng Thị Hà" in nora.get("/coordination/people?q=dang ha").text
    with database.reading() as db:
        kept = db.scalars(select(PersonName)).one()
        assert (kept.person_id, kept.name, kept.changed_by) == (person, "Person 00000", cast["nora"])
    nora.post(f"{path}/name", {"name": "Đặng Thị Hà", "latin_name": "Dang Thi Ha"})
    with database.reading() as db:
        assert len(db.scalars(select(PersonName)).all()) == 1


def test_whoever_has_signed_in_corrects_the_name_themselves(database, cast, nora) -> None:
    path = f"/coordination/people/{cast['laura']}"
    assert "the name is theirs" in nora.get(path).text
    answer = nora.post(f"{path}/name", {"name": "Somebody Else", "latin_name": ""}, follow_redirects=True)
    assert "The name is as it was" in answer.text
    with database.reading() as db:
        assert db.get_one(Person, cast["laura"]).name == "Laura Lapiņa"
        assert db.scalars(select(PersonName)).all() == []


def test_a_name_cannot_be_empty(cast, database, nora) -> None:
    with database.writing() as db:
        (person,) = add_many(db, cast.units["N-1"], 1)
    answer = nora.post(f"/coordination/people/{person}/name", {"name": " ", "latin_name": ""})
    assert answer.status_code == 422
    assert "Write the name" in answer.text


def test_nothing_happens_outside_of_the_scope(cast) -> None:
    sid = cast.at_browser(cast.south)
    for what, form in (("exempt", FREE), ("name", {"name": "X Y"})):
        assert sid.post(f"/coordination/people/{cast['laura']}/{what}", form).status_code == 404
