"""A worker is killed in the middle of a round of letters: each letter arrives, and a double bears the same name."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from sqlalchemy import func, select, update

from lms.clock import now
from lms.db import Database
from lms.jobs import Job, enqueue
from lms.people import actions
from tests.cli.server import environment, started, wait_until
from tests.conftest import SECRET
from tests.ground.sink import sink

pytestmark = pytest.mark.mostly_sqlite

LETTERS = 12


def ask_for_letters(database: Database) -> set[str]:
    with database.writing() as db:
        for number in range(LETTERS):
            new = actions.NewPerson(f"Person {number}", f"person{number}@example.org", "")
            enqueue(db, "letter", {"kind": "sign_in_link", "person": actions.sign_up(db, new, "").id})
    return {f"person{number}@example.org" for number in range(LETTERS)}


def settings(database: Database, home: Path, **more: str) -> dict[str, str]:
    url = database.engine.url.render_as_string(hide_password=False)
    secrets = {"secret_key": SECRET, "key_passphrase": SECRET}
    return environment(home=str(home), database_url=url, shipped_pack="no", **secrets, **more)


def end_leases(database: Database) -> None:
    """As if the lease's two minutes were over."""
    with database.writing() as db:
        db.execute(update(Job).where(Job.lease_until.is_not(None)).values(lease_until=now()))


def letters_left(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Job).where(Job.name.in_(["letter", "event"]))) or 0


def test_each_letter_reaches_the_mail_server_and_a_double_bears_the_same_name(
    database: Database, tmp_path: Path
) -> None:
    everybody = ask_for_letters(database)
    with sink() as mails:
        env = settings(database, tmp_path, smtp_url=f"smtp://127.0.0.1:{mails.port}")
        with started("work", env=env, folder=tmp_path) as worker:

            def kill_in_the_middle(_envelope: Envelope) -> None:
                if len(mails.messages) == LETTERS // 2:
                    os.kill(worker.child.pid, signal.SIGKILL)

            mails.refuse = kill_in_the_middle  # and take the letter: the worker never hears of it
            assert worker.child.wait(60) == -signal.SIGKILL
        mails.refuse = lambda _envelope: None
        assert 0 < letters_left(database) < LETTERS + LETTERS
        end_leases(database)
        with started("work", env=env, folder=tmp_path) as worker:
            wait_until("all sent", lambda: letters_left(database) == 0, worker.log)
    names = {str(message["To"]): set() for message in mails.messages}
    for message in mails.messages:
        names[str(message["To"])].add(message["Message-ID"])
    assert names.keys() == everybody
    assert all(len(ids) == 1 for ids in names.values()), "who gets one again sees that it is the same"
    assert len({name for ids in names.values() for name in ids}) == LETTERS
    assert len(mails.messages) <= LETTERS + 1, "only the one under way is sent again"


def test_the_outbox_holds_each_letter_once_and_whole(database: Database, tmp_path: Path) -> None:
    ask_for_letters(database)
    env, outbox = settings(database, tmp_path), tmp_path / "outbox"
    with started("work", env=env, folder=tmp_path) as worker:
        wait_until("some sent", lambda: len(list(outbox.glob("*.eml"))) >= 3, worker.log)
        worker.kill()
    end_leases(database)
    with started("work", env=env, folder=tmp_path) as worker:
        wait_until("all sent", lambda: letters_left(database) == 0, worker.log)
    files = list(outbox.iterdir())
    assert len(files) == LETTERS
    texts = [file.read_text(encoding="utf-8") for file in files]
    assert len({text.partition("\nTo: ")[2].partition("\n")[0] for text in texts}) == LETTERS
    assert all("/sign-in/link/" in text for text in texts)
