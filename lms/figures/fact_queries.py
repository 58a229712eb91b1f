"""The dated facts on which standings rest, as they were at the end of a day: for many people in few statements."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, and_, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import GenericFunction

from lms.content.models import Publication, PublishedCourse
from lms.content.queries import version
from lms.credentials.facts import PRIOR_LEARNING
from lms.credentials.models import Certificate
from lms.figures.rules import Facts, Held, Kind, Stand, stands
from lms.learning.models import Enrolment, Exemption
from lms.people.models import Membership, Person, Unit, UnitPlace
from lms.quiz.models import Attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session
    from sqlalchemy.sql.compiler import SQLCompiler

    from lms.content.compiled import CompiledCourse

    Whom: TypeAlias = Callable[[Any], ColumnElement[bool]]
    Known: TypeAlias = dict[int, dict[str, Facts]]

CHUNK = 2000


class day_of(GenericFunction[date]):  # noqa: N801 - written like SQL's own functions
    """The day, in UTC, of a moment."""

    type = Date()
    inherit_cache = True
    name = "day_of"


@compiles(day_of, "sqlite")
def _day_in_sqlite(element: day_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 10)"


@compiles(day_of, "postgresql")
def _day_in_postgresql(element: day_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"cast(({compiler.process(element.clauses, **options)}) at time zone 'UTC' as date)"


def end_of(day: date) -> datetime:
    """The moment at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def kinds(db: Session, day: date, *, now_offered: bool = True) -> dict[str, Kind]:
    """Every course ever published, as it was published at the end of a day; withdrawn ones go on counting.

    Before its first publication a course is what it became then. `now_offered` takes today's versions in its stead.
    """
    chosen: dict[str, int] = {}
    if now_offered:
        published = select(PublishedCourse.id, PublishedCourse.current_version_id)
        chosen = {row[0]: row[1] for row in db.execute(published) if row[1] is not None}
    else:
        end = end_of(day)
        rows = db.execute(
            select(Publication.course_id, Publication.version_id, Publication.at).order_by(Publication.id)
        )
        for course, version_id, at in rows:
            if at < end or course not in chosen:
                chosen[course] = version_id
    courses = {name: version(db, chosen[name]) for name in sorted(chosen)}
    return {
        name: Kind(course.exam, course.certificate is not None, frozenset(_parts(name, courses)))
        for name, course in courses.items()
    }


def _parts(programme: str, courses: Mapping[str, CompiledCourse]) -> set[str]:
    """The courses of a programme, and those of the programmes in it."""
    found: set[str] = set()
    ahead = [programme]
    while ahead:
        course = courses.get(ahead.pop())
        new = set(course.courses) - found if course is not None else set()
        found |= new
        ahead.extend(new)
    return found - {programme}


def in_chunks(people: Iterable[int], size: int = CHUNK) -> Iterator[Sequence[int]]:
    """Ids in order, a few thousand at a time."""
    ordered = sorted(people)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def among(people: Sequence[int]) -> Whom:
    """The condition that a column names one of these people, in order; a range where they lie close together."""
    if people and people[-1] - people[0] < 4 * len(people):
        return lambda column: column.between(people[0], people[-1])
    return lambda column: column.in_(people)


def standings(
    db: Session, people: Sequence[int], courses: Mapping[str, Kind], day: date
) -> dict[int, dict[str, Stand]]:
    """Where these people, given in order, stand at the end of a day. Closed accounts stand nowhere."""
    whom = among(people)
    known = facts(db, whom, courses, day)
    still = select(Person.id).where(whom(Person.id), is_open(day))
    return {person: stands(known[person], courses, day) for person in db.scalars(still) if person in known}


def is_open(day: date) -> ColumnElement[bool]:
    """The condition that an account is open at the end of a day."""
    return or_(Person.closed_at.is_(None), Person.closed_at >= end_of(day))


def facts(db: Session, whom: Whom, courses: Mapping[str, Kind], day: date) -> Known:
    """What happened to these people until the end of a day, by person and course."""
    known: Known = {}
    named = sorted({*courses, *(part for kind in courses.values() for part in kind.parts)})

    def asked(column: Any) -> ColumnElement[bool]:
        # not the bare column: by an index of courses the databases would find everybody for each few people
        return func.coalesce(column, "").in_(named)

    _add_enrolments(db, and_(whom(Enrolment.actor_id), asked(Enrolment.course_id)), day, known)
    _add_attempts(db, and_(whom(Attempt.actor_id), asked(Attempt.course_id)), courses, day, known)
    _add_certificates(db, and_(whom(Certificate.actor_id), asked(Certificate.course_id)), day, known)
    _add_exemptions(db, and_(whom(Exemption.person_id), asked(Exemption.course_id)), day, known)
    return known


def _of(known: Known, person: int, course: str) -> Facts:
    courses = known.get(person)
    if courses is None:
        courses = known[person] = {}
    found = courses.get(course)
    if found is None:
        found = courses[course] = Facts()
    return found


def _add_enrolments(db: Session, chosen: ColumnElement[bool], day: date, known: Known) -> None:
    rows = db.connection().execute(
        select(
            Enrolment.actor_id, Enrolment.course_id, day_of(Enrolment.enrolled_at), day_of(Enrolment.completed_at)
        ).where(chosen, Enrolment.enrolled_at < end_of(day))
    )
    for person, course, enrolled, completed in rows.all():
        found = _of(known, person, course)
        found.begun = enrolled
        if completed is not None and completed <= day:
            found.completed = completed


def _add_attempts(
    db: Session, chosen: ColumnElement[bool], courses: Mapping[str, Kind], day: date, known: Known
) -> None:
    rows = db.connection().execute(
        select(
            Attempt.actor_id,
            Attempt.course_id,
            Attempt.quiz_id,
            day_of(Attempt.started_at),
            day_of(Attempt.submitted_at),
            Attempt.passed,
        )
        .where(chosen, Attempt.started_at < end_of(day))
        .order_by(Attempt.actor_id, Attempt.course_id, Attempt.quiz_id, Attempt.number)
    )
    settled: set[tuple[int, str]] = set()  # passed, or a try is open: not failed, whatever else there is
    exams = {course: kind.exam for course, kind in courses.items()}
    for person, course, quiz, started, submitted, passed in rows.all():
        found = _of(known, person, course)
        if found.begun is None or started < found.begun:
            found.begun = started
        if quiz != exams.get(course) or (person, course) in settled:
            continue
        if passed is False and submitted is not None and submitted <= day:
            found.failed = submitted
        else:
            settled.add((person, course))
            found.failed = None


def _add_certificates(db: Session, chosen: ColumnElement[bool], day: date, known: Known) -> None:
    newer, end = aliased(Certificate), end_of(day)
    rows = db.connection().execute(
        select(
            Certificate.actor_id,
            Certificate.course_id,
            day_of(Certificate.issued_at),
            Certificate.valid_until,
            newer.id.is_not(None),
            Certificate.basis,
        )
        .outerjoin(newer, and_(newer.id == Certificate.superseded_by, newer.issued_at < end))
        .where(chosen, Certificate.issued_at < end)
        .where(or_(Certificate.revoked_at.is_(None), Certificate.revoked_at >= end))
    )
    for person, course, issued, valid_until, is_replaced, basis in rows.all():
        assert person is not None  # chosen by the person
        held = Held(issued, valid_until, bool(is_replaced), basis == PRIOR_LEARNING)
        _of(known, person, course).held.append(held)


def _add_exemptions(db: Session, chosen: ColumnElement[bool], day: date, known: Known) -> None:
    end = end_of(day)
    rows = db.connection().execute(
        select(Exemption.person_id, Exemption.course_id, day_of(Exemption.approved_at))
        .where(chosen, Exemption.approved_at < end)
        .where(or_(Exemption.ended_at.is_(None), Exemption.ended_at >= end))
    )
    for person, course, approved in rows.all():
        found = _of(known, person, course)
        if found.exempt is None or approved < found.exempt:
            found.exempt = approved


def is_member(day: date) -> ColumnElement[bool]:
    """The condition that a membership holds on a day."""
    return and_(Membership.since <= day, or_(Membership.until.is_(None), Membership.until >= day))


def places(db: Session, whom: Whom, day: date) -> dict[int, list[str]]:
    """The paths of the units in which these people are members on a day, as the units stand now."""
    rows = db.connection().execute(
        select(Membership.person_id, Unit.path)
        .join_from(Membership, Unit, Unit.id == Membership.unit_id)
        .join(Person, Person.id == Membership.person_id)
        .where(whom(Membership.person_id), is_member(day), is_open(day))
    )
    found: dict[int, list[str]] = {}
    for person, path in rows.all():
        found.setdefault(person, []).append(path)
    return found


def stood(day: date) -> ColumnElement[bool]:
    """The condition that a unit stood in a place on a day."""
    return and_(UnitPlace.since <= day, or_(UnitPlace.until.is_(None), UnitPlace.until >= day))
