"""What of somebody tells who it is in what looked odd: the words that were written about their entries, or by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.vetting.models import HelpFinding, HelpFindingStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete what was listed of somebody's entries; of what they decided about others the words go, the step stays."""
    theirs = select(HelpFinding.id).where(HelpFinding.helper_id == person)
    db.execute(delete(HelpFindingStep).where(HelpFindingStep.finding_id.in_(theirs)))
    db.execute(delete(HelpFinding).where(HelpFinding.helper_id == person))
    db.execute(update(HelpFindingStep).where(HelpFindingStep.by == person).values(words=""))
    return ()
