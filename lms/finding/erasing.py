"""What of somebody stands on public pages goes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.finding.actions import be_found_no_more

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def erase(db: Session, person: int) -> Iterable[str]:
    """Delete what a helper let the public see. Who wrote an entry of a point is an actor without a name then."""
    be_found_no_more(db, person)
    return ()
