"""`lms certificates verify`, `export` and `archive` as an operator types them."""

from __future__ import annotations

import csv
import json
import zlib
from pathlib import Path

import pytest
from sqlalchemy import select, text

from lms.cli.serve import see_to_keys
from lms.config import load_settings
from lms.credentials import actions as credentials
from lms.credentials.models import Certificate
from lms.credentials.queries import facts_of
from lms.db import Database
from lms.sealing import actions, heads_file, pictures, status
from lms.sealing.offline_queries import trust
from tests.cli.console import Console
from tests.packs import SMALL, publish
from tests.sealing.cases import FORGED
from tests.sealing.issuing import issue_many

HOLDER = "insert into actor (id, created_at) values (7, '2026-01-02 03:04:05')"


@pytest.fixture
def database(sqlite_ready: Console) -> Database:  # noqa: ARG001 - sets the environment
    made = Database(load_settings().database)
    publish(made, SMALL)
    with made.writing() as db:
        db.execute(text(HOLDER))
    issue_many(made, 7, range(1, 4))
    with made.writing() as db:  # codes as they are printed
        for row, code in zip(db.scalars(select(Certificate).order_by(Certificate.id)), codes(), strict=True):
            row.code, row.facts = code, {**row.facts, "code": code}
    actions.seal_waiting(made, load_settings())
    return made


def codes() -> list[str]:
    return ["7K3M-92DC-TF4X-V8PW", "2222-2222-2222-2222", "3333-3333-3333-3336"]


@pytest.mark.parametrize("name", ["code.png", "code.svg"])
def test_what_was_exported_is_verified(sqlite_ready: Console, database: Database, tmp_path: Path, name: str) -> None:
    code, file = codes()[1], tmp_path / name
    assert sqlite_ready("certificates", "export", code, "--format", "qr", "-o", file).code == 0
    said = sqlite_ready("certificates", "verify", file)
    assert (said.code, said.out.splitlines()[0]) == (0, "VALID")
    assert "holder: Laura Lapiņa" in said.out
    with database.writing() as db:
        credentials.revoke(db, db.scalars(select(Certificate).where(Certificate.code == code)).one(), reason="Mistake")
    said = sqlite_ready("certificates", "verify", file)
    assert said.code == 1
    assert said.out.startswith("WITHDRAWN on ")
    said = sqlite_ready("certificates", "verify", code)
    assert said.out.startswith("WITHDRAWN on 20")
    assert "  reason: Mistake\n" in said.out


def test_a_code_that_was_replaced_or_deleted_says_when_and_by_what(sqlite_ready: Console, database: Database) -> None:
    with database.writing() as db:
        old, other = (db.scalars(select(Certificate).where(Certificate.code == code)).one() for code in codes()[1:])
        new = credentials.correct(db, old, facts_of(old), key="correction/1").code
        credentials.erase(db, other)
    said = sqlite_ready("certificates", "verify", codes()[1])
    assert (said.code, said.out[:14], f"  in its place: {new}\n" in said.out) == (1, "REPLACED on 20", True)
    said = sqlite_ready("certificates", "verify", codes()[2])
    assert (said.code, said.out[:13]) == (1, "DELETED on 20")


def test_a_text_and_a_paper_are_verified(sqlite_ready: Console, database: Database, tmp_path: Path) -> None:
    assert database
    svg = tmp_path / "code.svg"
    sqlite_ready("certificates", "export", codes()[2], "--format", "qr", "-o", svg)
    scanned, paper = tmp_path / "scanned.txt", tmp_path / "paper.pdf"
    scanned.write_text(pictures.text_in(svg.read_bytes()) + "\n")
    assert sqlite_ready("certificates", "verify", scanned).out.startswith("VALID")
    packed = zlib.compress(f"(https://handrail.example/c/{codes()[2]})".encode())
    paper.write_bytes(b"%PDF-1.7\nstream\n" + packed + b"\nendstream\n")
    assert sqlite_ready("certificates", "verify", paper).out.startswith("VALID")
    scanned.write_text(FORGED)
    said = sqlite_ready("certificates", "verify", scanned)
    assert said.code == 1
    assert "no key of this register signed it" in said.out


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("7K3M-92DC-TF4X-V8PX", "neither a file nor a certificate code"),
        ("4444-4444-4444-444C", "There is no certificate"),
        ("nothing.pdf", "neither a file"),
    ],
)
def test_what_cannot_be_verified_is_a_sentence(sqlite_ready: Console, database: Database, what: str, says: str) -> None:
    assert database
    said = sqlite_ready("certificates", "verify", what)
    assert said.code == 1
    assert says in said.err


def test_the_archive_says_what_the_register_said_and_names_nobody(
    sqlite_ready: Console, database: Database, tmp_path: Path
) -> None:
    with database.writing() as db:
        row = db.scalars(select(Certificate).where(Certificate.code == codes()[0])).one()
        credentials.revoke(db, row, reason="Mistake")
    actions.seal_waiting(database, load_settings())
    folder = tmp_path / "archive"
    assert sqlite_ready("certificates", "archive", folder).code == 0
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert set(files) >= {"index.html", "index.lv.html", "README.txt", "keys.json", "status.cose", "certificates.csv"}
    told = ["Laura", *codes()]
    assert [name for name, content in files.items() if any(words.encode() in content for words in told)] == []
    with database.reading() as db:
        keys = trust(db).keys
    assert [change.kind for (change,) in status.read(files["status.cose"], keys).changes.values()] == ["revoked"]
    assert [key["kid"] for key in json.loads(files["keys.json"])["keys"]] == [key.kid for key in keys]
    heads = [heads_file.read(json.loads(line)) for line in files[heads_file.NAME].splitlines()]
    assert heads
    rows = list(csv.DictReader(files["certificates.csv"].decode().splitlines()))
    assert [row["event"] for row in rows] == ["issued"] * 3 + ["revoked"]
    assert heads[-1].hash == rows[-1]["hash"]
    assert len({row["payload_sha256"] for row in rows[:3]}) == 3


def test_a_start_makes_what_an_archive_needs(sqlite_ready: Console, tmp_path: Path) -> None:
    see_to_keys(load_settings(), Database(load_settings().database))
    assert sqlite_ready("certificates", "archive", tmp_path / "empty").code == 0


@pytest.mark.parametrize("form", ["pdf", "png", "svg"])
def test_the_paper_is_exported_with_the_signed_certificate(
    sqlite_ready: Console, database: Database, tmp_path: Path, form: str
) -> None:
    assert database
    file, again = tmp_path / f"paper.{form}", tmp_path / f"again.{form}"
    assert sqlite_ready("certificates", "export", codes()[1], "--format", form, "-o", file).code == 0
    sqlite_ready("certificates", "export", codes()[1], "--format", form, "-o", again)
    assert file.read_bytes() == again.read_bytes()
    assert file.read_bytes().startswith({"pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<svg"}[form])
    assert sqlite_ready("certificates", "verify", file).out.startswith("VALID")


def test_the_ending_of_the_file_may_be_in_capitals(sqlite_ready: Console, database: Database, tmp_path: Path) -> None:
    assert database
    sqlite_ready("certificates", "export", codes()[1], "--format", "qr", "-o", tmp_path / "CODE.SVG")
    assert (tmp_path / "CODE.SVG").read_bytes().startswith(b"<svg")


def test_print_jobs_are_the_same_when_repeated(sqlite_ready: Console, database: Database, tmp_path: Path) -> None:
    assert database
    first, again = tmp_path / "first", tmp_path / "again"
    said = sqlite_ready("certificates", "print", "--size", "2", "-o", first)
    assert said.out == f"{first}: 3 certificates in 2 files, and index.csv\n", said.err
    sqlite_ready("certificates", "print", "--size", "2", "--processes", "1", "-o", again)
    names = ["certificates-0001.pdf", "certificates-0002.pdf", "index.csv"]
    assert sorted(path.name for path in first.iterdir()) == names
    assert [(first / name).read_bytes() for name in names] == [(again / name).read_bytes() for name in names]


def test_a_unit_that_nobody_knows_is_named(sqlite_ready: Console, tmp_path: Path) -> None:
    said = sqlite_ready("certificates", "print", "--unit", "NOWHERE", "-o", tmp_path / "out")
    assert said.code == 1
    assert "There is no unit NOWHERE" in said.err
