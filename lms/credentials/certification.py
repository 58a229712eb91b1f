"""What a course certifies: all that stands on each of its certificates before anybody has earned one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from lms.content import queries as content
from lms.credentials.facts import Assessment, CertificateFacts, Look, Outcome, Parties
from lms.issuers import queries as issuers

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lms.content.compiled import CompiledCourse, CoursePage
    from lms.content.structure import CertificateRules
    from lms.issuers.queries import IssuerProfile


@dataclass(frozen=True, slots=True)
class Certification:
    """What can be earned by a course, who issues it, and its workload in academic hours (None if it is not known).

    What the course says of logo, colour and co-issuers counts before what is known of the issuer.
    """

    course: CompiledCourse
    rules: CertificateRules
    issuer: IssuerProfile
    hours: float | None = None

    def of_person(self, language: str) -> CertificateFacts:
        """What everybody's certificate says in a language of the course; nothing in it was reached by anybody."""
        page = self.course.pages[language]
        return replace(
            self._common(page, language, page.certificate_title or self.rules.title),
            level=self.rules.level,
            hours=self.hours,
            outcomes=tuple(Outcome(text) for text in page.outcomes.values()),
            assessment=self._assessment(),
            micro=self._micro(),
        )

    def of_organisation(self, language: str) -> CertificateFacts:
        """The same for organisations, where the course certifies them."""
        page, rules = self.course.pages[language], self.rules.organisations
        title = page.organisation_title or (rules.title if rules else "")
        common = self._common(page, language, title)
        return replace(common, kind="organisation", mandate=tuple(page.mandate.values()))

    def _common(self, page: CoursePage, language: str, title: str) -> CertificateFacts:
        course = self.course
        return CertificateFacts(
            code="",
            holder="",
            language=language,
            title=title,
            course=page.title,
            course_id=course.id,
            issued_on="",
            parties=self._parties(),
            partners=course.partners,
            aligns=course.aligns,
            version=course.digest[:12],
            issuer_id=self.issuer.slug,
            co_issuers=course.co_issuers or self.issuer.co_issuers,
            look=self._look(),
        )

    def _parties(self) -> Parties:
        """Who stands behind it. An issuer that is known bears the name of today, whatever the course calls it."""
        said = self.course.parties
        named = said.get("issuer", "")
        return Parties(
            issuer=self.issuer.name if not named or self.issuer.is_called(named) else named,
            owner=said.get("owner", ""),
            provider=said.get("provider", ""),
            coordinator=said.get("coordinator", ""),
        )

    def _look(self) -> Look:
        look = self.rules.look
        logo = self.course.media.get(look.logo)
        return Look(look.design, look.colour or self.issuer.colour, logo.digest if logo else self.issuer.logo)

    def _assessment(self) -> Assessment | None:
        exam = self.course.quizzes.get(self.course.exam)
        return Assessment("exam", None, exam.settings.passing.get("total")) if exam else None

    def _micro(self) -> dict[str, str]:
        """What is printed of a micro-credential, without what is not said."""
        micro = self.rules.micro
        return {name: text for name, text in asdict(micro).items() if text} if micro else {}


def certification(db: Session, course: CompiledCourse) -> Certification | None:
    """What a version of a course certifies, issued by whom it names or else by the installation's own issuer."""
    if course.certificate is None:
        return None
    issuer = issuers.issuer_named(db, course.parties.get("issuer", ""))
    return Certification(course, course.certificate, issuer, _hours(db, course))


def _hours(db: Session, course: CompiledCourse) -> float | None:
    """A programme is as long as its courses."""
    if course.hours is not None:
        return course.hours
    parts = [content.current(db, name) for name in course.courses]
    hours = [part.course.hours for part in parts if part is not None and part.course.hours is not None]
    return sum(hours) if hours and len(hours) == len(course.courses) else None
