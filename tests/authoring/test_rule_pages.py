"""Pages that explain the rules of the check, and what the desk tells of what was found."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.authoring.models import AuthoringStep
from lms.authoring.problems import findings
from lms.content.checker.examples import bad_example, good_example
from lms.content.checker.registry import RULES
from lms.content.structure import Problem
from lms.db import Database
from tests.cast import Cast, Visitor

LESSON = "courses/first-aid/02-helping.md"
SKIPPED = "# Helping\n\nSit beside them.\n\n### Listen\n\nAsk first.\n\n[x](none.md)\n"


def problem(rule: str, severity: str, line: int = 1) -> Problem:
    return Problem("a.md", line, severity, rule, "Something.", "Do it.")  # type: ignore[arg-type]


def test_what_was_found_is_grouped_with_the_thing_to_do_first() -> None:
    found = findings(
        [problem("lesson-long", "notice"), problem("link-broken", "warning"), problem("exam-missing", "error", 7)]
        + [problem("heading-skipped", "notice", line) for line in (3, 5)]
    )
    assert [(kind.severity, kind.count) for kind in found.kinds] == [("error", 1), ("warning", 1), ("notice", 3)]
    assert [each.rule for each in found.kinds[2].rules] == ["heading-skipped", "lesson-long"]
    assert found.first == problem("exam-missing", "error", 7)
    assert found.mechanical == 2
    assert findings([]).first is None


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_has_an_example_to_show(rule) -> None:  # type: ignore[no-untyped-def]
    bad, good = bad_example(rule), good_example(rule)
    assert bad or good
    if rule.line:
        (marked,) = [file for file in bad if file.marked]
        assert marked.marked in (rule.line, len(marked.lines))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_page_for_each_rule_shows_its_examples_and_the_list_names_all(trainer: Visitor) -> None:
    listed = trainer.get("/authoring/rules").text
    assert f"{len(RULES)} rules" in listed
    assert all(f'href="/authoring/rules/{name}"' in listed for name in RULES)
    for name in ("heading-skipped", "option-longest", "pack-empty", "lesson-long"):
        rule = RULES[name]
        page = unescape(trainer.get(f"/authoring/rules/{name}").text)
        words = re.sub(r"</?code>", "", page)
        assert rule.why.replace("`", "") in words
        assert rule.fix.replace("`", "") in words
        for file in (*bad_example(rule), *good_example(rule)):
            assert file.name in page
            assert all(line in page for line in file.lines)
        assert ("does this for you" in page) is (rule.mend is not None)
    marked = re.search(r"<mark>(.*?)</mark>", trainer.get("/authoring/rules/heading-skipped").text)
    assert marked
    assert marked[1] == "### Part"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_unknown_rule_has_no_page_and_learners_have_none(trainer: Visitor, cast: Cast) -> None:
    assert trainer.get("/authoring/rules/none").status_code == 404
    assert cast.at_browser(cast.learner).get("/authoring/rules/link-broken").status_code == 403


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_page_of_a_pack_groups_explains_and_mends(trainer: Visitor, folder: Path, database: Database) -> None:
    (folder / LESSON).write_text(SKIPPED)
    page = trainer.post("/authoring/packs/tests/check", follow_redirects=True).text
    assert "Do this first" in page
    assert page.index("Better mended") < page.index("Advice")
    assert 'href="/authoring/rules/heading-skipped"' in page
    assert f"/edit/{LESSON}#line-5" in page
    assert 'href="/authoring/rules/link-broken"' in page
    assert "Fix 1 place that needs no decision" in page
    page = trainer.post("/authoring/packs/tests/mend", follow_redirects=True).text
    assert "Mended in 1 file." in page
    assert "heading-skipped" not in page
    assert (folder / LESSON).read_text() == SKIPPED.replace("### Listen", "## Listen")
    with database.reading() as db:
        (step,) = db.scalars(select(AuthoringStep).where(AuthoringStep.kind == "mended")).all()
        assert (step.pack, step.path) == ("tests", LESSON)
    again = trainer.post("/authoring/packs/tests/mend", follow_redirects=True).text
    assert "Nothing to mend without you." in again
