"""The facts that the LMS announces. Parts above, and plugins, answer them in `reactions.py`.

Announcing writes a job in the same transaction as the fact itself: what is rolled back was never announced, and what
is committed is answered at least once, later, in the worker.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from lms import jobs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class PersonSignedUp:
    """Somebody made an account."""

    person: int


@dataclass(frozen=True, slots=True)
class CoursePublished:
    """A course has a new current version."""

    course: str
    version: int


@dataclass(frozen=True, slots=True)
class AttemptSubmitted:
    """One go at a quiz is over and graded as far as rules can."""

    attempt: str


@dataclass(frozen=True, slots=True)
class CourseCompleted:
    """Every rule of a course is met by one person."""

    enrolment: int


@dataclass(frozen=True, slots=True)
class CertificateIssued:
    """A certificate exists; its facts are frozen."""

    certificate: int


@dataclass(frozen=True, slots=True)
class CertificateChanged:
    """A certificate was replaced, withdrawn, reinstated or erased."""

    certificate: int


@dataclass(frozen=True, slots=True)
class CertificateRequestDecided:
    """A correction or an appeal was granted or refused, or a certificate was withdrawn by somebody."""

    request: int


@dataclass(frozen=True, slots=True)
class RecognitionAnswered:
    """Somebody looked at evidence of earlier learning, and recognised it, declined, or asked for more."""

    step: int


@dataclass(frozen=True, slots=True)
class AttendanceNoted:
    """Who was at a session was noted or taken off; or the session was cancelled, or took place after all."""

    session: int


@dataclass(frozen=True, slots=True)
class OrganisationWarned:
    """Soon too few people of an organisation will hold a valid certificate."""

    accreditation: int


@dataclass(frozen=True, slots=True)
class OrganisationLapsed:
    """An organisation lost its certificate."""

    accreditation: int


@dataclass(frozen=True, slots=True)
class MistakeReported:
    """A reader found a mistake on a page."""

    report: int


@dataclass(frozen=True, slots=True)
class RoleHandedOver:
    """A role in a unit went from one person to another: the one that ended, and the one that was given."""

    ended: int
    given: int


@dataclass(frozen=True, slots=True)
class WorkGraded:
    """What waited for a person in an attempt is graded, a grade was corrected, or a corrected key made it passed."""

    grade: int


@dataclass(frozen=True, slots=True)
class MaterialTakenOff:
    """A material that somebody shared is offered no more; another person took it off."""

    material: int


@dataclass(frozen=True, slots=True)
class HelpTakenOut:
    """Entries of a helper were taken out by somebody who answers for the unit."""

    taking: int


@dataclass(frozen=True, slots=True)
class HelpPutBack:
    """Entries that were taken out stand again."""

    taking: int


@dataclass(frozen=True, slots=True)
class HelpPointEnding:
    """A public help point drops soon, because certificates end, or has dropped."""

    point: int


@dataclass(frozen=True, slots=True)
class JoinDecided:
    """A coordinator has said yes or no to somebody who asked to become a member of a unit."""

    request: int


@dataclass(frozen=True, slots=True)
class ConsultationMoved:
    """A request for help was suggested, taken, reminded of, ended or taken back; `step` is what happened."""

    step: int


@dataclass(frozen=True, slots=True)
class HardQuestionAsked:
    """A helper asks the experts something."""

    question: int


@dataclass(frozen=True, slots=True)
class HardQuestionAnswered:
    """An expert answered a helper."""

    question: int


Event: TypeAlias = (
    PersonSignedUp
    | CoursePublished
    | AttemptSubmitted
    | CourseCompleted
    | CertificateIssued
    | CertificateChanged
    | CertificateRequestDecided
    | RecognitionAnswered
    | AttendanceNoted
    | OrganisationWarned
    | OrganisationLapsed
    | MistakeReported
    | RoleHandedOver
    | WorkGraded
    | JoinDecided
    | MaterialTakenOff
    | HelpTakenOut
    | HelpPutBack
    | HelpPointEnding
    | ConsultationMoved
    | HardQuestionAsked
    | HardQuestionAnswered
)
EVENTS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        PersonSignedUp,
        CoursePublished,
        AttemptSubmitted,
        CourseCompleted,
        CertificateIssued,
        CertificateChanged,
        CertificateRequestDecided,
        RecognitionAnswered,
        AttendanceNoted,
        OrganisationWarned,
        OrganisationLapsed,
        MistakeReported,
        RoleHandedOver,
        WorkGraded,
        JoinDecided,
        MaterialTakenOff,
        HelpTakenOut,
        HelpPutBack,
        HelpPointEnding,
        ConsultationMoved,
        HardQuestionAsked,
        HardQuestionAnswered,
    )
}


def announce(db: Session, event: Event) -> None:
    """Tell whoever listens, once this transaction has committed."""
    jobs.enqueue(db, "event", _told(event))


def announce_many(db: Session, events: Iterable[Event]) -> None:
    """The same for many at once."""
    jobs.enqueue_many(db, "event", [_told(event) for event in events])


def _told(event: Event) -> dict[str, Any]:
    return {"kind": type(event).__name__, "fact": asdict(event)}
