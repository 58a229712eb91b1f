"""What the values of a request are called on screen, and what is said of one that cannot be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.consulting import rules
from lms.consulting.rules import State, Step
from lms.helping.words import CHANNELS, OUTCOMES
from lms.web.language import _, lazy, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CHANNELS", "OUTCOMES", "STATES", "STEPS", "SUBJECTS", "duration", "reasons", "refusals"]

# for staff: the kind of sign, its icon, the words
STATES = {
    State.NEW: ("stop", "clock", lazy("Nobody asked yet")),
    State.SUGGESTED: ("wait", "clock", lazy("Suggested")),
    State.TAKEN: ("info", "user", lazy("Taken")),
    State.ANSWERED: ("info", "chat", lazy("Answered")),
    State.SOLVED: ("ok", "check", lazy("Solved")),
    State.PASSED_ON: ("info", "right", lazy("Passed on")),
    State.NOT_SOLVED: ("warn", "minus", lazy("Not solved")),
    State.CLOSED: ("ok", "check", lazy("Closed")),
    State.WITHDRAWN: ("info", "undo", lazy("Taken back")),
}
STEPS = {
    Step.ASKED: lazy("Asked for"),
    Step.SUGGESTED: lazy("Suggested"),
    Step.ASSIGNED: lazy("Assigned"),
    Step.TAKEN_AWAY: lazy("Given to somebody else"),
    Step.PASSED_OVER: lazy("Went on to the next"),
    Step.TAKEN: lazy("Taken"),
    Step.GIVEN_BACK: lazy("Given back"),
    Step.REMINDED: lazy("Reminded"),
    Step.ANSWERED: lazy("Answered"),
    Step.SOLVED: lazy("Solved"),
    Step.PASSED_ON: lazy("Passed on to somebody else"),
    Step.NOT_SOLVED: lazy("Not solved"),
    Step.SAID_SOLVED: lazy("The asker says: solved"),
    Step.SAID_NOT: lazy("The asker says: not solved"),
    Step.SEEN: lazy("The coordinator has seen that it was not solved"),
    Step.REOPENED: lazy("Opened anew by the coordinator"),
    Step.CLOSED: lazy("Closed"),
    Step.WITHDRAWN: lazy("Taken back by the asker"),
    Step.NOTED: lazy("Noted as help given"),
    Step.FORGOTTEN: lazy("Contact deleted"),
}
# of letters
SUBJECTS = {
    Step.SUGGESTED: lazy("Somebody asks for help near you"),
    Step.ASSIGNED: lazy("A request for help is yours now"),
    Step.TAKEN_AWAY: lazy("A request that you took was given to somebody else"),
    Step.REMINDED: lazy("Somebody still waits for your answer"),
    Step.WITHDRAWN: lazy("A request that you took was taken back"),
    Step.TAKEN: lazy("Somebody takes care of your request"),
    Step.SOLVED: lazy("Your request was answered: is it solved?"),
    Step.PASSED_ON: lazy("Your request was passed on"),
    Step.NOT_SOLVED: lazy("Your request was ended"),
}


def reasons(found: Mapping[str, Any]) -> str:
    """Why somebody was suggested, in a sentence's worth of words."""
    if not found:
        return ""
    parts = [_near(found["levels"], found["unit"])]
    if found["skill"]:
        parts.append(_("knows this service"))
    if found["language"]:
        parts.append(_("speaks the language"))
    parts.append(_("has %(load)s of at most %(most)s requests", load=number(found["load"]), most=number(found["most"])))
    return ", ".join(parts)


def _near(levels: int, unit: str) -> str:
    if not levels:
        return _("answers for this place")
    return ngettext(
        "answers for %(unit)s, %(num)s level above", "answers for %(unit)s, %(num)s levels above", levels, unit=unit
    )


def duration(minutes: int | None) -> str:
    """A time in words: minutes up to two hours, hours up to two days, then days."""
    if minutes is None:
        return "–"
    if minutes <= 120:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    if minutes <= 48 * 60:
        return ngettext("%(num)s hour", "%(num)s hours", round(minutes / 60))
    return ngettext("%(num)s day", "%(num)s days", round(minutes / 60 / 24))


def refusals(problems: Mapping[str, str]) -> dict[str, str]:
    """Field -> what to say about it, with the way out."""
    return {field: _refusal(field, problem) for field, problem in problems.items()}


def _refusal(field: str, problem: str) -> str:
    said = {
        "contact": _("Leave a way to reach you: a phone number, an e-mail address or a messenger."),
        "phone": _("This is no phone number. Write it with digits, as +371 2612 3456."),
        "email": _("This is no e-mail address. It has an @, as anna@example.org."),
        "messenger": _("Write which messenger and your name there, as: Viber, anna.k"),
        "times": _("Please say it shorter."),
        "answer": _("Write the answer; at most %(most)s characters.", most=number(rules.LONGEST_ANSWER)),
    }
    if problem == "missing" and field == "phone":
        return _("You asked for help by phone: leave a number that can be called, or choose another way.")
    if problem == "missing" and field == "messenger":
        return _("You asked for help by messenger: write which one and your name there, or choose another way.")
    if field in {"words", "note"}:
        return _bad_words(problem)
    if problem == "meanwhile":
        return _("Somebody else answered it meanwhile. Read that answer; send yours again if it should take its place.")
    return said.get(field) or _("This is not on the list any more. Please choose again.")


def _bad_words(problem: str) -> str:
    return {
        "missing": _("Write what the question is."),
        "long": _("This text is too long. Please say it shorter."),
        "personal": _("The text holds a number, an address or a link that may lead to a person. Write it without."),
        "doubtful": _("There may be a name in the text. Take it out, or tick that there is none."),
    }[problem]
