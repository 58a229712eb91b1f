"""All rules, in the order of the manual."""

from __future__ import annotations

from lms.content.checker import (
    awards,
    bias,
    evidence,
    exams,
    links,
    options,
    outcomes,
    outline,
    publication,
    questions,
    readability,
    reading,
    translations,
    workload,
)
from lms.content.checker.rule import Rule

SUBJECTS: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("Reading a pack", reading.RULES),
    ("Links and images", links.RULES),
    ("Questions", questions.RULES),
    ("Options that give the answer away", options.RULES),
    ("Patterns in a file of questions", bias.RULES),
    ("Quizzes, exams and outcomes", (*exams.RULES, *outcomes.RULES)),
    ("Certificates", awards.RULES),
    ("Time", workload.RULES),
    ("Plain language", readability.RULES),
    ("Headings", outline.RULES),
    ("Sources and dates", evidence.RULES),
    ("Translations", translations.RULES),
    ("What was published before", publication.RULES),
)
RULES: dict[str, Rule] = {rule.id: rule for _, rules in SUBJECTS for rule in rules}
