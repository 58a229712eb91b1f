"""Pure decisions about help given: what an entry may say, which mandate covers it, what a definition counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

MOST_PEOPLE = 500  # citizens at one training; more is several entries, or a tally
MOST_IN_TALLY = 20_000
MOST_A_DAY = 200  # entries of one helper for one day; more is a tally, or a machine
MOST_MINUTES = 24 * 60
MOST_MINUTES_IN_TALLY = 600_000
LONGEST_NOTE = 140
OLDEST = 366  # days back that help may still be entered
OLDEST_IN_TALLY = 10 * OLDEST
# looked for from the beginning of a word only: from each of its letters, a word without end would take for ever
_ADDRESS = re.compile(r"(?<!\S)\S*@\S*|https?:\S*|\bwww\.\S*", re.IGNORECASE)
# five digits or more, however they are grouped: telephone, personal code, card, account
_NUMBER = re.compile(r"[+(]?\d(?:[\s().\-/]?\d){4,}")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


class Kind(StrEnum):
    """What was done."""

    TRAINING = "training"
    CONSULTATION = "consultation"
    VISIT = "visit"


class Channel(StrEnum):
    """Over what it was done."""

    IN_PERSON = "in-person"
    PHONE = "phone"
    MESSENGER = "messenger"


class Outcome(StrEnum):
    """How it ended."""

    SOLVED = "solved"
    PASSED_ON = "passed-on"
    NOT_SOLVED = "not-solved"


KINDS, CHANNELS, OUTCOMES = (frozenset[str](each) for each in (Kind, Channel, Outcome))


class Standing(StrEnum):
    """Which mandate covered help on its day. All but `COVERED` are counted apart."""

    COVERED = "covered"
    LAPSED = "lapsed"  # the helper's certificate was not valid on that day
    OUTSIDE = "outside"  # not what the helper's certificate is for
    UNIT_LAPSED = "unit-lapsed"  # the unit's certificate was not valid on that day
    UNIT_OUTSIDE = "unit-outside"  # not what the unit's certificate is for


@dataclass(frozen=True, slots=True)
class Scope:
    """What a certificate is for; an empty set means no limit."""

    kinds: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()

    def covers(self, kind: str, audience: str, service: str) -> bool:
        """Whether such help lies within."""
        asked = ((self.kinds, kind), (self.audiences, audience), (self.services, service))
        return all(not limit or value in limit for limit, value in asked)


@dataclass(frozen=True, slots=True)
class Mandate:
    """One certificate as help sees it: from which day, until which day (included; None: for ever), and for what."""

    since: date
    until: date | None = None
    scope: Scope = Scope()

    def is_valid_on(self, day: date) -> bool:
        """Whether the certificate was valid on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Help:
    """Help as it is entered. `helper` is None for a unit's tally."""

    kind: str
    audience: str
    service: str
    people: int
    given_on: date
    minutes: int | None = None
    channel: str = ""
    outcome: str = ""
    note: str = ""


def standing(mine: Iterable[Mandate], units: Iterable[Mandate], given: Help) -> Standing:
    """Which mandate covered help: the helper's certificates (`mine`), and those of the unit if it has any.

    The best of the helper's certificates counts; then, where the unit is or was certified, the best of the unit's.
    """
    own = _best(mine, given)
    if own is not None:
        return Standing.LAPSED if own == "lapsed" else Standing.OUTSIDE
    theirs = list(units)
    of_unit = _best(theirs, given) if theirs else None
    if of_unit is None:
        return Standing.COVERED
    return Standing.UNIT_LAPSED if of_unit == "lapsed" else Standing.UNIT_OUTSIDE


def tally_standing(units: Iterable[Mandate], given: Help) -> Standing:
    """The same for a unit's tally, behind which no single helper stands; a unit was never certified: covered."""
    theirs = list(units)
    found = _best(theirs, given) if theirs else None
    return Standing.COVERED if found is None else Standing.UNIT_LAPSED if found == "lapsed" else Standing.UNIT_OUTSIDE


def _best(mandates: Iterable[Mandate], given: Help) -> str | None:
    valid = [mandate for mandate in mandates if mandate.is_valid_on(given.given_on)]
    if not valid:
        return "lapsed"
    covers = any(mandate.scope.covers(given.kind, given.audience, given.service) for mandate in valid)
    return None if covers else "outside"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a word such as "consulted" counts. `since` and `until` are the days on which it is in force."""

    code: str
    version: int
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    kinds: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    counts: str = "people"
    since: date | None = None
    until: date | None = None
    id: int | None = None

    def takes(self, kind: str, audience: str) -> bool:
        """Whether such an entry counts."""
        return Scope(self.kinds, self.audiences).covers(kind, audience, "")

    @property
    def is_withdrawn(self) -> bool:
        """Whether this version was taken back before its first day: it ends before it begins."""
        return self.since is not None and self.until is not None and self.until < self.since

    def is_in_force(self, day: date) -> bool:
        """Whether this version holds on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Findings:
    """What a free text holds that it may not: what is refused, and what only looks as if it might be a name."""

    refused: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = field(default=())


def scan(note: str) -> Findings:
    """Look for citizens in a free text: addresses and numbers are refused, what looks like a name is asked about.

    Two words in a row with capital letters look like a name; in scripts without capitals nothing does.
    """
    if not note:
        return Findings()
    refused = [found[0] for pattern in (_ADDRESS, _NUMBER) for found in pattern.finditer(note)]
    return Findings(tuple(refused), tuple(_runs_of_capitals(note)))


def without_names(note: str) -> str:
    """A free text without what looks like a name."""
    for name in scan(note).doubtful:
        note = note.replace(name, "…")
    return note


def _runs_of_capitals(note: str) -> Iterator[str]:
    """Two or more words with capital letters, with nothing but space between them."""
    words = [word for word in _WORD.finditer(note) if word[0][0].isupper()]
    runs: list[list[re.Match[str]]] = []
    for word in words:
        if runs and note[runs[-1][-1].end() : word.start()].isspace():
            runs[-1].append(word)
        else:
            runs.append([word])
    return (note[run[0].start() : run[-1].end()] for run in runs if len(run) > 1)


def problems(given: Help, today: date, *, is_tally: bool = False) -> dict[str, str]:
    """Field -> what is wrong with it: `unknown`, `few`, `many`, `future`, `old`, `long` or `personal`."""
    most, minutes = (MOST_IN_TALLY, MOST_MINUTES_IN_TALLY) if is_tally else (MOST_PEOPLE, MOST_MINUTES)
    found = {
        "kind": _unless_known(given.kind, KINDS),
        "channel": given.channel and _unless_known(given.channel, CHANNELS),
        "outcome": given.outcome and _unless_known(given.outcome, OUTCOMES),
        "people": _unless_between(given.people, most),
        "minutes": "" if given.minutes is None else _unless_between(given.minutes, minutes),
        "given_on": _unless_recent(given.given_on, today, OLDEST_IN_TALLY if is_tally else OLDEST),
        "note": _unless_harmless(given.note),
    }
    return {field: problem for field, problem in found.items() if problem}


def _unless_known(value: str, known: frozenset[str]) -> str:
    return "" if value in known else "unknown"


def _unless_between(number: int, most: int) -> str:
    return "few" if number < 1 else "many" if number > most else ""


def _unless_recent(day: date, today: date, oldest: int) -> str:
    return "future" if day > today else "old" if (today - day).days > oldest else ""


def _unless_harmless(note: str) -> str:
    return "long" if len(note) > LONGEST_NOTE else "personal" if scan(note).refused else ""
