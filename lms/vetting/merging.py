"""What looked odd of two accounts that turned out to be one person's."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from lms.vetting.models import HelpFinding, HelpFindingStep, HelpSample, HelpSampled
from lms.vetting.rules import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person what is listed of the other; the worker judges the months anew when something is noted."""
    for column in (HelpFinding.helper_id, HelpFindingStep.by, HelpSample.made_by, HelpSampled.noted_by):
        db.execute(update(column.class_).where(column == gone).values({column: keep}))
    _join(db, keep)


def _join(db: Session, person: int) -> None:
    """Let what was listed of both in one unit and month be one finding: the worker knows of one only."""
    rows = select(HelpFinding).where(HelpFinding.helper_id == person).order_by(HelpFinding.id)
    first: dict[tuple[int, Any], HelpFinding] = {}
    for row in db.scalars(rows.execution_options(populate_existing=True)).all():
        known = first.setdefault((row.unit_id, row.month), row)
        if known is not row:
            db.execute(update(HelpFindingStep).where(HelpFindingStep.finding_id == row.id).values(finding_id=known.id))
            _take_in(known, row)
            db.delete(row)
    db.flush()


def _take_in(known: HelpFinding, other: HelpFinding) -> None:
    """Both together; what is still to be looked at of one of them is to be looked at."""
    known.reasons = _added_up([*known.reasons, *other.reasons])
    known.entries, known.people = known.entries + other.entries, known.people + other.people
    known.newest_id = max(known.newest_id, other.newest_id)
    states = {known.state, other.state}
    known.state = next((each for each in (State.OPEN, State.ASKED) if each in states), known.state)
    known.found_at = min(known.found_at, other.found_at)


def _added_up(reasons: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in reasons:
        sums[each["reason"]][0] += each["entries"]
        sums[each["reason"]][1] += each["days"]
    return [{"reason": reason, "entries": entries, "days": days} for reason, (entries, days) in sums.items()]
