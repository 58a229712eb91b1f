"""The pages of the organisation: what a coordinator finds, changes and may not change."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from lms.clock import now
from lms.people import units
from lms.people.actions import add_unit, end_role, grant_role, join_unit
from lms.people.models import Membership, Person, RoleGrant, SecurityEvent, Unit
from lms.people.rules import Role
from tests.organisation.crowd import Counted

pytestmark = pytest.mark.mostly_sqlite


def path(cast, code: str, what: str = "") -> str:
    return f"/organisation/{cast.units[code]}{what}"


def change(database, act) -> None:
    with database.writing() as db:
        act(db)


def unit(database, code: str) -> Unit:
    with database.reading() as db:
        return db.scalars(select(Unit).where(Unit.code == code)).one()


def kinds_of_log(database, by: int) -> list[str]:
    with database.reading() as db:
        return list(
            db.scalars(select(SecurityEvent.kind).where(SecurityEvent.actor_id == by).order_by(SecurityEvent.id))
        )


def test_home_shows_the_highest_units(cast) -> None:
    page = cast.at_browser("nora").get("/organisation").text
    assert "Unit N" in page
    assert "Unit N-1" not in page
    assert "Unit S" not in page
    assert "Unit ALL" in cast.at_browser("omar").get("/organisation").text


@pytest.mark.parametrize("words", ["unit n-1", "Ünit N-1", "N-1", "bibliotēka", "BIBLIOTEKA", "old house"])
def test_search_finds_names_aliases_and_codes(cast, database, words) -> None:
    def name(db) -> None:
        found = db.get_one(Unit, cast.units["N-1"])
        units.name_in(db, found, "lv", "Bibliotēka", by=None)
        units.add_alias(db, found, "Old House", by=None)
        units.add_alias(db, db.get_one(Unit, cast.units["S-1"]), "Old House", by=None)

    change(database, name)
    page = cast.at_browser("nora").get("/organisation", query_string={"q": words}).text
    assert path(cast, "N-1") in page
    assert path(cast, "S-1") not in page
    assert path(cast, "N-2") not in page


def test_search_finds_former_names(cast, database) -> None:
    with time_machine.travel(now() + timedelta(days=3)):
        change(database, lambda db: units.rename(db, db.get_one(Unit, cast.units["N-1"]), "Sunrise", by=None))
        nora = cast.at_browser("nora")
        page = nora.get("/organisation?q=unit+n-1").text
        assert "Sunrise" in page
        assert "also: Unit N-1" in page
        assert "Unit N-1" in nora.get(path(cast, "N-1")).text


def test_lists_go_on_by_key(cast, database) -> None:
    def fill(db) -> None:
        north = db.get_one(Unit, cast.units["N"])
        for number in range(60):
            add_unit(db, kind="team", code=f"T{number:02}", name=f"Team {number:02}", parent=north)

    change(database, fill)
    nora = cast.at_browser("nora")
    first = nora.get(path(cast, "N")).text
    assert "Team 00" in first
    assert "Team 59" not in first
    mark = first.split("after=")[1].split('"')[0]
    assert "Team 59" in nora.get(path(cast, "N", f"?after={mark}")).text


@pytest.mark.parametrize("what", ["", "/new", "/edit", "/move", "/merge", "/roles"])
def test_other_units_are_not_there(cast, what) -> None:
    nora = cast.at_browser("nora")
    assert nora.get(path(cast, "N-1", what)).status_code == 200
    for code in ("S", "S-1", "ALL"):
        assert nora.get(path(cast, code, what)).status_code == 404
    assert nora.get(f"/organisation/{2**40}{what}").status_code in {400, 404}


def test_a_unit_is_added_once(cast, database) -> None:
    nora, new = cast.at_browser("nora"), {"name": "Riverside", "kind": "library", "code": "R"}
    assert nora.post(path(cast, "N", "/new"), new).status_code == 303
    assert unit(database, "R").parent_id == cast.units["N"]
    again = nora.post(path(cast, "N", "/new"), {**new, "code": "R2", "name": "RIVERSÍDE"})
    assert again.status_code == 422
    assert "Riverside (R)" in again.text
    taken = nora.post(path(cast, "N", "/new"), {**new, "name": "Hillside", "code": "S-1"})
    assert taken.status_code == 422
    assert "Hillside" in taken.text
    assert "unit-added" in kinds_of_log(database, cast["nora"])


def test_a_tenth_municipality_cannot_appear_by_typing(cast, database) -> None:
    nora = cast.at_browser("nora")
    assert nora.post(path(cast, "N", "/place"), {"is_fixed": "y", "latitude": "", "longitude": ""}).status_code == 303
    answer = nora.post(path(cast, "N", "/new"), {"name": "Tenth", "kind": "library", "code": "T10"})
    assert answer.status_code == 422
    assert "marked as complete" in answer.text
    with database.reading() as db:
        assert db.scalar(select(Unit.id).where(Unit.code == "T10")) is None


def test_her_own_highest_unit_is_reshaped_from_above(cast, database) -> None:
    nora = cast.at_browser("nora")
    for what, form in [("/rename", {"name": "X", "kind": "k", "code": "N"}), ("/close", {}), ("/move", {"to": "N-1"})]:
        assert nora.post(path(cast, "N", what), form).status_code == 422
    assert "whoever answers for the unit above" in nora.get(path(cast, "N", "/edit")).text
    assert unit(database, "N").name == "Unit N"
    assert nora.post(path(cast, "N-1", "/rename"), {"name": "X", "kind": "k", "code": "X1"}).status_code == 303
    assert unit(database, "X1").name == "X"


def test_names_in_languages_and_aliases(cast) -> None:
    nora = cast.at_browser("nora")
    assert nora.post(path(cast, "N-1", "/names"), {"name": "ბიბლიოთეკა", "language": "en"}).status_code == 303
    assert nora.post(path(cast, "N-1", "/names"), {"name": "Old House", "language": ""}).status_code == 303
    page = nora.get(path(cast, "N-1")).text
    assert "ბიბლიოთეკა" in page
    assert "Old House" in page
    edit = nora.get(path(cast, "N-1", "/edit")).text
    drop = edit.split('/drop"')[0].split('action="')[-1] + "/drop"
    assert nora.post(drop).status_code == 303
    assert nora.post(drop).status_code == 404
    assert nora.post(path(cast, "N-2", "/names"), {"name": "Old House", "language": "xx"}).status_code == 422


@pytest.mark.parametrize(
    ("latitude", "longitude", "said"),
    [
        ("91", "1", "From -90 to 90"),
        ("1", "181", "From -180"),
        ("1", "", "leave both empty"),
        ("x", "1", "as a number"),
    ],
)
def test_a_place_is_on_earth(cast, latitude, longitude, said) -> None:
    answer = cast.at_browser("nora").post(path(cast, "N-1", "/place"), {"latitude": latitude, "longitude": longitude})
    assert answer.status_code == 422
    assert said in answer.text


def test_moving_shows_what_goes_and_then_does_it(cast, database) -> None:
    nora = cast.at_browser("nora")
    choice = nora.get(path(cast, "N-1", "/move?to=unit")).text
    assert "/move?to=N-2" in choice
    assert "/move?to=N-1" not in choice
    assert "S-1" not in choice
    preview = nora.get(path(cast, "N-1", "/move?to=N-2")).text
    assert "1 person counts there" in preview
    assert nora.post(path(cast, "N-1", "/move"), {"to": "N-2"}).status_code == 303
    assert unit(database, "N-1").parent_id == cast.units["N-2"]
    assert "Unit N-2" in nora.get(path(cast, "N-1")).text
    inside = nora.post(path(cast, "N-2", "/move"), {"to": "N-1"})
    assert inside.status_code == 422
    assert "cannot lie inside itself" in inside.text
    assert nora.post(path(cast, "N-1", "/move"), {"to": "S"}).status_code == 422
    assert unit(database, "N-1").parent_id == cast.units["N-2"]


def test_merging_takes_people_along_and_ends_roles(cast, database) -> None:
    change(database, lambda db: grant_role(db, cast["tina"], Role.TRAINER, unit=cast.units["N-1"], by=None))
    nora = cast.at_browser("nora")
    preview = nora.get(path(cast, "N-1", "/merge?to=N-2")).text
    assert "1 member becomes a member" in preview
    assert "Tina Teacher (Trainer)" in preview
    assert nora.post(path(cast, "N-1", "/merge"), {"to": "N-2"}).status_code == 303
    with database.reading() as db:
        there = select(Membership.unit_id).where(Membership.person_id == cast["laura"], Membership.until.is_(None))
        assert db.scalars(there).all() == [cast.units["N-2"]]
        role = select(RoleGrant.ended_at).where(RoleGrant.unit_id == cast.units["N-1"])
        assert None not in db.scalars(role).all()
    page = nora.get(path(cast, "N-1")).text
    assert "Closed on" in page
    assert path(cast, "N-2") in page
    assert path(cast, "N-2") in nora.get("/organisation?q=unit+n-1").text


def test_a_unit_with_somebody_inside_stays_open(cast, database) -> None:
    nora = cast.at_browser("nora")
    answer = nora.post(path(cast, "N-1", "/close"))
    assert answer.status_code == 422
    assert "1 person and 0 open units are still inside" in answer.text
    assert nora.post(path(cast, "N-2", "/close")).status_code == 303
    assert unit(database, "N-2").closed_on == now().date()
    assert nora.post(path(cast, "N-2", "/new"), {"name": "A", "kind": "b", "code": "c"}).status_code == 422
    assert nora.post(path(cast, "N-2", "/reopen")).status_code == 303
    assert unit(database, "N-2").closed_on is None


def test_somebody_leaves_and_the_unit_can_close(cast, database) -> None:
    def leave(db) -> None:
        units.leave(db, cast["laura"], db.get_one(Unit, cast.units["N-1"]), last_day=now().date(), by=None)

    change(database, leave)
    assert cast.at_browser("nora").post(path(cast, "N-1", "/close")).status_code == 303


def test_roles_go_downwards_and_never_grow(cast, database) -> None:
    nora = cast.at_browser("nora")
    assert 'value="operator"' not in nora.get(path(cast, "N-1", "/roles")).text
    for role in ("coordinator", "trainer", "owner", "provider"):
        assert nora.post(path(cast, "N-1", "/roles"), {"role": role, "login": "otto"}).status_code == 303
    assert nora.post(path(cast, "N-1", "/roles"), {"role": "operator", "login": "otto"}).status_code == 422
    assert nora.post(path(cast, "S-1", "/roles"), {"role": "owner", "login": "otto"}).status_code == 404
    otto = cast.at_browser("otto")
    assert otto.get(path(cast, "N-1")).status_code == 200
    assert otto.get(path(cast, "N")).status_code == 404
    assert kinds_of_log(database, cast["nora"]).count("role-granted") == 4


def test_a_provider_gives_nothing(cast, database) -> None:
    change(database, lambda db: grant_role(db, cast["otto"], Role.PROVIDER, unit=cast.units["N"], by=None))
    otto = cast.at_browser("otto")
    assert otto.get("/organisation").status_code == 403
    assert otto.post(path(cast, "N-1", "/roles"), {"role": "trainer", "login": "laura"}).status_code == 403


def test_a_claimed_address_gets_no_role(cast, database) -> None:
    def claim(db) -> None:
        db.get_one(Person, cast["otto"]).email = "chief@example.org"

    change(database, claim)
    nora, form = cast.at_browser("nora"), {"role": "coordinator", "login": "chief@example.org"}
    answer = nora.post(path(cast, "N-1", "/roles"), form)
    assert answer.status_code == 422
    assert "chief@example.org" in answer.text

    def prove(db) -> None:
        db.get_one(Person, cast["otto"]).proved_email = "chief@example.org"

    change(database, prove)
    assert nora.post(path(cast, "N-1", "/roles"), form).status_code == 303


def grant_of(database, person: int) -> int:
    with database.reading() as db:
        held = select(RoleGrant.id).where(RoleGrant.person_id == person, RoleGrant.ended_at.is_(None))
        return db.scalars(held).one()


def test_two_of_one_unit_cannot_end_each_other(cast, database) -> None:
    change(database, lambda db: grant_role(db, cast["otto"], Role.COORDINATOR, unit=cast.units["N"], by=None))
    otto, mine = cast.at_browser("otto"), grant_of(database, cast["nora"])
    assert otto.post(path(cast, "N", f"/roles/{mine}/end")).status_code == 422
    assert otto.post(path(cast, "N", f"/roles/{mine}/hand-over"), {"login": "laura"}).status_code == 422
    assert otto.post(path(cast, "N-1", f"/roles/{mine}/end")).status_code == 404
    assert grant_of(database, cast["nora"]) == mine
    assert cast.at_browser("omar").post(path(cast, "N", f"/roles/{mine}/end")).status_code == 303


def test_handing_over_is_one_action(cast, database, worker, tmp_path) -> None:
    def addresses(db) -> None:
        for login in ("nora", "otto"):
            db.get_one(Person, cast[login]).proved_email = f"{login}@example.org"

    change(database, addresses)
    nora, mine = cast.at_browser("nora"), grant_of(database, cast["nora"])
    page = nora.get(path(cast, "N", f"/roles/{mine}/hand-over")).text
    assert "This is your own role" in page
    for login in ("nobody", "nora"):
        assert nora.post(path(cast, "N", f"/roles/{mine}/hand-over"), {"login": login}).status_code == 422
    assert grant_of(database, cast["nora"]) == mine
    answer = nora.post(path(cast, "N", f"/roles/{mine}/hand-over"), {"login": "otto"})
    assert answer.status_code == 303
    assert answer.location == "/"
    assert nora.get(path(cast, "N")).status_code == 403
    assert cast.at_browser("otto").get(path(cast, "N")).status_code == 200
    assert kinds_of_log(database, cast["nora"])[-2:] == ["role-granted", "role-ended"]
    worker.drain()
    letters = "\n".join(file.read_text() for file in (tmp_path / "outbox").glob("*.eml"))
    assert "To: otto@example.org" in letters
    assert "To: nora@example.org" in letters


def test_nothing_is_given_in_a_closed_unit(cast, database) -> None:
    change(database, lambda db: units.close(db, db.get_one(Unit, cast.units["N-2"]), by=None))
    nora = cast.at_browser("nora")
    assert nora.post(path(cast, "N-2", "/roles"), {"role": "owner", "login": "otto"}).status_code == 422


def test_a_role_that_ended_ends_the_pages(cast, database) -> None:
    nora = cast.at_browser("nora")
    change(database, lambda db: end_role(db, grant_of(database, cast["nora"]), by=None))
    assert nora.post(path(cast, "N", "/new"), {"name": "A", "kind": "b", "code": "c"}).status_code == 403


def test_pages_ask_as_much_of_a_large_unit_as_of_a_small_one(cast, database) -> None:
    def fill(db) -> None:
        for number in range(40):
            add_unit(
                db, kind="team", code=f"T{number}", name=f"Team {number}", parent=db.get_one(Unit, cast.units["S"])
            )
        join_unit(db, cast["otto"], cast.units["S"], since=now().date())

    nora, sid = cast.at_browser("nora"), cast.at_browser("sid")
    change(database, fill)
    with Counted() as small:
        assert nora.get(path(cast, "N")).status_code == 200
    with Counted() as large:
        assert sid.get(path(cast, "S")).status_code == 200
    assert len(small.seen) == len(large.seen) < 20


def test_a_refused_alias_tells_nothing_of_a_sibling_outside_of_her_scope(cast, database) -> None:
    change(database, lambda db: units.add_alias(db, db.get_one(Unit, cast.units["S"]), "Riverside", by=None))
    hers = cast.at_browser("nora").post(path(cast, "N", "/names"), {"name": "Riverside", "language": ""})
    assert hers.status_code == 422
    assert "not among yours" in hers.text
    assert "Unit S" not in hers.text
    assert "(S)" not in hers.text
    omars = cast.at_browser("omar").post(path(cast, "N", "/names"), {"name": "Riverside", "language": ""})
    assert "Unit S (S) right beside it" in omars.text
