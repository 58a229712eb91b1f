"""What somebody who completes a course earns: everything that will be printed on the certificate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lms.credentials.actions import Earned
from lms.credentials.certification import certification
from lms.people.latin import in_latin_letters
from lms.printable import MissingLetters, missing_letters, printed_name
from lms.quiz import queries as quizzes
from lms.quiz.rules import share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from lms.content import queries as content
    from lms.credentials.certification import Certification
    from lms.credentials.facts import CertificateFacts
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
    certified = certification(db, course)
    assert certified is not None
    exams = exams or quizzes.best_passes(db, [person.id for person in people], course.id, course.exam)
    for person in people:
        facts = replace(_facts(certified, person, exams.get(person.id)), basis=basis)
        yield Earned(f"{person.id}/{course.id}", person.id, current.version, certified.rules.valid, facts)


def _facts(certified: Certification, person: Person, exam: Pass | None) -> CertificateFacts:
    course = certified.course
    language = person.language if person.language in course.pages else course.language
    common = certified.of_person(language)
    holder, holder_latin = _names(person)
    return replace(
        common,
        holder=holder,
        holder_latin=holder_latin,
        outcomes=tuple(
            replace(outcome, share=_outcome_share(exam, name))
            for name, outcome in zip(course.pages[language].outcomes, common.outcomes, strict=True)
        ),
        assessment=replace(common.assessment, score=exam.share) if common.assessment and exam else None,
    )


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


def _outcome_share(exam: Pass | None, outcome: str) -> float | None:
    if exam is None or outcome not in exam.outcomes:
        return None
    reached, points = exam.outcomes[outcome]
    return share(reached, points)
