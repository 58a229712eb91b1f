"""Courses with exams beside the small one, and a trainer at her desk."""

from __future__ import annotations

import pytest

from lms.db import Database
from tests.analysis.world import PACK
from tests.cast import Cast, Visitor
from tests.packs import publish


@pytest.fixture
def world(database: Database) -> Database:
    """A database with both courses."""
    publish(database, PACK, "answers")
    return database


@pytest.fixture
def tina(world: Database, cast: Cast) -> Visitor:
    """A trainer."""
    assert world
    return cast.at_browser(cast.trainer)
