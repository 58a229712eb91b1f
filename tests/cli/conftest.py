"""An operator's machine: an empty data folder, settings as in production."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lms.db import Database
from tests.cli.console import Console
from tests.conftest import SECRET

URL = "https://learn.example.org"


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Console:
    """No tables yet."""
    for name in os.environ:
        if name.startswith("LMS_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    made = Console(monkeypatch, capsys)
    made.set(home=str(tmp_path / "home"), secret_key=SECRET, key_passphrase=SECRET, shipped_pack="no", url=URL)
    return made


@pytest.fixture
def ready(console: Console, database: Database) -> Console:
    """With all tables, in a database of each kind in turn."""
    console.set(database_url=database.engine.url.render_as_string(hide_password=False))
    return console


@pytest.fixture
def sqlite_ready(console: Console) -> Console:
    """With all tables, in SQLite in the data folder."""
    said = console("db", "upgrade")
    assert said.code == 0, said.err
    return console
