"""Which certificates stand behind help: the helper's own, and those of the library that she works in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Date, and_, bindparam, exists, func, or_, select

from lms.among import among_given, on_path
from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.helping.models import HelpChoice, HelpEntry
from lms.helping.rules import MOST_A_DAY, Mandate, Scope
from lms.people.models import Membership, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session


# built once: noting help should cost little more than the row
_CERTIFICATE = (
    Certificate.unit_id,
    Certificate.version_id,
    Certificate.valid_until,
    Certificate.revoked_at,
    Certificate.superseded_at,
    Certificate.issued_at,
    Certificate.facts["issued_on"].as_string().label("issued_on"),
)
_CERTIFICATES = select(*_CERTIFICATE).where(Certificate.erased_at.is_(None))
_HELD = _CERTIFICATES.where(Certificate.actor_id == bindparam("person")).order_by(Certificate.id)
_HELD_BY_UNITS = _CERTIFICATES.where(among_given(Certificate.unit_id)).order_by(Certificate.id)
_DAY = bindparam("day", type_=Date)
_POSTS = (
    select(Unit.id, Unit.name, Unit.path)
    .join(Membership, Membership.unit_id == Unit.id)
    .where(Membership.person_id == bindparam("person"), Membership.since <= _DAY)
    .where(Membership.until.is_(None) | (Membership.until >= _DAY))
    .order_by(Membership.since.desc(), Membership.id.desc())
)
_SOME = select(HelpEntry.id).where(HelpEntry.helper_id == bindparam("person"), HelpEntry.given_on == _DAY)
_ON_A_DAY = select(func.count()).select_from(_SOME.limit(MOST_A_DAY).subquery())
_BEHIND = and_(
    Certificate.erased_at.is_(None),
    or_(Certificate.actor_id == bindparam("person"), on_path(Certificate.unit_id, Unit.path)),
)
_STAND = (
    _POSTS.add_columns(_ON_A_DAY.scalar_subquery(), exists(select(HelpChoice.id)))
    .outerjoin(Certificate, _BEHIND)
    .add_columns(Certificate.id.label("certificate"), *_CERTIFICATE)
    .order_by(Certificate.id)
)


class Post(NamedTuple):
    """A unit in which somebody may be when helping: its id, name, and path from the root."""

    id: int
    name: str
    path: str

    @property
    def root(self) -> int:
        """The id of the top of its tree."""
        return int(self.path.split("/")[1])


class Stand(NamedTuple):
    """Where somebody stood on a day, how many entries she made for it, whether any programme has lists of its own.

    `certificates` has a row for each post and each certificate that may stand behind help there.
    """

    posts: Sequence[Post]
    noted: int
    has_lists: bool
    certificates: Sequence[Any]


def stand_of(db: Session | Connection, person: int, day: date) -> Stand:
    """All that an entry rests on, in one statement. In no unit, nothing else is known."""
    rows = db.execute(_STAND, {"person": person, "day": day}).all()
    if not rows:
        return Stand((), 0, False, ())
    posts = list({row[0]: Post(*row[:3]) for row in rows}.values())
    return Stand(posts, rows[0][3], bool(rows[0][4]), [row for row in rows if row.certificate is not None])


def mandates_at(db: Session | Connection, stand: Stand, post: Post) -> tuple[list[Mandate], list[Mandate]]:
    """`mandates_of` and `mandates_of_unit` of what is known already."""
    rows = {row.certificate: row for row in stand.certificates if row[0] == post.id}.values()
    mine = [_mandate(db, row) for row in rows if row.unit_id is None]
    return mine, _nearest(db, _ids(post.path), [row for row in rows if row.unit_id is not None])


def mandates_of(db: Session | Connection, person: int) -> list[Mandate]:
    """Somebody's certificates as help sees them; none: the log is not open to this person yet."""
    return [_mandate(db, row) for row in db.execute(_HELD, {"person": person}).all()]


def mandates_of_unit(db: Session, path: str) -> list[Mandate]:
    """The certificates of the nearest unit, from this one up, that has or had any."""
    ids = _ids(path)
    return _nearest(db, ids, db.execute(_HELD_BY_UNITS, {"given": ids}).all())


def _ids(path: str) -> list[int]:
    return [int(each) for each in path.strip("/").split("/")]


def _nearest(db: Session | Connection, ids: Sequence[int], rows: Sequence[Any]) -> list[Mandate]:
    nearest = max((ids.index(row.unit_id) for row in rows), default=None)
    return [_mandate(db, row) for row in rows if nearest is not None and row.unit_id == ids[nearest]]


def _mandate(db: Session | Connection, row: Any) -> Mandate:
    """From the day that is printed to the last one; withdrawn: to the day before; replaced: to the day of that."""
    ends = [row.valid_until] if row.valid_until else []
    if row.revoked_at is not None:
        ends.append(row.revoked_at.date() - timedelta(days=1))
    elif row.superseded_at is not None:
        ends.append(row.superseded_at.date())
    since = date.fromisoformat(row.issued_on) if row.issued_on else row.issued_at.date()
    return Mandate(since, min(ends, default=None), _scope(db, row))


def _scope(db: Session | Connection, row: Any) -> Scope:
    earned = content.version(db, row.version_id).certificate
    rules = earned.organisations if earned and row.unit_id is not None else earned
    if rules is None:
        return Scope()
    return Scope(frozenset(rules.helps.kinds), frozenset(rules.helps.audiences), frozenset(rules.helps.services))


def posts_of(db: Session, person: int, day: date) -> Sequence[Post]:
    """The units in which somebody was a member on a day, the newest membership first."""
    return list({row.id: Post(*row) for row in db.execute(_POSTS, {"person": person, "day": day})}.values())
