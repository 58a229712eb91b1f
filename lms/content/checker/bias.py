"""Rules about a whole file of questions: where the right option stands, how long it is, what is true.

A pattern counts only if chance alone would bring it about in less than one of a hundred files, by an exact test
(`chance.at_least`), so that small files are left alone. Where several places are looked at, the limit is divided by
their number (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lms.content.checker.chance import at_least
from lms.content.checker.prose import plain
from lms.content.checker.rule import Check, Found, Rule
from lms.content.structure import Question, QuestionFile

FEWEST = 8
LIMIT = 0.01
_TEST = "Exact upper tail of the Poisson binomial distribution (Wang 1993), limit 1 %"


def _singles(file: QuestionFile) -> list[Question]:
    return [
        question
        for question in file.questions
        if question.type == "single" and len(question.options) > 1 and sum(each.right for each in question.options) == 1
    ]


def _key(question: Question) -> int:
    return next(place for place, option in enumerate(question.options) if option.right)


def _position(check: Check) -> Iterator[Found]:
    for file in check.question_files():
        is_mixed = file.settings.shuffle or not check.targets.is_quiz(file)
        fixed = [question for question in _singles(file) if question.fixed_order or not is_mixed]
        if len(fixed) < FEWEST:
            continue
        keys = [_key(question) for question in fixed]
        widest = max(len(question.options) for question in fixed)
        likely, place = min((_chance_of(place, keys, fixed), place) for place in range(widest))
        if likely * widest < LIMIT:
            message = f"In {keys.count(place)} of {len(keys)} questions the right option is number {place + 1}."
            yield Found(file.path, 1, message)


def _chance_of(place: int, keys: Sequence[int], questions: Sequence[Question]) -> float:
    """How likely that many keys at this place are, if each place of a question were as likely as the others."""
    chances = [1 / len(question.options) for question in questions if place < len(question.options)]
    return at_least(keys.count(place), chances)


def _true(check: Check) -> Iterator[Found]:
    for file in check.question_files():
        keys = [_key(question) for question in file.questions if question.type == "true-false" and _has_key(question)]
        most = max((keys.count(0), 0), (keys.count(1), 1))
        if len(keys) >= FEWEST and 2 * at_least(most[0], [0.5] * len(keys)) < LIMIT:
            word = ("true", "false")[most[1]]
            yield Found(file.path, 1, f"{most[0]} of {len(keys)} statements are {word}.")


def _has_key(question: Question) -> bool:
    return sum(option.right for option in question.options) == 1


def _length(check: Check) -> Iterator[Found]:
    for file in check.question_files():
        singles = _singles(file)
        longest = sum(_is_longest(question) for question in singles)
        chances = [1 / len(question.options) for question in singles]
        is_enough = len(singles) >= FEWEST and longest > len(singles) / 2
        if is_enough and at_least(longest, chances) < LIMIT:
            yield Found(file.path, 1, f"In {longest} of {len(singles)} questions the right option is the longest.")


def _is_longest(question: Question) -> bool:
    lengths = [len(plain(option.text)) for option in question.options]
    key = _key(question)
    return all(length < lengths[key] for place, length in enumerate(lengths) if place != key)


def _bank(keys: str, head: str = "---\npass: 80%\n---\n", wrong: str = "padlock {}", right: str = "address {}") -> str:
    """A small quiz whose right options stand at the places that `keys` gives."""
    text = head
    for number, key in enumerate(keys):
        text += f"\n## Sign {number}? {{#s{number}}}\n\n"
        for place in "123":
            words = (right if place == key else wrong).format(place)
            text += f"- [{'x' if place == key else ' '}] {words}\n"
    return text


def _statements(keys: str) -> str:
    text = ""
    for number, key in enumerate(keys):
        marks = ("x", " ") if key == "t" else (" ", "x")
        text += f"\n## Statement {number} {{#s{number}}}\n\n- [{marks[0]}] True\n- [{marks[1]}] False\n"
    return text


_LESSON = {"a.md": "# A\n\nText.\n"}
_LONG = "address that I have typed myself {}"

RULES = (
    Rule(
        "key-position",
        "warning",
        "In this file the order of options is fixed, and the right one stands at one place far more often than chance "
        "would have it. Whoever notices passes without knowing.",
        "Write `shuffle: yes` at the head of the file, or move right options to other places.",
        {**_LESSON, "quizzes/a.md": _bank("22222222")},
        {**_LESSON, "quizzes/a.md": _bank("22222222", "---\npass: 80%\nshuffle: yes\n---\n")},
        "quizzes/a.md",
        1,
        _position,
        based_on=f"{_TEST}, divided by the number of places (Bonferroni); from {FEWEST} questions on. Haladyna, "
        "Downing and Rodriguez (2002), guideline 20: vary the location of the right answer.",
    ),
    Rule(
        "true-false-bias",
        "notice",
        "If nearly all statements are false (or true), always ticking the same passes.",
        "Turn some of the statements round.",
        {**_LESSON, "a.quiz.md": _statements("ffffffffff")},
        {**_LESSON, "a.quiz.md": _statements("fftfftfftf")},
        "a.quiz.md",
        1,
        _true,
        based_on=f"Exact binomial test, two-sided, limit 1 %; from {FEWEST} statements on.",
    ),
    Rule(
        "keys-longest",
        "notice",
        "In most questions of this file the right option is the longest, far more often than by chance. Each alone "
        "may be harmless; together they can be passed by counting letters.",
        "Lengthen wrong options or shorten right ones, until the longest is right no more often than any other.",
        {**_LESSON, "a.quiz.md": _bank("12312312", "", right=_LONG)},
        {**_LESSON, "a.quiz.md": _bank("12312312", "")},
        "a.quiz.md",
        1,
        _length,
        based_on=f"{_TEST}, and in more than half of the questions; from {FEWEST} questions on.",
    ),
)  # fmt: skip
