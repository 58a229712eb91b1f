"""Whom an update reached as a table: what the screen shows of each unit, and nothing that it holds back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.updating.rules import FEWEST
from lms.web.language import _, number, show_date, show_moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from lms.updating.reach_queries import ReachPage
    from lms.updating.rules import Reach


def head() -> list[str]:
    """The words above the columns. Shares are parts of one."""
    least, most = _("Lower end of the interval"), _("Upper end of the interval")
    return [
        *(_("Code"), _("Unit"), _("Holders"), _("Have read it"), _("Share who read it"), least, most),
        *(_("Were asked"), _("Right at the first try"), _("Share right at the first try"), least, most),
        _("Remark"),
    ]


def rows(pages: Sequence[ReachPage]) -> Iterator[list[Any]]:
    """What is above the list of units, then the units of all its pages in the order of the screen."""
    first = pages[0]
    name = first.unit.name if first.unit else _("All")
    yield [first.unit.code if first.unit else "", name, *_cells(first.reach)]
    for page in pages:
        for row in page.rows:
            yield [row.unit.code, row.unit.name, *_cells(row.reach)]


def _cells(reach: Reach) -> list[Any]:
    if not reach.is_shown:
        return [None if reach.holders else 0, *[None] * 9, _remark(reach)]
    right: list[Any] = [None] * 5
    if reach.right_share is not None:
        right = [reach.asked, reach.right, *_rounded(reach.right_share, reach.right_between)]
    return [reach.holders, reach.read, *_rounded(reach.share, reach.between), *right, ""]


def _remark(reach: Reach) -> str:
    if not reach.holders:
        return ""
    return _("not shown") if reach.is_held_back else _("fewer than %(least)s holders", least=number(FEWEST))


def _rounded(share: float | None, between: tuple[float, float] | None) -> list[float | None]:
    return [None if each is None else round(each, 4) for each in (share, *(between or (None, None)))]


def notes(page: ReachPage, moment: datetime) -> list[str]:
    """What stands below: which update, when it is true, and what is counted."""
    update = page.card.update
    return [
        page.card.title,
        page.card.words["what"],
        _("Told on %(date)s.", date=show_date(update.made_at)),
        _("As of %(moment)s", moment=show_moment(moment)),
        _(
            "Counted are people who are members today. Where fewer than %(least)s hold an older certificate nothing is "
            "shown; they count in the sums above. The interval is the score interval of E. B. Wilson (1927).",
            least=number(FEWEST),
        ),
    ]
