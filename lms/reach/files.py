"""The help of a unit as a table: the same rows for the screen's comparison, CSV and XLSX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.helping.catalogue import text_of, title_of
from lms.reach import words
from lms.reach.rules import TOTAL, Sum
from lms.web.language import _, show_moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from lms.helping.rules import Definition
    from lms.reach.pages import HelpPage


def head(page: HelpPage, tongue: str) -> list[str]:
    """The words above the columns."""
    named = words.named(page.shown.definitions, tongue)
    return [_("Code"), _("Unit"), *named.values(), _("Of them tallied"), _("Counted apart")]


def rows(page: HelpPage) -> list[list[str | int]]:
    """The unit itself, then the units right below it, in the order of the screen."""
    codes = [*(each.code for each in page.shown.definitions), TOTAL]
    found = [(page.unit, page.shown.total), *((row.unit, row.figures) for row in page.shown.rows)]
    return [[unit.code, unit.name, *_numbers(figures, codes)] for unit, figures in found]


def _numbers(figures: Mapping[str, Sum], codes: Sequence[str]) -> list[int]:
    return [*(figures[code].number for code in codes), figures[TOTAL].tallied, figures[TOTAL].apart]


def notes(page: HelpPage, tongue: str) -> list[str]:
    """What stands beside every copy: the unit, the period, when it is true, and each definition with its version."""
    return [
        _("Help given: %(unit)s", unit=page.unit.name),
        words.in_words(page.period),
        as_of(page),
        *(in_words(each, tongue) for each in page.shown.definitions),
    ]


def in_words(definition: Definition, tongue: str) -> str:
    """A definition with its version, in one sentence."""
    title, text = title_of(definition, tongue), text_of(definition, tongue)
    return _("%(title)s (version %(version)s): %(text)s", title=title, version=definition.version, text=text)


def as_of(page: HelpPage) -> str:
    """When the figures are true."""
    if page.shown.closed is not None:
        return closed_on(page.shown.closed.closed_at)
    if page.counted_at is None:
        return _("Not counted yet.")
    return _("As of %(moment)s", moment=show_moment(page.counted_at))


def closed_on(moment: datetime) -> str:
    """That a period is closed, and since when."""
    return _("Closed on %(moment)s; these figures never change.", moment=show_moment(moment))
