"""What a check found, in the order in which to deal with it: by kind, and within a kind by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from lms.content.checker.fixing import can_fix
from lms.content.structure import Problem, Severity


@dataclass(frozen=True, slots=True)
class RuleFound:
    """All places at which one rule is broken. `is_mechanical` if "Fix it" can mend them."""

    rule: str
    problems: tuple[Problem, ...]
    is_mechanical: bool


@dataclass(frozen=True, slots=True)
class KindFound:
    """All that was found of one kind: must be mended (error), better mended (warning), advice (notice)."""

    severity: Severity
    rules: tuple[RuleFound, ...]

    @property
    def count(self) -> int:
        """How many problems of this kind there are."""
        return sum(len(each.problems) for each in self.rules)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found. `first` is the thing to do first: of the worst kind what needs a person, at the most places."""

    kinds: tuple[KindFound, ...]
    first: Problem | None
    mechanical: int


def findings(problems: Iterable[Problem]) -> Findings:
    """Problems by kind and rule, within a kind the rule with the most places first."""
    problems = tuple(problems)
    kinds = []
    for severity in get_args(Severity):
        by_rule: dict[str, list[Problem]] = {}
        for problem in problems:
            if problem.severity == severity:
                by_rule.setdefault(problem.rule, []).append(problem)
        ranked = sorted(by_rule.items(), key=lambda item: -len(item[1]))
        if ranked:
            rules = tuple(RuleFound(rule, tuple(found), can_fix(found[0])) for rule, found in ranked)
            kinds.append(KindFound(severity, rules))
    first = min(kinds[0].rules, key=lambda each: each.is_mechanical).problems[0] if kinds else None
    return Findings(tuple(kinds), first, sum(can_fix(problem) for problem in problems))
