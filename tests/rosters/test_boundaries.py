"""What somebody could try who means harm: take an account over, take an entry away, break the worker, reach above."""

from __future__ import annotations

import uuid
import zipfile
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from lms.clock import now
from lms.people import actions, merging
from lms.people.models import Person, Unit
from lms.people.rules import Role
from lms.rosters import claims
from lms.rosters.columns import PEOPLE, familiar
from lms.rosters.duplicates_rules import Reason
from lms.rosters.models import PossibleDuplicate
from lms.tables import Unreadable, look
from tests.rosters.importing import Importer, as_csv, counts
from tests.rosters.test_slips import on_register

if TYPE_CHECKING:
    from pathlib import Path

    from lms.db import Database
    from lms.jobs import Worker
    from tests.cast import Cast

PARTS = {
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    ),
    "xl/worksheets/sheet1.xml": (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    ),
}


def account(database: Database, name: str, **values: str | None) -> int:
    with database.writing() as db:
        person = actions.sign_up(db, actions.NewPerson(name, f"u{uuid.uuid4().hex[:8]}", ""), "")
        for key, value in values.items():
            setattr(person, key, value)
        return person.id


def test_an_account_that_ends_opens_no_other(cast: Cast, database: Database) -> None:
    """A coordinator who makes a second account of the same name must not get its password into somebody's."""
    boss = account(database, "Ba Boss", email="boss@example.org", proved_email="boss@example.org", user_name=None)
    trap = account(database, "Ba Boss", password_hash="chosen by somebody else", user_name="trap")
    with database.writing() as db:
        actions.grant_role(db, boss, Role.COORDINATOR, unit=cast.units["N"], by=None)
        merging.merge(db, (), trap, boss, by=cast["nora"])
    with database.reading() as db:
        kept = db.get_one(Person, boss)
        assert (kept.password_hash, kept.user_name, kept.proved_email) == ("", None, "boss@example.org")


def test_an_address_that_nobody_proved_gets_no_links_to_an_account_with_a_password(
    cast: Cast, database: Database
) -> None:
    entry = on_register(database, cast, "Laura Lapina", email="not-laura@example.org")
    with database.writing() as db:
        assert db.get_one(Person, cast["laura"]).email == ""
        merging.merge(db, (), entry, cast["laura"], by=cast["laura"])
    with database.reading() as db:
        kept = db.get_one(Person, cast["laura"])
        assert (kept.email, kept.user_name) == ("", "laura")


def test_an_entry_keeps_its_address_where_nobody_has_a_way_in(cast: Cast, database: Database) -> None:
    first, second = on_register(database, cast, "An A"), on_register(database, cast, "An A", email="an@example.org")
    with database.writing() as db:
        merging.merge(db, (), second, first, by=cast["nora"])
    with database.reading() as db:
        assert db.get_one(Person, first).email == "an@example.org"


def test_who_was_joined_a_moment_before_is_not_joined_again(cast: Cast, database: Database) -> None:
    one, other = on_register(database, cast, "An A"), on_register(database, cast, "An A")
    with database.writing() as db:
        seen = db.get_one(Person, one)  # read, as a page does, before somebody else is faster
        assert seen.closed_at is None
        db.connection().execute(update(Person.__table__).where(Person.__table__.c.id == one).values(closed_at=now()))
        with pytest.raises(merging.MayNotMerge) as refused:
            merging.merge(db, (), one, other, by=cast["nora"])
    assert refused.value.reason == "closed"


def test_an_entry_of_another_register_is_not_given_away_by_whoever_sees_the_asker(
    cast: Cast, database: Database
) -> None:
    asker = on_register(database, cast, "Mai Member", unit="N-2", password_hash="x")
    entry = on_register(database, cast, "Mai Member", unit="S", code="S-9")
    with database.writing() as db:
        claims.ask(db, asker, entry, Reason.CLAIM)
        db.flush()
        question = db.scalars(select(PossibleDuplicate.id)).one()
    nora, sid = cast.at_browser("nora"), cast.at_browser("sid")
    assert nora.get(f"/rosters/duplicates/{question}").status_code == 404
    assert nora.post(f"/rosters/duplicates/{question}", {"decision": "same"}).status_code == 404
    assert sid.get(f"/rosters/duplicates/{question}").status_code == 200
    with database.writing() as db:
        db.get_one(Person, entry).password_hash = "somebody signs in with it by now"
    assert sid.get(f"/rosters/duplicates/{question}").status_code == 404


def test_two_cells_far_apart_do_not_end_the_worker(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
    with pytest.raises(Unreadable) as found:
        look(path, lambda cells: familiar(PEOPLE, cells))
    assert found.value.reason == "large-workbook"


def test_a_file_does_not_change_the_unit_that_was_given(cast: Cast, database: Database, worker: Worker) -> None:
    """Its name, kind and end are for whoever answers for the unit above, in a file as on the page."""
    nora = Importer(cast.at_browser("nora"), worker, cast.units["N"])
    head = ("code", "name", "kind", "parent", "closed", "lat", "lon")
    rows = [("N", "My realm", "realm", "", "", "56.5", "24.5"), ("N-7", "Seven", "unit", "N", "", "", "")]
    run = nora.bring_in(as_csv(rows, head), "units")
    assert counts(database) == {"created": 1, "updated": 1}
    assert any("whoever answers for the unit above" in row[3] for row in nora.outcomes(run))
    with database.reading() as db:
        top = db.get_one(Unit, cast.units["N"])
        assert (top.name, top.latitude) == ("Unit N", 56.5)
        assert top.kind != "realm"


def test_a_file_sent_twice_leaves_one_copy(cast: Cast, worker: Worker) -> None:
    nora, key = Importer(cast.at_browser("nora"), worker, cast.units["N"]), str(uuid.uuid4())
    for _twice in range(2):
        nora.send(as_csv([("1", "An A", "", "", "N")]), upload_id=key)
    assert len(list((cast.app.config["LMS"].home / "imports").iterdir())) == 1
