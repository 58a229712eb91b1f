"""The site on which the contracts are tried."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.cast import Cast
from tests.contracts.world import World, furnish


@pytest.fixture
def world(app: Flask, cast: Cast, tmp_path: Path) -> World:
    """A site on which every page has something to show."""
    return furnish(app, cast, tmp_path)
