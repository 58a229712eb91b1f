"""Rules about time: what a course promises and what it takes by the honest estimate."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.checker.rule import Check, Found, Rule
from lms.content.estimates import ACADEMIC_HOUR, drawn

LONGEST_LESSON = 12
LEAST_A_QUESTION = 1
MOST_READING = 0.6
_SLACK = 0.05  # an estimate is an estimate


def _too_little(check: Check) -> Iterator[Found]:
    for each in check.courses:
        stated, total = (each.course.hours or 0) * ACADEMIC_HOUR, each.compiled.estimate["total"]
        if each.course.hours and not each.course.courses and total < stated * (1 - _SLACK):
            message = f"{each.course.hours:g} academic hours are {stated:.0f} minutes; the course has {total:.0f}."
            yield Found(each.index, each.line("hours"), message)


def _too_much(check: Check) -> Iterator[Found]:
    for each in check.courses:
        stated, total = (each.course.hours or 0) * ACADEMIC_HOUR, each.compiled.estimate["total"]
        if each.course.hours and not each.course.courses and total > stated * 1.5:
            message = f"{each.course.hours:g} academic hours are {stated:.0f} minutes; the course has {total:.0f}."
            yield Found(each.index, each.line("hours"), message)


def _reading(check: Check) -> Iterator[Found]:
    for each in check.courses:
        reading, total = each.compiled.estimate["reading"], each.compiled.estimate["total"]
        if each.course.hours and total and reading > MOST_READING * total:
            message = f"Reading is {reading / total:.0%} of the time."
            yield Found(each.index, each.line("hours"), message)


def _long(check: Check) -> Iterator[Found]:
    for each in check.courses:
        for lesson in each.compiled.lessons:
            minutes = next(iter(lesson.pages.values())).minutes
            if minutes > LONGEST_LESSON:
                yield Found(lesson.path, 0, f"The lesson takes about {minutes:.0f} minutes.")


def _hurried(check: Check) -> Iterator[Found]:
    for each in check.courses:
        for quiz in each.compiled.quizzes.values():
            minutes, questions = (quiz.settings.time_limit or 0) / 60, drawn(quiz)
            if minutes and minutes < questions * LEAST_A_QUESTION:
                line = check.targets.sources.page(quiz.path).line("minutes")
                yield Found(quiz.path, line, f"{minutes:g} minutes for {questions} questions.")


def _timed(hours: str, minutes: str, words: int = 20) -> dict[str, str]:
    text = "word " * words
    return {
        "index.md": f"---\ntitle: Doors\nhours: {hours}\n---\n",
        "a.md": f"---\nminutes: {minutes}\n---\n# A\n\n{text}\n",
    }


def _limited(minutes: int) -> dict[str, str]:
    questions = "".join(
        f"\n## Is door {number} open? {{#d{number}}}\n\n- [x] yes\n  > Yes.\n- [ ] no\n  > It is.\n"
        for number in (1, 2)
    )
    return {"a.md": "# A\n\nText.\n", "a.quiz.md": f"---\npass: 50%\nminutes: {minutes}\n---\n{questions}"}


RULES = (
    Rule(
        "hours-not-reached",
        "warning",
        "The certificate states the course's academic hours. By the estimate (120 words a minute, 1.5 minutes a "
        "question, the stated practical minutes) the course is shorter than it says.",
        "Lower `hours:`, or add practice.",
        _timed("1", "10"),
        _timed("1", "45"),
        "index.md",
        3,
        _too_little,
    ),
    Rule(
        "hours-exceeded",
        "notice",
        "The course takes much longer than it says, so its trainees plan too little time.",
        "Raise `hours:`, or shorten the course.",
        _timed("1", "90"),
        _timed("2", "90"),
        "index.md",
        3,
        _too_much,
    ),
    Rule(
        "reading-too-much",
        "warning",
        "Adults learn by doing. Where more than 60 % of the time is reading, little is left for trying things.",
        "Add questions and practical tasks (`minutes:` in a lesson), or shorten the text.",
        _timed("0.4", "6", 1500),
        _timed("0.4", "12", 720),
        "index.md",
        3,
        _reading,
    ),
    Rule(
        "lesson-long",
        "notice",
        "Lessons are taken in pieces, on a phone, between other work. More than 12 minutes is hard to finish at once.",
        "Split the lesson where the subject changes.",
        {"a.md": "# A\n\n" + "word " * 1500 + "\n"},
        {"a.md": "# A\n\n" + "word " * 1400 + "\n"},
        "a.md",
        0,
        _long,
    ),
    Rule(
        "quiz-hurried",
        "warning",
        "Less than a minute a question tests who reads fast. People who use a screen reader, or read in their second "
        "language, fail for the clock and not for what they know. The estimate counts 1.5 minutes a question.",
        "Raise `minutes:`, draw fewer questions, or leave the limit out.",
        _limited(1),
        _limited(3),
        "a.quiz.md",
        3,
        _hurried,
        based_on="WCAG 2.2, 2.2.1 Timing Adjustable.",
    ),
)
