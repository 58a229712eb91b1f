"""Who is asked for: the one place that turns a filter into SQL, for lists, counts, files and reminders alike.

Every statement is narrowed twice: to the units looked at, as ranges of paths, so that an index answers; and to the
units in which the coordinator may see people, by `visible_units`.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from lms.content import queries as content
from lms.coordination.pages import Desk, Offer
from lms.coordination.people_pages import Asked, Scope
from lms.coordination.people_rules import End, Stand, days_asked, end_to_read
from lms.coordination.queries import tops, unit_by_code
from lms.credentials.models import Certificate
from lms.figures import queries as figures
from lms.figures.models import ANY, NONE, Standing
from lms.figures.rules import State
from lms.folding import fold
from lms.learning.models import Enrolment, EnrolmentRule, Group, GroupMember
from lms.people.models import Membership, Person, Unit
from lms.people.queries import is_below, is_current, visible_people, visible_units
from lms.people.rules import Right
from lms.quiz.models import Attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from sqlalchemy import CTE, ColumnElement, Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from lms.figures.rules import Figures

    Rows: TypeAlias = Select[*tuple[Any, ...]]

MOST_TOPS = 200  # ranges of paths in one statement; whoever answers for more units side by side waits a little longer
STATES = {
    Stand.UNDER_WAY: State.UNDER_WAY,
    Stand.FAILED: State.FAILED,
    Stand.CERTIFIED: State.CERTIFIED,
    Stand.EXEMPT: State.EXEMPT,
}


def desk_for(db: Session, actor: int, today: date, only: str = "") -> Desk:
    """Somebody's desk with all courses on offer, or with one; for work that no request waits for."""
    courses = {each.course.id: each.course for each in content.catalogue(db)}
    offers = {
        name: Offer(course.certificate is not None, course.courses)
        for name, course in courses.items()
        if only in {"", name}
    }
    return Desk(actor, today, offers)


def scope(db: Session, desk: Desk, asked: Asked) -> Scope:
    """The units that a list looks at."""
    highest = (asked.unit,) if asked.unit is not None else tops(db, desk.coordinator, Right.SEE_PEOPLE)
    registered = figures.figures(db, [unit.id for unit in highest], NONE).values()
    return Scope(highest, sum(each.registered for each in registered))


def asked_for(db: Session, actor: int, arguments: Mapping[str, str]) -> Asked | None:
    """What the arguments of an address ask for; None if they name what is not there, or not in scope."""
    state, code = arguments.get("state", ""), arguments.get("unit", "")
    unit = unit_by_code(db, actor, code, Right.SEE_PEOPLE) if code else None
    group = arguments.get("group", "")
    if (state and state not in set(Stand)) or (code and unit is None) or (group and not _may_see(db, actor, group)):
        return None
    return Asked(
        course=arguments.get("course", ""),
        state=Stand(state) if state else None,
        unit=unit,
        words=arguments.get("q", "").strip()[:200],
        days=days_asked(arguments.get("days", "")),
        group=int(group) if group else None,
        is_late=arguments.get("late") == "1",
    )


def _may_see(db: Session, actor: int, group: str) -> bool:
    if not (group.isascii() and group.isdigit() and len(group) < 10):
        return False
    found = select(Group.id).join(Unit, Unit.id == Group.unit_id)
    return db.scalar(found.where(Group.id == int(group), visible_units(actor, Right.SEE_PEOPLE)).limit(1)) is not None


def chosen_people(db: Session, desk: Desk, asked: Asked) -> Select[int]:
    """The ids of the people who are asked for, each once, in no order: for whatever is done to all of them."""
    return select(Person.id).where(*_all_of(desk, asked, End.MEMBERS, scope(db, desk, asked)))


def to_remind(db: Session, desk: Desk, asked: Asked) -> Select[int]:
    """The ids of those of them whom the coordinator may remind: in units that she not only sees but answers for."""
    return chosen_people(db, desk, asked).where(visible_people(desk.coordinator, Right.COORDINATE, desk.today))


def listed(desk: Desk, asked: Asked, end: End, looked: Scope) -> Rows:
    """The people who are asked for, with what a list is sorted by, read from one end; in no order yet.

    Read from the members, the statement computes them all first, whatever the database thinks of a sorted index.
    """
    if end is End.NAMES:
        return _named(desk, asked, end, looked)
    all_of_them = computed(desk, asked, end, looked)
    total = select(func.count()).select_from(all_of_them).scalar_subquery()
    return select(*all_of_them.c, total.label("total"))


def computed(desk: Desk, asked: Asked, end: End, looked: Scope) -> CTE:
    """The same people, all of them computed before anything else is done with them."""
    return _named(desk, asked, end, looked).cte("fitting").prefix_with("MATERIALIZED")


def _named(desk: Desk, asked: Asked, end: End, looked: Scope) -> Rows:
    columns = (Person.id, Person.name, Person.latin_name, Person.folded_name)
    return select(*columns).where(*_all_of(desk, asked, end, looked))


def is_visible(db: Session, actor: int, person: int, today: date, right: Right = Right.SEE_PEOPLE) -> bool:
    """Whether somebody is a member, today, of units in which the actor has a right."""
    member = _membership(today, actor, right).where(Membership.person_id == person)
    is_open = select(Person.id).where(Person.id == person, Person.closed_at.is_(None), exists(member))
    return db.scalar(is_open) is not None


def fitting(db: Session, asked: Asked, looked: Scope) -> int | None:
    """How many people fit, as the figures know it; None for what they don't know.

    People in two of the units side by side count in each of them, so only one unit has a figure.
    """
    if not asked.is_plain or len(looked.tops) != 1:
        return None
    unit, course = looked.tops[0], asked.course or ANY
    if asked.state is None:
        return looked.members
    if asked.state not in COUNTS or (not asked.course and asked.state not in COUNTED_ONCE):
        return None
    known = figures.figures(db, [unit.id], course).get(unit.id)
    return None if known is None else COUNTS[asked.state](known)


def end_for(db: Session, asked: Asked, looked: Scope) -> End:
    """From which end to read a list."""
    known = fitting(db, asked, looked)
    return end_to_read(looked.members, known, asked.state, in_group=asked.group is not None, is_late=asked.is_late)


COUNTS: dict[Stand, Callable[[Figures], int]] = {
    Stand.LEFT: lambda known: known.left,
    Stand.NOT_STARTED: lambda known: known.not_started,
    Stand.UNDER_WAY: lambda known: known.under_way,
    Stand.FAILED: lambda known: known.failed,
    Stand.CERTIFIED: lambda known: known.certified,
    Stand.EXEMPT: lambda known: known.exempt,
}
# of all courses, the figures know everybody in their best state only: who is certified in one and failed in another
# counts there as certified
COUNTED_ONCE = frozenset({Stand.NOT_STARTED, Stand.CERTIFIED})


def _all_of(desk: Desk, asked: Asked, end: End, looked: Scope) -> list[ColumnElement[bool]]:
    """All conditions on `Person`, those of the scope included."""
    member = _membership(desk.today, desk.coordinator, Right.SEE_PEOPLE).where(_within(Unit.path, looked))
    in_scope: ColumnElement[bool]
    if end is End.MEMBERS:
        in_scope = Person.id.in_(member.with_only_columns(Membership.person_id))
    else:
        # PostgreSQL would turn this into a join and begin with the members; with an offset it has to ask for each name
        in_scope = exists(member.where(Membership.person_id == Person.id).correlate(Person).offset(0))
    found: list[ColumnElement[bool]] = [Person.closed_at.is_(None), in_scope]
    found += [Person.folded_name.contains(word, autoescape=True) for word in fold(asked.words).split()]
    if asked.group is not None:
        found.append(Person.id.in_(select(GroupMember.person_id).where(GroupMember.group_id == asked.group)))
    if asked.state is not None:
        found.append(_stands(desk, asked, end))
    if asked.is_late:
        found.append(or_(false(), *(_is_late(desk, course, looked) for course in desk.courses)))
    return found


def _membership(today: date, actor: int, right: Right) -> Select[int]:
    return (
        select(Membership.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(is_current(today), visible_units(actor, right))
    )


def _within(path: Any, looked: Scope) -> ColumnElement[bool]:
    if len(looked.tops) > MOST_TOPS:
        return true()
    return or_(false(), *(is_below(path, unit.path) for unit in looked.tops))


def _stands(desk: Desk, asked: Asked, end: End) -> ColumnElement[bool]:
    """The SQL condition on `Person` of a state; of several courses, in none of them or in some of them."""
    state, courses = asked.state, list(desk.courses)
    if state is Stand.NOT_STARTED:
        return ~_standing(courses)
    if state is Stand.LEFT:
        return ~_standing(courses, Standing.state.in_([State.CERTIFIED, State.EXEMPT]))
    if state is Stand.STUCK:
        return or_(false(), *(_is_stuck(desk, course, asked.days) for course in courses))
    if state is Stand.EXPIRED:
        return or_(false(), *(_has_expired(desk, course, end) for course in courses))
    if state is Stand.EXPIRING:
        last = desk.today + timedelta(days=asked.days)
        soon = (Standing.state == State.CERTIFIED, Standing.valid_until.between(desk.today, last))
        return _standing(courses, *soon, end=end)
    assert state is not None
    return _standing(courses, Standing.state == STATES[state], end=end)


def _standing(courses: Sequence[str], *conditions: ColumnElement[bool], end: End = End.MEMBERS) -> ColumnElement[bool]:
    if not courses:
        return false()
    named = Standing.course_id == courses[0] if len(courses) == 1 else Standing.course_id.in_(courses)
    found = select(Standing.person_id).where(named, *conditions)
    return _holds(found, Standing.person_id, end)


def _holds(
    found: Select[int] | Select[int | None],
    person: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    end: End,
) -> ColumnElement[bool]:
    """The SQL condition that `Person` is among those found: asked for each, or looked up first where they are few."""
    if end is End.FEW:
        return Person.id.in_(found)
    return exists(found.where(person == Person.id).correlate(Person))


def _is_stuck(desk: Desk, course: str, days: int) -> ColumnElement[bool]:
    """Under way, and nothing done in the course or its parts for some days: the last time was as long ago or longer."""
    names, moment = desk.names(course), datetime.combine(desk.today - timedelta(days=days - 1), time.min, UTC)
    read = select(Enrolment.id).where(Enrolment.actor_id == Person.id, Enrolment.course_id.in_(names))
    tried = select(Attempt.id).where(Attempt.actor_id == Person.id, Attempt.course_id.in_(names))
    last_try = func.coalesce(Attempt.submitted_at, Attempt.started_at)
    return and_(
        _standing([course], Standing.state == State.UNDER_WAY),
        ~exists(read.where(Enrolment.last_at >= moment).correlate(Person)),
        ~exists(tried.where(last_try >= moment).correlate(Person)),
    )


def _has_expired(desk: Desk, course: str, end: End) -> ColumnElement[bool]:
    """A certificate of the course has run out, and nothing has taken its place."""
    held = select(Certificate.actor_id).where(
        Certificate.course_id == course,
        Certificate.revoked_at.is_(None),
        Certificate.superseded_by.is_(None),
        Certificate.valid_until < desk.today,
    )
    done = _standing([course], Standing.state.in_([State.CERTIFIED, State.EXEMPT]))
    return and_(_holds(held, Certificate.actor_id, end), ~done)


def _is_late(desk: Desk, course: str, looked: Scope) -> ColumnElement[bool]:
    """A deadline has passed and the course is still to do. The days of a group take the place of a rule's."""
    done = _standing([course], Standing.state.in_([State.CERTIFIED, State.EXEMPT]))
    group = (
        select(GroupMember.group_id)
        .join(Group, Group.id == GroupMember.group_id)
        .where(GroupMember.person_id == Person.id, Group.course_id == course, Group.ended_at.is_(None))
        .correlate(Person)
    )
    top = aliased(Unit)
    # looked up once for all people: however many rules there are, each unit is named once
    units = (
        select(Unit.id)
        .select_from(EnrolmentRule)
        .join(top, top.id == EnrolmentRule.unit_id)
        .join(Unit, is_below(Unit.path, top.path))
        .where(EnrolmentRule.course_id == course, EnrolmentRule.ended_at.is_(None), EnrolmentRule.due_on < desk.today)
        .where(_within(Unit.path, looked))
    )
    ruled = select(Membership.id).where(
        Membership.person_id == Person.id, is_current(desk.today), Membership.unit_id.in_(units)
    )
    by_rule = and_(exists(ruled.correlate(Person)), ~exists(group))
    return and_(~done, or_(exists(group.where(Group.ends_on < desk.today)), by_rule))
