"""Reads about recognition: one's own requests, the queue of whoever decides, one request with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from lms.content import queries as content
from lms.credentials.models import Certificate
from lms.paging import At, Page, page
from lms.people.models import Person
from lms.people.queries import visible_people
from lms.people.rules import Right
from lms.recognising import rules
from lms.recognising.models import Recognition, RecognitionFile, RecognitionOutcome, RecognitionStep
from lms.recognising.rules import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse, CoursePage


@dataclass(frozen=True, slots=True)
class StepRow:
    """Something that was sent or said, by whom; the name is empty where the person is erased."""

    kind: str
    by: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of evidence."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Request:
    """One request with everything that belongs to it. `course` is the version that said what is asked."""

    id: int
    state: State
    actor: int
    name: str
    latin_name: str
    course: CompiledCourse
    page: CoursePage
    asked_at: datetime
    talked_on: date | None
    is_forgotten: bool
    texts: Mapping[str, str]
    files: Sequence[FileRow]
    steps: Sequence[StepRow]
    code: str
    held: str

    @property
    def outcomes(self) -> list[tuple[str, str, str]]:
        """Each outcome that is asked for: its id, its words (empty for the whole course), what was said of it."""
        asked = rules.outcomes_asked(self.course)
        return [(name, self.page.outcomes.get(name, ""), self.texts.get(name, "")) for name in asked]


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A request in the queue."""

    id: int
    name: str
    course: str
    title: str
    state: State
    asked_at: datetime
    files: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What waits for whoever decides, the oldest first; what waits for the person stands there, too."""

    rows: Sequence[WaitingRow]
    page: Page


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is written of an answer, and where to."""

    name: str
    email: str
    language: str
    kind: str
    words: str
    course: str
    title: str


def sent_as(db: Session, person: int, client_id: str) -> Recognition | None:
    """Somebody's request with an id that the client made."""
    return db.scalar(select(Recognition).where(Recognition.client_id == client_id, Recognition.actor_id == person))


def open_request(db: Session, person: int, course: str) -> Recognition | None:
    """Somebody's request for a course that is not closed."""
    mine = (Recognition.actor_id == person, Recognition.course_id == course)
    return db.scalar(select(Recognition).where(*mine, Recognition.state.in_(rules.OPEN)))


def last_request(db: Session, person: int, course: str) -> Recognition | None:
    """Somebody's newest request for a course."""
    mine = (Recognition.actor_id == person, Recognition.course_id == course)
    return db.scalar(select(Recognition).where(*mine).order_by(Recognition.id.desc()).limit(1))


def own(db: Session, person: int, number: int) -> Recognition | None:
    """A request, if it is this person's."""
    return db.scalar(select(Recognition).where(Recognition.id == number, Recognition.actor_id == person))


def kept_requests(db: Session, person: int, course: str) -> int:
    """How many requests of somebody for a course there are whose evidence is still kept."""
    mine = (Recognition.actor_id == person, Recognition.course_id == course, Recognition.forgotten_at.is_(None))
    return db.scalar(select(func.count()).select_from(Recognition).where(*mine)) or 0


def has_step(db: Session, request: int, client_id: str) -> bool:
    """Whether something was sent with this id already."""
    found = (RecognitionStep.recognition_id == request, RecognitionStep.client_id == client_id)
    return db.scalar(select(RecognitionStep.id).where(*found)) is not None


def valid_code(db: Session, person: int, course: str, today: date) -> str:
    """The number of somebody's certificate of a course that is valid; empty if there is none."""
    held = select(Certificate.code).where(
        Certificate.actor_id == person,
        Certificate.course_id == course,
        Certificate.revoked_at.is_(None),
        Certificate.superseded_by.is_(None),
        Certificate.erased_at.is_(None),
        or_(Certificate.valid_until.is_(None), Certificate.valid_until >= today),
    )
    return db.scalar(held.order_by(Certificate.id.desc()).limit(1)) or ""


def in_scope(me: int, right: Right, today: date) -> list[ColumnElement[bool]]:
    """Conditions on `Person`: whose requests somebody may see. Trainers see all, as they grade the work of all."""
    return [Person.closed_at.is_(None)] if right is Right.AUTHOR else [visible_people(me, right, today)]


def seen(db: Session, me: int, right: Right, number: int, today: date) -> Recognition | None:
    """A request that somebody may see."""
    found = select(Recognition).join(Person, Person.id == Recognition.actor_id)
    return db.scalar(found.where(Recognition.id == number, *in_scope(me, right, today)))


def queue(db: Session, me: int, right: Right, today: date, at: At, language: str) -> QueuePage:
    """The open requests that somebody may see, the oldest first."""
    found = page(db, _open(me, right, today), (Recognition.id, Recognition.id), at)
    files = _files_of(db, [each[0].id for each in found.rows])
    rows = []
    for row, name, *_marks in found.rows:
        title = _page(content.version(db, row.version_id), language).title
        state, amount = State(row.state), files.get(row.id, 0)
        rows.append(
            WaitingRow(row.id, name, row.course_id, title, state, row.asked_at, amount, is_own=row.actor_id == me)
        )
    return QueuePage(rows, found)


def waiting_requests(me: int, today: date) -> Select[int]:
    """The requests that a coordinator can decide now, as a part of other statements: none of her own."""
    found = select(Recognition.id).join(Person, Person.id == Recognition.actor_id)
    waits = (Recognition.state == State.WAITING, Recognition.actor_id != me)
    return found.where(*waits, *in_scope(me, Right.COORDINATE, today))


def _open(me: int, right: Right, today: date) -> Select[*tuple[Any, ...]]:
    statement = select(Recognition, Person.name).join(Person, Person.id == Recognition.actor_id)
    return statement.where(Recognition.state.in_(rules.OPEN), *in_scope(me, right, today))


def _files_of(db: Session, requests: Sequence[int]) -> dict[int, int]:
    counted = select(RecognitionFile.recognition_id, func.count()).where(RecognitionFile.recognition_id.in_(requests))
    return {row[0]: row[1] for row in db.execute(counted.group_by(RecognitionFile.recognition_id))}


def request(db: Session, row: Recognition, language: str, today: date) -> Request:
    """One request as a page shows it."""
    course = content.version(db, row.version_id)
    person = db.get_one(Person, row.actor_id)
    said = select(RecognitionOutcome).where(RecognitionOutcome.recognition_id == row.id)
    issued = db.get(Certificate, row.certificate_id) if row.certificate_id else None
    return Request(
        row.id,
        State(row.state),
        row.actor_id,
        person.name,
        person.latin_name,
        course,
        _page(course, language),
        row.asked_at,
        row.talked_on,
        row.forgotten_at is not None,
        {each.outcome: each.text for each in db.scalars(said)},
        files(db, row),
        _steps(db, row),
        issued.code if issued is not None and issued.erased_at is None else "",
        valid_code(db, row.actor_id, row.course_id, today),
    )


def files(db: Session, row: Recognition) -> list[FileRow]:
    """The files of a request, in the order in which they came."""
    found = select(RecognitionFile).where(RecognitionFile.recognition_id == row.id)
    sent = db.scalars(found.order_by(RecognitionFile.received_at, RecognitionFile.name, RecognitionFile.id))
    return [FileRow(each.id, each.name, each.size) for each in sent]


def _steps(db: Session, row: Recognition) -> list[StepRow]:
    found = (
        select(RecognitionStep, Person.name)
        .outerjoin(Person, Person.id == RecognitionStep.by)
        .where(RecognitionStep.recognition_id == row.id)
    )
    rows = db.execute(found.order_by(RecognitionStep.id))
    return [StepRow(step.kind, name or "", step.at, step.words) for step, name in rows]


def _page(course: CompiledCourse, language: str) -> CoursePage:
    return course.pages.get(language) or course.pages[course.language]


def told(db: Session, number: int) -> Told | None:
    """What somebody is written of a step; None if there is nobody to write to."""
    step = db.get(RecognitionStep, number)
    row = db.get(Recognition, step.recognition_id) if step else None
    person = db.get(Person, row.actor_id) if row else None
    if step is None or row is None or person is None or not person.proved_email:
        return None
    title = _page(content.version(db, row.version_id), person.language).title
    return Told(person.name, person.proved_email, person.language, step.kind, step.words, row.course_id, title)
