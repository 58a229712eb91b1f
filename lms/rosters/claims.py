"""Whoever proves to be somebody on a register becomes that person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from lms.clock import now
from lms.db import insert_once
from lms.people import merging
from lms.rosters import join_actions
from lms.rosters.duplicates_queries import entry_by_code, on_the_register
from lms.rosters.duplicates_rules import Decision, Reason, knows_contact, names_fit
from lms.rosters.models import PossibleDuplicate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from lms.people.models import Person


def claim_by_address(movers: Iterable[merging.Mover], db: Session, person: Person) -> bool:
    """Join an entry of a register with the account that has just proved the entry's address; whether it was done.

    Only an entry that nobody has ever signed in with. Where several have the address, or the names have nothing in
    common (a mailbox that a family or an office shares), a coordinator is asked.
    """
    entries = on_the_register(db, person.proved_email or "", but=person.id)
    own = f"{person.name} {person.latin_name}"
    if len(entries) == 1 and names_fit(own, f"{entries[0].name} {entries[0].latin_name}"):
        merging.merge(db, movers, entries[0].id, person.id, by=person.id)
        join_actions.settle(db, person.id, by=person.id)
        return True
    for entry in entries:
        ask(db, person.id, entry.id, Reason.CLAIM)
    return False


def claim_by_code(db: Session, person: int, code: str, contact: str) -> None:
    """Ask a coordinator whether an entry of a register is this person's, if its code and a contact are right.

    What somebody knows is no proof that they are who they say, so nothing is joined here; and nothing tells the asker
    whether the entry exists.
    """
    entry = entry_by_code(db, code)
    if entry is not None and knows_contact(contact, entry.email, entry.phone):
        ask(db, person, entry.id, Reason.CLAIM)


def ask(db: Session, one: int, other: int, reason: Reason) -> None:
    """Put two people before a coordinator; what was decided before stays decided."""
    first, second = sorted((one, other))
    known = select(exists().where(PossibleDuplicate.person_id == first, PossibleDuplicate.other_id == second))
    if first != second and not db.scalar(known):
        fact = {"person_id": first, "other_id": second, "reason": reason.value, "found_at": now()}
        insert_once(db, PossibleDuplicate, {**fact, "decision": Decision.OPEN.value})
