"""What is said of tallies: what their columns are called, and why a row of a file was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.helping import rules
from lms.helping.tally_files import FIELDS, ColumnsMissing
from lms.helping.words import CHANNELS, KINDS, OUTCOMES
from lms.web import table_words
from lms.web.language import _, lazy, listing, number

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = {
    "unit": lazy("Unit code"),
    "month": lazy("Month"),
    "kind": lazy("Kind"),
    "audience": lazy("Audience"),
    "service": lazy("Service"),
    "people": lazy("People"),
    "minutes": lazy("Minutes"),
    "channel": lazy("Channel"),
    "outcome": lazy("Outcome"),
}
REASONS = {
    "unit": lazy("This row names no unit. Write the unit’s code."),
    "unknown-unit": lazy("None of your units has the code %(given)s."),
    "month": lazy("This row names no month. Write it like 2026-10."),
    "future": lazy("This month is still to come."),
    "old": lazy("This month lies more than ten years back."),
    "people": lazy("People is no whole number from 0 to %(most)s."),
    "minutes": lazy("Minutes is no whole number from 1 to %(most_minutes)s."),
    "kind": lazy("The kind %(given)s is unknown. Write training, consultation or visit."),
    "audience": lazy("The audience %(given)s is on no list. The codes stand in the file to fill in."),
    "service": lazy("The service %(given)s is on no list. Write a code of the list, or leave the cell empty."),
    "channel": lazy("The channel %(given)s is unknown. Write in-person, phone or messenger, or leave the cell empty."),
    "outcome": lazy(
        "The outcome %(given)s is unknown. Write solved, passed-on or not-solved, or leave the cell empty."
    ),
}


def reason(key: str, given: str) -> str:
    """Why a row was left out."""
    if key not in REASONS:
        return table_words.sentence(key, {})
    limits = {"most": number(rules.MOST_IN_TALLY), "most_minutes": number(rules.MOST_MINUTES_IN_TALLY)}
    return str(REASONS[key]) % {"given": given or "–", **limits}


def wrong_number() -> str:
    """What is said beside a box that holds no number."""
    return _("Write a whole number from 0 to %(most)s.", most=number(rules.MOST_IN_TALLY))


def missing(error: ColumnsMissing) -> str:
    """Which columns a file lacks, and which it has; or that it is no table at all."""
    if error.is_no_table:
        return _("This file holds no table. Choose a CSV or XLSX file with columns, such as the file to fill in.")
    return _(
        "The file has no column for: %(fields)s. Its columns are: %(names)s. Take the file to fill in, or name the "
        "columns as they are called there.",
        fields=listing([f"{COLUMNS[field]} ({field})" for field in error.fields]),
        names=listing([name or "–" for name in error.names]),
    )


def column_names() -> Mapping[str, str]:
    """Names of columns in the reader's language -> fields."""
    return {str(COLUMNS[field]): field for field in FIELDS}


def codes() -> Mapping[str, str]:
    """Words in the reader's language -> codes of kinds, channels and outcomes."""
    kinds = {str(word): str(code) for code, (word, _icon) in KINDS.items()}
    return kinds | {str(word): str(code) for words in (CHANNELS, OUTCOMES) for code, word in words.items()}
