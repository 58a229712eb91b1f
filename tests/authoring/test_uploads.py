"""Packs that come as zip files."""

from __future__ import annotations

import copy
import io
import random
import zipfile
from pathlib import Path
from typing import IO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lms.authoring import uploads
from lms.content.queries import current
from lms.content.reader import BadPack
from lms.db import Database
from tests.authoring.folders import BROKEN, GARDENS, LESSON, unzipped, zipped
from tests.cast import Visitor


def send(visitor: Visitor, file: IO[bytes], name: str = "Gardens.zip", **fields: str) -> TestResponse:
    boundary, body = encode_multipart({"file": FileStorage(file, name), **fields})
    return visitor.browser.post(
        "/authoring/upload",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def test_a_good_pack_is_stored_and_published(trainer: Visitor, tmp_path: Path, database: Database) -> None:
    answer = send(trainer, zipped({**GARDENS, "README.md": "Ours."}))
    assert answer.status_code == 303
    home = trainer.get("/authoring").text
    assert "Gardens for beginners" in home
    assert "The pack gardens is in its place." in home
    assert (tmp_path / "packs/gardens" / LESSON).read_text() == GARDENS[LESSON]
    assert list((tmp_path / "incoming").iterdir()) == []
    with database.reading() as db:
        found = current(db, "gardens")
    assert found is not None
    with trainer.get("/authoring/packs/gardens/zip") as whole:
        assert unzipped(whole.data)["README.md"] == b"Ours."


def test_one_folder_around_everything_is_taken_off(trainer: Visitor, tmp_path: Path) -> None:
    send(trainer, zipped({f"gardens-main/{path}": text for path, text in GARDENS.items()}))
    assert (tmp_path / "packs/gardens" / LESSON).exists()


def test_a_pack_with_errors_is_not_stored_and_shows_file_line_and_fix(
    trainer: Visitor, tmp_path: Path, database: Database
) -> None:
    answer = send(trainer, zipped(BROKEN))
    assert answer.status_code == 422
    assert f"{LESSON}:5" in answer.text
    assert "braces after a" in answer.text
    assert not (tmp_path / "packs/gardens").exists()
    with database.reading() as db:
        assert current(db, "gardens") is None


def test_a_pack_with_errors_keeps_the_one_that_was_there(trainer: Visitor, tmp_path: Path, database: Database) -> None:
    send(trainer, zipped(GARDENS))
    with database.reading() as db:
        before = current(db, "gardens")
    assert send(trainer, zipped(BROKEN), replace="y").status_code == 422
    assert (tmp_path / "packs/gardens" / LESSON).read_text() == GARDENS[LESSON]
    with database.reading() as db:
        assert current(db, "gardens") == before


def test_an_existing_name_asks_first(trainer: Visitor, tmp_path: Path) -> None:
    send(trainer, zipped(GARDENS))
    other = zipped({**GARDENS, LESSON: "# Soil\n\nSoil is precious.\n"})
    refused = send(trainer, other)
    assert refused.status_code == 422
    assert "There is a pack with the name gardens." in refused.text
    assert (tmp_path / "packs/gardens" / LESSON).read_text() == GARDENS[LESSON]
    other = zipped({**GARDENS, LESSON: "# Soil\n\nSoil is precious.\n"})
    assert send(trainer, other, replace="y").status_code == 303
    assert "precious" in (tmp_path / "packs/gardens" / LESSON).read_text()


def test_a_pack_that_was_not_uploaded_is_never_replaced(trainer: Visitor, folder: Path) -> None:
    answer = send(trainer, zipped(GARDENS), "tests.zip", replace="y")
    assert answer.status_code == 422
    assert "belongs to a pack that was not uploaded" in answer.text
    assert (folder / "courses/first-aid/index.md").exists()


def test_a_course_of_another_pack_is_refused(trainer: Visitor, tmp_path: Path) -> None:
    answer = send(
        trainer, zipped({"courses/first-aid/index.md": "# Mine now\n\nText.\n", "courses/first-aid/a.md": "# A\n"})
    )
    assert answer.status_code == 422
    assert "course-id-taken" in answer.text
    assert not (tmp_path / "packs").exists()


def bomb() -> io.BytesIO:
    """Many names for the same packed megabyte: some kilobytes that unpack to hundreds of megabytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("courses/gardens/0.md", b"\0" * 2**20)
        for number in range(1, uploads.MOST_UNPACKED // 2**20 + 1):
            member = copy.copy(archive.filelist[0])
            member.filename = f"courses/gardens/{number}.md"
            archive.filelist.append(member)
    target.seek(0)
    return target


def tight() -> io.BytesIO:
    return zipped({"courses/gardens/01-soil.md": b"\0" * 2**23})


def link() -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        member = zipfile.ZipInfo("courses/gardens/01-soil.md")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    target.seek(0)
    return target


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: zipped({"../escape.md": "# Out\n"}), "names a place outside itself"),
        (lambda: zipped({"/etc/escape.md": "# Out\n"}), "names a place outside itself"),
        (lambda: io.BytesIO(b"PK\x03\x04 this is no zip file"), "not a zip file"),
        (lambda: io.BytesIO(zipped(GARDENS).getvalue()[:-40]), "not a zip file"),
        (lambda: zipped({}), "empty"),
        (bomb, "unpacks to more than"),
        (tight, "unpacks to more than 200 times"),
        (link, "holds a link"),
        (lambda: zipped({**GARDENS, f"courses/gardens/{'x' * 300}.md": "# Long\n"}), "cannot be used here"),
        (lambda: zipped({**GARDENS, f"{LESSON}/inside.md": "# File and folder\n"}), "cannot be used here"),
    ],
    ids=["parent", "absolute", "no-zip", "cut", "empty", "bomb", "ratio", "link", "long-name", "file-and-folder"],
)
def test_a_bad_zip_is_refused_and_leaves_nothing(trainer: Visitor, tmp_path: Path, made: object, said: str) -> None:
    answer = send(trainer, made())  # type: ignore[operator]
    assert answer.status_code == 422
    assert said in answer.text
    packs = tmp_path / "packs"
    assert not packs.exists() or list(packs.iterdir()) == []
    assert not list(tmp_path.rglob("escape.md"))


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_damaged_bytes_are_a_bad_pack_and_nothing_else(packing: int) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", packing) as archive:
        for path, text in GARDENS.items():
            archive.writestr(path, text * 20)
    chance, refused = random.Random(packing), 0
    for _ in range(300):
        damaged = bytearray(whole.getvalue())
        for _ in range(4):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            uploads.read_upload(io.BytesIO(bytes(damaged)))
        except BadPack:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_a_file_the_page_asks_for_one(trainer: Visitor) -> None:
    answer = trainer.post("/authoring/upload", {}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choose a zip file first." in answer.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_more_than_two_megabytes_may_come_but_not_more_than_fifty(trainer: Visitor, tmp_path: Path) -> None:
    noise = bytes(range(256)) * 4
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for path, text in GARDENS.items():
            archive.writestr(path, text)
        archive.writestr("courses/gardens/files/table.csv", noise * 3000)
    stored.seek(0)
    assert send(trainer, stored).status_code == 303
    assert (tmp_path / "packs/gardens/courses/gardens/files/table.csv").stat().st_size == 3000 * 1024
    assert send(trainer, io.BytesIO(b"x" * (uploads.MOST_BYTES + 1)), "large.zip").status_code == 413


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Our Courses v2.zip", "our-courses-v2"),
        ("C:\\Desktop\\Dārzi.ZIP", "darzi"),
        ("../../etc/passwd.zip", "passwd"),
        ("ბაღი.zip", "pack"),
        ("", "pack"),
        (".zip", "zip"),
        (f"{'a' * 200}.zip", "a" * uploads.LONGEST_NAME),
    ],
)
def test_the_name_of_a_pack_comes_from_its_file(file: str, name: str) -> None:
    assert uploads.pack_name(file) == name
