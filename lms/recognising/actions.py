"""Ask to have a course recognised, send more, withdraw, decide; and delete evidence after its time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from lms import events, jobs
from lms.clock import now
from lms.content import queries as content
from lms.credentials.actions import issue
from lms.credentials.facts import PRIOR_LEARNING, Assessment, Outcome
from lms.db import insert_once
from lms.learning.actions import judge
from lms.learning.earning import earned
from lms.people import queries as people
from lms.people.actions import record, touch
from lms.people.erasing import JOB as DELETE_FILES
from lms.quiz.actions import lock_actor
from lms.recognising import queries, rules
from lms.recognising.models import Recognition, RecognitionFile, RecognitionOutcome, RecognitionStep
from lms.recognising.rules import SENT, State

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from lms.credentials.models import Certificate

FORGET = "forget_evidence"
AT_ONCE = 100


class AlreadyCertified(ValueError):
    """The person holds a valid certificate of the course; `code` is its number."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Certificate {code} of this course is valid.")
        self.code = code


class TooMany(ValueError):
    """The person has asked for this course too often; evidence of all of it is still kept."""


class AlreadyClosed(ValueError):
    """It was decided or withdrawn meanwhile; that stands."""


class MayNotDecide(ValueError):
    """Nobody decides about themselves."""


class NotWhole(ValueError):
    """Not every outcome that the course asks for was approved."""


class NotTalked(ValueError):
    """The course asks that somebody talks with the person first."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends: words by outcome, files as id, name and size, and words to whoever decides.

    `id` is made by the client.
    """

    id: str
    texts: Mapping[str, str]
    files: Sequence[tuple[str, str, int]] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What whoever decides says: `state` is one of `rules.ANSWERS`. `id` is made by the client."""

    id: str
    state: State
    by: int
    words: str
    approved: Collection[str] = ()
    talked_on: date | None = None


def ask(db: Session, person: int, current: content.Current, sent: Sent) -> Recognition:
    """Ask to have a course recognised; the request that is open already, or that had this id, if there is one.

    Raises `AlreadyCertified` and `TooMany`.
    """
    lock_actor(db, person)
    known = queries.sent_as(db, person, sent.id) or queries.open_request(db, person, current.course.id)
    if known is not None:
        return known
    if queries.kept_requests(db, person, current.course.id) >= rules.MOST_REQUESTS:
        raise TooMany
    _refuse_certified(db, person, current.course.id)
    values = {"client_id": sent.id, "actor_id": person, "course_id": current.course.id, "version_id": current.version}
    row = Recognition(**values, state=State.WAITING, asked_at=now())
    db.add(row)
    db.flush()
    _keep(db, row, sent)
    record(db, "prior-learning-asked", person, person, course=row.course_id)
    return row


def send_more(db: Session, row: Recognition, sent: Sent) -> None:
    """Add evidence and words to an open request, which waits then. Sent twice, it is once. Raises `AlreadyClosed`."""
    db.refresh(row, with_for_update=True)
    if queries.has_step(db, row.id, sent.id):
        return
    if row.state not in rules.OPEN:
        raise AlreadyClosed
    row.state = State.WAITING
    _keep(db, row, sent)


def _keep(db: Session, row: Recognition, sent: Sent) -> None:
    for name, text in sent.texts.items():
        key = {"recognition_id": row.id, "outcome": name}
        if not insert_once(db, RecognitionOutcome, {**key, "text": text}):
            db.execute(update(RecognitionOutcome).filter_by(**key).values(text=text))
    moment = now()
    files = [
        {"id": kept, "recognition_id": row.id, "name": name, "size": size, "received_at": moment}
        for kept, name, size in sent.files
    ]
    if files:
        db.execute(insert(RecognitionFile), files)
    _step(db, row, sent.id, SENT, row.actor_id, sent.words)


def withdraw(db: Session, row: Recognition, *, client_id: str) -> None:
    """Take a request back. Raises `AlreadyClosed` if it was decided."""
    db.refresh(row, with_for_update=True)
    if row.state == State.WITHDRAWN:
        return
    if row.state not in rules.OPEN:
        raise AlreadyClosed
    row.state, row.closed_at = State.WITHDRAWN, now()
    _step(db, row, client_id, State.WITHDRAWN, row.actor_id, "")


def decide(db: Session, row: Recognition, answer: Answer) -> None:
    """Ask for more, approve or decline. An approval issues the certificate, once, in the same transaction.

    Sent twice, it is one answer.

    Raises `MayNotDecide`, `AlreadyClosed`, `AlreadyCertified`, `NotWhole`, `NotTalked`.
    """
    if row.actor_id == answer.by:
        raise MayNotDecide
    lock_actor(db, row.actor_id)
    db.refresh(row, with_for_update=True)
    if queries.has_step(db, row.id, answer.id):
        return
    if not rules.may_become(State(row.state), answer.state):
        raise AlreadyClosed
    if answer.state == State.APPROVED:
        row.talked_on = answer.talked_on
        row.certificate_id = _certify(db, row, answer).id
    row.state, row.decided_by = answer.state, answer.by
    row.closed_at = None if answer.state == State.MORE else now()
    step = _step(db, row, answer.id, answer.state, answer.by, answer.words)
    touch(db, row.actor_id)
    record(db, f"prior-learning-{answer.state}", answer.by, row.actor_id, course=row.course_id)
    events.announce(db, events.RecognitionAnswered(step.id))


def _certify(db: Session, row: Recognition, answer: Answer) -> Certificate:
    """Issue what was approved, by the version of the course that said what is asked."""
    version = content.Current(row.version_id, content.version(db, row.version_id))
    person = people.person(db, row.actor_id)
    if person is None:
        raise AlreadyClosed  # who asked is erased
    _refuse_certified(db, row.actor_id, row.course_id)
    asked = version.course.prior_learning
    if not rules.is_whole(version.course, answer.approved):
        raise NotWhole
    if asked is not None and asked.interview and answer.talked_on is None:
        raise NotTalked
    made = earned(db, person, version, basis=PRIOR_LEARNING, key=f"recognition/{row.id}")
    words = version.course.pages[made.facts.language].outcomes
    shown = tuple(Outcome(words[name]) for name in rules.outcomes_asked(version.course) if name in words)
    form = rules.assessment_form(len(queries.files(db, row)), answer.talked_on)
    certificate = issue(db, replace(made, facts=replace(made.facts, outcomes=shown, assessment=Assessment(form))))
    for programme in content.catalogue(db):
        if row.course_id in (*programme.course.courses, *programme.course.requires):
            judge(db, row.actor_id, programme)
    return certificate


def _refuse_certified(db: Session, person: int, course: str) -> None:
    code = queries.valid_code(db, person, course, now().date())
    if code:
        raise AlreadyCertified(code)


def _step(db: Session, row: Recognition, client_id: str, kind: str, by: int, words: str) -> RecognitionStep:
    step = RecognitionStep(client_id=client_id, recognition_id=row.id, kind=kind, by=by, at=now(), words=words)
    db.add(step)
    db.flush()
    return step


def note_opened(db: Session, row: Recognition, file: str, *, by: int) -> None:
    """Write into the log that somebody opened a file of evidence."""
    record(db, "evidence-opened", by, row.actor_id, recognition=row.id, file=file)


def ask_forgetting(db: Session) -> None:
    """Ask once a day to have evidence deleted whose time is over."""
    jobs.enqueue(db, FORGET, {}, dedupe=f"{FORGET}/{now().date()}")


def forget(db: Session, before: datetime) -> bool:
    """Delete evidence of requests closed before a moment, some at a time; whether more is left. The decision stays."""
    closed = select(Recognition.id).where(Recognition.forgotten_at.is_(None), Recognition.closed_at < before)
    gone = db.scalars(closed.order_by(Recognition.closed_at).limit(AT_ONCE)).all()
    files = clear(db, gone)
    if files:
        jobs.enqueue(db, DELETE_FILES, {"files": files})
    return len(gone) == AT_ONCE


def clear(db: Session, requests: Sequence[int]) -> list[str]:
    """Delete what people sent with these requests: words and files; the names under which the files lie."""
    files = list(db.scalars(select(RecognitionFile.id).where(RecognitionFile.recognition_id.in_(requests))))
    db.execute(delete(RecognitionFile).where(RecognitionFile.recognition_id.in_(requests)))
    db.execute(delete(RecognitionOutcome).where(RecognitionOutcome.recognition_id.in_(requests)))
    said = update(RecognitionStep).where(RecognitionStep.recognition_id.in_(requests), RecognitionStep.kind == SENT)
    db.execute(said.values(words=""))
    db.execute(update(Recognition).where(Recognition.id.in_(requests)).values(forgotten_at=now()))
    return files
