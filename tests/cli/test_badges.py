"""Badges as an operator takes them along and checks them: ours, and anybody's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text

from lms.badges import baking
from lms.badges.actions import sign_waiting
from lms.badges.models import StatusList
from lms.cli.serve import see_to_keys
from lms.config import load_settings
from lms.content.models import CourseVersion
from lms.credentials.actions import Earned, issue, revoke
from lms.credentials.models import Certificate
from lms.db import Database
from tests.badges import makers
from tests.cli.console import Console
from tests.packs import SMALL, publish


@pytest.fixture
def code(sqlite_ready: Console) -> str:  # noqa: ARG001 - sets the environment
    settings = load_settings()
    database = Database(settings.database)
    publish(database, SMALL)
    with database.writing() as db:
        db.execute(text("insert into actor (id, created_at) values (7, '2026-01-02 03:04:05')"))
        version = db.scalars(select(CourseVersion.id)).one()
        issue(db, Earned("7/first-aid", 7, version, "24 months", makers.FACTS))
    see_to_keys(settings, database)
    sign_waiting(database, settings)
    with database.reading() as db:
        return db.scalars(select(Certificate.code)).one()


@pytest.mark.parametrize("form", ["json", "jwt", "png", "svg"])
def test_a_badge_is_exported_and_verified(code: str, sqlite_ready: Console, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"badge.{form}"
    assert sqlite_ready("certificates", "export", code, "--format", f"ob3-{form}", "-o", file).code == 0
    said = sqlite_ready("certificates", "verify", file)
    assert (said.code, said.out.splitlines()[0]) == (0, "VALID")
    assert "did:web:learn.example.org" in said.out


def test_an_altered_or_withdrawn_one_is_refused(code: str, sqlite_ready: Console, tmp_path: Path) -> None:
    file = tmp_path / "badge.json"
    sqlite_ready("certificates", "export", code, "--format", "ob3-json", "-o", file)
    altered = tmp_path / "altered.json"
    altered.write_text(file.read_text(encoding="utf-8").replace('"validFrom":"2', '"validFrom":"1'), encoding="utf-8")
    said = sqlite_ready("certificates", "verify", altered)
    assert (said.code, said.out.splitlines()[0]) == (1, "NOT VALID")
    database = Database(load_settings().database)
    with database.writing() as db:
        revoke(db, db.scalars(select(Certificate)).one(), reason="Given by mistake")
    said = sqlite_ready("certificates", "verify", file)  # before any list was signed again
    assert (said.code, said.out.splitlines()[:2]) == (1, ["WITHDRAWN", "Its issuer has withdrawn it: Given by mistake"])
    sign_waiting(database, load_settings())
    said = sqlite_ready("certificates", "verify", file)
    assert (said.code, said.out.splitlines()[0]) == (1, "WITHDRAWN")


def test_anybodys_badge_is_checked_with_what_its_issuer_publishes(sqlite_ready: Console, tmp_path: Path) -> None:
    badge, did, listed = (tmp_path / name for name in ("badge.jwt", "did.json", "list.json"))
    badge.write_text(makers.token(makers.statused(makers.plain(until=None), is_token=True)))
    did.write_text(json.dumps(makers.keys().document))
    listed.write_text(makers.lists([])[1])
    said = sqlite_ready("certificates", "verify", badge)
    assert (said.code, said.out.splitlines()[0]) == (1, "NOBODY KNOWS: its issuer's keys are not at hand")
    said = sqlite_ready("certificates", "verify", badge, "--issuer", did)
    assert said.code == 3, "the signature holds, and that is not enough"
    assert said.out.splitlines()[0] == "GENUINE, but nobody knows here whether it was withdrawn"
    assert "could not be checked" in said.out
    said = sqlite_ready("certificates", "verify", badge, "--issuer", did, "--status", listed)
    assert (said.code, said.out.splitlines()[0]) == (0, "VALID")
    listed.write_text(makers.lists([makers.PLACE])[1])
    said = sqlite_ready("certificates", "verify", badge, "--issuer", did, "--status", listed)
    assert (said.code, said.out.splitlines()[0]) == (1, "WITHDRAWN")


def test_our_own_badge_is_looked_up_in_the_register_if_its_list_says_nothing(
    code: str, sqlite_ready: Console, tmp_path: Path
) -> None:
    file = tmp_path / "badge.json"
    sqlite_ready("certificates", "export", code, "--format", "ob3-json", "-o", file)
    database = Database(load_settings().database)
    with database.writing() as db:
        db.execute(delete(StatusList))
    said = sqlite_ready("certificates", "verify", file)
    assert (said.code, said.out.splitlines()[0]) == (0, "VALID")


def test_a_file_that_helps_nobody_is_a_sentence(sqlite_ready: Console, tmp_path: Path) -> None:
    badge, wrong = tmp_path / "badge.png", tmp_path / "wrong.json"
    badge.write_bytes(baking.PNG + baking.KEYWORD)
    assert "NOT VALID" in sqlite_ready("certificates", "verify", badge).out
    wrong.write_text("[]")
    said = sqlite_ready("certificates", "verify", badge, "--issuer", wrong)
    assert said.code != 0
    assert "no document of an issuer" in said.err
