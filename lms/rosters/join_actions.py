"""Join codes, requests to join, and what a coordinator decides on them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from lms import events
from lms.clock import now
from lms.db import insert_once
from lms.people.actions import join_unit, record
from lms.people.short_codes import new_code
from lms.people.units import hold_open
from lms.rosters import join_queries as queries
from lms.rosters.models import JoinCode, JoinRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

MOST_AT_ONCE = 500  # each is a membership, its mark for the count and a line of the log


class NotInForce(LookupError):
    """A join code has ended, or was never ours."""


def make_code(db: Session, unit: int, *, by: int, days: int) -> JoinCode:
    """A new join code of a unit, in force for some days."""
    moment = now()
    code = JoinCode(
        code=new_code(), unit_id=unit, made_by=by, created_at=moment, expires_at=moment + timedelta(days=days)
    )
    db.add(code)
    db.flush()
    record(db, "join-code-made", by, None, unit=unit, code=code.id)
    return code


def end_code(db: Session, code: JoinCode, *, by: int) -> None:
    """End a join code at once. Ending it twice changes nothing."""
    if code.ended_at is None:
        code.ended_at = now()
        record(db, "join-code-ended", by, None, unit=code.unit_id, code=code.id)


def ask_to_join(db: Session, code: str, person: int) -> queries.Invitation:
    """Ask to become a member of the code's unit; asking twice is one request. Raises `NotInForce`."""
    found = queries.invitation(db, code, person, now())
    if found is None:
        raise NotInForce(code)
    if found.unit_id not in hold_open(db, [found.unit_id]):
        raise NotInForce(code)
    fact = {"person_id": person, "unit_id": found.unit_id, "code_id": found.code_id, "asked_at": now()}
    # one row for each who waits is the table's own rule: whoever presses twice at once has asked once
    if not found.is_member and found.asked_at is None and insert_once(db, JoinRequest, fact):
        record(db, "asked-to-join", person, person, unit=found.unit_id)
    return found


def decide(db: Session, requests: Sequence[int], *, by: int, accept: bool) -> int:
    """Accept or refuse requests; how many of them were decided. Whoever is accepted is a member from today on.

    What somebody else has decided stays decided. Nobody comes into a unit that was closed meanwhile: who asked for it
    goes on waiting, until the unit is open again or the request is refused.
    """
    these = [JoinRequest.id.in_(requests), JoinRequest.decided_at.is_(None)]
    if accept:
        open_units = hold_open(db, db.scalars(select(JoinRequest.unit_id).where(*these)))
        these.append(JoinRequest.unit_id.in_(open_units))
    return _decide(db, these, by=by, accept=accept)


def _decide(db: Session, these: Sequence[ColumnElement[bool]], *, by: int, accept: bool) -> int:
    moment = now()
    decided = db.execute(
        update(JoinRequest)
        .where(*these)
        .values(decided_at=moment, decided_by=by, is_accepted=accept)
        .returning(JoinRequest.id, JoinRequest.person_id, JoinRequest.unit_id)
    ).all()
    for request, person, unit in decided:
        if accept:
            join_unit(db, person, unit, since=moment.date())
        record(db, "join-accepted" if accept else "join-refused", by, person, unit=unit)
        if person != by:
            events.announce(db, events.JoinDecided(request))
    return len(decided)


def settle(db: Session, person: int, *, by: int) -> None:
    """Accept the requests of somebody who has become a member in another way, as by an entry of the register."""
    ids = queries.settled_ids(db, person, now().date())
    # a unit with members is open, and whoever calls holds rows already, after which no tree may be locked
    _decide(db, [JoinRequest.id.in_(ids), JoinRequest.decided_at.is_(None)], by=by, accept=True)
