"""The rules of the check, explained: a list, and a page for each with its bad and its good example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, render_template

from lms.authoring.desk import bp
from lms.content.checker.examples import bad_example, good_example
from lms.content.checker.registry import RULES, SUBJECTS
from lms.people.needs import needs
from lms.people.rules import Right

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.app_template_global()
def is_explained(rule: str) -> bool:
    """Whether a problem's rule is one of the check, and so has a page."""
    return rule in RULES


@bp.get("/rules")
@needs(Right.AUTHOR)
def rules() -> ResponseReturnValue:
    """All rules, by subject."""
    return render_template("authoring/rules.html", subjects=SUBJECTS, count=len(RULES))


@bp.get("/rules/<rule>")
@needs(Right.AUTHOR)
def rule(rule: str) -> ResponseReturnValue:
    """One rule: what it means, why it matters, how to mend it."""
    found = RULES.get(rule)
    if found is None:
        abort(404)
    subject, others = next((subject, rules) for subject, rules in SUBJECTS if found in rules)
    return render_template(
        "authoring/rule.html",
        rule=found,
        subject=subject,
        others=[other for other in others if other is not found],
        bad=bad_example(found),
        good=good_example(found),
    )
