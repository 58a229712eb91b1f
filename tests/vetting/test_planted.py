"""The planted tenth of invented entries is found, on seeds with which nothing was tuned."""

from __future__ import annotations

import pytest

from lms.demo import invented
from lms.demo.helping import entries
from tests.vetting.trial import SPAN, helpers, trial

LEAST = 0.8


@pytest.mark.parametrize("seed", ["krūmiņš", "2027-04-01", "sông Đà"])
def test_the_planted_tenth_is_found(seed: str) -> None:
    found = trial(1200, 20_000, seed)
    assert found.planted == pytest.approx(found.entries / 10, rel=0.1)
    assert found.recall >= LEAST
    assert found.precision >= LEAST


def test_where_help_is_dense_it_is_found_too() -> None:
    found = trial(300, 15_000, "dense")
    assert (found.recall >= LEAST, found.precision >= LEAST) == (True, True)


def test_the_stream_is_the_same_each_time_and_of_the_size_that_was_asked() -> None:
    first, again = (list(entries(helpers(300, "x"), SPAN, 4000, "x")) for _ in range(2))
    assert first == again
    assert len(first) == pytest.approx(4000, rel=0.02)
    assert all(made.helper.since < made.entry.given_on <= SPAN.last for made in first)


def test_each_way_to_invent_says_something() -> None:
    made = [each for each in entries(helpers(3000, "ways"), SPAN, 40_000, "ways") if each.is_invented]
    assert len({each.helper for each in made}) > len(invented.PATTERNS) * 5
