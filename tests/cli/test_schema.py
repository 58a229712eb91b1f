"""`lms db` and `lms doctor`: what state things are in, and what to do."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from lms.clock import now
from lms.db import Database
from lms.jobs import Job
from tests.cli.console import Console
from tests.packs import SMALL, publish


def test_upgrade_makes_the_data_folder_and_all_tables(console: Console, tmp_path: Path) -> None:
    said = console("db", "upgrade")
    assert said.code == 0
    assert said.out.startswith("Upgraded from nothing to ")
    assert (tmp_path / "home" / "lms.db").exists()
    assert console("db", "upgrade").out == "The tables are up to date.\n"
    assert console("db", "state").code == 0


def test_tables_that_are_behind_are_code_1(console: Console, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "lms.db").touch()
    said = console("db", "state", "--json")
    assert said.code == 1
    assert said.json["present"] is None


def test_tables_of_a_newer_program_are_left_alone(ready: Console, database: Database) -> None:
    with database.writing() as db:
        db.execute(text("update alembic_version set version_num = 'from-2031'"))
    for command in (["db", "upgrade"], ["publish", "."], ["serve"]):
        said = ready(*command)
        assert said.code == 1, command
        assert "Install the newer program" in said.err


def test_the_doctor_finds_everything_in_order(ready: Console, database: Database, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    publish(database, SMALL)
    typed = "four quiet green words\n"
    ready("people", "add", "--name", "Olga", "--login", "olga", "--role", "operator", typed=typed)
    ready.set(smtp_url="smtp://mail.example.org:587")
    said = ready("doctor")
    assert "LOOK" not in said.out
    assert said.code == 0


def test_the_doctor_names_what_is_not_in_order_and_what_to_do(
    ready: Console, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    with database.writing() as db:
        db.add(Job(name="letter", args={}, run_at=now(), created_at=now(), state="dead", attempts=8))
    said = ready("doctor", "--json")
    assert said.code == 1
    found = {line["name"]: line for line in said.json}
    wrong = {name for name, line in found.items() if not line["is_fine"]}
    assert wrong == {"courses", "operators", "jobs", "mail"}
    assert "lms publish" in found["courses"]["words"]
    assert "lms people add" in found["operators"]["words"]


def test_the_doctor_sees_tables_that_are_behind_and_a_missing_folder(ready: Console, database: Database) -> None:
    with database.writing() as db:
        db.execute(text("delete from alembic_version"))
    said = ready("doctor", "--json")
    assert said.code == 1
    assert {line["name"]: line["is_fine"] for line in said.json} == {"tables": False, "data folder": False}
