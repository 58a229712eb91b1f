"""What figures of help are called on screen and in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.helping.catalogue import title_of
from lms.reach.rules import TOTAL, Span
from lms.web.language import _, lazy, show_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lms.helping.catalogue import Catalogue
    from lms.helping.rules import Definition
    from lms.reach.rules import Period

SPANS = {
    Span.MONTH: lazy("This month"),
    Span.QUARTER: lazy("This quarter"),
    Span.YEAR: lazy("This year"),
}
# by what helpers are compared
CRITERIA = {
    "people": lazy("People helped"),
    "entries": lazy("Entries"),
    "days": lazy("Days with help"),
}


def named(definitions: Sequence[Definition], tongue: str) -> dict[str, str]:
    """Code -> title, everybody who was helped last."""
    return {each.code: title_of(each, tongue) for each in definitions} | {TOTAL: _("People helped")}


def in_words(period: Period) -> str:
    """A period as people say it: from the first to the last day."""
    return _("%(first)s – %(last)s", first=show_date(period.first), last=show_date(period.last))


def service_named(lists: Catalogue, code: str, tongue: str) -> str:
    """A service; one that is on no list any more is called by its code."""
    found = lists.service(code)
    return found.name(tongue) if found is not None else code or _("Not told")
