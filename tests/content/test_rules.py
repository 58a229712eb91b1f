"""Each rule finds its bad example at the right place and leaves its good one alone; the manual is current."""

import re
from pathlib import Path

import pytest

from lms.content.checker.manual import manual
from lms.content.checker.registry import RULES, SUBJECTS
from tests.content.packs import report

ROOT = Path(__file__).parents[2]
EMITTED = re.compile(r"\"((?:[a-z]+-)+[a-z0-9]+)\"")


@pytest.mark.parametrize("name", RULES)
def test_the_bad_example_breaks_the_rule_where_it_says(name):
    rule = RULES[name]
    found = [
        each for each in report(dict(rule.bad), earlier=rule.earlier, owners=rule.owners).problems if each.rule == name
    ]
    assert (rule.file, rule.line, rule.severity) in [(each.file, each.line, each.severity) for each in found]
    assert all(each.message and each.fix for each in found)


@pytest.mark.parametrize("name", RULES)
def test_the_good_example_keeps_the_rule(name):
    rule = RULES[name]
    problems = report(dict(rule.good), earlier=rule.earlier, owners=rule.owners).problems
    assert name not in [each.rule for each in problems]
    assert not [each for each in problems if each.severity == "error"]


def test_no_rule_stands_twice():
    assert sum(len(rules) for _, rules in SUBJECTS) == len(RULES)


def test_every_rule_that_reading_reports_is_explained():
    files = [*ROOT.glob("lms/content/*.py"), *ROOT.glob("lms/question_types/*.py"), *ROOT.glob("lms/markdown/*.py")]
    calls = re.compile(r"(?:Problem|problem|fail|warn|note|_report|Oddity)\((?:[^()]|\([^()]*\)|\n)*?\)")
    used = {
        name
        for path in files
        for call in calls.findall(path.read_text())
        for name in EMITTED.findall(call)
        if name != "all-or-nothing"
    }
    assert used - {"course-id-taken"} <= set(RULES), sorted(used - set(RULES))


def test_the_manual_is_current():
    assert (ROOT / "docs" / "rules.md").read_text() == manual(), (
        "run: python -m lms.content.checker.manual > docs/rules.md"
    )
