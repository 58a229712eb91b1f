"""What the public reads: points by place and wish, one point, the helpers who want to be found there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from lms.credentials.models import Certificate
from lms.finding import rules
from lms.finding.models import HelperListing, HelpPoint, HelpPointHours, HelpPointTag, HelpSaid, HelpSaidTally
from lms.finding.pages import Helper, PointPage
from lms.finding.rules import Span, State
from lms.finding.score import Answer, Week, monday, score
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_below, is_current

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, tzinfo

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

MOST_HELPERS = 30


def is_shown(day: date) -> ColumnElement[bool]:
    """The SQL condition on `HelpPoint` and `Unit` that holds for points that the public sees on a day."""
    return and_(HelpPoint.state == State.PUBLIC, HelpPoint.stands_until >= day, Unit.closed_on.is_(None))


def is_valid(day: date) -> ColumnElement[bool]:
    """The SQL condition on `Certificate` that holds for those that are valid on a day."""
    return and_(
        Certificate.revoked_at.is_(None),
        Certificate.superseded_by.is_(None),
        Certificate.erased_at.is_(None),
        or_(Certificate.valid_until.is_(None), Certificate.valid_until >= day),
    )


def stands_until(db: Session, unit: int, path: str, day: date, for_ever: date) -> date | None:
    """The last day on which a certificate stands behind a point: the unit's own, or one of its people's.

    A person counts while the membership in the unit, or in one below it, lasts. None: there is none today.
    """
    ends = func.coalesce(Certificate.valid_until, for_ever)
    leaves = func.coalesce(Membership.until, for_ever)
    inside = aliased(Unit)
    last = (
        select(func.max(case((leaves < ends, leaves), else_=ends)))
        .select_from(inside)
        .join(Membership, and_(Membership.unit_id == inside.id, is_current(day)))
        .join(Certificate, Certificate.actor_id == Membership.person_id)
        .where(is_below(inside.path, path), is_valid(day))
    )
    own = select(func.max(ends)).where(Certificate.unit_id == unit, is_valid(day))
    found = [each for each in (db.scalar(last), db.scalar(own)) if each is not None]
    return max(found, default=None)


def tags_of(db: Session, points: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    """What points offer: by point and field."""
    found: dict[int, dict[str, list[str]]] = {point: defaultdict(list) for point in points}
    rows = select(HelpPointTag.point_id, HelpPointTag.field, HelpPointTag.value).where(
        HelpPointTag.point_id.in_(points)
    )
    for point, field, value in db.execute(rows.order_by(HelpPointTag.value)):
        found[point][field].append(value)
    return found


def weeks_of(db: Session, points: Sequence[int]) -> dict[int, dict[int, list[Span]]]:
    """When points are open: by point and weekday."""
    found: dict[int, dict[int, list[Span]]] = {point: defaultdict(list) for point in points}
    hours = select(HelpPointHours).where(HelpPointHours.point_id.in_(points))
    for row in db.scalars(hours.order_by(HelpPointHours.weekday, HelpPointHours.opens)):
        found[row.point_id][row.weekday].append(Span(row.opens, row.closes))
    return found


def names_above(db: Session, paths: Sequence[str]) -> dict[int, str]:
    """Names of all units that these paths go through."""
    ids = {int(part) for path in paths for part in path.strip("/").split("/")}
    return {row[0]: row[1] for row in db.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids)))}


def above_of(path: str) -> tuple[int, ...]:
    """The ids of the units above one, the highest first."""
    return tuple(int(part) for part in path.strip("/").split("/")[:-1])


def point_by_code(db: Session, code: str) -> tuple[HelpPoint, Unit] | None:
    """The point of the unit with this code, whoever may see it."""
    row = db.execute(select(HelpPoint, Unit).join(Unit, Unit.id == HelpPoint.unit_id).where(Unit.code == code)).first()
    return (row[0], row[1]) if row is not None else None


def shown_point(db: Session, code: str, moment: datetime) -> PointPage | None:
    """One point as the public sees it at a moment in the time of the site; None if it is not shown.

    Its certificates are asked for anew, so that a withdrawn one shows at once.
    """
    day, known = moment.date(), point_by_code(db, code)
    if known is None or known[1].closed_on is not None:
        return None
    point, unit = known
    stands = point.state == State.PUBLIC and stands_until(db, unit.id, unit.path, day, day.max)
    return point_page(db, point, unit, moment) if stands else None


def point_page(db: Session, point: HelpPoint, unit: Unit, moment: datetime) -> PointPage:
    """What the public reads, or would read, of a point."""
    day, names = moment.date(), names_above(db, [unit.path])
    week = weeks_of(db, [point.id])[point.id]
    return PointPage(
        point,
        unit.code,
        unit.name,
        [names[each] for each in above_of(unit.path)],
        int(unit.path.split("/")[1]),
        week,
        rules.today(week, moment),
        tags_of(db, [point.id])[point.id],
        helpers(db, unit.path, day),
        score(answers(db, point.id, moment.tzinfo), day),
        unit.latitude,
        unit.longitude,
    )


def helpers(db: Session, path: str, day: date) -> list[Helper]:
    """Helpers of a unit, and of those below it, who want to be found and whose certificate is valid on a day."""
    inside = aliased(Unit)
    member = (
        select(Membership.id)
        .join(inside, inside.id == Membership.unit_id)
        .where(Membership.person_id == HelperListing.person_id, is_current(day), is_below(inside.path, path))
        .correlate(HelperListing)
    )
    rows = db.execute(
        select(HelperListing, Person.name)
        .join(Person, Person.id == HelperListing.person_id)
        .where(Person.closed_at.is_(None), exists(member), is_certified(HelperListing.person_id, day))
        .order_by(HelperListing.person_id)
        .limit(MOST_HELPERS)
    )
    found = [as_shown(row[0], row[1]) for row in rows]
    return sorted((each for each in found if not each.is_empty), key=lambda each: (not each.name, each.name))


def is_certified(person: Any, day: date) -> ColumnElement[bool]:
    """The SQL condition that somebody holds a certificate that is valid on a day."""
    return exists(select(Certificate.id).where(Certificate.actor_id == person, is_valid(day)))


def as_shown(listing: HelperListing, name: str) -> Helper:
    """A helper with the things alone that she shows."""
    return Helper(
        name if listing.shows_name else "",
        listing.languages if listing.shows_languages else (),
        listing.services if listing.shows_services else (),
        listing.hours if listing.shows_hours else "",
        listing.contact if listing.shows_contact else "",
    )


def answers(db: Session, point: int, zone: tzinfo | None) -> list[Week]:
    """What people said of a point by week of the site.

    What was said on paper belongs to the week in which it was typed in.
    """
    said = (
        select(HelpSaid.week, func.sum(case((HelpSaid.answer == Answer.YES, 1), else_=0)), func.count())
        .where(HelpSaid.point_id == point)
        .group_by(HelpSaid.week)
    )
    weeks = [Week(row[0], row[1], row[2]) for row in db.execute(said)]
    typed = db.scalars(select(HelpSaidTally).where(HelpSaidTally.point_id == point))
    entered = ((row, row.entered_at.astimezone(zone).date()) for row in typed)
    return weeks + [Week(monday(day), row.yes, row.yes + row.partly + row.no) for row, day in entered]


def roots(db: Session) -> Sequence[int]:
    """The tops of all trees, whose lists of services may differ."""
    return db.scalars(select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(50)).all()
