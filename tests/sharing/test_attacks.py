"""Who attacks materials: what was taken off, ids of others, office files that are bombs or broken."""

from __future__ import annotations

import io
import struct
import time
import uuid
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.content.models import CourseVersion
from lms.sharing import actions
from lms.sharing.actions import Kept, NotYours
from lms.sharing.erasing import erase
from lms.sharing.models import Material
from lms.sharing.rules import Wanted, is_office
from tests.updating.world import certify

WANTED = Wanted("Leaflet", "", "en", (), "by", "Laura Lapiņa", is_own=True, is_harmless=True)


@pytest.fixture
def taken_off(app, database, cast):
    """A material of the north, with a file, that was taken off."""
    name = str(uuid.uuid4())
    folder = Path(app.config["LMS"].home) / "uploads"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"%PDF-1.7 leaflet")
    with database.writing() as db:
        kept = Kept("digest", name, "pdf", 9)
        row = actions.share(db, WANTED, kept, by=cast["laura"], unit=cast.units["N-1"], client_id=str(uuid.uuid4()))
        actions.take_off(db, row, "Somebody can be recognised", by=cast["nora"])
        return row.id


def test_what_was_taken_off_is_opened_by_who_keeps_it_alone(taken_off, cast):
    for login, status in (("sid", 404), ("otto", 404), ("omar", 404), ("nora", 200), ("tina", 200), ("laura", 200)):
        who = cast.at_browser(login)
        for path in (f"/materials/{taken_off}", f"/materials/{taken_off}/file"):
            with who.get(path) as answer:
                assert answer.status_code == status, (login, path)
        assert who.post(f"/materials/{taken_off}/report", {"words": "Wrong"}).status_code in {303, status}
    assert cast.at_browser("nora").get(f"/materials/new?of={taken_off}").status_code == 404


def test_nobody_gets_another_s_material_by_its_id(database, cast):
    key = str(uuid.uuid4())
    with database.writing() as db:
        actions.share(db, WANTED, Kept("one"), by=cast["laura"], unit=None, client_id=key)
        with pytest.raises(NotYours):
            actions.share(db, WANTED, Kept("two"), by=cast["otto"], unit=None, client_id=key)


def test_a_file_that_is_sent_under_another_s_id_is_not_kept(app, database, cast):
    key = str(uuid.uuid4())
    with database.writing() as db:
        for login in ("laura", "otto"):
            certify(db, cast[login], db.scalars(select(CourseVersion.id)).one())
        actions.share(db, WANTED, Kept("one"), by=cast["laura"], unit=None, client_id=key)
    form = {"client_id": key, "title": "Mine", "language": "en", "licence": "by", "made": "own", "is_harmless": "1"}
    form["file"] = (io.BytesIO(b"%PDF-1.7 other"), "a.pdf")
    answer = cast.at_browser("otto").post("/materials", form, content_type="multipart/form-data")
    assert answer.status_code == 404
    assert list((Path(app.config["LMS"].home) / "uploads").glob("*")) == []


def test_why_it_was_taken_off_goes_with_who_shared_it(taken_off, database, cast):
    with database.writing() as db:
        db.get_one(Material, taken_off).is_own = False
        erase(db, cast["laura"])
        db.expire_all()
        assert db.get_one(Material, taken_off).reason == ""


def odt(mimetype: bytes = b"application/vnd.oasis.opendocument.text") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype)
    return made.getvalue()


def test_a_broken_office_file_is_refused():
    whole = odt()
    assert is_office("odt", whole)
    begin = 30 + len("mimetype")  # the local header of a zip file, then the packed bytes
    assert not is_office("odt", whole[:begin] + b"\xff" * 20 + whole[begin + 20 :])


def test_a_list_of_files_without_end_is_not_read():
    one = b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    entries, count = one * 400_000, 400_000
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(entries), 0, 0)
    began = time.process_time()
    assert not is_office("docx", entries + end)
    assert time.process_time() - began < 0.5
