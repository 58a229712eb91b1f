"""`lms backup` and `lms restore`: a whole copy while others write, and nothing lost by putting one back."""

from __future__ import annotations

import json
import os
import stat
import threading
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from lms.clock import now
from lms.content import queries as content
from lms.db import Base, Database
from lms.quiz import actions as quiz
from lms.quiz.models import Answer, Attempt
from tests import postgres as pg
from tests.cast import invite
from tests.cli.console import Console

pytestmark = pytest.mark.unshared
WRITERS = 4
COURSE = "first-aid"


@pytest.fixture
def console(console: Console, monkeypatch: pytest.MonkeyPatch) -> Console:
    """With PostgreSQL's programs where an operator has them: on the path, of the server's version."""
    programs = pg.binaries()
    if programs:
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return console


@pytest.fixture
def served(ready: Console, database: Database, app: object, tmp_path: Path) -> Console:
    """An installation with people, an exam under way for each writer, an upload and an uploaded pack."""
    cast = invite(app)  # type: ignore[arg-type]
    for name, holds in [("uploads/ab/cd", b"handed in"), ("packs/mine/index.md", b"# Mine"), ("outbox/a.eml", b"x")]:
        file = tmp_path / "home" / name
        file.parent.mkdir(parents=True)
        file.write_bytes(holds)
    with database.writing() as db:
        current = content.current(db, COURSE)
        assert current is not None
        exam = current.course.quizzes[current.course.exam]
        for actor in list(cast.ids.values())[:WRITERS]:
            quiz.start_attempt(
                db, actor, current.course, current.version, exam, attempt_id=str(uuid.uuid4()), language="en"
            )
    return ready


@dataclass
class Writers:
    """Threads that save answers one after the other. `acknowledged` holds the ids that were committed."""

    database: Database
    acknowledged: set[str] = field(default_factory=set)
    stop: threading.Event = field(default_factory=threading.Event)

    def write(self, attempt: str) -> None:
        while not self.stop.is_set():
            answer = str(uuid.uuid4())
            with self.database.writing() as db:
                found = db.get_one(Attempt, attempt)
                quiz.save_answer(db.connection(), found, found.questions[0], "x", answer_id=answer, made_at=now())
            self.acknowledged.add(answer)


@contextmanager
def writing(database: Database) -> Iterator[Writers]:
    with database.reading() as db:
        attempts = db.scalars(select(Attempt.id)).all()
    writers = Writers(database)
    threads = [threading.Thread(target=writers.write, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    try:
        yield writers
    finally:
        writers.stop.set()
        for thread in threads:
            thread.join()


def wait_for_more(writers: Writers, count: int) -> None:
    wanted, deadline = len(writers.acknowledged) + count, time.monotonic() + 30
    while len(writers.acknowledged) < wanted:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def answers(database: Database) -> set[str]:
    with database.reading() as db:
        return set(db.scalars(select(Answer.id)))


@contextmanager
def elsewhere(console: Console, database: Database, folder: Path) -> Iterator[Database]:
    """Another machine: an empty data folder, and for PostgreSQL an empty database."""
    url = database.engine.url
    console.set(home=str(folder))
    if url.get_backend_name() == "sqlite":
        other = f"sqlite:///{folder / 'lms.db'}"
    else:
        server = pg.Server(Path(str(url.query["host"])))
        name = f"{url.database}_r"
        other = server.create(name)
    console.set(database_url=other)
    opened = Database(other)
    try:
        yield opened
    finally:
        opened.dispose()
        if url.get_backend_name() != "sqlite":
            server.drop(name)


def foreign_keys_hold(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        with database.reading() as db:
            assert db.execute(text("pragma foreign_key_check")).all() == []
            assert db.execute(text("pragma integrity_check")).scalar_one() == "ok"
        return
    with database.reading() as db:
        for table in Base.metadata.sorted_tables:
            for key in table.foreign_keys:
                other = key.column.table.alias()
                orphans = select(func.count()).select_from(
                    table.outerjoin(other, key.parent == other.c[key.column.name])
                )
                found = db.scalar(orphans.where(key.parent.is_not(None), other.c[key.column.name].is_(None)))
                assert found == 0, key


def test_a_copy_made_while_others_write_is_whole(served: Console, database: Database, tmp_path: Path) -> None:
    target = tmp_path / "backup.zip"
    with writing(database) as writers:
        wait_for_more(writers, 20)
        before = set(writers.acknowledged)
        said = served("backup", target)
        wait_for_more(writers, 20)
    assert said.code == 0, said.err
    assert said.out.startswith(f"Backed up to {target}")
    with elsewhere(served, database, tmp_path / "new") as restored:
        done = served("restore", target)
        assert done.code == 0, done.err
        kept = answers(restored)
        assert before <= kept
        assert kept < answers(database)
        foreign_keys_hold(restored)
        assert (tmp_path / "new/uploads/ab/cd").read_bytes() == b"handed in"
        assert (tmp_path / "new/packs/mine/index.md").read_bytes() == b"# Mine"
        assert (tmp_path / "new/outbox/a.eml").read_bytes() == b"x"
        served.set(smtp_url="smtp://mail.example.org")
        healthy = served("doctor")
        assert healthy.code == 0, healthy.out
        with restored.writing() as db:  # ids go on where they were
            attempt = db.scalars(select(Attempt)).first()
            assert attempt is not None
            quiz.allow(db, attempt.actor_id, COURSE, "q", attempts=1, minutes=0, reason="-", by=attempt.actor_id)


def test_a_backup_is_for_its_owner_only_and_leaves_nothing_else(served: Console, tmp_path: Path) -> None:
    (tmp_path / "safe").mkdir()
    assert served("backup", tmp_path / "safe" / "b.zip").code == 0
    assert stat.S_IMODE((tmp_path / "safe" / "b.zip").stat().st_mode) == 0o600
    assert inside(tmp_path / "safe") == ["b.zip"]


def test_a_backup_into_no_folder_is_a_sentence(served: Console, tmp_path: Path) -> None:
    said = served("backup", tmp_path / "no" / "b.zip")
    assert said.code == 1
    assert "There is no folder" in said.err


def test_nothing_is_overwritten_without_being_told(served: Console, database: Database, tmp_path: Path) -> None:
    served("backup", tmp_path / "b.zip")
    with database.writing() as db:
        db.execute(text("delete from job"))
        db.execute(text("update person set name = 'Changed'"))
    database.dispose()
    refused = served("restore", tmp_path / "b.zip")
    assert refused.code == 1
    assert "--replace" in refused.err
    assert names(database) == {"Changed"}


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def names(database: Database) -> set[str]:
    with database.reading() as db:
        found = set(db.scalars(text("select name from person")))
    database.dispose()
    return found


def test_replace_brings_back_what_was_and_takes_away_what_came_since(
    served: Console, database: Database, tmp_path: Path
) -> None:
    was = names(database)
    served("backup", tmp_path / "b.zip")
    with database.writing() as db:
        db.execute(text("update person set name = 'Changed'"))
        db.execute(text("create table of_a_newer_program (id integer primary key, person integer references person)"))
    (tmp_path / "home/uploads/ab/later").write_bytes(b"later")
    database.dispose()
    done = served("restore", tmp_path / "b.zip", "--replace")
    assert done.code == 0, done.err
    assert names(database) == was
    with database.reading() as db, pytest.raises(Exception, match="of_a_newer_program"):
        db.execute(text("select * from of_a_newer_program"))
    assert inside(tmp_path / "home/uploads/ab") == ["cd"]
    assert not [name for name in inside(tmp_path / "home") if name.startswith(".")]


def test_a_database_in_use_is_not_replaced(served: Console, database: Database, tmp_path: Path) -> None:
    served("backup", tmp_path / "b.zip")
    with database.reading() as db:
        db.execute(text("select 1 from person")).all()
        refused = served("restore", tmp_path / "b.zip", "--replace")
    assert refused.code == 1
    assert "Stop the server first" in refused.err


def cut_off(data: bytes) -> bytes:
    return data[: len(data) // 2]


def one_byte_wrong(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 0xFF]) + data[len(data) // 2 + 1 :]


def no_zip(_data: bytes) -> bytes:
    return b"something else"


@pytest.mark.parametrize("damage", [cut_off, one_byte_wrong, no_zip])
def test_a_damaged_backup_changes_nothing(served: Console, database: Database, tmp_path: Path, damage: object) -> None:
    served("backup", tmp_path / "b.zip")
    with database.writing() as db:
        db.execute(text("update person set name = 'Changed'"))
    database.dispose()
    (tmp_path / "b.zip").write_bytes(damage((tmp_path / "b.zip").read_bytes()))  # type: ignore[operator]
    refused = served("restore", tmp_path / "b.zip", "--replace")
    assert refused.code == 1
    assert "Nothing was changed" in refused.err
    assert names(database) == {"Changed"}
    assert (tmp_path / "home/uploads/ab/cd").exists()


def rewritten(source: Path, target: Path, **replaced: bytes) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, replaced.get(name.replace(".", "_"), old.read(name)))


def test_a_backup_whose_database_is_broken_inside_changes_nothing(
    served: Console, database: Database, tmp_path: Path
) -> None:
    served("backup", tmp_path / "b.zip")
    rewritten(tmp_path / "b.zip", tmp_path / "c.zip", lms_db=b"no database", lms_pgdump=b"no dump")
    was = names(database)
    refused = served("restore", tmp_path / "c.zip", "--replace")
    assert refused.code == 1
    assert "Nothing was changed" in refused.err
    assert names(database) == was


def test_a_backup_of_a_newer_program_is_refused(served: Console, tmp_path: Path) -> None:
    served("backup", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        about = json.loads(archive.read("backup.json"))
    rewritten(tmp_path / "b.zip", tmp_path / "c.zip", backup_json=json.dumps({**about, "revision": "2031"}).encode())
    refused = served("restore", tmp_path / "c.zip", "--replace")
    assert refused.code == 1
    assert "newer program" in refused.err


def test_any_other_zip_is_refused(sqlite_ready: Console, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("course.md", "# No backup")
    refused = sqlite_ready("restore", tmp_path / "z.zip", "--replace")
    assert refused.code == 1
    assert "no backup of ours" in refused.err


def test_a_backup_goes_back_into_the_same_kind_of_database(
    sqlite_ready: Console, postgres: pg.Server, tmp_path: Path
) -> None:
    sqlite_ready("backup", tmp_path / "b.zip")
    sqlite_ready.set(database_url=postgres.url("postgres"))
    refused = sqlite_ready("restore", tmp_path / "b.zip")
    assert refused.code == 1
    assert "another kind" in refused.err


def test_without_postgresql_programs_it_says_what_to_install(
    console: Console, postgres: pg.Server, tmp_path: Path
) -> None:
    console.set(database_url=postgres.url("postgres"))
    console.monkeypatch.setenv("PATH", str(tmp_path))
    said = console("backup", tmp_path / "b.zip")
    assert said.code == 1
    assert "Install PostgreSQL's client programs" in said.err
    assert not (tmp_path / "b.zip").exists()
