"""`lms units import` and `lms people import`: the same as the pages, for an operator at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from lms.people.models import Person, Unit
from lms.rosters import running
from tests.cli.conftest import console, ready
from tests.rosters.importing import as_csv, counts

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["console", "ready"]
UNITS = as_csv([("VN", "Việt Nam", ""), ("14", "Sơn La", "VN"), ("14-1", "Tổ 1", "14")], ("code", "name", "parent"))
PEOPLE = as_csv(
    [("A1", "Lò Thị Pâng", "14-1"), ("A2", "Giàng A Súa", "14-11"), ("A3", "Vàng A Tủa", "14")],
    ("code", "name", "unit code"),
)


def write(tmp_path: Path, content: bytes, name: str = "register.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.fixture
def built(ready, tmp_path):
    said = ready("units", "import", write(tmp_path, UNITS, "units.csv"), "--json")
    assert said.code == 0, said.err
    assert said.json["created"] == 3
    return ready


def test_a_dry_run_says_what_would_change_and_changes_nothing(built, database, tmp_path):
    said = built("people", "import", write(tmp_path, PEOPLE), "--dry-run", "--json")
    assert said.code == 0, said.err
    assert said.json == {
        "rows": 3, "created": 2, "updated": 0, "unchanged": 0, "asked": 0, "rejected": 1, "dry_run": True,
        "troubles": [
            {
                "row": 3, "outcome": "rejected", "code": "A2",
                "reason": "No unit here has the code 14-11. Did you mean 14-1, Tổ 1?",
            }
        ],
    }  # fmt: skip
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 0


def test_the_second_time_nothing_changes(built, database, tmp_path):
    file = write(tmp_path, PEOPLE)
    assert "new 2" in built("people", "import", file).out
    said = built("people", "import", file)
    assert "already the same 2" in said.out
    assert "row 3: left out: No unit here has the code 14-11." in said.out
    assert counts(database) == {"unchanged": 2, "rejected": 1}
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Unit)) == 3


def test_a_file_may_be_kept_to_a_subtree(built, tmp_path):
    said = built("people", "import", write(tmp_path, PEOPLE), "--unit", "14-1", "--json")
    assert (said.json["created"], said.json["rejected"]) == (1, 2)
    assert "No unit has the code 15" in built("people", "import", write(tmp_path, PEOPLE), "--unit", "15").err


def test_columns_can_be_named(built, tmp_path):
    file = write(tmp_path, as_csv([("Lò Thị Pâng", "14-1")], ("Persona X", "unit code")))
    said = built("people", "import", file)
    assert said.code == 1
    assert "No column is recognised as “Name”. Columns: Persona X, unit code. Name it: --column name=NAME" in said.err
    assert built("people", "import", file, "--column", "name=Persona X", "--json").json["created"] == 1
    assert built("people", "import", file, "--column", "nose=Persona X").code == 2
    assert "No column is named" in built("people", "import", file, "--column", "name=Persona").err


def test_a_file_that_cannot_be_read_is_said(built, tmp_path):
    said = built("people", "import", write(tmp_path, b"%PDF-1.7", "register.pdf"))
    assert said.code == 1
    assert "This kind of file cannot be read. Save it as XLSX or CSV and send it again." in said.err


def test_a_killed_command_goes_on_where_it_was(built, database, tmp_path, monkeypatch):
    rows = [(f"K{number}", f"Person {number}", "14-1") for number in range(25)]
    file = write(tmp_path, as_csv(rows, ("code", "name", "unit code")))
    monkeypatch.setattr(running.PeopleImport, "size", 10)

    def kill(_self):
        raise KeyboardInterrupt

    with monkeypatch.context() as killing:
        killing.setattr(running.PeopleImport, "settle", kill)
        assert built("people", "import", file).code != 0
    assert counts(database) == {"created": 10}
    assert built("people", "import", file, "--json").json["created"] == 25
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(Person.code.startswith("K"))) == 25
