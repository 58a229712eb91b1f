"""Rules about quizzes, exams and outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lms.content.checker.rule import Check, CheckedCourse, Found, Rule
from lms.content.structure import Question, QuestionFile

_UNEXPLAINED = frozenset({"essay", "upload", "scale"})  # a trainer answers, or there is nothing right or wrong


def _exam(each: CheckedCourse) -> QuestionFile | None:
    return each.rendered.targets.question_files.get(each.course.exam)


def _not_assessed(check: Check) -> Iterator[Found]:
    for each in check.courses:
        exam = _exam(each)
        assessed = {question.outcome for question in exam.questions} if exam else set()
        for outcome in each.course.texts[each.course.language].outcomes if exam else ():
            if outcome not in assessed:
                line = each.line("outcomes", outcome)
                yield Found(each.index, line, f"No exam question has `outcome: {outcome}`.")


def _outcome_unknown(check: Check) -> Iterator[Found]:
    """Outcomes that questions or settings name and that no course with this exam has."""
    known: dict[str, set[str]] = {}
    for each in check.courses:
        known.setdefault(each.course.exam, set()).update(each.course.texts[each.course.language].outcomes)
    for path, outcomes in known.items():
        file = check.targets.question_files.get(path)
        if file and outcomes:
            for line, name in _named_outcomes(check, file):
                if name not in outcomes:
                    yield Found(path, line, f"The course has no outcome `{name}`.")


def _named_outcomes(check: Check, file: QuestionFile) -> Iterator[tuple[int, str]]:
    for question in file.questions:
        if question.outcome:
            yield question.line, question.outcome
    for key, names in (("pass", file.settings.passing), ("draw", file.settings.draw)):
        for name in names:
            if name != "total":
                yield check.targets.sources.page(file.path).line(key, name), name


def _without_pass(check: Check) -> Iterator[Found]:
    for each in check.courses:
        exam = _exam(each)
        if exam and not exam.is_graded:
            yield Found(exam.path, 1, "This file is an exam, but says nothing about passing.")


def _draw(check: Check) -> Iterator[Found]:
    for file in check.question_files():
        have = Counter(question.outcome for question in file.questions)
        for name, wanted in file.settings.draw.items():
            available = len(file.questions) if name == "total" else have[name]
            if wanted > available:
                page = check.targets.sources.page(file.path)
                of = "" if name == "total" else f" with `outcome: {name}`"
                message = f"{wanted} questions{of} are to be drawn, but there are {available}."
                yield Found(file.path, page.line("draw", name), message)


def _explanation(check: Check) -> Iterator[Found]:
    for file in check.question_files():
        if not check.targets.is_quiz(file):
            continue
        for question in file.questions:
            explained = question.explanation or (question.options and all(each.feedback for each in question.options))
            if not explained and question.type not in _UNEXPLAINED:
                yield Found(file.path, question.line, f"The question `{question.id}` has no explanation.")


def _in_practice(check: Check) -> Iterator[Found]:
    """Exam questions that a lesson shows, by link or as a copy."""
    exams = check.targets.exams
    for link in check.links:
        if link.target.kind == "question" and link.target.path in exams:
            message = f"`{link.target.fragment}` can be drawn in the exam {link.target.path}."
            yield Found(link.file, link.line, message)
    asked = {
        _fingerprint(question): (path, question)
        for path in sorted(exams)
        if (file := check.targets.question_files.get(path))
        for question in file.questions
    }
    for file in check.question_files():
        for question in () if check.targets.is_quiz(file) else file.questions:
            there = asked.get(_fingerprint(question))
            if there:
                message = f"The exam {there[0]} asks the same question in line {there[1].line}."
                yield Found(file.path, question.line, message)


def _fingerprint(question: Question) -> tuple[str, ...]:
    stem, body, *options = (
        " ".join(text.split()).casefold()
        for text in (question.stem, question.body, *(option.text for option in question.options))
    )
    return stem, body, *sorted(options)


def _unused(check: Check) -> Iterator[Found]:
    for each in check.courses:
        for file in each.course.question_files:
            if file.id not in each.rendered.files and file.path not in check.targets.exams and file.questions:
                yield Found(file.path, 0, "No lesson shows these questions.")


_OPTIONS = "- [ ] left\n  > No.\n- [x] right\n  > Yes.\n"
_QUESTION = "## Which door? {#door}\n\n" + _OPTIONS
_OUTCOME = "## Which door? {#door}\n\n```quiz\noutcome: open\n```\n\n" + _OPTIONS
_PASS = "---\npass: 80%\n---\n"  # noqa: S105 - a share, no password
_INDEX = "---\noutcomes:\n  open: Open doors\nexam: ../../quizzes/exam.md\n---\n"
_LESSON = {"courses/d/a.md": "# A\n\nText.\n"}


def _pack(exam: str, index: str = _INDEX, **more: str) -> dict[str, str]:
    return {"courses/d/index.md": index, "courses/d/a.md": "# A\n\nText.\n", "quizzes/exam.md": exam, **more}


def _linked(path: str) -> dict[str, str]:
    other = "## Which gate? {#gate}\n\n" + _OPTIONS
    return {
        **_pack(_PASS + _OUTCOME),
        "courses/d/a.md": f"# A\n\n[Try this]({path})\n",
        "courses/d/a.quiz.md": other,
    }


def _practising(name: str) -> dict[str, str]:
    lesson, questions = f"courses/d/{name}.md", f"courses/d/{name}.quiz.md"
    return {**_pack(_PASS + _OUTCOME), lesson: "# E\n\nText.\n", questions: _QUESTION.replace("door", "gate")}


RULES = (
    Rule(
        "exam-missing",
        "error",
        "A certificate depends on an exam that is not there, so nobody could ever earn it.",
        "Write the path from the front page, for example `exam: ../../quizzes/name.md`.",
        _pack(_PASS + _OUTCOME, _INDEX.replace("exam.md", "test.md")),
        _pack(_PASS + _OUTCOME),
        "courses/d/index.md",
        4,
    ),
    Rule(
        "exam-without-pass",
        "error",
        "An exam without a pass mark can be neither passed nor failed.",
        "Write `pass: 80%` between --- lines at the head of the file.",
        _pack(_OUTCOME),
        _pack(_PASS + _OUTCOME),
        "quizzes/exam.md",
        1,
        _without_pass,
    ),
    Rule(
        "outcome-not-assessed",
        "error",
        "The certificate states what its holder can do. What the exam never asks must not stand on it.",
        "Give at least one exam question `outcome:` with this id, or take the outcome out.",
        _pack(_PASS + _QUESTION),
        _pack(_PASS + _OUTCOME),
        "courses/d/index.md",
        3,
        _not_assessed,
    ),
    Rule(
        "outcome-unknown",
        "warning",
        "A question or a pass mark names an outcome that the course does not have, so its result is shown nowhere.",
        "Use an id from `outcomes:` on the course's front page.",
        _pack(_PASS + _OUTCOME + "\n" + _OUTCOME.replace("#door", "#gate").replace("open", "close")),
        _pack(_PASS + _OUTCOME),
        "quizzes/exam.md",
        15,
        _outcome_unknown,
    ),
    Rule(
        "draw-too-many",
        "error",
        "An attempt cannot have more questions than there are.",
        "Lower the number, or write more questions.",
        _pack("---\npass: 80%\ndraw: 3\n---\n" + _OUTCOME),
        _pack("---\npass: 80%\ndraw: 1\n---\n" + _OUTCOME),
        "quizzes/exam.md",
        3,
        _draw,
    ),
    Rule(
        "explanation-missing",
        "warning",
        "Whoever gets a graded question wrong should learn from it, not only lose points.",
        "Write `> [!NOTE]` with the explanation after the answers, or feedback under every option.",
        _pack(_PASS + _OUTCOME.replace("  > Yes.\n", "")),
        _pack(_PASS + _OUTCOME),
        "quizzes/exam.md",
        4,
        _explanation,
    ),
    Rule(
        "exam-question-in-practice",
        "error",
        "Who has practised a question and seen its key does not show anything by answering it in the exam. This holds "
        "for a link to an exam question and for a copy of one.",
        "Write another question for practice.",
        _linked("../../quizzes/exam.md#door"),
        _linked("a.quiz.md#gate"),
        "courses/d/a.md",
        3,
        _in_practice,
    ),
    Rule(
        "question-link-broken",
        "error",
        "The lesson is meant to show a question at this place, and there is none with this id.",
        "Use an id that stands in braces after a `## ` heading of that file.",
        _linked("a.quiz.md#door"),
        _linked("a.quiz.md#gate"),
        "courses/d/a.md",
        3,
    ),
    Rule(
        "question-file-unused",
        "warning",
        "A question file shows at the end of the lesson with the same name, or where a link places it. This one has "
        "neither.",
        "Name it as its lesson (`name.quiz.md` for `name.md`), or link to it.",
        {"a.md": "# A\n\nText.\n", "b.quiz.md": _QUESTION},
        {"a.md": "# A\n\nText.\n", "a.quiz.md": _QUESTION},
        "b.quiz.md",
        0,
        _unused,
    ),
    Rule(
        "question-file-id-alike",
        "warning",
        "Answers are kept by the id of the question file, which comes from its name. Two alike would be mixed up, so "
        "the second gets a number.",
        "Rename one of the two files.",
        _practising("exam"),
        _practising("b"),
        "courses/d/exam.quiz.md",
        1,
    ),
)  # fmt: skip
