"""The operator finds accounts, gives and ends roles, helps with signing in, closes accounts; all of it is logged."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lms.jobs import Job
from lms.people import actions
from lms.people.models import Person, RoleGrant, SecurityEvent
from lms.people.rules import Role
from tests.cast import PASSWORD, Visitor

pytestmark = pytest.mark.mostly_sqlite

PAGES = ("", "/people", "/people/1", "/units", "/jobs", "/log")


@pytest.fixture
def omar(cast):
    return cast.at_browser(cast.operator)


def logged(database, kind) -> list[SecurityEvent]:
    with database.reading() as db:
        return list(db.scalars(select(SecurityEvent).where(SecurityEvent.kind == kind).order_by(SecurityEvent.id)))


def grants(database, person) -> dict[str, int]:
    with database.reading() as db:
        held = select(RoleGrant).where(RoleGrant.person_id == person, RoleGrant.ended_at.is_(None))
        return {row.role: row.id for row in db.scalars(held)}


def test_only_operators_come_in(cast, client) -> None:
    for path in [f"/operation{page}" for page in PAGES] + ["/outbox", "/outbox/letter-1"]:
        assert client.get(path).headers["Location"].startswith("/sign-in")
    for login in (cast.learner, cast.trainer, cast.north):
        visitor = cast.at_browser(login)
        for path in [f"/operation{page}" for page in PAGES] + ["/outbox", "/outbox/letter-1"]:
            assert visitor.get(path).status_code == 403, path
        for path in (
            "/people/1/roles",
            "/people/1/roles/1/end",
            "/people/1/sign-out",
            "/people/1/link",
            "/people/1/close",
        ):
            assert visitor.post(f"/operation{path}").status_code == 403, path
        for path in ("/units", "/units/members", "/jobs/1/again"):
            assert visitor.post(f"/operation{path}").status_code == 403, path


@pytest.mark.parametrize("words", ["LAPINA", "laura", "Laura lapi"])
def test_people_are_found_by_name_and_login(omar, words) -> None:
    page = omar.get(f"/operation/people?q={words}").text
    assert "Laura Lapiņa" in page
    assert "Otto" not in page


def test_found_by_address_and_nobody_found(database, omar) -> None:
    with database.writing() as db:
        actions.sign_up(db, actions.NewPerson("Zane Zariņa", "Zane@Example.org", ""), "")
    assert "Zane Zariņa" in omar.get("/operation/people?q=zane@example").text
    assert "Nobody fits" in omar.get("/operation/people?q=%25").text


def test_people_are_paged(database, omar) -> None:
    with database.writing() as db:
        for number in range(70):
            actions.sign_up(db, actions.NewPerson(f"Person {number:03}", f"p{number}", ""), "")
    first = omar.get("/operation/people?q=person").text
    later = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert later
    second = omar.get(later.group(1).replace("&amp;", "&")).text
    found = re.findall(r"Person (\d{3})</a>", first) + re.findall(r"Person (\d{3})</a>", second)
    assert found == [f"{number:03}" for number in range(70)]


def test_a_role_is_given_and_ended(database, cast, omar) -> None:
    path = f"/operation/people/{cast['laura']}"
    assert omar.post(f"{path}/roles", {"role": "coordinator", "unit": "N-1"}).status_code == 303
    assert "Unit N-1 (N-1)" in omar.get(path).text
    laura = cast.at_browser(cast.learner)
    assert laura.get("/coordination").status_code == 200
    grant = grants(database, cast["laura"])["coordinator"]
    assert omar.post(f"{path}/roles/{grant}/end").status_code == 303
    assert laura.get("/coordination").status_code == 403
    given, ended = logged(database, "role-granted")[-1], logged(database, "role-ended")[-1]
    assert {(line.actor_id, line.subject_id) for line in (given, ended)} == {(cast["omar"], cast["laura"])}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"role": "king"}, "Choose one of the roles"),
        ({"role": "coordinator", "unit": "nowhere"}, "No unit has this code"),
        ({"role": "operator", "unit": "N"}, "holds everywhere"),
    ],
)
def test_a_role_that_cannot_be(database, cast, omar, form, words) -> None:
    answer = omar.post(f"/operation/people/{cast['laura']}/roles", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert grants(database, cast["laura"]) == {}


def test_nobody_takes_the_last_operator_role_from_herself(database, cast, omar) -> None:
    path = f"/operation/people/{cast['omar']}"
    own = grants(database, cast["omar"])["operator"]
    answer = omar.post(f"{path}/roles/{own}/end")
    assert answer.status_code == 422
    assert "your own operator role" in answer.text
    assert omar.post(f"{path}/close").status_code == 422
    assert omar.get("/operation").status_code == 200
    omar.post(f"/operation/people/{cast['tina']}/roles", {"role": "operator"})
    assert cast.at_browser(cast.trainer).post(f"{path}/roles/{own}/end").status_code == 303
    assert omar.get("/operation").status_code == 403


def test_a_role_is_ended_only_through_its_holder(database, cast, omar) -> None:
    grant = grants(database, cast["tina"])["trainer"]
    assert omar.post(f"/operation/people/{cast['laura']}/roles/{grant}/end").status_code == 404
    assert "trainer" in grants(database, cast["tina"])


def test_signed_out_everywhere(database, cast, omar) -> None:
    laura = cast.at_browser(cast.learner)
    assert laura.get("/my-learning").status_code == 200
    assert omar.post(f"/operation/people/{cast['laura']}/sign-out").status_code == 303
    assert laura.get("/my-learning").status_code == 303
    assert logged(database, "signed-out-by-operator")[-1].actor_id == cast["omar"]


def test_a_sign_in_link_is_sent_and_works(database, cast, omar, worker, settings) -> None:
    with database.writing() as db:
        db.get_one(Person, cast["laura"]).email = "laura@example.org"
    assert omar.post(f"/operation/people/{cast['laura']}/link").status_code == 303
    worker.drain()
    page = omar.get("/outbox").text
    assert "laura@example.org" in page
    name = re.search(r'href="/outbox/([^"]+)"', page)
    assert name
    letter = omar.get(f"/outbox/{name.group(1)}").text
    link = re.search(rf'<a href="{settings.url}(/[^"]+)">', letter)
    assert link
    laura = Visitor(cast.app)
    assert laura.post(link.group(1)).status_code == 303
    assert laura.get("/my-learning").status_code == 200
    assert logged(database, "link-sent")[-1].subject_id == cast["laura"]


def test_no_link_without_an_address(database, cast, omar) -> None:
    answer = omar.post(f"/operation/people/{cast['laura']}/link")
    assert answer.status_code == 422
    assert "no e-mail address" in answer.text
    with database.reading() as db:
        assert db.scalars(select(Job).where(Job.name == "letter")).all() == []


def test_a_closed_account_lets_nobody_in(database, cast, omar) -> None:
    nora = cast.at_browser(cast.north)
    path = f"/operation/people/{cast['nora']}"
    with database.writing() as db:
        db.get_one(Person, cast["nora"]).proved_email = "nora@example.org"
    assert omar.post(f"{path}/close").status_code == 303
    with database.reading() as db:
        assert db.get_one(Person, cast["nora"]).proved_email is None, "whoever has the address now may prove it"
    assert nora.get("/coordination").status_code == 303
    assert Visitor(cast.app).post("/sign-in", {"login": "nora", "password": PASSWORD}).status_code == 422
    assert grants(database, cast["nora"]) == {}
    assert "Closed on" in omar.get(path).text
    assert logged(database, "account-closed")[-1].subject_id == cast["nora"]
    for act in ("roles", "link"):
        assert omar.post(f"{path}/{act}", {"role": Role.TRAINER}).status_code == 409
    assert omar.post(f"{path}/close").status_code == 303
    assert len(logged(database, "account-closed")) == 1


def test_unknown_accounts(omar) -> None:
    assert omar.get("/operation/people/999").status_code == 404
    for act in ("roles", "sign-out", "link", "close"):
        assert omar.post(f"/operation/people/999/{act}", {"role": "trainer"}).status_code == 404
    assert omar.post("/operation/people/999/roles/1/end").status_code == 404


def test_the_log_is_paged_newest_first(database, cast, omar) -> None:
    with database.writing() as db:
        for number in range(60):
            actions.record(db, "role-granted", cast["omar"], cast["laura"], step=f"n{number:02}")
    first = omar.get("/operation/log").text
    assert re.findall(r"step: (n\d\d)", first) == [f"n{number:02}" for number in range(59, 9, -1)]
    later = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert later
    second = omar.get(later.group(1)).text
    assert re.findall(r"step: (n\d\d)", second) == [f"n{number:02}" for number in range(9, -1, -1)]
    assert "Laura Lapiņa" in second
    assert "Account made" in second
