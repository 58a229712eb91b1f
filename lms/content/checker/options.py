"""Rules about options that give the right one away, or that nobody can choose fairly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lms.content.checker import wording
from lms.content.checker.prose import plain
from lms.content.checker.rule import Check, Found, Rule
from lms.content.structure import Option, Question

_CHOICES = frozenset({"single", "multiple"})
_GUIDE = "Haladyna, Downing and Rodriguez, A review of multiple-choice item-writing guidelines (2002)"
_MOST_ASKED = 500  # letters; a question is shorter
_LONGER, _MORE_LETTERS = 1.5, 20
_ARTICLE = re.compile(r"\b(an?)\s*(?:…|\.{3}|_{2,})?\s*[:.?]?\s*$")
_NO_WORD = re.compile(r"[\W_]+")
_VOWEL = "aeiou"


def choices(check: Check) -> Iterator[tuple[str, str, Question]]:
    """Path, language and question of every single and multiple choice; a translation only where it is translated."""
    for file in check.question_files():
        for each in (file, *file.translations.values()):
            for question, source in zip(each.questions, file.questions, strict=True):
                if question.type in _CHOICES and (each is file or question is not source):
                    yield each.path, each.language, question


def _longest(check: Check) -> Iterator[Found]:
    for path, _language, question in choices(check):
        right = [option for option in question.options if option.right]
        wrong = [option for option in question.options if not option.right]
        if len(right) != 1 or len(wrong) < 2:
            continue
        key, other = len(plain(right[0].text)), max(len(plain(option.text)) for option in wrong)
        if key >= _LONGER * other and key - other >= _MORE_LETTERS:
            message = f"The right option has {key} letters, the longest wrong one {other}."
            yield Found(path, right[0].line, message)


def _catch_all(check: Check) -> Iterator[Found]:
    for path, language, question in choices(check):
        words = wording.catch_all(language)
        for option in question.options if words else ():
            if words and len(option.text) < 60 and words.fullmatch(_small(option)):
                yield Found(path, option.line, f"“{option.text}” speaks of the other options.")


def _negative(check: Check) -> Iterator[Found]:
    for path, language, question in choices(check):
        stem, negation = wording.negative_stem(language), wording.negative_option(language)
        asked = _asked(question)
        twice = wording.twice_negative(language)
        if twice and twice.search(asked):
            yield Found(path, question.line, "The question denies twice.")
        elif stem and negation and stem.search(asked):
            denying = [option for option in question.options if negation.search(plain(option.text))]
            if denying:
                message = f"The question asks what is not so, and the option in line {denying[0].line} denies, too."
                yield Found(path, question.line, message)


def _asked(question: Question) -> str:
    """The last sentence of the stem: what is really asked."""
    return re.split(r"(?<=[.!?])\s+", plain(question.stem or question.body).strip())[-1][-_MOST_ASKED:]


def _absolute(check: Check) -> Iterator[Found]:
    for path, language, question in choices(check):
        words = wording.absolute(language)
        if not words or question.type != "single":
            continue
        found = [option for option in question.options if words.search(plain(option.text))]
        wrong = [option for option in question.options if not option.right]
        if len(found) >= 2 and len(found) * 2 > len(wrong) and not any(option.right for option in found):
            lines = ", ".join(str(option.line) for option in found)
            message = f"Only wrong options say that something holds always or never (lines {lines})."
            yield Found(path, question.line, message)


def _alike(check: Check) -> Iterator[Found]:
    for path, _language, question in choices(check):
        seen: dict[str, Option] = {}
        for option in question.options:
            bare = _NO_WORD.sub(" ", _small(option)).strip()
            first = seen.setdefault(bare, option)
            if first is not option and bare and "`" not in option.text and _differ_by_signs(first, option):
                yield Found(path, option.line, f"This option differs from line {first.line} by signs only.")


def _differ_by_signs(one: Option, other: Option) -> bool:
    """Whether no digit stands by the differing signs: `1,5` and `15`, or `-3` and `3`, are different answers."""
    return one.text != other.text and not any(letter.isdigit() for letter in one.text + other.text)


def _article(check: Check) -> Iterator[Found]:
    for path, language, question in choices(check):
        article = _ARTICLE.search(" ".join(plain(question.stem).split())[-12:]) if language.startswith("en") else None
        if article and question.type == "single":
            fitting = [option for option in question.options if (_small(option)[:1] in _VOWEL) == (article[1] == "an")]
            if len(fitting) == 1 and fitting[0].right:
                yield Found(path, question.line, f"After “{article[1]}” only the right option is good grammar.")


def _small(option: Option) -> str:
    return unicodedata.normalize("NFC", plain(option.text)).strip().casefold()


def _pack(*options: str, stem: str = "What is a good sign?") -> dict[str, str]:
    return {
        "a.md": "# A\n\nText.\n",
        "a.quiz.md": f"## {stem} {{#sign}}\n\n" + "".join(f"- {each}\n" for each in options),
    }


RULES = (
    Rule(
        "option-longest",
        "notice",
        "Authors say more about what is right than about what is wrong. Whoever has taken a few tests chooses the "
        "longest option and is right without knowing anything.",
        "Shorten the right option and move its reason into the feedback; or say as much in the wrong ones.",
        _pack("[ ] a padlock", "[x] an address that you typed yourself, letter by letter", "[ ] nice pictures"),
        _pack("[ ] a padlock beside the address", "[x] an address typed by yourself", "[ ] a page with nice pictures"),
        "a.quiz.md",
        4,
        _longest,
        based_on=f"{_GUIDE}, guideline 24: keep the length of choices about equal.",
    ),
    Rule(
        "option-catch-all",
        "warning",
        "Who knows that two options are right, or that one is wrong, has the answer without knowing the rest. And "
        "options stand in another order for everybody, so that nothing may be “above”.",
        "Ask with several right options, or put a real option in its place.",
        _pack("[ ] a known address", "[ ] a friend's advice", "[x] all of the above"),
        _pack("[x] a known address", "[x] a friend's advice", "[ ] a padlock"),
        "a.quiz.md",
        5,
        _catch_all,
        based_on=f"{_GUIDE}, guidelines 25 and 26. Known for en, lv, ru, uk, ro, de, fr, es, pl, lt, et, ka, vi, tg.",
    ),
    Rule(
        "question-double-negative",
        "notice",
        "“Which is not … ?” with the answer “It is not …” tests who can keep two negations in mind, above all in a "
        "language that is not their own.",
        "Ask for what is so, or word the option without a negation.",
        _pack("[x] It does not ask who I am.", "[ ] It has an address.", stem="Which is not a good sign?"),
        _pack("[ ] It asks for my code.", "[x] It has the address that I know.", stem="Which is a good sign?"),
        "a.quiz.md",
        1,
        _negative,
        based_on=f"{_GUIDE}, guideline 17: word the stem positively. Known for en, lv, ru, uk, ro, de, es.",
    ),
    Rule(
        "option-absolute",
        "notice",
        "Little holds always or never, and test-takers know that: if such words stand in wrong options only, they can "
        "be crossed out unread.",
        "Take the words out, or use them in right options as well.",
        _pack("[ ] It is always open.", "[x] I know its address.", "[ ] It never asks for anything."),
        _pack("[ ] It is open at night.", "[x] I know its address.", "[ ] It asks for nothing."),
        "a.quiz.md",
        1,
        _absolute,
        based_on=f"{_GUIDE}, guideline 28a: avoid specific determiners. Known for en, lv, ru, uk, ro, de, "
        "fr, es, vi, ka, tg.",
    ),
    Rule(
        "option-alike",
        "warning",
        "Two options that differ by a full stop or capital letters are one answer, and one of the two is judged wrong.",
        "Change or remove one of them.",
        _pack("[ ] a padlock", "[x] an address that I know", "[ ] A padlock!"),
        _pack("[ ] a padlock", "[x] an address that I know", "[ ] a nice picture"),
        "a.quiz.md",
        5,
        _alike,
    ),
    Rule(
        "option-article",
        "notice",
        "“… is an” is followed by a vowel. If only one option begins with one, grammar gives it away.",
        "Move the article into the options, or write a/an.",
        _pack("[ ] padlock", "[x] address I know", "[ ] nice picture", stem="A good sign is an …"),
        _pack("[ ] a padlock", "[x] an address I know", "[ ] a nice picture", stem="A good sign is …"),
        "a.quiz.md",
        1,
        _article,
        based_on=f"{_GUIDE}, guideline 28c: avoid grammatical inconsistencies.",
    ),
)  # fmt: skip
