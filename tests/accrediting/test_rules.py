"""When an organisation gets its certificate, is warned, loses it and gets it again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lms.accrediting.rules import Situation, falls_on, step

TODAY = date(2026, 3, 1)
DAY = timedelta(days=1)


def situation(*until, needed=2, holds=True, ends=None, warned_on=None, warn_days=30, is_open=True):
    return Situation(TODAY, needed, until, holds, ends, warned_on, warn_days, is_open)


def test_the_day_on_which_too_few_are_left():
    soon, later = TODAY + 10 * DAY, TODAY + 90 * DAY
    assert falls_on([soon, later], 2, TODAY) == soon + DAY
    assert falls_on([soon, later], 1, TODAY) == later + DAY
    assert falls_on([None, later, None], 2, TODAY) is None
    assert falls_on([later], 2, TODAY) == TODAY


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        (situation(None, None, holds=False), "issue"),
        (situation(None, holds=False), "nothing"),
        (situation(None, None), "nothing"),
        (situation(None, None, ends=TODAY), "renew"),
        (situation(None, None, ends=TODAY + DAY), "nothing"),
        (situation(None, TODAY + 29 * DAY), "warn"),  # too few from the thirtieth day on
        (situation(None, TODAY + 30 * DAY), "nothing"),
        (situation(None, TODAY + 29 * DAY, warned_on=TODAY - DAY), "nothing"),
        (situation(None, None, warned_on=TODAY - DAY), "calm"),
        (situation(None), "warn"),  # somebody left: no certificate goes without a warning
        (situation(None, warned_on=TODAY - 29 * DAY), "nothing"),
        (situation(None, warned_on=TODAY - 30 * DAY), "lapse"),
        (situation(None, TODAY + 3 * DAY, warned_on=TODAY - 90 * DAY), "nothing"),
        (situation(None, None, is_open=False), "lapse"),  # closed: nobody is left to be warned
        (situation(None, None, holds=False, is_open=False), "nothing"),
    ],
)
def test_what_has_to_be_done(known, wanted):
    assert step(known) == wanted
