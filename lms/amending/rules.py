"""Pure decisions: when somebody is reminded that a certificate ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

STAGES = (60, 30, 7)  # days before the last day on which a holder is written to


def stage(days_left: int, written: Collection[int]) -> int | None:
    """The reminder that is due with so many days left: one of `STAGES`, or None.

    Who was away, or whose certificate was valid for less than two months, gets the nearest reminder only.
    """
    if days_left < 0:
        return None
    due = min((each for each in STAGES if days_left <= each), default=None)
    return None if due is None or any(each <= due for each in written) else due
