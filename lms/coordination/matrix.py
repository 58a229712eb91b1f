"""Pure decision: how a unit stands in a course, from its figures and from what is planned for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from lms.figures.rules import Figures


class Stage(StrEnum):
    """How a unit stands in a course."""

    NOBODY = "nobody"  # nobody is registered in the unit
    NOT_PLANNED = "not-planned"
    PLANNED = "planned"
    RUNNING = "running"
    OVERDUE = "overdue"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned for a unit in a course: whether anything is, the first day that begins, the last deadline."""

    is_planned: bool = False
    starts: date | None = None
    due: date | None = None

    def with_also(self, other: Plan) -> Plan:
        """Both plans as one: the earlier start, the later deadline."""
        starts = [day for day in (self.starts, other.starts) if day is not None]
        due = [day for day in (self.due, other.due) if day is not None]
        return Plan(self.is_planned or other.is_planned, min(starts, default=None), max(due, default=None))


def stage(figures: Figures, plan: Plan, today: date) -> tuple[Stage, date | None]:
    """How a unit stands in a course, and the day that matters: the start of what is planned, the deadline of the rest.

    Complete: everybody who is registered is certified or exempt, and somebody is certified. Overdue: not complete, and
    the deadline is over. Running: somebody has started, or the planned start has come. Planned: a rule, a group or a
    target says so.
    """
    if not figures.registered:
        return Stage.NOBODY, None
    if figures.left == 0 and figures.certified:
        return Stage.COMPLETE, None
    if plan.due is not None and plan.due < today:
        return Stage.OVERDUE, plan.due
    has_begun = figures.under_way + figures.failed + figures.certified > 0
    if has_begun or (plan.starts is not None and plan.starts <= today):
        return Stage.RUNNING, plan.due
    return (Stage.PLANNED, plan.starts) if plan.is_planned else (Stage.NOT_PLANNED, None)
