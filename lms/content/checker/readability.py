"""Rules about plain language: how hard a page is to read, and which sentences make it so."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.checker.formulas import score
from lms.content.checker.rule import Check, Found, PageText, Rule

LONGEST_SENTENCE = 35
# Words carry endings where others write small words: the same sentence has fewer. Vietnamese writes syllables apart.
_LONGEST_IN = {
    **dict.fromkeys(("lv", "lt", "et", "fi", "ru", "uk", "pl", "cs", "sk", "bg", "ka", "hy", "tr", "hu"), 28),
    "vi": 50,
}
_MOST_NAMED = 3


def longest_in(language: str) -> int:
    """How many words a sentence may have in a language."""
    return _LONGEST_IN.get(language.partition("-")[0], LONGEST_SENTENCE)


def _long_sentence(check: Check) -> Iterator[Found]:
    for page in check.texts:
        most = longest_in(page.language)
        for sentence in page.sentences:
            if len(sentence.words) > most:
                start = " ".join(sentence.text.split()[:6])
                length = f"This sentence has {len(sentence.words)} words; more than {most} are hard to follow"
                yield Found(page.file, sentence.line, f"{length}: “{start} …”")


def _hard(check: Check) -> Iterator[Found]:
    for page in check.texts:
        found = score(page.language, [sentence.words for sentence in page.sentences])
        if found and found.is_hard:
            message = f"{found.formula} gives {found.value:.0f}; {found.wanted} is well for most adults."
            yield Found(page.file, 0, f"{message} {_longest(page)}")


def _longest(page: PageText) -> str:
    """Where to begin: the lines of the longest sentences."""
    ranked = sorted(page.sentences, key=lambda sentence: -len(sentence.words))[:_MOST_NAMED]
    lines = ", ".join(str(line) for line in sorted({sentence.line for sentence in ranked}))
    return f"Its longest sentences begin in lines {lines}."


_LONG = (
    "# A\n\nBefore you help somebody to sign in, you should always take the time that is needed to ask who has sent\n"
    "the letter, when it came, what exactly it asks for, whether a code is wanted and who else has seen it.\n"
)
_SHORT = (
    "# A\n\nFirst ask about the letter. Who sent it, and when did it come? What does it ask for? Does it want a code?\n"
    "Then help the person to sign in.\n"
)
_HARD = (
    "# A\n\n"
    + (
        "Administrative authorities responsible for electronic identification necessitate comprehensive verification.\n"
        "Unauthorised utilisation of identification credentials is a considerable organisational vulnerability.\n"
    )
    * 6
)
_EASY = (
    "# A\n\n"
    + (
        "The office has to know who you are. So it asks for proof. If others use your card, they act in your name.\n"
        "Keep your card and your code to yourself. Tell nobody the code, not even your helper at the desk.\n"
    )
    * 3
)

RULES = (
    Rule(
        "sentence-long",
        "notice",
        "Who reads a long sentence must keep its beginning in mind until its end. People who are tired, worried or "
        f"read in a foreign language lose it. More than {LONGEST_SENTENCE} words are named; in languages with many "
        "endings (such as lv, ru, uk, ka) more than 28, in Vietnamese more than 50 syllables.",
        "Make two sentences of it, or a list.",
        {"a.md": _LONG},
        {"a.md": _SHORT},
        "a.md",
        3,
        _long_sentence,
        based_on="Most guides to plain language ask for 15 to 20 words on average and seldom more than 25.",
    ),
    Rule(
        "text-hard",
        "notice",
        "A helper reads between two visitors, a learner often in a second language. A text that the formula of its "
        "language calls difficult costs both of them the lesson. Numbers can be wrong: read it aloud and decide.",
        "Shorten the sentences that are named, and take everyday words for long ones.",
        {"a.md": _HARD},
        {"a.md": _EASY},
        "a.md",
        0,
        _hard,
        based_on="en: Flesch 1948; de: Amstad 1978; es: Fernández Huerta 1959; fr: Kandel and Moles 1958; it: Gulpease "
        "(Lucisano and Piemontese 1988); ru: Oborneva 2006; lv, ro, lt, et, uk, pl and others: LIX (Björnsson 1968, "
        "1983). Other languages have no formula here.",
    ),
)  # fmt: skip
