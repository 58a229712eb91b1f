"""What somebody who completes a course earns: everything that will be printed on the certificate."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from lms.content import queries as content
from lms.credentials.actions import Earned
from lms.credentials.facts import Assessment, CertificateFacts, Look, Outcome, Parties
from lms.people.latin import in_latin_letters
from lms.printable import MissingLetters, missing_letters, printed_name
from lms.quiz import queries as quizzes
from lms.quiz.rules import share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse
    from lms.content.structure import CertificateRules
    from lms.people.models import Person
    from lms.quiz.queries import Pass


def earned(
    db: Session,
    person: Person,
    current: content.Current,
    *,
    basis: str = "",
    key: str = "",
    exam: Pass | None = None,
) -> Earned:
    """Everything that will be printed, as it is true today.

    `basis` says on what the certificate rests if not on completing the course (`renewal`, `prior-learning`), `key`
    names what earned it if not the completion, `exam` the attempt that counts if not the best one. The course gives a
    certificate.
    """
    (made,) = earned_by_many(db, (person,), current, basis=basis, exams={person.id: exam} if exam else None)
    return replace(made, key=key) if key else made


def earned_by_many(
    db: Session,
    people: Sequence[Person],
    current: content.Current,
    *,
    basis: str = "",
    exams: Mapping[int, Pass] | None = None,
) -> Iterator[Earned]:
    """The same for each of many people, who are named in the order in which they are given."""
    course = current.course
    exams = exams or quizzes.best_passes(db, [person.id for person in people], course.id, course.exam)
    hours = course.hours if course.hours is not None else _hours_of_parts(db, course)
    for person in people:
        yield _earned(person, current, basis, exams.get(person.id), hours)


def _earned(person: Person, current: content.Current, basis: str, exam: Pass | None, hours: float | None) -> Earned:
    course = current.course
    language = person.language if person.language in course.pages else course.language
    page, award = course.pages[language], course.certificate
    assert award is not None
    holder, holder_latin = _names(person)
    facts = CertificateFacts(
        code="",
        holder=holder,
        holder_latin=holder_latin,
        language=language,
        title=page.certificate_title or award.title,
        course=page.title,
        course_id=course.id,
        issued_on="",
        level=award.level,
        hours=hours,
        outcomes=tuple(Outcome(text, _outcome_share(exam, name)) for name, text in page.outcomes.items()),
        assessment=_assessment(course, exam),
        parties=Parties(
            **{role: course.parties.get(role, "") for role in ("issuer", "owner", "provider", "coordinator")}
        ),
        partners=course.partners,
        aligns=course.aligns,
        version=course.digest[:12],
        basis=basis,
        co_issuers=course.co_issuers,
        micro=micro_of(award),
        look=look_of(course, award),
    )
    return Earned(f"{person.id}/{course.id}", person.id, current.version, award.valid, facts)


def _names(person: Person) -> tuple[str, str]:
    """The holder's name as it can be printed: in its own script, else in Latin letters.

    A name of which no form can be printed stays as it is: the page and the code show it, and it can be corrected.
    """
    latin = person.latin_name or in_latin_letters(person.name, person.language)
    try:
        holder = printed_name(person.name, latin)
    except MissingLetters:
        holder = person.name
    beside = "" if person.latin_name == holder or missing_letters(person.latin_name) else person.latin_name
    return holder, beside


def micro_of(award: CertificateRules) -> dict[str, str]:
    """What is printed of a micro-credential, without what is not said."""
    return {name: text for name, text in asdict(award.micro).items() if text} if award.micro else {}


def look_of(course: CompiledCourse, award: CertificateRules) -> Look:
    """How the paper looks."""
    logo = course.media.get(award.look.logo)
    return Look(award.look.design, award.look.colour, logo.digest if logo else "")


def _assessment(course: CompiledCourse, exam: Pass | None) -> Assessment | None:
    if exam is None:
        return None
    needed = course.quizzes[course.exam].settings.passing.get("total")
    return Assessment("exam", exam.share, needed)


def _outcome_share(exam: Pass | None, outcome: str) -> float | None:
    if exam is None or outcome not in exam.outcomes:
        return None
    reached, points = exam.outcomes[outcome]
    return share(reached, points)


def _hours_of_parts(db: Session, course: CompiledCourse) -> float | None:
    """A programme is as long as its courses."""
    parts = [content.current(db, name) for name in course.courses]
    hours = [part.course.hours for part in parts if part is not None and part.course.hours is not None]
    return sum(hours) if hours and len(hours) == len(course.courses) else None
