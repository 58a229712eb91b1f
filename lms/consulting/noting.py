"""A request that ended becomes help given: one entry, linked, never two."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from lms.consulting.actions import NotYours, step
from lms.consulting.rules import ENDED, State, Step
from lms.helping import actions as helping
from lms.helping.mandate_queries import posts_of
from lms.helping.rules import Help, Kind

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.consulting.models import Consultation


def note_help(db: Session, row: Consultation, person: int, *, on: date, today: date, minutes: int | None) -> int:
    """Note the help that a request came to, for whoever took it, once; the id of the entry.

    Raises `NotYours`, and what `lms.helping.actions.log` raises.
    """
    db.refresh(row, with_for_update=True)
    if row.taken_by != person or row.state not in ENDED | {State.CLOSED}:
        raise NotYours(row.id)
    if row.entry_id is not None:
        return row.entry_id
    given = Help(
        kind=Kind.CONSULTATION,
        audience=row.audience,
        service=row.service,
        people=1,
        given_on=on,
        minutes=minutes,
        channel=row.channel,
        outcome=row.outcome,
        note=row.note,
    )
    # made from the request's own id: whatever is sent twice is the same entry
    key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"consultation/{row.client_id}"))
    # a consultant may answer for places in which she does not work
    unit = row.unit_id if row.unit_id in {post.id for post in posts_of(db, person, on)} else None
    entry = helping.log(db, person, given, client_id=key, today=today, unit=unit)
    row.entry_id = entry.id
    step(db, row, Step.NOTED, by=person)
    return entry.id
