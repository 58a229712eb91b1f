"""All rules, in the order of the manual."""

from __future__ import annotations

from lms.content.checker import exams, links, publication, questions, reading, translations, workload
from lms.content.checker.rule import Rule

SUBJECTS: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("Reading a pack", reading.RULES),
    ("Links and images", links.RULES),
    ("Questions", questions.RULES),
    ("Quizzes, exams and outcomes", exams.RULES),
    ("Time", workload.RULES),
    ("Translations", translations.RULES),
    ("What was published before", publication.RULES),
)
RULES: dict[str, Rule] = {rule.id: rule for _, rules in SUBJECTS for rule in rules}
