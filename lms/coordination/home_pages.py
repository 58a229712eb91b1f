"""What the desk's first page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lms.coordination.target_pages import TargetRow
    from lms.coordination.unit_pages import Overview, UnitRow
    from lms.paging import Page
    from lms.people.models import Unit
    from lms.reach.pages import GapKind


@dataclass(frozen=True, slots=True)
class Needs:
    """What waits for a coordinator, as numbers; all 0 for whoever only looks at figures."""

    requests: int = 0
    certificates: int = 0  # requests about certificates
    earlier: int = 0  # requests to have earlier learning recognised
    duplicates: int = 0
    rejected: int = 0  # rows of imports that ended in the last days
    rejected_run: int | None = None  # the newest of these imports
    expiring: int = 0
    unanswered: int = 0  # requests for help for which nobody was found


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the desk opens with: one unit in full, or several side by side with what is aimed at in them.

    `helperless` are units of a kind of which some have no valid helper today.
    """

    overview: Overview | None
    rows: Sequence[UnitRow]
    page: Page | None
    targets: Sequence[TargetRow]
    needs: Needs
    counted: datetime | None
    helperless: GapKind | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no unit at all."""
        return self.overview is None and not self.rows

    @property
    def units(self) -> Sequence[Unit]:
        """The highest units in scope that this page shows."""
        return [self.overview.unit] if self.overview else [row.unit for row in self.rows]
