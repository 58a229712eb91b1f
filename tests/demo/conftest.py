"""Small demonstrations of whole programmes, on a database of each kind, with the courses that are shipped."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from lms.app import create_app
from lms.cli.schema import upgrade_database
from lms.config import Settings
from lms.content.packs import offered_packs, publish_pack
from lms.db import Database
from lms.demo.programmes import make_programme
from lms.discovery import OWN, question_types

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

TYPES = question_types([OWN])
SMALL = 0.005
Make = Callable[..., bool]


@pytest.fixture
def make(database: Database, tmp_path: Path) -> Make:
    """Make a programme in this test's database."""
    _publish(database, tmp_path)
    return lambda name, scale=1.0: make_programme(database, TYPES, name, scale=scale)


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Flask:
    """The site on that database, which says that it is a demonstration."""
    return create_app(settings_of(tmp_path), database)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def country(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A small Vietnam, made once for all tests that only read it."""
    home = tmp_path_factory.mktemp("country")
    if request.param == "sqlite":
        shutil.copy(sqlite_template, home / "lms.db")
        made = Database(f"sqlite:///{home / 'lms.db'}", durable=False)
    else:
        made = Database(request.getfixturevalue("postgres").create(f"t{uuid.uuid4().hex[:16]}"), durable=False)
        upgrade_database(made)
    _publish(made, home)
    assert make_programme(made, TYPES, "vietnam", scale=SMALL)
    yield made
    made.dispose()


def _publish(database: Database, home: Path) -> None:
    [shipped] = offered_packs(settings_of(home))
    publish_pack(database, shipped, TYPES)


def settings_of(home: Path) -> Settings:
    """Settings of a demonstration."""
    return Settings(home=home, url="http://localhost", secret_key="k" * 40, demo=True)
