"""Taking out entries that somebody who answers for a unit found to be wrong, and putting them back.

They stay in the log as undone; put back, each is noted once more. So an entry is never changed, and figures as of any
past moment stay what they were: those between both moments are without it.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from lms import events
from lms.among import among
from lms.clock import now
from lms.helping.models import HelpEntry, HelpTaken, HelpTaking

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

# what a new row says anew
_OWN = frozenset({"id", "client_id", "logged_at", "undone_by", "undone_at", "is_counted"})


def take_out(db: Session, by: int, helper: int, entries: Collection[int], reason: str) -> int:
    """Undo a helper's entries in somebody's name; how many still stood. The helper is told why."""
    of = (HelpEntry.helper_id == helper, HelpEntry.undone_at.is_(None))
    standing = select(HelpEntry).where(among(HelpEntry.id, entries), *of).order_by(HelpEntry.id)
    found = db.scalars(standing.with_for_update()).all()  # of two who take them out at once, the second finds none
    if not found:
        return 0
    taking = HelpTaking(helper_id=helper, reason=reason, by=by, at=now())
    db.add(taking)
    db.flush()
    again = select(HelpTaken.again_id, HelpTaken.noted_at).where(among(HelpTaken.again_id, [each.id for each in found]))
    first = {row[0]: row[1] for row in db.execute(again)}
    for entry in found:
        entry.undone_at, entry.undone_by = taking.at, by
        db.add(HelpTaken(entry_id=entry.id, taking_id=taking.id, noted_at=first.get(entry.id, entry.logged_at)))
    events.announce(db, events.HelpTakenOut(taking.id))
    return len(found)


def put_back(db: Session, by: int, helper: int, entries: Collection[int]) -> list[int]:
    """Let entries of a helper that were taken out stand again; the ids of the new rows. Doing it twice is once."""
    out = (
        select(HelpTaken, HelpEntry)
        .join(HelpEntry, HelpEntry.id == HelpTaken.entry_id)
        .where(among(HelpTaken.entry_id, entries), HelpEntry.helper_id == helper, HelpTaken.again_id.is_(None))
    )
    new, takings = [], set()
    for taken, entry in db.execute(out.order_by(HelpTaken.entry_id).with_for_update(of=HelpTaken)).all():
        again = db.scalars(insert(HelpEntry).values(**_again(entry)).returning(HelpEntry.id)).one()
        taken.again_id, taken.put_back_by, taken.put_back_at = again, by, now()
        new.append(again)
        takings.add(taken.taking_id)
    for taking in sorted(takings):
        events.announce(db, events.HelpPutBack(taking))
    return new


def _again(entry: HelpEntry) -> dict[str, Any]:
    names = (column.name for column in HelpEntry.__table__.columns)
    same = {name: getattr(entry, name) for name in names if name not in _OWN}
    return same | {"client_id": str(uuid.uuid4()), "logged_at": now(), "is_counted": False}
