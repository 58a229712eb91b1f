"""Certificates of a demonstration: the same facts as on a real one, for people who come by the hundred thousand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

import msgspec

from lms.content.compiled import CompiledCourse
from lms.credentials.code import new_code
from lms.credentials.facts import Assessment, CertificateFacts, Outcome, Parties, valid_until
from lms.demo.papers import Paper
from lms.learning.earning import look_of, micro_of
from lms.quiz.rules import share


@dataclass(frozen=True, slots=True)
class Award:
    """One certificate as a row needs it. `facts` is JSON; `salt` is 128 random bits in hexadecimal."""

    code: str
    facts: str
    salt: str
    valid_until: str | None


@dataclass(slots=True)
class Awards:
    """What one course's certificates say, all but the holder. `hours` are academic hours."""

    course: CompiledCourse
    hours: float | None
    chance: Random
    known: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_days: dict[date, date | None] = field(default_factory=dict)

    def award(self, name: str, latin: str, day: date, paper: Paper | None) -> Award:
        """The certificate of somebody who completed on that day, with that exam."""
        if day not in self.last_days:
            assert self.course.certificate is not None
            self.last_days[day] = valid_until(day, self.course.certificate.valid)
        until, code = self.last_days[day], new_code(self.chance)
        said = {
            **self._said(paper),
            "code": code,
            "holder": name,
            "holder_latin": "" if latin == name else latin,
            "issued_on": day.isoformat(),
            "valid_until": until.isoformat() if until else "",
        }
        salt = f"{self.chance.getrandbits(128):032x}"
        return Award(code, json.dumps(said), salt, until.isoformat() if until else None)

    def _said(self, paper: Paper | None) -> Mapping[str, Any]:
        """What all certificates with this exam have in common."""
        seed = -1 if paper is None else paper.seed
        if seed not in self.known:
            self.known[seed] = msgspec.to_builtins(_facts(self.course, self.hours, paper))
        return self.known[seed]


def _facts(course: CompiledCourse, hours: float | None, paper: Paper | None) -> CertificateFacts:
    page, award = course.pages[course.language], course.certificate
    assert award is not None
    exam = None
    if paper is not None:
        needed = course.quizzes[course.exam].settings.passing.get("total")
        exam = Assessment("exam", share(paper.result.score, paper.result.points), needed)
    return CertificateFacts(
        code="",
        holder="",
        language=course.language,
        title=page.certificate_title or award.title,
        course=page.title,
        course_id=course.id,
        issued_on="",
        level=award.level,
        hours=hours,
        outcomes=tuple(Outcome(text, _outcome_share(paper, name)) for name, text in page.outcomes.items()),
        assessment=exam,
        parties=Parties(
            **{role: course.parties.get(role, "") for role in ("issuer", "owner", "provider", "coordinator")}
        ),
        partners=course.partners,
        aligns=course.aligns,
        version=course.digest[:12],
        co_issuers=course.co_issuers,
        micro=micro_of(award),
        look=look_of(course, award),
    )


def _outcome_share(paper: Paper | None, outcome: str) -> float | None:
    if paper is None or outcome not in paper.result.outcomes:
        return None
    return share(*paper.result.outcomes[outcome])
