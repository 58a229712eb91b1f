"""How many Open Badges a second are signed, and how large they are.

`LMS_BENCH_SCALE=0.02` takes a fiftieth of them, to try the script.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from lms.badges import actions
from lms.badges.models import Badge
from lms.config import Settings
from lms.db import Database
from lms.issuers.keyring import ensure_keys
from tests.benchmarks.national import SCALE
from tests.conftest import SECRET
from tests.packs import SMALL, publish
from tests.sealing.issuing import issue_many

pytestmark = pytest.mark.benchmark
MANY = max(100, int(5000 * SCALE))
FEWEST_A_SECOND = 20  # on one core; canonicalization is nearly all of it


def test_badges_are_signed(database: Database, tmp_path: Path) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    site = "https://learn.example.org"
    settings = Settings(home=tmp_path, url=site, database_url=url, secret_key=SECRET, key_passphrase=SECRET)
    publish(database, SMALL)
    with database.writing() as db:
        db.execute(text("insert into actor (id, created_at) values (7, '2026-01-02 03:04:05')"))
        ensure_keys(db, settings)
    issue_many(database, 7, range(1, MANY + 1))
    started = time.process_time()
    done = actions.sign_waiting(database, settings, is_whole=False, most=MANY)
    spent = time.process_time() - started
    with database.reading() as db:
        size = db.scalar(select(func.avg(func.length(Badge.document) + func.length(Badge.token)))) or 0
    speed = f"{done.signed / spent:.0f} a second, {size:.0f} bytes each"
    print(f"\n{done.signed} badges in {spent:.1f} s of processor time: {speed}")
    assert done.signed == MANY
    assert done.signed / spent >= FEWEST_A_SECOND
