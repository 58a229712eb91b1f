"""Tables of people, sessions, units, roles, and the counters that slow down guessing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base

# compared byte by byte on both databases, so that a subtree is a range of an index
PATH = String(500).with_variant(String(500, collation="C"), "postgresql")


class Actor(Base):
    """Whoever did something. Survives the person."""

    __tablename__ = "actor"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]


class Person(Base):
    """Somebody with an account. `proved_email` is the address once its owner showed that it is theirs.

    `code` is how a register knows the person (OneRoster's sourcedId). `merged_into_id` is whose account this one turned
    out to be. `reminds` is whether reminders may be sent.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(ForeignKey("actor.id"), primary_key=True, autoincrement=False)
    code: Mapped[str | None] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    latin_name: Mapped[str] = mapped_column(String(200), default="")
    folded_name: Mapped[str] = mapped_column(String(400), index=True)
    user_name: Mapped[str | None] = mapped_column(String(80), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    proved_email: Mapped[str | None] = mapped_column(String(254), unique=True)
    phone: Mapped[str] = mapped_column(String(40), default="", index=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(20), default="en")
    category: Mapped[str] = mapped_column(String(80), default="")
    employer: Mapped[str] = mapped_column(String(200), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    reminds: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def is_erased(self) -> bool:
        """Whether nothing is known of this person any more; everybody else has a name."""
        return not self.name


class PersonName(Base):
    """A name that somebody had before it was corrected, and who corrected it."""

    __tablename__ = "person_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    latin_name: Mapped[str] = mapped_column(String(200), default="")
    until: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))


class PersonChange(Base):
    """Something happened that may change where a person is counted. Whoever counts takes the row away.

    Rows are only ever added, never updated: one that is not committed yet survives a count that did not see it.
    """

    __tablename__ = "person_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    at: Mapped[datetime]


class UserSession(Base):
    """One browser that is signed in, or a guest's. The cookie carries a token of which this keeps the hash."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    is_shared: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str] = mapped_column(String(120), default="")


class MailToken(Base):
    """A link that was mailed: to sign in, or to choose a new password. Single use; only its hash is kept."""

    __tablename__ = "mail_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    purpose: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInCode(Base):
    """A code on a slip of paper, with which somebody without e-mail signs in once. Only its hash is kept.

    `batch` is made by the page that asked for the slips, so that they are made, and shown, once.
    """

    __tablename__ = "sign_in_code"
    __table_args__ = (UniqueConstraint("batch", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch: Mapped[str] = mapped_column(String(36))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("actor.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Unit(Base):
    """A node of an organisation tree, as it stands today. `path` lists the ids from the root, `/1/5/9/`.

    A subtree is a prefix of `path`; each root is a tree of its own. `is_fixed` closes the list of units right below:
    an import cannot add one by a typing mistake. `latitude` and `longitude` are degrees (WGS 84).
    """

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(PATH, index=True)
    kind: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(String(400), default="", server_default=text("''"), index=True)
    is_fixed: Mapped[bool] = mapped_column(default=False, server_default=false())
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    opened_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


class UnitName(Base):
    """Another name of a unit: in a language, a former one (`kind` former, with its last day), or what people say."""

    __tablename__ = "unit_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(20), default="")
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(String(400), index=True)
    until: Mapped[date | None] = mapped_column(Date)


class UnitPlace(Base):
    """Where a unit stood in its tree from a day until a day (both included), so that old totals stay what they were."""

    __tablename__ = "unit_place"
    __table_args__ = (Index("ix_unit_place_path", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(PATH)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


class Membership(Base):
    """A person in a unit, from a day until a day."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_unit_person", "unit_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


class RoleGrant(Base):
    """A role that somebody holds; without a unit it holds everywhere."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SecurityEvent(Base):
    """What happened to accounts and rights, for the operator and for an investigation."""

    __tablename__ = "security_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("actor.id"))
    detail: Mapped[dict[str, Any]]


class ThrottleCount(Base):
    """How often something was tried in a window of time, named by its end in minutes since 1970.

    `key` is a digest: it tells nobody who tried. Rows are deleted soon after their window.
    """

    __tablename__ = "throttle_count"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(default=0)
