"""Who answers requests in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.consulting.world import staff

if TYPE_CHECKING:
    from lms.db import Database
    from tests.cast import Cast


@pytest.fixture
def staffed(database: Database, cast: Cast) -> Cast:
    staff(database, cast, laura="N-1")
    return cast
