"""Two accounts of one person become one: everything that either of them did is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select, update

from lms.clock import now
from lms.folding import fold
from lms.people.actions import LONGEST_FOLDED, record, touch
from lms.people.models import (
    Actor,
    MailToken,
    Membership,
    Person,
    PersonName,
    RoleGrant,
    SignInCode,
    UserSession,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from sqlalchemy.orm import Session

    # moves what one part keeps of the second person to the first
    Mover: TypeAlias = Callable[[Session, int, int], None]

FILLED_IN = ("code", "phone", "category", "employer")


class MayNotMerge(Exception):
    """These two cannot become one now; `reason` is `same`, `closed` or `roles`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def keeper(one: Person, other: Person) -> tuple[Person, Person]:
    """Whose account goes on, and whose ends: a proved address first, then a way to sign in, then the older account.

    No coordinator chooses it: somebody who signs in here goes on signing in as before.
    """
    first, second = sorted(
        (one, other), key=lambda person: (not person.proved_email, not person.password_hash, person.id)
    )
    return first, second


def merge(db: Session, movers: Iterable[Mover], gone: int, keep: int, *, by: int) -> Person:
    """Make one person of two; who was meant by `gone` is closed. Raises `MayNotMerge`.

    An account with a role is not ended: a role would come to somebody who was never given it.
    """
    first, second = sorted((gone, keep))
    if db.get_bind().dialect.name != "sqlite":
        db.execute(select(Actor.id).where(Actor.id.in_((first, second))).order_by(Actor.id).with_for_update())
    db.flush()
    # read again: either may have been joined with somebody while this waited
    old, new = (db.get_one(Person, each, populate_existing=True) for each in (gone, keep))
    if gone == keep:
        raise MayNotMerge("same")
    if old.closed_at is not None or new.closed_at is not None:
        raise MayNotMerge("closed")
    if db.scalar(select(exists().where(RoleGrant.person_id == gone, RoleGrant.ended_at.is_(None)))):
        raise MayNotMerge("roles")
    _move_names(db, old, new, by=by)
    _move_account(db, old, new)
    _move_memberships(db, gone, keep)
    db.execute(update(RoleGrant).where(RoleGrant.person_id == gone).values(person_id=keep))
    for move in movers:
        move(db, gone, keep)
    record(db, "people-merged", by, keep, gone=gone)
    touch(db, gone)
    touch(db, keep)
    return new


def _move_names(db: Session, old: Person, new: Person, *, by: int) -> None:
    """Former names stay to be found; a name in Latin letters is taken over where there is none."""
    db.execute(update(PersonName).where(PersonName.person_id == old.id).values(person_id=new.id))
    if fold(old.name) != fold(new.name):
        row = PersonName(person_id=new.id, name=old.name, latin_name=old.latin_name, until=now(), changed_by=by)
        db.add(row)
    if old.latin_name and not new.latin_name:
        new.latin_name = old.latin_name
        new.folded_name = fold(f"{new.name} {new.latin_name}")[:LONGEST_FOLDED]


def _move_account(db: Session, old: Person, new: Person) -> None:
    """End one account; the other gets whatever it lacks. Links and codes on their way to the old one are spent."""
    moment = now()
    sessions = update(UserSession).where(UserSession.actor_id == old.id, UserSession.ended_at.is_(None))
    db.execute(sessions.values(ended_at=moment))
    links = update(MailToken).where(MailToken.person_id == old.id, MailToken.used_at.is_(None))
    db.execute(links.values(used_at=moment))
    slips = update(SignInCode).where(SignInCode.person_id == old.id, SignInCode.used_at.is_(None))
    db.execute(slips.values(used_at=moment))
    told = {name: getattr(old, name) for name in (*FILLED_IN, "user_name", "email", "proved_email", "password_hash")}
    old.user_name, old.email, old.proved_email, old.password_hash, old.phone = None, "", None, "", ""
    old.code = told["code"] if new.code else None
    old.closed_at, old.merged_into_id = moment, new.id
    db.execute(update(Person).where(Person.merged_into_id == old.id).values(merged_into_id=new.id))
    db.flush()  # a code and an address are unique: one gives them up before the other has them
    for name in FILLED_IN:
        setattr(new, name, getattr(new, name) or told[name])
    new.reminds = new.reminds and old.reminds
    # who has a way in keeps it and gets no other: one that somebody else has chosen would open this account, too
    has_way_in = bool(new.proved_email or new.password_hash)
    if not new.email and (told["proved_email"] or not has_way_in):
        new.email, new.proved_email = told["email"], told["proved_email"]
    if not has_way_in:
        new.user_name, new.password_hash = new.user_name or told["user_name"], told["password_hash"]
    db.flush()


def _move_memberships(db: Session, gone: int, keep: int) -> None:
    """Whoever was a member of a unit twice at a time was a member once, from the first day to the last."""
    rows = db.scalars(
        select(Membership)
        .where(or_(Membership.person_id == gone, Membership.person_id == keep))
        .order_by(Membership.unit_id, Membership.since, Membership.id)
    ).all()
    last: Membership | None = None
    for row in rows:
        row.person_id = keep
        if last is None or last.unit_id != row.unit_id or (last.until is not None and last.until < row.since):
            last = row
            continue
        last.until = None if last.until is None or row.until is None else max(last.until, row.until)
        db.delete(row)
    db.flush()
