"""Registers of people: the difference first, then batch by batch, and a second run changes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select, update

from lms.people.models import Membership, Person, PersonChange, PersonName, RoleGrant, Unit
from lms.rosters import running
from lms.rosters.models import ImportRun, MembershipOffer, PossibleDuplicate
from tests.rosters.importing import Importer, as_csv, counts

ROWS = [
    ("A1", "Nguyễn Văn Hòa", "hoa@example.vn", "0912 345 678", "N-1"),
    ("A2", "Giàng A Súa", "", "", "N-2"),
    ("A3", "Іванна Ковальчук", "", "", "N-1"),
]


@pytest.fixture
def nora(cast, worker):
    return Importer(cast.at_browser("nora"), worker, cast.units["N"])


def test_people_come_in_and_a_second_run_changes_nothing(nora, database):
    nora.bring_in(as_csv(ROWS))
    assert counts(database) == {"created": 3}
    with database.reading() as db:
        hoa = db.scalars(select(Person).where(Person.code == "A1")).one()
        assert (hoa.name, hoa.email, hoa.phone, hoa.proved_email) == (
            "Nguyễn Văn Hòa", "hoa@example.vn", "0912345678", None,
        )  # fmt: skip
        units = select(Unit.code).join(Membership, Membership.unit_id == Unit.id).where(Membership.person_id == hoa.id)
        assert db.scalars(units).all() == ["N-1"]
        assert db.scalar(select(func.count()).where(PersonChange.person_id == hoa.id)) == 1
    nora.bring_in(as_csv(ROWS))
    assert counts(database) == {"unchanged": 3}


def test_a_check_changes_nothing_and_shows_the_difference(nora, database):
    nora.bring_in(as_csv(ROWS))
    run = nora.send(as_csv([("A1", "Nguyễn Văn Hoà", "", "", "N-1"), ("A9", "Lò Thị Pâng", "", "", "N-2")]))
    page = nora.check(run)
    assert "This is what would change" in page
    assert "<del>Nguyễn Văn Hòa</del> → Nguyễn Văn Hoà" in page
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(Person.code == "A9")) == 0
        assert db.scalars(select(Person.name).where(Person.code == "A1")).one() == "Nguyễn Văn Hòa"
    nora.enter(run)
    assert counts(database) == {"created": 1, "updated": 1}
    with database.reading() as db:
        assert db.scalars(select(PersonName.name)).all() == ["Nguyễn Văn Hòa"]


def test_a_unit_that_nobody_knows_is_left_out_with_what_may_be_meant(nora, database):
    run = nora.bring_in(as_csv([("A1", "Lò Thị Pâng", "", "", "N-11"), ("A2", "Giàng A Súa", "", "", "S-1")]))
    assert counts(database) == {"rejected": 2}
    first, second = nora.outcomes(run)
    assert first == ["2", "left out", "A1", "No unit here has the code N-11. Did you mean N-1, Unit N-1?"]
    assert second[3].startswith("No unit here has the code S-1.")  # not hers: as if there were none
    assert "S-1, Unit" not in second[3]


def test_somebody_with_the_same_phone_is_put_before_a_person(nora, database):
    nora.bring_in(as_csv(ROWS))
    again = [("", "Nguyễn Văn Hoà", "", "0912345678", "N-1")]
    nora.bring_in(as_csv(again))
    assert counts(database) == {"asked": 1}
    with database.reading() as db:
        pair = db.scalars(select(PossibleDuplicate)).one()
        assert (pair.reason, pair.decision) == ("phone", "")
        assert db.scalar(select(func.count()).where(Person.phone == "0912345678")) == 2
    nora.bring_in(as_csv(again))
    assert counts(database) == {"unchanged": 1}


def test_rows_without_codes_are_found_again(nora, database):
    rows = [("", "Ilze Ozola", "", "", "N-1"), ("", "Ilze Ozola", "", "", "N-2"), ("", "Ilze Ozola", "", "", "N-1")]
    nora.bring_in(as_csv(rows))
    assert counts(database) == {"created": 2, "rejected": 1}
    nora.bring_in(as_csv(rows))
    assert counts(database) == {"unchanged": 2, "rejected": 1}


def test_who_has_signed_in_is_asked_instead_of_edited(nora, database, cast, settings):
    with database.writing() as db:
        proved = {"email": "laura@example.org", "proved_email": "laura@example.org", "code": "L1"}
        db.execute(update(Person).where(Person.id == cast["laura"]).values(**proved))
    nora.bring_in(as_csv([("L1", "Laura Other", "", "", "N-2")]))
    assert counts(database) == {"asked": 1}
    with database.reading() as db:
        assert db.get_one(Person, cast["laura"]).name == "Laura Lapiņa"
        assert db.scalars(select(Membership.unit_id).where(Membership.person_id == cast["laura"])).all() == [
            cast.units["N-1"]
        ]
    letters = [path.read_text(encoding="utf-8") for path in settings.outbox.glob("*.eml")]
    assert len([text for text in letters if "laura@example.org" in text]) == 1
    assert not any("N-2" in text for text in letters)
    laura = cast.at_browser("laura")
    offer = laura.get("/my-units").text
    assert "Unit N-2" in offer
    with database.reading() as db:
        key = db.scalars(select(MembershipOffer.id)).one()
    assert cast.at_browser("otto").post(f"/my-units/{key}", {"answer": "yes"}).status_code == 404
    assert laura.post(f"/my-units/{key}", {"answer": "yes"}).status_code == 303
    with database.reading() as db:
        assert len(db.scalars(select(Membership).where(Membership.person_id == cast["laura"])).all()) == 2


def test_who_sits_elsewhere_is_not_edited_and_nothing_is_revealed(nora, database, cast):
    with database.writing() as db:
        db.execute(update(Person).where(Person.id == cast["otto"]).values(code="O1", password_hash=""))
    run = nora.bring_in(as_csv([("O1", "Somebody Else", "", "0912345678", "N-1")]))
    assert counts(database) == {"asked": 1}
    assert "Otto" not in nora.visitor.get(run).text
    with database.reading() as db:
        otto = db.get_one(Person, cast["otto"])
        assert (otto.name, otto.phone) == ("Otto Südsen", "")


def test_moving_ends_the_old_membership_the_day_before(nora, database):
    head = ("code", "name", "unit code", "since")
    nora.bring_in(as_csv([("A1", "Lò Thị Pâng", "N-1", "2026-01-01")], head))
    nora.bring_in(as_csv([("A1", "Lò Thị Pâng", "N-2", "01.03.2026")], head), moves="1")
    with database.reading() as db:
        found = db.execute(select(Membership.since, Membership.until).order_by(Membership.id.desc()).limit(2)).all()
    assert found == [(date(2026, 3, 1), None), (date(2026, 1, 1), date(2026, 2, 28))]
    nora.bring_in(as_csv([("A1", "Lò Thị Pâng", "N-2", "01.03.2026")], head), moves="1")
    assert counts(database) == {"unchanged": 1}


def test_a_killed_run_goes_on_where_it_was(nora, database, settings, monkeypatch):
    monkeypatch.setattr(running.PeopleImport, "size", 10)
    rows = [(f"K{number}", f"Person Number {number}", "", "", "N-1") for number in range(35)]
    run = nora.send(as_csv(rows))
    nora.check(run)
    nora.visitor.post(f"{run}/start")

    class Killed(BaseException):
        pass

    def kill(count):
        if count == 20:
            raise Killed

    with pytest.raises(Killed):
        running.carry_on(database, settings.home / "imports", int(run.rsplit("/", 1)[1]), progress=kill)
    assert counts(database) == {"created": 20}
    nora.worker.drain()
    assert counts(database) == {"created": 35}
    assert [row[0] for row in nora.outcomes(run)] == [str(number) for number in range(2, 37)]
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(Person.code.startswith("K"))) == 35


def test_a_run_is_stopped_between_batches_and_goes_on(nora, database, settings, monkeypatch):
    monkeypatch.setattr(running.PeopleImport, "size", 10)
    run = nora.send(as_csv([(f"K{number}", f"Person {number} A", "", "", "N-1") for number in range(35)]))
    nora.check(run)
    nora.visitor.post(f"{run}/start")

    def stop(count):
        if count == 10:
            nora.visitor.post(f"{run}/stop")

    running.carry_on(database, settings.home / "imports", int(run.rsplit("/", 1)[1]), progress=stop)
    assert counts(database) == {"created": 10}
    nora.worker.drain()
    assert "Go on where it stopped" in nora.visitor.get(run).text
    nora.enter(run)
    assert counts(database) == {"created": 35}


def test_who_loses_the_role_half_way_brings_nobody_in(nora, database, cast):
    run = nora.send(as_csv(ROWS))
    nora.check(run)
    nora.visitor.post(f"{run}/start")
    with database.writing() as db:
        db.execute(update(RoleGrant).where(RoleGrant.person_id == cast["nora"]).values(unit_id=cast.units["N-2"]))
    nora.worker.drain()
    with database.reading() as db:
        assert db.scalars(select(ImportRun.state)).one() == "failed"
        assert db.scalar(select(func.count()).where(Person.code == "A1")) == 0
