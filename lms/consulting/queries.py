"""Reads of requests: for whoever asked, for consultants, and one request with its story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select

from lms.consulting import consultant_queries, place_queries, rules
from lms.consulting.models import Consultation, ConsultationContact, ConsultationStep
from lms.consulting.place_queries import Place
from lms.consulting.rules import State
from lms.helping import catalogue
from lms.helping.models import HelpEntry
from lms.paging import At, Page, page
from lms.people.models import Person, Unit
from lms.people.queries import is_below, visible_units
from lms.people.rules import Right

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from lms.helping.catalogue import Catalogue

MOST_FREE = 50


@dataclass(frozen=True, slots=True)
class AskPage:
    """What somebody may ask for at a place."""

    place: Place
    lists: Catalogue


@dataclass(frozen=True, slots=True)
class AskedPage:
    """What the asker sees of a request. `taker` is the name of who took it, if anybody has."""

    row: Consultation
    place: Place
    service: str
    taker: str
    contact: ConsultationContact | None

    @property
    def state(self) -> State:
        """Where it stands."""
        return State(self.row.state)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in a list. `person` is who has it or is asked."""

    id: int
    state: State
    place: str
    service: str
    channel: str
    language: str
    asked_at: datetime
    waits_since: datetime
    person: str
    meets_on: date | None
    is_solved: bool | None


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A consultant's desk: what is hers, what she is asked to take, what else is free in her units.

    `is_consultant` is whether she is one now; `done` are the last ones that she ended.
    """

    is_consultant: bool
    suggested: Sequence[RequestRow]
    mine: Sequence[RequestRow]
    free: Sequence[RequestRow]
    done: Page


@dataclass(frozen=True, slots=True)
class StepRow:
    """Something that happened, by whom and to whom; names are empty where nobody did it or the person is erased."""

    kind: rules.Step
    by: str
    to: str
    at: datetime
    reasons: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request for staff. `contact` and what the asker wrote are there for whoever has taken it only."""

    row: Consultation
    place: Place
    audience: str
    service: str
    taker: str
    suggested: str
    contact: ConsultationContact | None
    steps: Sequence[StepRow]
    is_noted: bool

    @property
    def state(self) -> State:
        """Where it stands."""
        return State(self.row.state)


def ask_page(db: Session, unit: int, today: date) -> AskPage | None:
    """The form for a place; None where nobody answers requests."""
    found = place_queries.place(db, unit)
    return AskPage(found, catalogue.catalogue(db, found.root, today)) if found else None


def by_code(db: Session, code: str) -> Consultation | None:
    """The request that a code opens."""
    return db.scalar(select(Consultation).where(Consultation.code == code)) if code else None


def by_id(db: Session, number: int) -> Consultation | None:
    """A request."""
    return db.get(Consultation, number)


def asked_page(db: Session, row: Consultation, today: date, language: str) -> AskedPage:
    """What the asker sees."""
    place = place_queries.place_of(db, row.unit_id)
    service = catalogue.catalogue(db, place.root, today).service(row.service)
    taker = db.scalar(select(Person.name).where(Person.id == row.taken_by)) or "" if row.taken_by else ""
    contact = db.get(ConsultationContact, row.id)
    return AskedPage(row, place, service.name(language) if service else row.service, taker, contact)


def desk(db: Session, person: int, today: date, language: str, at: At) -> DeskPage:
    """The desk of somebody who answers requests, or of somebody who does not yet."""
    posts = consultant_queries.posts(db, person, today)
    mine = (Consultation.taken_by == person, Consultation.state.in_(rules.HELD))
    suggested = (Consultation.suggested_to == person, Consultation.state == State.SUGGESTED)
    done = page(
        db,
        listed().where(Consultation.taken_by == person, Consultation.state.in_((*rules.ENDED, State.CLOSED))),
        (Consultation.id, Consultation.id),
        at,
        newest_first=True,
    )
    return DeskPage(
        bool(posts),
        _rows(db, suggested, today, language),
        _rows(db, mine, today, language),
        _rows(db, (_free_near(posts, person),), today, language) if posts else (),
        Page(rows_of(db, done.rows, today, language), done.earlier, done.later),
    )


def _free_near(posts: Sequence[tuple[Any, str]], person: int) -> ColumnElement[bool]:
    """What nobody has in the units for which somebody answers, in what she answers for."""
    near = []
    for post, path in posts:
        fits = is_below(Unit.path, path)
        for column, values in (
            (Consultation.service, post.services),
            (Consultation.channel, post.channels),
            (Consultation.language, post.languages),
        ):
            fits = fits & column.in_(values) if values else fits
        near.append(fits)
    not_hers = or_(Consultation.suggested_to.is_(None), Consultation.suggested_to != person)
    return Consultation.state.in_(rules.FREE) & not_hers & or_(*near)


def listed() -> Select[*tuple[Any, ...]]:
    """Requests with what a list says of them: the request, the place, and who has it or is asked."""
    has_it = Person.id == func.coalesce(Consultation.taken_by, Consultation.suggested_to)
    return (
        select(Consultation, Unit.name, Unit.path, Person.name)
        .join(Unit, Unit.id == Consultation.unit_id)
        .outerjoin(Person, has_it)
    )


def _rows(db: Session, conditions: Sequence[ColumnElement[bool]], today: date, language: str) -> list[RequestRow]:
    found = listed().where(*conditions).order_by(Consultation.waits_since, Consultation.id).limit(MOST_FREE)
    return rows_of(db, db.execute(found).all(), today, language)


def rows_of(db: Session, rows: Sequence[Any], today: date, language: str) -> list[RequestRow]:
    """Rows of `listed` as a list shows them."""
    lists: dict[int, Catalogue] = {}
    made = []
    for row, place, path, person, *_marks in rows:
        root = int(path.split("/")[1])
        lists[root] = lists.get(root) or catalogue.catalogue(db, root, today)
        service = lists[root].service(row.service)
        made.append(
            RequestRow(
                row.id, State(row.state), place, service.name(language) if service else row.service, row.channel,
                row.language, row.asked_at, row.waits_since, person or "", row.meets_on, row.is_solved,
            )
        )  # fmt: skip
    return made


def may_see(db: Session, row: Consultation, person: int, today: date) -> bool:
    """Whether a consultant sees a request: it is hers, she is asked, or it is free and she answers for its place."""
    if person in (row.taken_by, row.suggested_to):
        return True
    path = place_queries.path_of(db, row.unit_id)
    return row.state in rules.FREE and consultant_queries.may_answer(db, person, path, today)


def could_see(db: Session, row: Consultation, person: int, today: date) -> bool:
    """Whether a consultant may have seen a request earlier: she was asked once, or answers for its place."""
    if person in consultant_queries.asked_before(db, row.id):
        return True
    return consultant_queries.may_answer(db, person, place_queries.path_of(db, row.unit_id), today)


def in_scope(db: Session, actor: int, number: int) -> Consultation | None:
    """A request in the units of a coordinator."""
    return db.scalar(
        select(Consultation)
        .join(Unit, Unit.id == Consultation.unit_id)
        .where(Consultation.id == number, visible_units(actor, Right.COORDINATE))
    )


def request_page(db: Session, row: Consultation, viewer: int, today: date, language: str) -> RequestPage:
    """One request, with its contact for whoever has taken it."""
    place = place_queries.place_of(db, row.unit_id)
    lists = catalogue.catalogue(db, place.root, today)
    service, audience = lists.service(row.service), lists.audience(row.audience)
    people = {each for each in (row.taken_by, row.suggested_to) if each is not None}
    names = {each.id: each.name for each in db.execute(select(Person.id, Person.name).where(Person.id.in_(people)))}
    entry = db.get(HelpEntry, row.entry_id) if row.entry_id else None
    return RequestPage(
        row,
        place,
        audience.name(language) if audience else row.audience,
        service.name(language) if service else row.service,
        names.get(row.taken_by or 0, ""),
        names.get(row.suggested_to or 0, ""),
        db.get(ConsultationContact, row.id) if row.taken_by == viewer else None,
        steps(db, row.id),
        entry is not None and entry.undone_at is None,
    )


def steps(db: Session, request: int) -> list[StepRow]:
    """What happened to a request, in order."""
    found = db.scalars(
        select(ConsultationStep).where(ConsultationStep.consultation_id == request).order_by(ConsultationStep.id)
    ).all()
    people = {each for step in found for each in (step.by, step.to) if each is not None}
    names = {each.id: each.name for each in db.execute(select(Person.id, Person.name).where(Person.id.in_(people)))}
    return [
        StepRow(rules.Step(each.kind), names.get(each.by or 0, ""), names.get(each.to or 0, ""), each.at, each.reasons)
        for each in found
    ]


def waiting_for(db: Session, person: int) -> int:
    """How many requests wait for somebody, as far as a page says it: asked to take, or taken and not answered."""
    hers = or_(
        (Consultation.suggested_to == person) & (Consultation.state == State.SUGGESTED),
        (Consultation.taken_by == person) & (Consultation.state == State.TAKEN),
    )
    return len(db.scalars(select(Consultation.id).where(hers).limit(MOST_FREE)).all())
