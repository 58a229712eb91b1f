"""`lms keys` and `lms certificates audit` as an operator types them; what a first start makes and a backup holds."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from lms.cli.serve import see_to_keys
from lms.config import load_settings
from lms.db import Database
from lms.issuers import keyring
from lms.sealing import actions
from tests.cli.console import Console
from tests.packs import SMALL, publish
from tests.sealing.issuing import issue_many

HOLDER = "insert into actor (id, created_at) values (7, '2026-01-02 03:04:05')"


@pytest.fixture
def database(sqlite_ready: Console) -> Database:  # noqa: ARG001 - sets the environment
    made = Database(load_settings().database)
    publish(made, SMALL)
    with made.writing() as db:
        db.execute(text(HOLDER))
    issue_many(made, 7, range(1, 31))
    actions.seal_waiting(made, load_settings())
    return made


def test_keys_are_listed_and_renewed(sqlite_ready: Console) -> None:
    assert "no keys yet" in sqlite_ready("keys", "list").out
    first = sqlite_ready("keys", "rotate", "--json").json
    assert [key["kind"] for key in first] == ["ed25519", "p256"]
    new = sqlite_ready("keys", "rotate", "--kind", "ed25519", "--broken", "The disk was stolen", "--json").json
    assert [key["kind"] for key in new] == ["ed25519"]
    listed = {key["kid"]: key for key in sqlite_ready("keys", "list", "--json").json}
    assert len(listed) == 3
    assert listed[first[0]["kid"]]["broken_reason"] == "The disk was stolen"
    words = sqlite_ready("keys", "list").out
    assert "The disk was stolen" in words
    assert "PRIVATE" not in words


def test_a_retired_key_is_given_up_by_its_name(sqlite_ready: Console) -> None:
    retired = sqlite_ready("keys", "rotate", "--json").json[0]["kid"]
    in_use = sqlite_ready("keys", "rotate", "--kind", "ed25519", "--json").json[0]["kid"]
    said = sqlite_ready("keys", "rotate", "--key", retired, "--broken", "A backup was lost", "--since", "2026-01-02")
    assert (said.code, said.out) == (0, f"The key {retired} is broken: A backup was lost\n"), said.err
    listed = {key["kid"]: key for key in sqlite_ready("keys", "list", "--json").json}
    assert listed[retired]["broken_at"] == "2026-01-02T00:00:00+00:00"
    assert listed[in_use]["until"] is None
    said = sqlite_ready("keys", "rotate", "--key", in_use, "--broken", "A disk, too")
    assert "New key" in said.out
    assert len(sqlite_ready("keys", "list", "--json").json) == len(listed) + 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--key", "0123456789abcdef"), "--key goes with --broken"),
        (("--key", "0123456789abcdef", "--broken", "x"), "There is no key 0123456789abcdef"),
        (("--since", "2026-01-01"), "--since goes with --broken"),
        (("--broken", "x", "--since", "yesterday"), "write a day"),
        (("--issuer", "nobody"), "There is no issuer nobody"),
    ],
)
def test_a_wrong_word_is_a_sentence(sqlite_ready: Console, arguments: tuple[str, ...], says: str) -> None:
    assert sqlite_ready("keys", "rotate").code == 0
    said = sqlite_ready("keys", "rotate", *arguments)
    assert said.code == 2
    assert says in said.err


def test_a_lost_passphrase_is_told_by_the_doctor_and_ended_by_a_rotation(
    sqlite_ready: Console, database: Database
) -> None:
    assert database
    assert "signing keys" not in [row["name"] for row in sqlite_ready("doctor", "--json").json if not row["is_fine"]]
    sqlite_ready.set(key_passphrase="another passphrase that is long enough")
    found = {row["name"]: row for row in sqlite_ready("doctor", "--json").json}
    assert "does not open with the passphrase in force" in found["signing keys"]["words"]
    assert sqlite_ready("keys", "rotate").code == 0
    assert {row["name"]: row["is_fine"] for row in sqlite_ready("doctor", "--json").json}["signing keys"]
    assert sqlite_ready("certificates", "audit").code == 0


def test_the_audit_says_that_all_is_well_or_names_what_is_not(sqlite_ready: Console, database: Database) -> None:
    said = sqlite_ready("certificates", "audit")
    assert (said.code, said.out) == (
        0, "Looked at 30 certificates, 30 seals, 2 heads. Everything is as it was signed.\n",
    )  # fmt: skip
    with database.writing() as db:
        db.execute(text("update certificate set valid_until = '2099-01-01'"))
        db.execute(text("delete from seal where seq = 30"))
    said = sqlite_ready("certificates", "audit")
    assert said.code == 1
    assert "Certificate C-1 does not say what was sealed when it was issued" in said.out
    assert "… and 9 more like this (printed)" in said.out
    assert "its tail was deleted" in said.out
    told = sqlite_ready("certificates", "audit", "--json").json
    assert told["found"] == {"tail": 3, "printed": 29}
    assert told["looked_at"] == {"certificates": 30, "seals": 29, "heads": 2}
    assert {finding["code"] for finding in told["findings"]} == {f"C-{number}" for number in range(1, 31)} | {""}


def test_heads_kept_elsewhere_are_taken_in(sqlite_ready: Console, database: Database, tmp_path: Path) -> None:
    assert database
    kept = tmp_path / "kept.jsonl"
    kept.write_bytes((tmp_path / "home" / "heads.jsonl").read_bytes())
    assert sqlite_ready("certificates", "audit", "--heads", kept).code == 0
    kept.write_text("no head\n")
    said = sqlite_ready("certificates", "audit", "--heads", kept)
    assert said.code == 1
    assert "kept.jsonl, line 1: this is no head" in said.err


def test_a_demonstrations_passphrase_is_in_no_backup(sqlite_ready: Console, tmp_path: Path) -> None:
    sqlite_ready.monkeypatch.delenv("LMS_KEY_PASSPHRASE")
    sqlite_ready.set(demo="yes")
    settings = load_settings()
    database = Database(settings.database)
    see_to_keys(settings, database)
    database.dispose()
    words = (settings.home / keyring.FILE).read_text().strip()
    assert sqlite_ready("backup", tmp_path / "b.zip").code == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert keyring.FILE not in archive.namelist()
        assert all(words.encode() not in archive.read(name) for name in archive.namelist())


def test_a_server_without_a_passphrase_does_not_start(sqlite_ready: Console) -> None:
    sqlite_ready.monkeypatch.delenv("LMS_KEY_PASSPHRASE")
    said = sqlite_ready("work", "--once")
    assert said.code == 1
    assert "LMS_KEY_PASSPHRASE is not set" in said.err
    assert "Make one with" in said.err
