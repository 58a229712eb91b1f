"""What is said of entries that look odd: why, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.vetting import rules
from lms.vetting.rules import Oddity, Result, State
from lms.web.language import lazy, ngettext, number, percent

if TYPE_CHECKING:
    from lms.vetting.queries import Reason

# in short; in full; what to ask
WORDS: dict[Oddity, tuple[object, object, object]] = {
    Oddity.COPIED: (
        lazy("repeated"),
        lazy("A day holds exactly what another day of the month holds, or one entry comes many times on a day."),
        lazy("Ask whether one day was entered for another. A group that comes each week can look like this, too."),
    ),
    Oddity.ROUND: (
        lazy("round numbers"),
        lazy("Nearly all larger numbers of people end with 0; by chance %(share)s at most would."),
        lazy("Ask for the list of who signed at one or two of the trainings, or how people were counted."),
    ),
    Oddity.DEADLINE: (
        lazy("all right before the deadline"),
        lazy("At least %(late)s entries about more than a week were noted on one day beside the end of the period."),
        lazy("Ask from what they were written down: a notebook or a list makes them plausible."),
    ),
    Oddity.IMPOSSIBLE: (
        lazy("more than a day holds"),
        lazy("The minutes of one day come to more than %(hours)s hours."),
        lazy("Ask whether several helpers were meant, or hours were written as minutes."),
    ),
    Oddity.MANY: (
        lazy("very many in a day"),
        lazy("Far more entries on one day than others in the same programme have in that month."),
        lazy("Ask what was on that day: an event explains it, and is better noted as one training."),
    ),
    Oddity.PEOPLE: (
        lazy("very many people at once"),
        lazy("Far more people in one entry than others note for this kind of help."),
        lazy("Ask whether a typing mistake made it larger, or whether it was a larger event."),
    ),
    Oddity.SAME_MINUTES: (
        lazy("always the same minutes"),
        lazy("%(run)s entries or more in a row say exactly the same minutes."),
        lazy("Ask how the time was taken. Who always writes a round guess should leave it empty."),
    ),
    Oddity.SAME_SERVICE: (
        lazy("always the same service"),
        lazy("%(run)s entries or more in a row name the same service for the same audience."),
        lazy("Ask whether there was a campaign, or whether the first choice of the list was tapped each time."),
    ),
    Oddity.NIGHT: (
        lazy("noted at night"),
        lazy("They were noted in the hours in which others in the programme note next to nothing."),
        lazy("Ask when this person writes down help; shift work explains it."),
    ),
    Oddity.UNIT_MANY: (
        lazy("far above units of its kind"),
        lazy("This unit helped far more people in the month than other units of its kind in the programme."),
        lazy("Ask the unit what was different, and whether help of other units was counted here."),
    ),
    Oddity.UNIT_ROUND: (
        lazy("round numbers in the tally"),
        lazy("Nearly all numbers of the unit’s tallies end with 0; by chance %(share)s at most would."),
        lazy("Ask for the paper with the strokes. If it is an estimate, agree on how to count from now on."),
    ),
}
STATES = {
    State.OPEN: (lazy("to look at"), "warn", "warn"),
    State.ASKED: (lazy("asked, no answer yet"), "info", "chat"),
    State.PLAUSIBLE: (lazy("plausible"), "ok", "check"),
    State.TAKEN_OUT: (lazy("taken out"), "stop", "stop"),
    State.PUT_BACK: (lazy("put back"), "ok", "undo"),
}
LISTS = {"open": lazy("To look at"), "asked": lazy("Asked"), "settled": lazy("Settled")}
RESULTS = {
    Result.CONFIRMED: lazy("Confirmed"),
    Result.NOT_CONFIRMED: lazy("Not confirmed"),
    Result.UNREACHABLE: lazy("Nobody reached"),
}


def in_short(reason: Reason) -> str:
    """A reason for the list."""
    return str(WORDS[reason.oddity][0])


def in_full(oddity: Oddity) -> str:
    """What is odd, in a sentence."""
    return str(WORDS[oddity][1]) % {
        "share": percent(rules.ROUND_SHARE),
        "late": number(rules.LEAST_LATE),
        "hours": number(rules.MOST_MINUTES // 60),
        "run": number(rules.LEAST_RUN),
    }


def what_to_do(oddity: Oddity) -> str:
    """What to ask."""
    return str(WORDS[oddity][2])


def amount(reason: Reason) -> str:
    """How much of a month it is."""
    entries = ngettext("%(num)s entry", "%(num)s entries", reason.entries)
    return f"{entries}, {ngettext('%(num)s day', '%(num)s days', reason.days)}" if reason.days else entries
