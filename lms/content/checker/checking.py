"""One look at a pack: parsed, compiled and checked, each text rendered once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from lms.content.checker.registry import RULES
from lms.content.checker.rule import Check, CheckedCourse, links_of, texts_of
from lms.content.compiled import CompiledCourse
from lms.content.compiler import assemble, broken_embeds
from lms.content.parser import parse_pack, problem_order
from lms.content.rendering import render_course
from lms.content.structure import Course, Pack, Problem
from lms.content.targets import Targets
from lms.plugins import QuestionType


@dataclass(frozen=True, slots=True)
class Report:
    """What a look at a pack found. `courses` are in the pack's order."""

    pack: Pack
    courses: tuple[CheckedCourse, ...]
    problems: tuple[Problem, ...]

    @property
    def compiled(self) -> tuple[CompiledCourse, ...]:
        """The courses as they would be published."""
        return tuple(each.compiled for each in self.courses)

    def count(self, severity: str) -> int:
        """How many problems of a severity there are."""
        return sum(problem.severity == severity for problem in self.problems)


def check_pack(
    files: Mapping[str, bytes],
    types: Mapping[str, QuestionType],
    *,
    name: str = "course",
    earlier: Mapping[str, Collection[str]] | None = None,
    owners: Mapping[str, str] | None = None,
    has_colours: bool = True,
    today: date | None = None,
) -> Report:
    """Parse, compile and check a pack. Pure.

    `name` is the pack's name; `earlier` has, by course id, lesson ids and question keys published before; `owners`
    the pack to which each published course id belongs. Who will not publish what was compiled needs no colours.
    `today` is the day against which `valid_as_of` is held; without it no date is overdue.
    """
    pack = parse_pack(files, types, name=name)
    targets = Targets(pack, files)
    courses = tuple(_checked(course, targets, has_colours=has_colours) for course in pack.courses)
    check = Check(pack, targets, courses, name, earlier or {}, owners or {}, today=today)
    return Report(pack, courses, found_in(check))


def _checked(course: Course, targets: Targets, *, has_colours: bool = False) -> CheckedCourse:
    rendered = render_course(course, targets, has_colours=has_colours)
    return CheckedCourse(course, rendered, assemble(rendered))


def check_courses(
    pack: Pack, targets: Targets, courses: Iterable[Course], name: str, today: date | None = None, only: str = ""
) -> tuple[Problem, ...]:
    """What is wrong with some courses of a pack that is parsed already, such as with one page of one course. Pure.

    With `only`, the path of a file, the questions of other files are not looked at.
    """
    checked = tuple(_checked(course, targets) for course in courses)
    return found_in(Check(pack, targets, checked, name, today=today, only=only))


def found_in(check: Check) -> tuple[Problem, ...]:
    """Everything wrong with rendered courses: what the parser noted, links to no question, what the rules find."""
    seen = replace(check, links=tuple(links_of(check.courses)), texts=tuple(texts_of(check.courses)))
    broken = (problem for each in check.courses for problem in broken_embeds(each.rendered))
    return tuple(sorted({*check.pack.problems, *broken, *run_rules(seen)}, key=problem_order))


def run_rules(check: Check) -> Iterator[Problem]:
    """What the rules find that look at the whole."""
    for rule in RULES.values():
        for found in rule.check(check) if rule.check else ():
            yield Problem(found.file, found.line, rule.severity, rule.id, found.message, found.fix or rule.fix)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether anything stops the pack from being published."""
    return any(problem.severity == "error" for problem in problems)
