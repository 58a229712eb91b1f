"""Quiet hours, in the site's zone, over midnight and over the change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.integrations.quiet import is_quiet, next_decent, quiet_times

RIGA = ZoneInfo("Europe/Riga")
NIGHT = (time(21), time(8))
FIRST, LAST = datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-01-01")  # hypothesis adds the zone


@pytest.mark.parametrize(
    ("at", "quiet"),
    [("20:59", False), ("21:00", True), ("23:30", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_the_night_runs_over_midnight(at: str, quiet: bool) -> None:
    moment = datetime.fromisoformat(f"2026-11-22T{at}:00").replace(tzinfo=RIGA)
    assert is_quiet(moment, NIGHT, RIGA) is quiet


@given(st.datetimes(timezones=st.just(UTC), min_value=FIRST, max_value=LAST))
def test_the_next_decent_moment_is_the_first_one(moment: datetime) -> None:
    found = next_decent(moment, NIGHT, RIGA)
    assert found >= moment
    assert not is_quiet(found, NIGHT, RIGA)
    assert found == moment or found.astimezone(RIGA).time() == time(8)
    assert (found - moment).total_seconds() <= 12 * 3600


@pytest.mark.parametrize("text", ["21-8", "abc", "25:00-08:00", "21:00"])
def test_what_is_no_span_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="span of time"):
        quiet_times(text)


def test_without_quiet_hours_it_is_never_quiet() -> None:
    assert quiet_times(" ") is None
    assert not is_quiet(datetime(2026, 1, 1, 3, tzinfo=UTC), None, RIGA)
