"""Certificates of a demonstration: the same facts as on a real one, for people who come by the hundred thousand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any

import msgspec

from lms.credentials.certification import Certification
from lms.credentials.code import new_code
from lms.credentials.facts import CertificateFacts, valid_until
from lms.demo.papers import Paper
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
    """What one course's certificates say, all but the holder."""

    certified: Certification
    chance: Random
    known: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_days: dict[date, date | None] = field(default_factory=dict)

    def award(self, name: str, latin: str, day: date, paper: Paper | None) -> Award:
        """The certificate of somebody who completed on that day, with that exam."""
        if day not in self.last_days:
            self.last_days[day] = valid_until(day, self.certified.rules.valid)
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
            self.known[seed] = msgspec.to_builtins(_facts(self.certified, paper))
        return self.known[seed]


def _facts(certified: Certification, paper: Paper | None) -> CertificateFacts:
    course = certified.course
    common = certified.of_person(course.language)
    assessment = common.assessment
    if assessment is not None and paper is not None:
        assessment = replace(assessment, score=share(paper.result.score, paper.result.points))
    return replace(
        common,
        outcomes=tuple(
            replace(outcome, share=_outcome_share(paper, name))
            for name, outcome in zip(course.pages[course.language].outcomes, common.outcomes, strict=True)
        ),
        assessment=assessment if paper is not None else None,
    )


def _outcome_share(paper: Paper | None, outcome: str) -> float | None:
    if paper is None or outcome not in paper.result.outcomes:
        return None
    return share(*paper.result.outcomes[outcome])
