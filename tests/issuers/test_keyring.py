"""Keys: made once, encrypted, opened by the passphrase alone, never shown."""

from __future__ import annotations

import pickle
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.clock import now
from lms.config import Settings
from lms.issuers import actions, keyring, queries, signing
from lms.issuers.models import IssuerKey

if TYPE_CHECKING:
    from lms.db import Database

KINDS: tuple[signing.Kind, ...] = ("ed25519", "p256", "rsa")


@pytest.fixture
def ready(database: Database, settings: Settings) -> Settings:
    with database.writing() as db:
        keyring.ensure_keys(db, settings)
    return settings


def test_the_first_start_makes_an_issuer_and_its_keys_and_the_second_nothing(
    database: Database, ready: Settings
) -> None:
    with database.writing() as db:
        before = queries.keys(db)
        keyring.ensure_keys(db, ready)
        assert queries.keys(db) == before
        assert [key.kind for key in before] == ["ed25519", "p256"]
        own = queries.default_issuer(db)
    assert own is not None
    assert (own.slug, own.name, own.url) == ("handrail", "Handrail", "http://localhost")


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_key_signs_it_verifies_and_nothing_else(kind: signing.Kind) -> None:
    private = signing.new_private(kind)
    public = private.public_key()
    key = queries.PublicKey(signing.kid_of(public), kind, "x", {}, "", now(), spki=signing.spki(public))
    signature = signing.Signer(key, private).sign(b"words")
    assert len(signature) == {"ed25519": 64, "p256": 64, "rsa": 384}[kind]
    assert key.verifies(b"words", signature)
    assert not key.verifies(b"other words", signature)
    assert not key.verifies(b"words", signature[:-1])
    assert not key.verifies(b"words", signature[:-1] + bytes([signature[-1] ^ 1]))


def test_the_forms_of_a_public_key_are_those_of_the_standards() -> None:
    # RFC 8032, section 7.1, test 1
    raw = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    public = signing.ed25519.Ed25519PublicKey.from_public_bytes(raw)
    assert signing.jwk_of(public) == {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }  # fmt: skip - RFC 8037, appendix A.2
    assert signing.multikey_of(public).startswith("z6Mk")
    assert len(signing.kid_of(public)) == 16
    assert signing.base58(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert signing.base58(b"\0\0a") == "112g"


def test_a_private_key_lies_encrypted_and_shows_itself_nowhere(database: Database, ready: Settings) -> None:
    with database.reading() as db:
        row = db.scalars(select(IssuerKey).where(IssuerKey.kind == "ed25519")).one()
        signer = keyring.signer(db, ready)
    assert row.private.startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert "PRIVATE" not in repr(row) + repr(signer) + repr(signer.key)
    with pytest.raises((TypeError, AttributeError)):
        pickle.dumps(signer)


def test_another_passphrase_opens_nothing_and_the_sentence_says_what_to_do(database: Database, ready: Settings) -> None:
    with database.reading() as db, pytest.raises(keyring.NoKey, match="lms keys rotate"):
        keyring.signer(db, replace(ready, key_passphrase="another passphrase that is long enough"))


def test_production_without_a_passphrase_is_refused_and_a_demonstration_makes_a_file(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    bare = replace(settings, key_passphrase="")
    with database.writing() as db, pytest.raises(keyring.NoKey, match="LMS_KEY_PASSPHRASE is not set"):
        keyring.ensure_keys(db, bare)
    with database.writing() as db:
        keyring.ensure_keys(db, replace(bare, demo=True))
    file = tmp_path / keyring.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with database.reading() as db:
        keyring.check_keys(db, bare)  # the file serves in production, too
    file.write_text("\n")
    with pytest.raises(keyring.NoKey, match="is empty"):
        keyring.passphrase(bare)


def test_a_rotation_retires_the_old_key_which_verifies_what_it_signed(database: Database, ready: Settings) -> None:
    with database.writing() as db:
        old = keyring.signer(db, ready)
        signature = old.sign(b"words")
        new = actions.rotate(db, ready, "", "ed25519")
        known = {key.kid: key for key in queries.keys(db)}
        assert keyring.signer(db, ready).key.kid == new.kid
    retired = known[old.key.kid]
    assert retired.verifies(b"words", signature)
    assert retired.counted(new.since - timedelta(seconds=1)) is (retired.since < new.since - timedelta(seconds=1))
    assert not retired.counted(now() + timedelta(seconds=1))
    assert not retired.is_in_use


def test_nothing_counts_that_a_broken_key_signed_from_that_moment_on(database: Database, ready: Settings) -> None:
    with database.writing() as db:
        old = keyring.signer(db, ready).key
        moment = now()
        actions.rotate(db, ready, "", "ed25519", broken="The disk was stolen", since=moment)
        broken = {key.kid: key for key in queries.keys(db)}[old.kid]
    assert broken.broken_reason == "The disk was stolen"
    assert not broken.counted(moment)
    assert broken.counted(old.since)


def test_an_rsa_key_is_made_when_it_is_asked_for(database: Database, ready: Settings) -> None:
    with database.writing() as db, pytest.raises(keyring.NoKey, match="lms keys rotate --kind rsa"):
        keyring.signer(db, ready, "", "rsa")
    with database.writing() as db:
        assert actions.rotate(db, ready, "", "rsa").jwk["kty"] == "RSA"
        assert keyring.signer(db, ready, "handrail", "rsa").sign(b"x")
    with database.writing() as db, pytest.raises(actions.NoSuchIssuer):
        actions.rotate(db, ready, "nobody", "rsa")
