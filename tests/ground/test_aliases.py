"""Aliases that all threads build statements on."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from lms.db import lasting_alias
from lms.figures.models import UnitFigure
from lms.people.models import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

THREADS = 4
TURNS = 100  # a plain `aliased` goes wrong in one of ten


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that are interrupted as often as can be."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def _statement(figure: type[UnitFigure]) -> str:
    return str(select(Unit.id, func.sum(figure.people)).outerjoin(figure, figure.unit_id == Unit.id))


@pytest.mark.usefixtures("hasty_threads")
def test_threads_that_use_an_alias_first_at_one_moment_all_join_it() -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in range(TURNS):
            figure, start = lasting_alias(UnitFigure), threading.Barrier(THREADS)

            def first_use(figure: type[UnitFigure] = figure, start: threading.Barrier = start) -> str:
                start.wait()
                return _statement(figure)

            made = {first.result() for first in [threads.submit(first_use) for _ in range(THREADS)]}
            assert made == {_statement(figure)}
            assert "unit_figure." not in made.pop()
