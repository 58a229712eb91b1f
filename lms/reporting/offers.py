"""Which reports there are: the own ones, and those that parts above hand in when the application is put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from lms.figures import queries as figures
from lms.reporting.queries import ROWS
from lms.reporting.rules import REPORTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from lms.reporting.queries import Asked
    from lms.reporting.rules import Cell, Report


def _no_notes(_db: Session, _asked: Asked) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A report, and where it comes from: its rows, up to when they are counted, what else stands above every copy.

    Notes are in the language of the request.
    """

    report: Report
    rows: Callable[[Session, Asked], Iterator[tuple[Cell, ...]]]
    counted_at: Callable[[Session], datetime | None] = figures.counted_at
    notes: Callable[[Session, Asked], Sequence[str]] = _no_notes


OWN = tuple(Offer(report, ROWS[report.id]) for report in REPORTS.values())


def by_id(offers: Iterable[Offer]) -> dict[str, Offer]:
    """Reports by their names, in the order in which they are offered."""
    return {each.report.id: each for each in offers}


def offered() -> Mapping[str, Offer]:
    """All reports of this application, by their names."""
    found: Mapping[str, Offer] = current_app.extensions["lms_reports"]
    return found
