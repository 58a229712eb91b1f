"""What the values of an entry are called on screen, and what is said of an entry that cannot be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.helping import rules
from lms.helping.catalogue import AUDIENCE, SERVICE
from lms.helping.rules import Channel, Kind, Outcome, Standing
from lms.web.language import _, lazy, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lms.helping.catalogue import Catalogue
    from lms.helping.models import HelpEntry

# what was done: the word, and its icon
KINDS = {
    Kind.CONSULTATION: (lazy("Consultation"), "chat"),
    Kind.TRAINING: (lazy("Training"), "cap"),
    Kind.VISIT: (lazy("Visit"), "home"),
}
CHANNELS = {
    Channel.IN_PERSON: lazy("In person"),
    Channel.PHONE: lazy("By phone"),
    Channel.MESSENGER: lazy("By messenger"),
}
OUTCOMES = {
    Outcome.SOLVED: lazy("Solved"),
    Outcome.PASSED_ON: lazy("Passed on to somebody else"),
    Outcome.NOT_SOLVED: lazy("Not solved"),
}
# why help is counted apart
APART = {
    Standing.LAPSED: lazy("Your certificate was not valid on that day, so this is counted apart."),
    Standing.OUTSIDE: lazy("Your certificate is not for this kind of help, so this is counted apart."),
    Standing.UNIT_LAPSED: lazy("The certificate of your unit was not valid on that day, so this is counted apart."),
    Standing.UNIT_OUTSIDE: lazy("The certificate of your unit is not for this kind of help: this is counted apart."),
}


def said(lists: Catalogue, tongue: str, entry: HelpEntry) -> str:
    """What, whom and with what, in one line. A tally may name no service."""
    parts = (
        str(KINDS[Kind(entry.kind)][0]),
        lists.named(AUDIENCE, entry.audience, tongue),
        lists.named(SERVICE, entry.service, tongue),
    )
    return " · ".join(each for each in parts if each)


def question(names: Sequence[str]) -> str:
    """What is asked about a note that may name somebody."""
    return _("“%(name)s” looks like a name. No name may be written here.", name=names[0])


def refusals(problems: Mapping[str, str]) -> dict[str, str]:
    """Field -> what to say about it, with the way out."""
    return {field: _refusal(field, problem) for field, problem in problems.items()}


def _refusal(field: str, problem: str) -> str:
    if field == "people":
        return _("Write how many people it was: a number from 1 to %(most)s.", most=number(rules.MOST_PEOPLE))
    if field == "minutes":
        return _("Write minutes as a number from 1 to %(most)s, or leave it empty.", most=number(rules.MOST_MINUTES))
    if field == "given_on":
        return _bad_day(problem)
    if field == "note":
        return _bad_note(problem)
    if field == "unit":
        return _("You did not belong to this unit on that day. Choose where you were, or another day.")
    return _("This is not on the list any more. Please choose again.")


def _bad_day(problem: str) -> str:
    if problem == "future":
        return _("This day is still to come. Choose today or a day before.")
    if problem == "full":
        return _(
            "There are %(most)s entries for this day already. Enter more as a tally.", most=number(rules.MOST_A_DAY)
        )
    return ngettext(
        "Help can be noted for %(num)s day. Ask your coordinator to enter older help as a tally.",
        "Help can be noted for %(num)s days. Ask your coordinator to enter older help as a tally.",
        rules.OLDEST,
    )


def _bad_note(problem: str) -> str:
    if problem == "long":
        return ngettext(
            "The note may have %(num)s character.", "The note may have %(num)s characters.", rules.LONGEST_NOTE
        )
    return _("The note holds a number, an address or a link that may lead to a person. Please write it without.")
