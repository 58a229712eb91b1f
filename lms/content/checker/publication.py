"""Rules about what was published before: by this pack and by others."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.checker.rule import Check, Found, Rule


def _lesson_vanished(check: Check) -> Iterator[Found]:
    for each in check.courses:
        lessons = (*each.compiled.lessons, *each.compiled.aside)
        here = {lesson.id for lesson in lessons} | {old for lesson in lessons for old in lesson.was}
        for name in sorted(check.earlier.get(each.course.id, ())):
            if "#" not in name and name not in here:
                yield Found(each.index, 0, f'The published lesson "{name}" is gone.')


def _question_vanished(check: Check) -> Iterator[Found]:
    for each in check.courses:
        for key in sorted(check.earlier.get(each.course.id, ())):
            if "#" in key and key not in each.compiled.questions:
                yield Found(each.index, 0, f'The published question "{key}" is gone.')


def _taken(check: Check) -> Iterator[Found]:
    for each in check.courses:
        owner = check.owners.get(each.course.id, check.name)
        if owner != check.name:
            yield Found(each.index, 0, f'The course id "{each.course.id}" belongs to the pack "{owner}".')


_A = "# A\n\nText.\n"
_QUIZ = "## Which door? {#door}\n\n- [ ] left\n- [x] right\n"
_INDEX = {"courses/doors/index.md": "# Doors\n"}

RULES = (
    Rule(
        "lesson-vanished",
        "warning",
        "People have read this lesson. Without it their progress is kept for nothing, and old links fail.",
        "If the lesson moved, write `was: [its old id]` into its front matter.",
        {**_INDEX, "courses/doors/b.md": _A},
        {**_INDEX, "courses/doors/b.md": "---\nwas: [a]\n---\n" + _A},
        "courses/doors/index.md",
        0,
        _lesson_vanished,
        earlier={"doors": ["a"]},
    ),
    Rule(
        "question-vanished",
        "warning",
        "People have answered this question. Without it their answers belong to nothing.",
        "Keep the id when you change the words; a question that is gone for good needs no action.",
        {**_INDEX, "courses/doors/a.md": _A},
        {**_INDEX, "courses/doors/a.md": _A, "courses/doors/a.quiz.md": _QUIZ},
        "courses/doors/index.md",
        0,
        _question_vanished,
        earlier={"doors": ["a#door"]},
    ),
    Rule(
        "course-id-taken",
        "error",
        "A course's id is its address and the key of everybody's progress. The pack that published it first keeps it.",
        "Rename the course's folder.",
        {**_INDEX, "courses/doors/a.md": _A},
        {"courses/gates/index.md": "# Gates\n", "courses/gates/a.md": _A},
        "courses/doors/index.md",
        0,
        _taken,
        owners={"doors": "another"},
    ),
)
