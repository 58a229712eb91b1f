"""A pack on disk beside the one that the app publishes: the same text, so that the folder is its draft."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lms.config import Settings
from lms.db import Database
from tests.authoring.folders import write
from tests.cast import Cast, Visitor
from tests.conftest import SECRET
from tests.packs import SMALL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the pack `tests`."""
    return write(tmp_path / "folders" / "tests", SMALL)


@pytest.fixture
def settings(database: Database, tmp_path: Path, folder: Path) -> Settings:
    """Settings that name the folder."""
    url = database.engine.url.render_as_string(hide_password=False)
    made = Settings(home=tmp_path, url="http://localhost", database_url=url, secret_key=SECRET, shipped_pack=False)
    return dataclasses.replace(made, packs=(str(folder),))


@pytest.fixture
def trainer(cast: Cast) -> Visitor:
    """Tina at her desk."""
    return cast.at_browser(cast.trainer)
