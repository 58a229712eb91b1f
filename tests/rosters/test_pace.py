"""Batches as large as the wait of others allows, and breaks that somebody who waits cannot sleep through."""

from __future__ import annotations

import pytest

from lms.rosters.pace import AIM, LEAST, Pace, next_size


@pytest.mark.parametrize(
    ("size", "rows", "seconds", "expected"),
    [
        (250, 250, AIM / 10, 500),  # twice as many at most
        (1000, 1000, AIM, 1000),
        (1000, 1000, AIM * 2, 500),
        (1000, 1000, AIM * 1000, LEAST),
        (3000, 3000, AIM / 2, 4000),
        (1000, 10, AIM * 10, 1000),  # the last rows of a file, or a batch that ended early
        (250, 250, 0.0, 500),
    ],
)
def test_the_next_batch_takes_what_fits(size, rows, seconds, expected) -> None:
    assert next_size(size, rows, seconds, 4000) == expected


def test_a_small_most_is_kept() -> None:
    pace = Pace(10, breaks=False)
    assert pace.rows == 10
    pace.start()
    pace.end(10)
    assert pace.rows == 10


def test_others_have_half_as_long_as_a_batch_took() -> None:
    pace = Pace(100, breaks=True)
    pace.start()
    pace.began -= 0.04  # as if the batch had taken so long
    pace.end(100)
    pace.start()
    assert pace.began - pace.ended >= 0.02
