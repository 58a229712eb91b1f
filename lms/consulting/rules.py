"""Pure decisions about help asked for: who is suggested and why, what may follow what, what a form may say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from lms.helping.rules import Channel, Outcome, scan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

TO_ASKERS = "asker"  # how the names of letters to askers begin, so that they are found when the contact is deleted
LONGEST_WORDS = 600
LONGEST_TIMES = 120
LONGEST_EMAIL = 254
LONGEST_ANSWER = 4000
MOST_AT_A_TIME = 50
USUAL_AT_A_TIME = 5
MOST_REMINDERS = 3
MEETS_WITHIN = timedelta(days=90)  # or an open request would keep its contact for years
CLOSE_AFTER = timedelta(days=7)  # that an asker has to say whether it was solved
FEWEST = 5  # below it no number is shown to people of other districts
_PHONE = re.compile(r"[+(]?\d(?:[\s().\-/]?\d){4,17}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MESSENGER = re.compile(r"\S.{2,79}")


class State(StrEnum):
    """Where a request stands."""

    NEW = "new"  # nobody is asked to take it: none fits, or none is free
    SUGGESTED = "suggested"
    TAKEN = "taken"
    ANSWERED = "answered"  # the taker has reached the asker
    SOLVED = "solved"
    PASSED_ON = "passed-on"
    NOT_SOLVED = "not-solved"
    CLOSED = "closed"  # the asker has said how it ended, or had time to
    WITHDRAWN = "withdrawn"


FREE = frozenset({State.NEW, State.SUGGESTED})
HELD = frozenset({State.TAKEN, State.ANSWERED})
LIVE = FREE | HELD
ENDED = frozenset({State.SOLVED, State.PASSED_ON, State.NOT_SOLVED})
OUTCOMES = {Outcome.SOLVED: State.SOLVED, Outcome.PASSED_ON: State.PASSED_ON, Outcome.NOT_SOLVED: State.NOT_SOLVED}


class Step(StrEnum):
    """What happened to a request, besides the states that it came to."""

    ASKED = "asked"
    SUGGESTED = "suggested"
    ASSIGNED = "assigned"
    TAKEN_AWAY = "taken-away"  # a coordinator gave it to somebody else
    PASSED_OVER = "passed-over"  # did not take it in time, or said no
    TAKEN = "taken"
    GIVEN_BACK = "given-back"
    REMINDED = "reminded"
    ANSWERED = "answered"
    SOLVED = "solved"
    PASSED_ON = "passed-on"
    NOT_SOLVED = "not-solved"
    SAID_SOLVED = "said-solved"
    SAID_NOT = "said-not"
    SEEN = "seen"  # by a coordinator: that the asker says it was not solved
    REOPENED = "reopened"  # by a coordinator, because of that
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    NOTED = "noted"  # as help given
    FORGOTTEN = "forgotten"  # the contact was deleted


ENDS = {Outcome.SOLVED: Step.SOLVED, Outcome.PASSED_ON: Step.PASSED_ON, Outcome.NOT_SOLVED: Step.NOT_SOLVED}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for, as a consultant has to fit it. `path` is that of the place."""

    path: str
    service: str
    channel: str
    language: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be suggested. `path` and `unit` are of the units that they answer for; an empty set means all.

    `load` is how many requests they have now, `most` how many they take at a time. `last` is when they were last asked.
    """

    person: int
    path: str
    unit: str
    services: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    most: int = USUAL_AT_A_TIME
    load: int = 0
    last: datetime | None = None

    def fits(self, wish: Wish) -> bool:
        """Whether they answer for this place, service, channel and language."""
        sought = ((self.services, wish.service), (self.channels, wish.channel), (self.languages, wish.language))
        return wish.path.startswith(self.path) and all(not limit or value in limit for limit, value in sought)

    @property
    def is_free(self) -> bool:
        """Whether they take one more."""
        return self.load < self.most


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Who is asked, and why: the unit that they answer for, how many levels above the place, and how busy they are."""

    person: int
    unit: str
    levels: int
    load: int
    most: int
    has_skill: bool
    has_language: bool

    @property
    def reasons(self) -> dict[str, str | int | bool]:
        """Why, as a step keeps it."""
        return {
            "unit": self.unit,
            "levels": self.levels,
            "load": self.load,
            "most": self.most,
            "skill": self.has_skill,
            "language": self.has_language,
        }


def suggest(wish: Wish, candidates: Iterable[Candidate], asked: Collection[int] = ()) -> Suggestion | None:
    """Who should take a request: who fits, is free and was not asked before (`asked`).

    Of these the nearest; then who named this service; then who is least busy; then who was asked longest ago.
    """
    free = [each for each in candidates if each.fits(wish) and each.is_free and each.person not in asked]
    if not free:
        return None
    best = min(free, key=lambda each: _rank(wish, each))
    return suggestion(wish, best)


def suggestion(wish: Wish, candidate: Candidate) -> Suggestion:
    """Why somebody would be asked."""
    return Suggestion(
        candidate.person,
        candidate.unit,
        _levels(wish.path, candidate.path),
        candidate.load,
        candidate.most,
        wish.service in candidate.services,
        wish.language in candidate.languages,
    )


def ranked(wish: Wish, candidates: Iterable[Candidate]) -> Sequence[Candidate]:
    """All who answer for a place, the best first; who does not fit or is not free comes last."""
    near = [each for each in candidates if wish.path.startswith(each.path)]
    return sorted(near, key=lambda each: (not each.fits(wish), not each.is_free, *_rank(wish, each)))


def _rank(wish: Wish, each: Candidate) -> tuple[int, bool, float, float, int]:
    last = each.last.timestamp() if each.last else 0.0
    return (
        _levels(wish.path, each.path), wish.service not in each.services, each.load / each.most, last, each.person
    )  # fmt: skip


def _levels(path: str, above: str) -> int:
    return path.count("/") - above.count("/")


@dataclass(frozen=True, slots=True)
class Contact:
    """How an asker can be reached, when, and what they wrote."""

    phone: str = ""
    email: str = ""
    messenger: str = ""
    times: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was sent."""

    unit: int
    audience: str
    service: str
    channel: str
    language: str
    contact: Contact
    is_sure: bool = False  # that what looks like a name is none


def ways(contact: Contact) -> list[str]:
    """The ways to reach an asker, each as one spelling: so that nobody writes to somebody under many."""
    phone = "".join(sign for sign in contact.phone if sign.isdecimal())
    spelled = (phone, contact.email.casefold(), contact.messenger.casefold())
    return [each for each in spelled if each]


def problems(asked: Asked) -> dict[str, str]:
    """Field -> what is wrong: `unknown`, `missing`, `wrong`, `long`, `personal`, or `doubtful` until they are sure."""
    contact = asked.contact
    found = {
        "channel": "" if asked.channel in set(Channel) else "unknown",
        "contact": "" if contact.phone or contact.email or contact.messenger else "missing",
        "phone": _unless(_PHONE, contact.phone) or _lacking(asked, Channel.PHONE, contact.phone),
        "email": "long" if len(contact.email) > LONGEST_EMAIL else _unless(_EMAIL, contact.email),
        "messenger": _unless(_MESSENGER, contact.messenger) or _lacking(asked, Channel.MESSENGER, contact.messenger),
        "times": "long" if len(contact.times) > LONGEST_TIMES else "",
        "words": words_problem(contact.words, is_sure=asked.is_sure),
    }
    return {field: problem for field, problem in found.items() if problem}


def _lacking(asked: Asked, channel: Channel, way: str) -> str:
    """Whether the way is missing without which nobody helps over a channel; who left no way at all is asked for any."""
    return "missing" if asked.channel == channel and not way and ways(asked.contact) else ""


def words_problem(words: str, *, is_sure: bool = False) -> str:
    """What is wrong with a free text: `long`, `personal`, or `doubtful` while nobody is sure that it names none."""
    if len(words) > LONGEST_WORDS:
        return "long"
    found = scan(words)
    if found.refused:
        return "personal"
    return "doubtful" if found.doubtful and not is_sure else ""


def _unless(form: re.Pattern[str], text: str) -> str:
    return "" if not text or form.fullmatch(text) else "wrong"


def minutes_between(first: datetime, last: datetime) -> int:
    """Whole minutes from one moment to another, at least 0."""
    return max(0, int((last - first).total_seconds() // 60))


def rank_of(tenths: int, count: Any) -> Any:
    """Which of `count` sorted values is the quantile of so many tenths: nearest rank, so a value that happened.

    In whole numbers, so that a database reckons it as we do; `count` may be a column.
    """
    return (count * tenths + 9) // 10


def month_before(day: date) -> date:
    """The first day of the month before that of a day."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_after(month: date) -> date:
    """The first day of the month after that of a day."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_of(word: str) -> date:
    """The first day of a month that is written `2026-10` or as a day in it."""
    return date.fromisoformat(f"{word[:7]}-01")
