"""What can be done to accounts, sessions, units and roles. Each action writes to this slice's tables only."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms import events
from lms.clock import now
from lms.folding import fold
from lms.people.models import (
    Actor,
    MailToken,
    Membership,
    Person,
    PersonChange,
    RoleGrant,
    SecurityEvent,
    ThrottleCount,
    Unit,
    UnitPlace,
    UserSession,
)
from lms.people.rules import Role, is_email

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from lms.db import Database

# 19 MiB, two passes: OWASP's second argon2id profile; about 30 ms on one core, so that many can sign in at once
WORK: dict[str, Any] = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}
HASHER = PasswordHasher(**WORK)
NOBODY = HASHER.hash(secrets.token_hex(16))
LINK_LASTS = timedelta(minutes=15)
LONGEST_FOLDED = 400


class NameTaken(Exception):
    """Another account has this user name."""


class LinkSpent(Exception):
    """A mailed link was used before, is too old, or was never ours."""


class TooOften(Exception):
    """Something was tried too often in a short time."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What somebody tells us when they make an account. `login` is an address or a user name."""

    name: str
    login: str
    password: str
    language: str = "en"
    latin_name: str = ""
    category: str = ""
    employer: str = ""
    is_demo: bool = False


def hash_password(password: str) -> str:
    """An argon2id hash; empty for an empty password, which nobody can sign in with."""
    return HASHER.hash(password) if password else ""


def password_fits(person: Person | None, password: str) -> bool:
    """Whether the password is this person's. Takes as long when there is no such person."""
    stored = person.password_hash if person and person.password_hash else NOBODY
    try:
        HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not NOBODY


def whose_password(people: Sequence[Person], password: str) -> Person | None:
    """The first of these people whose password it is. Takes as long for nobody as for one."""
    return next((person for person in people or (None,) if password_fits(person, password)), None)


def sign_up(db: Session, new: NewPerson, password_hash: str, *, guest: int | None = None) -> Person:
    """Make an account; a guest's answers become the person's. Raises `NameTaken`.

    An address may be claimed by several accounts until its owner proves it.
    """
    moment, login = now(), new.login.strip().casefold()
    actor = guest if guest is not None else _new_actor(db, moment)
    person = Person(
        id=actor,
        name=" ".join(new.name.split()),
        latin_name=" ".join(new.latin_name.split()),
        folded_name=_folded(new.name, new.latin_name),
        user_name=None if is_email(login) else login,
        email=login if is_email(login) else "",
        password_hash=password_hash,
        language=new.language,
        category=new.category,
        employer=new.employer,
        is_demo=new.is_demo,
        created_at=moment,
    )
    try:
        with db.begin_nested():
            db.add(person)
    except IntegrityError as error:
        raise NameTaken(login) from error
    record(db, "signed-up", actor, actor)
    events.announce(db, events.PersonSignedUp(actor))
    return person


def _folded(name: str, latin_name: str) -> str:
    """What a search by name looks at. Some letters become many, so it is cut to what fits."""
    return fold(f"{name} {latin_name}")[:LONGEST_FOLDED]


def _new_actor(db: Session, moment: datetime) -> int:
    actor = Actor(created_at=moment)
    db.add(actor)
    db.flush()
    return actor.id


def end_session(db: Session, token_hash: str) -> None:
    """Sign one browser out."""
    db.execute(update(UserSession).where(UserSession.token_hash == token_hash).values(ended_at=now()))


def end_all_sessions(db: Session, actor: int, *, but: int | None = None) -> None:
    """Sign somebody out everywhere, except perhaps here."""
    ended = update(UserSession).where(UserSession.actor_id == actor, UserSession.ended_at.is_(None))
    db.execute(ended.where(UserSession.id != but).values(ended_at=now()))
    record(db, "signed-out-everywhere", actor, actor)


def make_link(db: Session, person: Person, purpose: str) -> str:
    """A new single-use token for a link in a letter; only its hash is kept."""
    token, moment = secrets.token_urlsafe(32), now()
    db.add(
        MailToken(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            person_id=person.id,
            email=person.email,
            purpose=purpose,
            created_at=moment,
            expires_at=moment + LINK_LASTS,
        )
    )
    return token


def use_link(db: Session, token: str, *, already: int | None = None) -> tuple[Person, str]:
    """Spend a mailed link: its person, whose address is now proved, and its purpose. Raises `LinkSpent`.

    A link that went to an address which the person has given up since then is refused, too.
    `already` is who is signed in in the browser that opens it: the same person keeps the password.
    """
    moment, digest = now(), hashlib.sha256(token.encode()).hexdigest()
    spent = db.execute(
        update(MailToken)
        .where(MailToken.token_hash == digest, MailToken.used_at.is_(None), MailToken.expires_at > moment)
        .values(used_at=moment)
        .returning(MailToken.person_id, MailToken.email, MailToken.purpose)
    ).one_or_none()
    if spent is None:
        raise LinkSpent
    person = db.get(Person, spent.person_id)
    if person is None or person.closed_at is not None or person.email != spent.email:
        raise LinkSpent
    _prove_email(db, person, keep_password=already == person.id)
    return person, spent.purpose


def _prove_email(db: Session, person: Person, *, keep_password: bool) -> None:
    """Make the address this person's. Whoever claimed it before without proof loses session, password and claim.

    That holds for this account, too: its password may be of somebody who wrote a stranger's address into it.
    """
    if person.proved_email == person.email:
        return
    holder = db.scalar(select(Person).where(Person.proved_email == person.email, Person.id != person.id))
    if holder is not None:
        raise LinkSpent
    end_all_sessions(db, person.id)
    if not keep_password:
        person.password_hash = ""
    # whoever has no password never claimed the address: a register says that it is theirs, which may well be true
    claimed = select(Person).where(Person.email == person.email, Person.id != person.id, Person.password_hash != "")
    rivals = db.scalars(claimed).all()
    for rival in rivals:
        end_all_sessions(db, rival.id)
        rival.email = ""
        rival.password_hash = rival.password_hash if rival.user_name else ""
    person.proved_email = person.email
    record(db, "email-proved", person.id, person.id)


def set_password(db: Session, person: Person, password_hash: str, *, but: int | None = None) -> None:
    """Change a password and sign out everywhere else; links on their way are spent."""
    person.password_hash = password_hash
    unspent = update(MailToken).where(MailToken.person_id == person.id, MailToken.used_at.is_(None))
    db.execute(unspent.values(used_at=now()))
    end_all_sessions(db, person.id, but=but)
    record(db, "password-changed", person.id, person.id)


def change_person(db: Session, person: Person, *, name: str, latin_name: str, language: str, email: str) -> None:
    """Correct what somebody says about themselves. A new address has to be proved again."""
    person.name, person.latin_name = " ".join(name.split()), " ".join(latin_name.split())
    person.folded_name, person.language = _folded(name, latin_name), language
    if email.casefold() != person.email:
        person.email, person.proved_email = email.casefold(), None
    record(db, "person-changed", person.id, person.id)


def grant_role(db: Session, person: int, role: Role, *, unit: int | None, by: int | None) -> int:
    """Give somebody a role in a scope; its id. Giving it twice, even at once, changes nothing."""
    db.execute(select(Actor.id).where(Actor.id == person).with_for_update(key_share=True))
    held = select(RoleGrant.id).where(
        RoleGrant.person_id == person,
        RoleGrant.role == role,
        RoleGrant.ended_at.is_(None),
        RoleGrant.unit_id.is_(None) if unit is None else RoleGrant.unit_id == unit,
    )
    already = db.scalar(held)
    if already is not None:
        return already
    grant = RoleGrant(person_id=person, role=role, unit_id=unit, granted_by=by, granted_at=now())
    db.add(grant)
    db.flush()
    record(db, "role-granted", by, person, role=role.value, unit=unit)
    return grant.id


def end_role(db: Session, grant: int, *, by: int | None) -> None:
    """Take a role away."""
    held = db.get(RoleGrant, grant)
    if held is None or held.ended_at is not None:
        return
    held.ended_at = now()
    record(db, "role-ended", by, held.person_id, role=held.role, unit=held.unit_id)


def add_unit(db: Session, *, kind: str, code: str, name: str, parent: Unit | None = None) -> Unit:
    """A new node of the organisation tree."""
    unit = Unit(
        parent_id=parent.id if parent else None,
        path="",
        kind=kind,
        code=code,
        name=name,
        folded_name=fold(name)[:LONGEST_FOLDED],
    )
    unit.opened_on = now().date()
    db.add(unit)
    db.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    db.add(UnitPlace(unit_id=unit.id, path=unit.path, since=unit.opened_on))
    return unit


def join_unit(db: Session, person: int, unit: int, *, since: date) -> None:
    """Make somebody a member of a unit from a day on. A member already stays one."""
    member = select(
        exists().where(Membership.person_id == person, Membership.unit_id == unit, Membership.until.is_(None))
    )
    if not db.scalar(member):
        db.add(Membership(person_id=person, unit_id=unit, since=since))
        touch(db, person)


def allow_reminders(db: Session, person_id: int, *, is_allowed: bool) -> None:
    """Say whether somebody may be reminded."""
    person = db.get(Person, person_id)
    if person is not None and person.reminds != is_allowed:
        person.reminds = is_allowed
        record(db, "reminders-allowed" if is_allowed else "reminders-refused", person_id, person_id)


def touch(db: Session, person: int) -> None:
    """Say that something happened which may change where somebody is counted."""
    db.execute(insert(PersonChange).values(person_id=person, at=now()))


def record(db: Session, kind: str, by: int | None, about: int | None, **detail: Any) -> None:
    """Write a line into the security log."""
    db.add(SecurityEvent(at=now(), kind=kind, actor_id=by, subject_id=about, detail=detail))


def count_try(database: Database, what: str, key: str, *, limit: int, seconds: int) -> None:
    """Count one try in its own transaction, so that it counts although the page fails. Raises `TooOften`."""
    digest, window = hashlib.sha256(f"{what}\0{key}".encode()).hexdigest(), _window(seconds)
    with database.writing() as db:
        count = _count_up(db, digest, window) or _begin_count(db, digest, window)
    if count > limit:
        raise TooOften


def check_tries(database: Database, what: str, key: str, *, limit: int, seconds: int) -> None:
    """Refuse whoever has counted as many tries as are allowed; nothing is counted. Raises `TooOften`."""
    digest = hashlib.sha256(f"{what}\0{key}".encode()).hexdigest()
    tries = select(ThrottleCount.count).where(ThrottleCount.key == digest, ThrottleCount.window == _window(seconds))
    with database.reading() as db:
        if (db.scalar(tries) or 0) >= limit:
            raise TooOften


def _window(seconds: int) -> int:
    """The window of time of this moment, named by its end in minutes since 1970; `seconds` are whole minutes."""
    return int(time.time() // seconds + 1) * seconds // 60


def forget_tries(db: Session) -> None:
    """Delete the counts of windows that are over: whoever has them and much time could find out who tried."""
    db.execute(delete(ThrottleCount).where(ThrottleCount.window <= int(time.time() // 60)))


def _count_up(db: Session, key: str, window: int) -> int | None:
    """One more; None if nothing was counted in this window yet."""
    row = update(ThrottleCount).where(ThrottleCount.key == key, ThrottleCount.window == window)
    return db.scalar(row.values(count=ThrottleCount.count + 1).returning(ThrottleCount.count))


def _begin_count(db: Session, key: str, window: int) -> int:
    """The first one in this window, unless somebody else is a moment earlier: a whole class signs in at once."""
    try:
        with db.begin_nested():
            db.execute(delete(ThrottleCount).where(ThrottleCount.key == key, ThrottleCount.window < window))
            db.add(ThrottleCount(key=key, window=window, count=1))
    except IntegrityError:
        return _count_up(db, key, window) or 1
    return 1
