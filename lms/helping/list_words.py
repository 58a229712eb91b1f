"""What is said on the pages of a programme's own lists and definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.helping.catalogue import AUDIENCE, SERVICE
from lms.helping.list_rules import LONGEST_CODE, LONGEST_NAME, LONGEST_TEXT
from lms.web.language import _, lazy, number

if TYPE_CHECKING:
    from collections.abc import Mapping

# the list, and a new one of it
FIELDS = {
    AUDIENCE: (lazy("Whom we help"), lazy("An audience")),
    SERVICE: (lazy("What we help with"), lazy("A service")),
}
COUNTS = {"people": lazy("People who were helped"), "entries": lazy("Entries, however many people were there")}


def refusals(problems: Mapping[str, str]) -> dict[str, str]:
    """Field -> what to say about it, with the way out."""
    return {field: _refusal(field, problem) for field, problem in problems.items()}


def _refusal(field: str, problem: str) -> str:
    if field == "code":
        return _bad_code(problem)
    if field == "since":
        return _bad_day(problem)
    if problem == "empty":
        return _("Write it in one language at least.")
    if problem == "long":
        return _("At most %(most)s characters.", most=number(LONGEST_TEXT if field == "texts" else LONGEST_NAME))
    return _("This is not on the list any more. Please choose again.")


def _bad_code(problem: str) -> str:
    if problem == "taken":
        return _("Another one of this list has this code, perhaps one that has ended. Choose another.")
    return _("Small letters from a to z, digits and hyphens, at most %(most)s.", most=number(LONGEST_CODE))


def _bad_day(problem: str) -> str:
    if problem == "early":
        return _("The version before begins on that day or later. Choose a later day.")
    if problem == "closed":
        return _("That day lies in a period that is closed, whose figures never change. Choose a later day.")
    return _("Choose the day from which on it counts.")
