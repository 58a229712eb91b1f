"""What looked odd of two accounts that turned out to be one person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from lms.vetting.models import HelpFinding, HelpFindingStep, HelpSample, HelpSampled

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person what is listed of the other; the worker judges the months anew when something is noted."""
    for column in (HelpFinding.helper_id, HelpFindingStep.by, HelpSample.made_by, HelpSampled.noted_by):
        db.execute(update(column.class_).where(column == gone).values({column: keep}))
