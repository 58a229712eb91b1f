"""The sealer and the audit on real databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text

from lms import jobs
from lms.clock import now
from lms.config import Settings
from lms.credentials import actions as credentials
from lms.credentials import merging
from lms.credentials.models import Certificate
from lms.db import Database
from lms.events import CertificateIssued, announce
from lms.issuers import actions as issuers
from lms.issuers import keyring
from lms.jobs import Worker
from lms.reactions import PROMPT, handlers
from lms.sealing import actions, audit_queries, heads_file, queries
from lms.sealing.models import Head, Seal
from lms.sealing.offline_queries import cose_of_code
from tests.cast import Cast
from tests.sealing.issuing import issue_many

if TYPE_CHECKING:
    from flask import Flask

SOME = range(1, 13)


def found(database: Database, settings: Settings, *, heads: bool = True) -> list[tuple[str, str]]:
    files = [path] if heads and (path := settings.home / heads_file.NAME).exists() else []
    with database.at_one_moment() as db:
        _count, findings = audit_queries.examine(db, now() + timedelta(minutes=2), files)
        return [(finding.kind, finding.code) for finding in findings]


def run(database: Database, statement: str) -> None:
    """What somebody does who can write to the database."""
    with database.writing() as db:
        db.execute(text(statement))


def events(database: Database, code: str) -> list[str]:
    with database.reading() as db:
        rows = (
            select(Seal.event).join(Certificate, Certificate.id == Seal.certificate_id).where(Certificate.code == code)
        )
        return list(db.scalars(rows.order_by(Seal.seq)))


def row(database: Database, code: str) -> Certificate:
    with database.reading() as db:
        return db.scalars(select(Certificate).where(Certificate.code == code)).one()


@pytest.fixture
def sealed(database: Database, settings: Settings, cast: Cast) -> Database:
    issue_many(database, cast["laura"], SOME)
    assert actions.seal_waiting(database, settings, batch=5) == len(SOME)
    return database


def test_all_that_waits_is_sealed_once_and_the_head_is_written_down(sealed: Database, settings: Settings) -> None:
    assert actions.seal_waiting(sealed, settings) == 0
    with sealed.reading() as db:
        assert list(db.scalars(select(Seal.seq).order_by(Seal.seq))) == list(range(1, len(SOME) + 1))
        assert db.scalar(select(func.count()).select_from(Certificate).where(Certificate.sealed_at.is_(None))) == 0
        assert cose_of_code(db, "C-3")
        head = queries.last_head(db)
    assert head is not None
    assert heads_file.last(settings.home / heads_file.NAME) == head
    assert head.seq == len(SOME)
    assert found(sealed, settings) == []


def test_what_becomes_of_a_certificate_is_sealed_too(sealed: Database, settings: Settings, cast: Cast) -> None:
    with sealed.writing() as db:
        rows = {each.code: each for each in db.scalars(select(Certificate))}
        credentials.revoke(db, rows["C-1"], reason="A mistake of ours")
        credentials.erase(db, rows["C-2"])
        merging.move(db, cast["laura"], cast["otto"])
    actions.seal_waiting(sealed, settings)
    with sealed.writing() as db:
        credentials.reinstate(db, db.scalars(select(Certificate).where(Certificate.code == "C-1")).one())
    actions.seal_waiting(sealed, settings)
    assert events(sealed, "C-1") == ["issued", "revoked", "reinstated"]
    assert events(sealed, "C-2") == ["issued", "erased"]
    assert events(sealed, "C-3") == ["issued", "moved"]
    with sealed.reading() as db:
        assert cose_of_code(db, "C-2") is None
        assert cose_of_code(db, "C-1")
    assert found(sealed, settings) == []


EDITS = {
    "facts": "UPDATE certificate SET facts = '{\"holder\": \"Somebody Else\"}' WHERE code = 'C-4'",
    "dates": "UPDATE certificate SET valid_until = '2099-01-01' WHERE code = 'C-4'",
    "withdrawal": "UPDATE certificate SET revoked_at = NULL, revoked_reason = '' WHERE code = 'C-4'",
    "holder": "UPDATE certificate SET completion_key = 'mine' WHERE code = 'C-4'",
    "resealing": "UPDATE certificate SET sealed_at = NULL, salt = 'ff' WHERE code = 'C-4'",
    "seals": "DELETE FROM seal WHERE certificate_id = (SELECT id FROM certificate WHERE code = 'C-4')",
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_the_database_is_found(sealed: Database, settings: Settings, edit: str) -> None:
    with sealed.writing() as db:
        credentials.revoke(db, db.scalars(select(Certificate).where(Certificate.code == "C-4")).one(), reason="Ours")
    actions.seal_waiting(sealed, settings)
    run(sealed, EDITS[edit])
    told = found(sealed, settings)
    assert any(code == "C-4" for _kind, code in told), told
    actions.seal_waiting(sealed, settings)
    assert found(sealed, settings) == told, "the sealer never makes an edit good"


def test_a_tail_that_was_deleted_with_all_that_tells_of_it_is_told_by_the_heads_outside(
    sealed: Database, settings: Settings, cast: Cast
) -> None:
    issue_many(sealed, cast["laura"], range(20, 25))
    with sealed.reading() as db:
        kept = queries.last_head(db)
    actions.seal_waiting(sealed, settings)
    assert kept is not None
    run(sealed, f"DELETE FROM seal WHERE seq > {kept.seq}")
    assert {kind for kind, _ in found(sealed, settings, heads=False)} == {"tail"}
    run(sealed, "DELETE FROM certificate WHERE completion_key IN ('made/20','made/21','made/22','made/23','made/24')")
    with sealed.writing() as db:
        head = db.scalars(select(Head)).one()
        head.seq, head.at, head.hash, head.signature = kept.seq, kept.at, kept.hash, kept.signature
    assert found(sealed, settings, heads=False) == []
    assert found(sealed, settings) == [("tail", "")]


def test_a_batch_that_was_cut_off_leaves_nothing_behind(
    sealed: Database, settings: Settings, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_many(sealed, cast["laura"], range(20, 40))
    told = []

    def cut_off(*arguments: object) -> None:
        told.append(arguments)
        if len(told) == 3:
            raise KeyboardInterrupt
        sign(*arguments)  # type: ignore[arg-type]

    sign = actions.sign_head
    monkeypatch.setattr(actions, "sign_head", cut_off)
    with pytest.raises(KeyboardInterrupt):
        actions.seal_waiting(sealed, settings, batch=5)
    monkeypatch.undo()
    assert actions.seal_waiting(sealed, settings, batch=5) == 10
    assert found(sealed, settings) == []


def test_what_is_erased_while_its_payload_is_made_leaves_none(
    sealed: Database, settings: Settings, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_many(sealed, cast["laura"], range(20, 22))
    make = actions._payloads

    def make_then_erase(*arguments: object) -> object:
        made = make(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(actions, "_payloads", make)
        with sealed.writing() as db:
            credentials.erase(db, db.scalars(select(Certificate).where(Certificate.code == "C-20")).one())
        return made

    monkeypatch.setattr(actions, "_payloads", make_then_erase)
    actions.seal_waiting(sealed, settings)
    assert events(sealed, "C-20") == ["issued", "erased"]
    with sealed.reading() as db:
        assert cose_of_code(db, "C-20") is None
        assert cose_of_code(db, "C-21")


def test_several_sealers_at_once_make_one_chain(sealed: Database, settings: Settings, cast: Cast) -> None:
    issue_many(sealed, cast["laura"], range(100, 180))
    threads = [threading.Thread(target=actions.seal_waiting, args=(sealed, settings, 7)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sealed.reading() as db:
        assert db.scalar(select(func.count()).select_from(Seal)) == len(SOME) + 80
    assert found(sealed, settings) == []


def test_issuing_asks_for_the_sealer_and_long_work_does_not_hold_it_up(
    app: Flask, database: Database, cast: Cast
) -> None:
    issue_many(database, cast["laura"], range(1, 3))
    with database.writing() as db:
        jobs.enqueue(db, "report", {})  # whatever takes long: this lane leaves it alone
        announce(db, CertificateIssued(row(database, "C-1").id))
    Worker(database, handlers(app), only=PROMPT).drain()
    assert events(database, "C-2") == ["issued"]


def test_housekeeping_asks_for_what_a_crash_left(app: Flask, database: Database, cast: Cast) -> None:
    issue_many(database, cast["laura"], range(1, 3))
    with database.writing() as db:
        jobs.enqueue(db, "housekeeping", {})
    Worker(database, handlers(app), only={"housekeeping"}).run_due()
    Worker(database, handlers(app), only={actions.JOB}).drain()
    assert events(database, "C-2") == ["issued"]


def test_after_a_rotation_the_old_seals_count_and_the_head_bears_the_new_key(
    sealed: Database, settings: Settings, cast: Cast
) -> None:
    with sealed.writing() as db:
        new = issuers.rotate(db, settings, "", "ed25519")
        actions.sign_head_anew(db, settings)
        assert queries.last_head(db).kid == new.kid  # type: ignore[union-attr]
    issue_many(sealed, cast["laura"], range(30, 33))
    actions.seal_waiting(sealed, settings)
    assert found(sealed, settings) == []
    with sealed.reading() as db:
        assert set(db.scalars(select(Seal.kid).where(Seal.seq > len(SOME)))) == {new.kid}


def test_without_a_passphrase_nothing_is_sealed_and_nothing_lost(
    app: Flask, database: Database, settings: Settings, cast: Cast
) -> None:
    issue_many(database, cast["laura"], range(1, 3))
    with pytest.raises(keyring.NoKey, match="LMS_KEY_PASSPHRASE is not set"):
        actions.seal_waiting(database, replace(settings, key_passphrase=""))
    app.config["LMS"] = replace(settings, key_passphrase="")
    with database.writing() as db:
        actions.ask(db)
    Worker(database, handlers(app)).drain()
    with database.reading() as db:
        assert queries.has_unsealed(db)
        assert db.scalar(select(func.count()).select_from(jobs.Job).where(jobs.Job.name == actions.JOB)) == 0


OF_4 = "certificate_id = (SELECT id FROM certificate WHERE code = 'C-4') AND event = 'issued'"
OF_5 = "(SELECT cose FROM seal WHERE certificate_id = (SELECT id FROM certificate WHERE code = 'C-5'))"
CODES = {
    "another's": f"UPDATE seal SET cose = {OF_5} WHERE {OF_4}",
    "deleted": f"UPDATE seal SET cose = NULL WHERE {OF_4}",
    "unreadable": f"UPDATE seal SET cose = signature WHERE {OF_4}",
}


@pytest.mark.parametrize("edit", CODES)
def test_a_signed_code_that_was_exchanged_is_found_though_no_seal_takes_it_in(
    sealed: Database, settings: Settings, edit: str
) -> None:
    run(sealed, CODES[edit])
    assert found(sealed, settings) == [("code", "C-4")]


def test_a_signed_code_of_somebody_without_the_key_is_found(sealed: Database, settings: Settings) -> None:
    with sealed.writing() as db:
        seal = db.scalars(select(Seal).where(text(OF_4))).one()
        assert seal.cose is not None
        seal.cose = bytes([*seal.cose[:-1], seal.cose[-1] ^ 1])  # the last byte of the signature
    assert found(sealed, settings) == [("code", "C-4")]


def test_a_head_whose_signature_was_exchanged_is_found(sealed: Database, settings: Settings) -> None:
    run(sealed, "UPDATE seal_head SET signature = (SELECT signature FROM seal WHERE seq = 1)")
    assert found(sealed, settings) == [("head", "")]
    assert found(sealed, settings, heads=False) == [("head", "")]
