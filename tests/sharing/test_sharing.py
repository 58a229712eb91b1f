"""Materials: shared once, found, opened safely, made into others, reported, taken off, and what outlives its author."""

from __future__ import annotations

import io
import uuid
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from lms.content.models import CourseVersion
from lms.jobs import Job
from lms.people.models import SecurityEvent
from lms.sharing import receiving
from lms.sharing.erasing import erase
from lms.sharing.models import Material, MaterialReport
from tests.updating.world import certify

pytestmark = pytest.mark.mostly_sqlite

PDF = b"%PDF-1.7 leaflet"


@pytest.fixture
def laura(database, cast):
    with database.writing() as db:
        certify(db, cast["laura"], db.scalars(select(CourseVersion.id)).one())
    return cast.at_browser("laura")


def form(content=PDF, name="Anna Ozola.pdf", **changes):
    whole = {
        "client_id": str(uuid.uuid4()), "title": "Ķirbju lapa", "about": "", "language": "lv", "service": "health",
        "licence": "by", "made": "own", "is_harmless": "1",
    }  # fmt: skip
    if content is not None:
        whole["file"] = (io.BytesIO(content), name)
    return whole | changes


def share(who, *args, **changes):
    return who.post("/materials", form(*args, **changes), content_type="multipart/form-data")


def materials(database):
    with database.reading() as db:
        return db.scalars(select(Material).order_by(Material.id)).all()


def uploads(app):
    return sorted(each.name for each in (Path(app.config["LMS"].home) / "uploads").glob("*"))


def test_a_file_is_shared_once_and_found_by_words_and_service(app, database, laura, cast):
    sent = str(uuid.uuid4())
    for _again in range(2):
        assert share(laura, client_id=sent).status_code == 303
    [row] = materials(database)
    assert uploads(app) == [row.file]
    assert row.author == "Laura Lapiņa"
    otto = cast.at_browser("otto")
    for query in ("?q=kirbju", "?q=ĶIRBJU+lapina", "?service=health", "?in=lv", ""):
        assert "Ķirbju lapa" in otto.get(f"/materials{query}").text, query
    for query in ("?q=nothing", "?service=pension", "?in=ru"):
        assert "Ķirbju lapa" not in otto.get(f"/materials{query}").text, query


def test_a_file_is_saved_under_its_title_and_never_run(laura, cast, database):
    share(laura)
    [row] = materials(database)
    answer = cast.at_browser("otto").get(f"/materials/{row.id}/file")
    assert answer.data == PDF
    answer.close()
    assert answer.headers["Content-Disposition"] == "attachment; filename=kirbju-lapa.pdf"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html>", "a.pdf"),
        (b"<svg/>", "a.svg"),
        (b"<html>", "a.html"),
        (b"PK\x03\x04", "a.docx"),
        (b"GIF89a", "a.png"),
    ],
)
def test_what_is_not_what_it_says_is_refused_and_nothing_is_kept(app, laura, database, content, name):
    answer = share(laura, content, name)
    assert answer.status_code == 422
    assert "Ķirbju lapa" in answer.text
    assert materials(database) == []
    assert uploads(app) == []


def test_photos_are_kept_without_what_the_camera_noted(app, laura, database):
    exif = Image.Exif()
    exif[0x010F] = "Camera of Anna"
    photo = io.BytesIO()
    Image.new("RGB", (9, 9)).save(photo, "JPEG", exif=exif)
    assert b"Camera of Anna" in photo.getvalue()
    share(laura, photo.getvalue(), "photo.jpg")
    [row] = materials(database)
    kept = (Path(app.config["LMS"].home) / "uploads" / row.file).read_bytes()
    assert b"Camera of Anna" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_the_same_file_or_address_is_not_shared_twice(app, laura, database):
    share(laura)
    answer = share(laura, title="Again")
    assert answer.status_code == 422
    assert "This is shared already" in answer.text
    assert len(uploads(app)) == 1
    share(laura, None, address="https://Example.org/a", title="Link")
    assert "This is shared already" in share(laura, None, address="https://example.org/a").text
    assert len(materials(database)) == 2


def test_whoever_was_never_certified_reads_and_does_not_share(cast, database):
    otto = cast.at_browser("otto")
    assert "You can share as soon as you have" in otto.get("/materials/new").text
    assert share(otto).status_code == 422
    assert materials(database) == []


def test_what_is_adapted_names_its_source_and_keeps_to_its_licence(cast, laura, database):
    share(laura, licence="by-sa")
    [first] = materials(database)
    tina = cast.at_browser("tina")
    assert "Share what you made of it" in tina.get(f"/materials/new?of={first.id}").text
    refused = share(tina, b"%PDF-other", of=first.id, title="Bigger", licence="by")
    assert refused.status_code == 422
    assert "same licence as the source" in refused.text
    shown = tina.get(share(tina, b"%PDF-other", of=first.id, title="Bigger", licence="by-sa").location).text
    assert "“Bigger” by Tina Teacher" in shown
    assert "Made of “Ķirbju lapa” by Laura Lapiņa" in shown
    assert "https://creativecommons.org/licenses/by-sa/4.0/" in shown
    assert "Bigger" in laura.get(f"/materials/{first.id}").text


def test_what_is_reported_can_be_kept_or_taken_off_with_a_reason(cast, laura, database):
    share(laura)
    [row] = materials(database)
    page, otto, tina = f"/materials/{row.id}", cast.at_browser("otto"), cast.at_browser("tina")
    sent = {"client_id": str(uuid.uuid4()), "words": "Out of date"}
    for _again in range(2):
        assert otto.post(f"{page}/report", sent).status_code == 303
    assert otto.post(f"{page}/report", {"words": "see a@example.org"}).status_code == 422
    assert tina.get("/authoring/materials").text.count("Out of date") == 1
    tina.post(f"/authoring{page}/decide", {"decision": "keep"})
    assert "Out of date" not in tina.get("/authoring/materials").text
    tina.post(f"/authoring{page}/decide", {"reason": " "})
    assert otto.get(page).status_code == 200
    tina.post(f"/authoring{page}/decide", {"reason": "Its law has ended"})
    assert otto.get(page).status_code == 404
    assert otto.get(f"{page}/file").status_code == 404
    assert "Its law has ended" in laura.get(page).text
    with database.reading() as db:
        kinds = db.scalars(select(SecurityEvent.kind).where(SecurityEvent.kind.startswith("material"))).all()
        assert sorted(kinds) == ["material-kept", "material-taken-off"]
        asked = [job.args for job in db.scalars(select(Job).where(Job.name == "event"))]
        assert [each for each in asked if each["kind"] == "MaterialTakenOff"] == [
            {"kind": "MaterialTakenOff", "fact": {"material": row.id}}
        ]
    assert share(laura).status_code == 303  # mended or not, the same file can be shared anew


def test_a_file_that_is_too_large_is_refused(laura, database, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_BYTES", len(PDF))
    assert share(laura, PDF + b"!").status_code == 422
    assert materials(database) == []
    assert share(laura, PDF).status_code == 303


def test_coordinators_keep_what_comes_from_their_units_alone(cast, laura, database):
    share(laura)
    with database.writing() as db:
        row = db.scalars(select(Material)).one()
        row.unit_id = cast.units["N-1"]
        number = row.id
    sid, nora = cast.at_browser("sid"), cast.at_browser("nora")
    assert sid.post(f"/coordination/materials/{number}/decide", {"reason": "Mine"}).status_code == 404
    assert nora.post(f"/coordination/materials/{number}/decide", {"reason": "Old"}).status_code == 303
    assert materials(database)[0].reason == "Old"


def test_what_is_free_outlives_its_author_without_the_name_and_what_is_not_goes(cast, laura, database):
    share(laura)
    share(laura, b"%PDF-mine", title="Mine", licence="here")
    share(laura, b"%PDF-theirs", title="Theirs", made="other", author="Ministry")
    cast.at_browser("laura").post("/materials/1/report", {"words": "Wrong"})
    with database.writing() as db:
        files = list(erase(db, cast["laura"]))
    free, mine, theirs = materials(database)
    assert (free.author, free.title, free.words) == ("", "Ķirbju lapa", "kirbju lapa")
    assert (mine.author, mine.title, mine.file) == ("", "", "")
    assert mine.taken_off_at
    assert files
    assert len(files) == 1
    assert (theirs.author, theirs.title) == ("Ministry", "Theirs")
    assert "author erased" in cast.at_browser("otto").get("/materials").text
    with database.reading() as db:
        assert all(not each.words for each in db.scalars(select(MaterialReport)))


def test_lists_are_read_page_by_page(cast, laura, database):
    share(laura)
    with database.writing() as db:
        row = db.scalars(select(Material)).one()
        same = {column.name: getattr(row, column.name) for column in Material.__table__.columns}
        for number in range(24):
            fresh = {"id": None, "client_id": str(number), "digest": str(number), "title": f"No. {number}."}
            db.add(Material(**{**same, **fresh}))
    otto = cast.at_browser("otto")
    first = otto.get("/materials").text
    assert "No. 23." in first
    assert "No. 3." not in first
    later = first.partition("/materials?after=")[2].partition('"')[0]
    assert "No. 3." in otto.get(f"/materials?after={later}".replace("&amp;", "&")).text


def test_whoever_shared_something_by_mistake_takes_it_off_alone(cast, laura, database):
    share(laura)
    [row] = materials(database)
    path, otto = f"/materials/{row.id}", cast.at_browser("otto")
    assert "take-back" in laura.get(path).text
    assert "take-back" not in otto.get(path).text
    assert otto.post(f"{path}/take-back").status_code == 404
    for _twice in range(2):
        assert laura.post(f"{path}/take-back").status_code == 303
    assert otto.get(path).status_code == otto.get(f"{path}/file").status_code == 404
    assert "Ķirbju lapa" not in otto.get("/materials").text
    assert "offered to others no more" in laura.get(path).text
    assert share(laura).status_code == 303  # the mended file may be the same one
