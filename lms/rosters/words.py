"""What imports say: why a row was left out, what a field, an outcome and a state are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.rosters.columns import LANGUAGE_FIELD
from lms.rosters.matching import Outcome
from lms.rosters.run_queries import State
from lms.web.language import _, language_name, lazy, listing, number, show_date
from lms.web.table_words import REASONS as READING

if TYPE_CHECKING:
    from lms.rosters.entries import Reason

OUTCOMES = {
    Outcome.CREATED: lazy("new"),
    Outcome.UPDATED: lazy("changed"),
    Outcome.UNCHANGED: lazy("already the same"),
    Outcome.ASKED: lazy("needs your decision"),
    Outcome.REJECTED: lazy("left out"),
}
STATES = {
    State.READING: lazy("Being read"),
    State.MATCHING: lazy("Say which column is what"),
    State.CHECKING: lazy("Being checked"),
    State.CHECKED: lazy("Checked; nothing is brought in yet"),
    State.RUNNING: lazy("Being entered"),
    State.DONE: lazy("Done"),
    State.STOPPED: lazy("Stopped half-way"),
    State.FAILED: lazy("Not possible"),
}
FIELDS = {
    "code": lazy("Code"),
    "name": lazy("Name"),
    "given_name": lazy("Given name"),
    "family_name": lazy("Family name"),
    "latin_name": lazy("Name in Latin letters"),
    "email": lazy("E-mail"),
    "phone": lazy("Phone"),
    "unit_code": lazy("Unit code"),
    "unit_name": lazy("Unit name"),
    "unit": lazy("Unit"),
    "category": lazy("Category"),
    "employer": lazy("Employer"),
    "language": lazy("Language"),
    "since": lazy("Member since"),
    "until": lazy("Member until"),
    "kind": lazy("Kind"),
    "parent_code": lazy("Code of the unit above"),
    "aliases": lazy("Other names"),
    "latitude": lazy("Latitude"),
    "longitude": lazy("Longitude"),
    "opened_on": lazy("Opened on"),
    "closed_on": lazy("Closed on"),
}
# Each says what is the matter and what to do. Values in %(…)s come from the row.
REASONS = {
    **READING,
    # the file
    "file-lost": lazy("The file is no longer here. What was brought in stays. Send the file again."),
    "file-forgotten": lazy("The file was deleted, because nobody went on with it for some weeks. Send it again."),
    "right-lost": lazy(
        "Whoever sent this file may not bring people in here any more, or the unit was closed. What is in stays."
    ),
    # a row
    "long": lazy("%(field)s is longer than %(most)s characters. Shorten it."),
    "no-name": lazy("There is no name in this row. Fill it in."),
    "strange-name": lazy("The name has a web address or signs that no name has. Correct it."),
    "ends-before": lazy("The membership ends on %(until)s, before it begins on %(since)s. Correct one of the days."),
    "bad-day": lazy("%(field)s: %(given)s is no day. Write it like 2026-11-30 or 30.11.2026."),
    "bad-email": lazy("Entered without the e-mail: %(given)s is no address."),
    "bad-phone": lazy("Entered without the phone: %(given)s is no phone number; it needs 7 to 15 digits."),
    "bad-language": lazy("Entered without the language: write a short tag such as vi, lv or ka, not %(given)s."),
    "bad-degrees": lazy("Entered without %(field)s: %(given)s is no place on earth. Write degrees such as 21.03."),
    # people
    "no-unit": lazy("This row names no unit. Write the unit’s code."),
    "unknown-unit": lazy("No unit here has the code %(given)s."),
    "unknown-unit-name": lazy("No unit here is called %(given)s."),
    "several-units": lazy("Several units are called %(given)s. Write the code: %(codes)s."),
    "merged-unit": lazy("The unit %(given)s became part of %(into)s. Write that code."),
    "closed-unit": lazy("The unit %(given)s is closed. Write the code of an open one."),
    "other-unit-name": lazy("The code counts: %(code)s is called %(name)s here."),
    "repeated-row": lazy("Row %(row)s says the same. If these are two people, give each a code or a phone number."),
    "repeated-code": lazy("Row %(row)s has the same code and says something else. Correct one of the two."),
    "several-fit": lazy("%(count)s people in this unit have this name. Add the code to tell them apart."),
    "closed-person": lazy("The account with this code is closed. Ask the operator if that is a mistake."),
    "same-email": lazy("Entered. %(name)s has the same e-mail: decide whether they are the same person."),
    "same-phone": lazy("Entered. %(name)s has the same phone: decide whether they are the same person."),
    "same-contact": lazy("An earlier row has the same e-mail or phone: decide whether they are the same person."),
    "again": lazy("The same person as in row %(row)s, with another unit."),
    "waits": lazy("Not changed. We have asked this person to confirm; you need not do anything."),
    "own-account": lazy("Not changed: this person signs in and looks after it themselves (%(fields)s). Ask them."),
    # units
    "no-unit-code": lazy("There is no code in this row. Every unit needs one."),
    "no-unit-name": lazy("There is no name in this row. Fill it in."),
    "circle": lazy("The unit would stand below itself. Correct the code of the unit above."),
    "unknown-parent": lazy("No unit here has the code %(given)s, which should stand above this one."),
    "parent-left-out": lazy("The unit above, %(given)s, was left out (row %(row)s). Correct that row first."),
    "closed-new": lazy("A unit that is closed already is not brought in. Leave the row out."),
    "fixed-list": lazy("The list of units in %(name)s is closed, so that none is added by mistake."),
    "too-deep": lazy("The tree would have too many levels."),
    "same-name": lazy("The unit %(code)s beside it has the same name. Correct the name, or use that code."),
    "same-name-outside": lazy(
        "A unit beside it, outside of yours, has this name. Choose another, or ask whoever answers for the unit above."
    ),
    "taken-code": lazy("This code belongs to a unit outside of yours. Choose another code."),
    "for-above": lazy(
        "This is for whoever answers for the unit above. Nothing was changed: ask there, or ask the operator."
    ),
    "not-empty": lazy("It cannot be closed: %(people)s people and %(units)s open units are in it. Move them first."),
    "bad-place": lazy("Latitude and longitude belong together. Fill in both."),
}


def sentence(reason: Reason | None) -> str:
    """Why something became of a row, in the language of this request; empty if nothing has to be said."""
    if reason is None:
        return ""
    words = REASONS.get(reason.key)
    if words is None:
        return reason.key
    text = str(words) % {name: _shown(name, value) for name, value in reason.values.items()}
    near = reason.values.get("near")
    if near:
        names = listing([f"{code}, {name}" for code, name in near])
        return text + " " + _("Did you mean %(units)s?", units=names)
    return text


def _shown(name: str, value: Any) -> str:
    if name == "field":
        return field_name(value)
    if name == "fields":
        return listing([field_name(each) for each in value])
    if name in {"since", "until"}:
        return show_date(value, "medium")
    if isinstance(value, int):
        return number(value)
    return listing([str(each) for each in value]) if isinstance(value, list) else str(value)


def field_name(field: str) -> str:
    """What a field is called."""
    if field.startswith(LANGUAGE_FIELD):
        return _("Name in %(language)s", language=language_name(field.removeprefix(LANGUAGE_FIELD)))
    return str(FIELDS.get(field, field))


def outcome_name(outcome: str) -> str:
    """What an outcome is called."""
    return str(OUTCOMES[Outcome(outcome)])
