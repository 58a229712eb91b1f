"""Pure decisions about lists of people: what can be asked for, and from which end a list is read."""

from __future__ import annotations

from enum import StrEnum

MOST_MEMBERS = 60_000
RARE = 500
DAYS = 14
MOST_DAYS = 365


class Stand(StrEnum):
    """Where the people of a list stand. `LEFT` is everybody who still has to: neither certified nor exempt."""

    LEFT = "left"
    NOT_STARTED = "not-started"
    UNDER_WAY = "under-way"
    STUCK = "stuck"
    FAILED = "failed"
    CERTIFIED = "certified"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    EXEMPT = "exempt"


WITH_DAYS = frozenset({Stand.STUCK, Stand.EXPIRING})


class End(StrEnum):
    """From which end a list is read.

    `MEMBERS`: the units' members, then sorted. `NAMES`: along the names in order, until a page is full. `FEW`: the few
    of all people whose state or group fits, each asked whether they are in scope, then sorted.
    """

    MEMBERS = "members"
    NAMES = "names"
    FEW = "few"


SELDOM = frozenset({Stand.FAILED, Stand.EXPIRING, Stand.EXPIRED, Stand.EXEMPT})


def end_to_read(members: int, fitting: int | None, state: Stand | None, *, in_group: bool, is_late: bool) -> End:
    """From which end a list is read soonest.

    `members` are in the units looked at, `fitting` of them fit as far as the figures know (None: they don't say).
    Sorting takes a few microseconds a member. Walking along the names takes a dozen for each name passed by, which
    pays where the units are large, unless those who fit are so rare that a page of them lies far apart.
    """
    if in_group:
        return End.FEW
    if members <= MOST_MEMBERS:
        return End.MEMBERS
    if state in SELDOM:
        return End.FEW
    is_rare = is_late or (fitting is not None and fitting * RARE < members)
    return End.MEMBERS if is_rare else End.NAMES


def days_asked(given: str) -> int:
    """A number of days out of an address; what is none, or out of reach, becomes the usual number."""
    days = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else DAYS
    return days if 1 <= days <= MOST_DAYS else DAYS
