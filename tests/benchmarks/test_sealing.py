"""Sealing a nation's certificates after an import, auditing them, and how long one waits for its seal behind that.

`LMS_BENCH_SCALE=0.02` takes a fiftieth of them, to try the script.
"""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from lms.clock import now
from lms.config import Settings
from lms.credentials.models import Certificate
from lms.db import Database
from lms.sealing import actions, audit_queries, heads_file
from lms.sealing.models import Seal
from tests.benchmarks.national import SCALE
from tests.benchmarks.test_figures import timing_locks
from tests.conftest import SECRET
from tests.packs import SMALL, publish
from tests.sealing.issuing import issue_many

pytestmark = pytest.mark.benchmark
MANY = int(212_761 * SCALE)
FEWEST_A_SECOND = 1000
MOST_MEGABYTES = 60  # that the audit may add
MOST_WAIT = 0.5  # seconds for whoever writes meanwhile
HOLDER = "insert into actor (id, created_at) values (7, '2026-01-02 03:04:05')"


def test_a_nation_is_sealed_and_audited(database: Database, tmp_path: Path) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(home=tmp_path, database_url=url, secret_key=SECRET, key_passphrase=SECRET)
    publish(database, SMALL)
    with database.writing() as db:
        db.execute(text(HOLDER))
    for first in range(1, MANY + 1, 2000):
        issue_many(database, 7, range(first, min(first + 2000, MANY + 1)))
    if database.engine.dialect.name == "postgresql":
        with database.reader_of_writers.connect() as db:
            db.execute(text("analyze"))  # as autovacuum does within a minute of an import
    with timing_locks(database) as waits:
        started = time.perf_counter()
        made = actions.seal_waiting(database, settings)
        sealing = time.perf_counter() - started
    assert made == MANY
    speed = f"{made / sealing:.0f} a second; longest lock {max(waits):.3f} s"
    print(f"\n{made} certificates sealed in {sealing:.1f} s, {speed}")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    with database.at_one_moment() as db:
        count, found = audit_queries.examine(db, now(), [tmp_path / heads_file.NAME])
        assert list(found) == []
    auditing = time.perf_counter() - started
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    speed = f"{count.certificates / auditing:.0f} a second, +{more:.0f} MB"
    print(f"{count.certificates} audited in {auditing:.1f} s, {speed}")
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Seal)) == MANY
        assert db.scalar(select(func.count()).select_from(Certificate).where(Certificate.sealed_at.is_(None))) == 0
    assert made / sealing >= FEWEST_A_SECOND
    assert max(waits) <= MOST_WAIT
    assert more <= MOST_MEGABYTES
