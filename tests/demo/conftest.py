"""Small demonstrations of whole programmes, on a database of each kind, with the courses that are shipped.

To publish the courses takes seconds, and so does a programme: the courses come with a template, and a programme is made
once for all tests that only look at it.
"""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from lms.cli.schema import upgrade_database
from lms.config import Settings
from lms.content.packs import offered_packs, publish_pack
from lms.db import Database
from lms.demo.programmes import make_programme
from lms.discovery import OWN, question_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TYPES = question_types([OWN])
SMALL = 0.005


@dataclass(slots=True)
class Programmes:
    """The programmes on databases of one kind; each is made when the first test asks for it."""

    fresh: Callable[[], Database]
    made: dict[str, Database] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Database:
        if name not in self.made:
            self.made[name] = self.fresh()
            assert make_programme(self.made[name], TYPES, name, scale=SMALL)
        return self.made[name]


@pytest.fixture(scope="session")
def sqlite_courses(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the shipped courses, to be copied."""
    path = tmp_path_factory.mktemp("courses") / "lms.db"
    shutil.copy(sqlite_template, path)
    _publish(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def programmes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programmes]:
    """Programmes to look at, on each kind of database in turn."""
    home = tmp_path_factory.mktemp("programmes")

    def copied() -> Database:
        path = home / f"{uuid.uuid4().hex}.db"
        shutil.copy(request.getfixturevalue("sqlite_courses"), path)
        return Database(f"sqlite:///{path}", durable=False)

    def created() -> Database:
        server = request.getfixturevalue("postgres")
        template = server.template("template_courses", lambda url: _publish(url, home, is_new=True))
        return Database(server.create(f"t{uuid.uuid4().hex[:16]}", template), durable=False)

    found = Programmes(copied if request.param == "sqlite" else created)
    yield found
    for made in found.made.values():
        made.dispose()


@pytest.fixture
def country(programmes: Programmes) -> Database:
    """A small Vietnam."""
    return programmes["vietnam"]


def _publish(url: str, home: Path, *, is_new: bool = False) -> None:
    database = Database(url, durable=False)
    if is_new:
        upgrade_database(database)
    [shipped] = offered_packs(settings_of(home))
    publish_pack(database, shipped, TYPES)
    database.dispose()


def settings_of(home: Path) -> Settings:
    """Settings of a demonstration."""
    return Settings(home=home, url="http://localhost", secret_key="k" * 40, demo=True)
