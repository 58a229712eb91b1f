"""Rules about outcomes: each is asked for, and not only whether it is remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lms.content.checker.rule import Check, CheckedCourse, Found, Rule
from lms.content.structure import Question

_APPLY = "apply"
_DOING = frozenset({"command", "upload"})  # nobody answers these by remembering alone


def _asks_to_apply(question: Question) -> bool:
    return question.level == _APPLY or question.type in _DOING


def _questions(check: Check, each: CheckedCourse) -> list[Question]:
    """The questions of the exam; of a course without one, those of its own files."""
    exam = check.targets.question_files.get(each.course.exam)
    files = [exam] if exam else each.course.question_files
    return [question for file in files for question in file.questions]


def _not_asked(check: Check) -> Iterator[Found]:
    for each in check.courses:
        questions = [] if each.course.exam else _questions(check, each)
        asked = {question.outcome for question in questions}
        for outcome in each.course.texts[each.course.language].outcomes if questions else ():
            if outcome not in asked:
                message = f"No question of this course has `outcome: {outcome}`."
                yield Found(each.index, each.line("outcomes", outcome), message)


def _not_applied(check: Check) -> Iterator[Found]:
    for each in check.courses:
        exam = check.targets.question_files.get(each.course.exam)
        asked = Counter(question.outcome for question in exam.questions) if exam else Counter()
        applied = {question.outcome for question in exam.questions if _asks_to_apply(question)} if exam else set()
        for outcome in each.course.texts[each.course.language].outcomes:
            if asked[outcome] and outcome not in applied:
                message = f"None of the {asked[outcome]} questions for `{outcome}` in the exam has `level: apply`."
                yield Found(each.index, each.line("outcomes", outcome), message)


_INDEX = "---\noutcomes:\n  open: Open doors\n---\n# Doors\n"
_EXAM = "---\noutcomes:\n  open: Open doors\nexam: ../../quizzes/exam.md\n---\n# Doors\n"
_OPTIONS = "\n- [ ] Push it harder\n  > No.\n- [x] Turn the key\n  > Yes.\n"


def _practice(settings: str) -> dict[str, str]:
    question = f"## What opens a locked door? {{#open}}\n{settings}{_OPTIONS}"
    return {"index.md": _INDEX, "a.md": "# A\n\nText.\n", "a.quiz.md": question}


def _exam(stem: str, level: str) -> dict[str, str]:
    question = f"## {stem} {{#open}}\n\n```quiz\noutcome: open\nlevel: {level}\n```\n{_OPTIONS}"
    return {
        "courses/doors/index.md": _EXAM,
        "courses/doors/a.md": "# A\n\nText.\n",
        "quizzes/exam.md": f"---\npass: 80%\n---\n{question}",
    }


RULES = (
    Rule(
        "outcome-not-asked",
        "notice",
        "A course without an exam still promises its outcomes. If no practice question belongs to one, its trainees "
        "cannot find out whether they have reached it.",
        "Write `outcome:` with this id into a question, or take the outcome out.",
        _practice(""),
        _practice("\n```quiz\noutcome: open\n```\n"),
        "index.md",
        3,
        _not_asked,
    ),
    Rule(
        "outcome-not-applied",
        "notice",
        "An outcome says what somebody can do. Questions that only ask for a word or a rule show that it was read. At "
        "least one question for each outcome should put a case and ask what to do. Commands to type and uploads "
        "count as such.",
        "Put a case from the desk, and write `level: apply` into its `quiz` block (or `recall`, `understand`).",
        _exam("What opens a locked door?", "recall"),
        _exam("Mrs Rosa stands before a locked door. What do you do?", "apply"),
        "courses/doors/index.md",
        3,
        _not_applied,
        based_on="Anderson and Krathwohl, A taxonomy for learning, teaching and assessing (2001): remember, "
        "understand, apply and above.",
    ),
)  # fmt: skip
