"""What registers and requests know of somebody who is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_

from lms.rosters.models import JoinRequest, MembershipOffer, PossibleDuplicate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete requests, offers and questions about who is who; memberships stay, because sums hang on them."""
    db.execute(delete(JoinRequest).where(JoinRequest.person_id == person))
    db.execute(delete(MembershipOffer).where(MembershipOffer.person_id == person))
    either = or_(PossibleDuplicate.person_id == person, PossibleDuplicate.other_id == person)
    db.execute(delete(PossibleDuplicate).where(either))
    return ()
