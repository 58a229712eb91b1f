"""Two accounts that are one person's; units that became part of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from lms.finding.models import FindName, HelperListing, HelpPoint, HelpSaidTally

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def move(db: Session, gone: int, keep: int) -> None:
    """Give one person what the other did. Where both are listed, the consent of the account that stays counts."""
    for column in (HelpPoint.edited_by, HelpSaidTally.entered_by):
        db.execute(update(column.class_).where(column == gone).values({column: keep}))
    if db.get(HelperListing, keep) is None:
        db.execute(update(HelperListing).where(HelperListing.person_id == gone).values(person_id=keep))
    db.execute(delete(HelperListing).where(HelperListing.person_id == gone))


def follow(db: Session, gone: int, into: int) -> None:
    """A point goes with its unit, unless the other unit has one: then the old one stays with the closed unit."""
    db.execute(delete(FindName).where(FindName.unit_id == gone))
    if db.scalar(select(HelpPoint.id).where(HelpPoint.unit_id == into)) is None:
        db.execute(update(HelpPoint).where(HelpPoint.unit_id == gone).values(unit_id=into))
