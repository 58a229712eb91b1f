"""Pure decisions of counting: where somebody stands in a course, and when a unit counts as done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

DAY = timedelta(days=1)


class State(StrEnum):
    """Where somebody stands in a course."""

    NOT_STARTED = "not-started"
    UNDER_WAY = "under-way"
    FAILED = "failed"
    CERTIFIED = "certified"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many people of a unit stand where in a course. Done, not done and exempt always make the registered.

    `recognised` are those of the certified who hold their certificate by prior learning alone.
    """

    registered: int = 0
    under_way: int = 0
    failed: int = 0
    certified: int = 0
    exempt: int = 0
    recognised: int = 0

    @property
    def not_started(self) -> int:
        """Who has not begun and need not be waited for in vain: neither begun nor exempt."""
        return self.registered - self.under_way - self.failed - self.certified - self.exempt

    @property
    def done(self) -> int:
        """Who is certified."""
        return self.certified

    @property
    def left(self) -> int:
        """Who is still to be certified."""
        return self.registered - self.certified - self.exempt

    @property
    def share(self) -> float:
        """The share of the registered who are certified or exempt, 0 to 1; 0 without anybody."""
        return (self.certified + self.exempt) / self.registered if self.registered else 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """How many units of a kind lie below a unit, and how many of them have somebody, have begun, are done."""

    units: int = 0
    staffed: int = 0
    started: int = 0
    one: int = 0
    half: int = 0
    whole: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """How many of those who have begun, and are certified, became so on this day."""

    day: date
    begun: int = 0
    certified: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """What counting needs to know of a course: its exam, whether it certifies, the courses of a programme."""

    exam: str = ""
    certifies: bool = False
    parts: frozenset[str] = frozenset()


class Held(NamedTuple):
    """A certificate that is not withdrawn: its first day, its last day (None: none), and whether it was replaced.

    `is_recognised`: it rests on evidence of prior learning.
    """

    issued: date
    valid_until: date | None
    is_replaced: bool = False
    is_recognised: bool = False


@dataclass(slots=True)
class Facts:
    """What happened to one person in one course until some day.

    `begun` is the first day of an enrolment or an attempt; `failed` is the day of the last try at the exam if that one
    was not passed, none was, and none is open.
    """

    begun: date | None = None
    completed: date | None = None
    failed: date | None = None
    held: list[Held] = field(default_factory=list)
    exempt: date | None = None


class Stand(NamedTuple):
    """Where somebody stands: the state, its first day, the day of beginning, and a certificate's last day.

    `is_recognised`: certified by prior learning alone.
    """

    state: str
    since: date
    begun: date | None = None
    valid_until: date | None = None
    is_recognised: bool = False


# whoever has done anything in one course is not called exempt because of another
BEST = (State.CERTIFIED, State.UNDER_WAY, State.FAILED, State.EXEMPT)
_RANK = {str(state): place for place, state in enumerate(BEST)}


def stand(facts: Facts, kind: Kind, today: date) -> Stand | None:
    """Where somebody stands in a course; None if they have not started.

    Certified beats exempt: who earned it is counted for it. Exempt beats the rest: nobody waits for them.
    """
    begun = facts.begun
    earned = term(facts.held, today) if kind.certifies else None
    if earned is not None:
        first, last = earned
        return Stand(State.CERTIFIED, first, min(begun or first, first), last, is_recognised(facts.held, first))
    if not kind.certifies and facts.completed is not None:
        return Stand(State.CERTIFIED, facts.completed, min(begun or facts.completed, facts.completed))
    if facts.exempt is not None:
        return Stand(State.EXEMPT, facts.exempt)
    if begun is None:
        return None
    if facts.failed is not None:
        return Stand(State.FAILED, facts.failed, begun)
    return Stand(State.UNDER_WAY, begun, begun)


def term(held: Iterable[Held], today: date) -> tuple[date, date | None] | None:
    """From when until when somebody is certified without a gap, if they are today, by certificates not withdrawn.

    A renewal prolongs the term; its first day stays the day on which the person was certified.
    """
    known = sorted(held, key=lambda each: each.issued)
    valid = [each.valid_until for each in known if _is_valid(each, today)]
    if not valid:
        return None
    first, last = known[0].issued, known[0].valid_until
    for each in known[1:]:
        if last is not None and each.issued > last + DAY:
            first, last = each.issued, each.valid_until
        elif last is not None and (each.valid_until is None or each.valid_until > last):
            last = each.valid_until
    return first, None if None in valid else max(each for each in valid if each is not None)


def is_recognised(held: Iterable[Held], since: date) -> bool:
    """Whether who is certified since a day, without a gap, is so by prior learning alone.

    A renewal by exam, or completing the course later, counts as earned here. It changes with what is issued and
    withdrawn only, never with the day.
    """
    return all(each.is_recognised for each in held if each.issued >= since)


def _is_valid(held: Held, today: date) -> bool:
    return not held.is_replaced and held.issued <= today and (held.valid_until is None or held.valid_until >= today)


def stands(facts: Mapping[str, Facts], kinds: Mapping[str, Kind], today: date) -> dict[str, Stand]:
    """Where one person stands in each course. Who has begun a part of a programme has begun the programme."""
    found = {}
    for course, kind in kinds.items():
        known = facts.get(course)
        if kind.parts:
            known = _with_parts(known, facts, kind)
        if known is not None and (standing := stand(known, kind, today)) is not None:
            found[course] = standing
    return found


def _with_parts(own: Facts | None, facts: Mapping[str, Facts], kind: Kind) -> Facts | None:
    begun = [part.begun for name in kind.parts if (part := facts.get(name)) is not None and part.begun is not None]
    if not begun:
        return own
    if own is None:
        return Facts(begun=min(begun))
    earliest = min(begun) if own.begun is None else min(own.begun, *begun)
    return Facts(earliest, own.completed, own.failed, own.held, own.exempt)


def best(standings: Iterable[Stand]) -> Stand | None:
    """Where somebody stands who is counted once for all courses: the best state, its first day, the first beginning."""
    known = sorted(standings, key=lambda each: (_RANK[each.state], each.since))
    if not known:
        return None
    begun = [each.begun for each in known if each.begun is not None]
    same = [each for each in known if each.state == known[0].state]
    is_by_evidence = all(each.is_recognised for each in same)
    return Stand(known[0].state, known[0].since, min(begun, default=None), is_recognised=is_by_evidence)


class Marks(NamedTuple):
    """What a unit counts for in the tallies of the units above it, each 0 or 1. Fields as in `Tally`."""

    staffed: int = 0
    started: int = 0
    one: int = 0
    half: int = 0
    whole: int = 0


def marks(figures: Figures) -> Marks:
    """Whether a unit has somebody, has begun, and whether one, half or all of its members are done."""
    if not figures.registered:
        return Marks()
    done = figures.certified + figures.exempt
    return Marks(
        1,
        int(figures.under_way + figures.failed + figures.certified > 0),
        int(figures.certified > 0),
        int(2 * done >= figures.registered),
        int(done == figures.registered),
    )
