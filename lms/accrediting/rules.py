"""Pure decisions about the certificates of organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Step: TypeAlias = Literal["issue", "renew", "warn", "lapse", "calm", "nothing"]


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of one organisation and one certificate on a day.

    `until` are the last days of the valid certificates of its people, None for one without end; `holds` says whether
    the organisation has a valid certificate, `ends` its last day, and `warned_on` since when it has been warned.
    `is_open` is false once it was closed, or became part of another one.
    """

    today: date
    needed: int
    until: Sequence[date | None]
    holds: bool
    ends: date | None
    warned_on: date | None
    warn_days: int
    is_open: bool = True


def falls_on(until: Sequence[date | None], needed: int, today: date) -> date | None:
    """The first day on which fewer than `needed` certificates are valid if nobody renews; None if that never comes."""
    if len(until) < needed:
        return today
    last = sorted((day or date.max for day in until), reverse=True)[needed - 1]
    return None if last == date.max else last + timedelta(days=1)


def step(known: Situation) -> Step:
    """What has to be done now.

    What is foreseen is warned of `warn_days` before; what comes suddenly (somebody leaves, a certificate is withdrawn)
    is warned of at once. In both cases the certificate lapses when the rule fails and the warning is that old.
    What is closed holds nothing, from the day on which it is noticed.
    """
    if not known.is_open:
        return "lapse" if known.holds else "nothing"
    falls = falls_on(known.until, known.needed, known.today)
    is_met = falls is None or falls > known.today
    if not known.holds:
        return "issue" if is_met else "nothing"
    if is_met and known.ends is not None and known.ends <= known.today:
        return "renew"
    if falls is None or falls > known.today + timedelta(days=known.warn_days):
        return "calm" if known.warned_on else "nothing"
    if known.warned_on is None:
        return "warn"
    is_warned_enough = known.warned_on + timedelta(days=known.warn_days) <= known.today
    return "lapse" if not is_met and is_warned_enough else "nothing"
