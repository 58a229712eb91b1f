"""Each rule finds its bad example at the right place and leaves its good one alone; the manual is current."""

import re
from pathlib import Path

import pytest

from lms.content.checker.fixing import can_fix, fix
from lms.content.checker.manual import manual
from lms.content.checker.registry import RULES, SUBJECTS
from tests.content.packs import report

ROOT = Path(__file__).parents[2]
MECHANICAL = [name for name, rule in RULES.items() if rule.mend]
EMITTED = re.compile(r"\"((?:[a-z]+-)+[a-z0-9]+)\"")


def problems_in(rule, files):
    return report(dict(files), earlier=rule.earlier, owners=rule.owners, today=rule.today).problems


@pytest.mark.parametrize("name", RULES)
def test_the_bad_example_breaks_the_rule_where_it_says(name):
    rule = RULES[name]
    found = [each for each in problems_in(rule, rule.bad) if each.rule == name]
    assert (rule.file, rule.line, rule.severity) in [(each.file, each.line, each.severity) for each in found]
    assert all(each.message and each.fix for each in found)


@pytest.mark.parametrize("name", RULES)
def test_the_good_example_keeps_the_rule(name):
    rule = RULES[name]
    problems = problems_in(rule, rule.good)
    assert name not in [each.rule for each in problems]
    assert not [each for each in problems if each.severity == "error"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", MECHANICAL)
def test_what_is_mechanical_is_mended(name, end):
    rule = RULES[name]
    files = {path: text.replace("\n", end) for path, text in rule.bad.items()}
    before = [each for each in problems_in(rule, files) if each.rule == name]
    for problem in before:
        assert can_fix(problem)
        text = fix(files[problem.file], problem)
        assert text.count(end) == files[problem.file].count(end)
        files[problem.file] = text
    assert before
    assert name not in [each.rule for each in problems_in(rule, files)]


def test_what_has_changed_meanwhile_stays_as_it_is():
    for name in MECHANICAL:
        rule = RULES[name]
        problem = next(each for each in problems_in(rule, rule.bad) if each.rule == name)
        for text in ("", "Other words.\n" * 9):
            assert fix(text, problem) == text, name


def test_what_needs_a_decision_is_left_to_a_person():
    rule = RULES["link-broken"]
    problem = next(iter(problems_in(rule, rule.bad)))
    assert not can_fix(problem)
    assert fix(rule.bad["a.md"], problem) == rule.bad["a.md"]


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
