"""Options that give the answer away: what is named, and what is left alone."""

from __future__ import annotations

import random

import pytest

from lms.content.checker.chance import at_least
from lms.content.checker.wording import catch_all
from tests.content.packs import report


def asked(stem, *options, language="en", settings=""):
    text = f"## {stem} {{#q}}\n\n{settings}" + "".join(f"- {each}\n" for each in options)
    files = {"index.md": f"---\nlanguage: {language}\n---\n# A\n", "a.md": "# A\n\nText.\n", "a.quiz.md": text}
    return {each.rule for each in report(files).problems if each.rule.startswith(("option-", "question-"))}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "all of the above"), ("en", "None of the above."), ("en", "Both A and B"),
        ("en", "All answers are correct"),
        ("lv", "Visi iepriekš minētie"), ("lv", "Neviena no atbildēm"), ("lv", "visas atbildes ir pareizas"),
        ("ru", "Всё вышеперечисленное"), ("ru", "все ответы верны"), ("ru", "Ничего из перечисленного"),
        ("uk", "Усе перелічене"), ("ro", "Toate cele de mai sus"), ("ro", "Niciuna dintre cele de mai sus"),
        ("de", "Keine der genannten Antworten"), ("fr", "Toutes les réponses ci-dessus"),
        ("es", "Todas las anteriores"),
        ("vi", "Tất cả các đáp án trên"), ("ka", "ყველა ზემოთ ჩამოთვლილი"),
    ],
)  # fmt: skip
def test_all_and_none_of_the_above_in_many_languages(language, text):
    assert asked("Q?", "[x] a door", f"[ ] {text}", language=language) == {"option-catch-all"}


@pytest.mark.parametrize(
    "text",
    ["all of the family", "nobody", "none", "the form above the counter", "both hands", "all the letters of the bank"],
)
def test_ordinary_options_are_left_alone(text):
    assert catch_all("en").fullmatch(text) is None
    assert asked("Q?", "[x] a door", f"[ ] {text}") == set()


def test_a_longer_key_is_named_only_if_it_stands_out():
    assert asked("Q?", "[x] a door that is open to everybody all day", "[ ] a wall", "[ ] a lid") == {"option-longest"}
    assert asked("Q?", "[x] a door that opens", "[ ] a wall", "[ ] a lid") == set()
    assert asked("Q?", "[ ] a door that is open to everybody all day", "[x] a wall", "[ ] a lid") == set()
    assert asked("Q?", "[x] a door that is open to everybody all day", "[ ] a wall") == set()


def test_two_negations_are_named_and_one_is_not():
    assert asked("Which is not safe?", "[x] It does not lock.", "[ ] It locks.") == {"question-double-negative"}
    assert asked("What must you not say?", "[x] the code", "[ ] my name") == set()
    assert asked("Why did it not open?", "[x] The key does not fit.", "[ ] It is open.") == set()
    assert asked("It is not impossible to open it. True?", "[x] yes", "[ ] perhaps") == set()
    assert asked("Is it not impossible to open it?", "[x] yes", "[ ] perhaps") == {"question-double-negative"}
    both = ("Kas nav drošs?", "[x] Tas nav slēgts.", "[ ] Tas ir slēgts.")
    assert asked(*both, language="lv") == {"question-double-negative"}


def test_absolute_words_are_named_only_if_they_tell_wrong_from_right():
    assert asked("Q?", "[x] It may.", "[ ] It always does.", "[ ] It never does.") == {"option-absolute"}
    assert asked("Q?", "[x] It always may.", "[ ] It always does.", "[ ] It never does.") == set()
    assert asked("Q?", "[x] It may.", "[ ] It always does.", "[ ] It does.") == set()


def test_options_that_differ_by_signs_but_not_numbers():
    assert asked("Q?", "[x] a door", "[ ] A door.") == {"option-alike"}
    assert asked("Q?", "[x] 1,5", "[ ] 15", "[ ] -15") == set()
    assert asked("Q?", "[x] `a.b`", "[ ] `a b`") == set()


def test_an_article_that_gives_the_answer_away():
    assert asked("A good sign is an …", "[x] address", "[ ] padlock") == {"option-article"}
    assert asked("A good sign is an …", "[x] address", "[ ] idea") == set()
    assert asked("A good sign is …", "[x] an address", "[ ] a padlock") == set()


def test_chance_is_that_of_the_binomial_distribution():
    assert at_least(0, []) == 1.0
    assert at_least(3, [0.5] * 3) == pytest.approx(1 / 8)
    assert at_least(2, [0.5] * 3) == pytest.approx(1 / 2)
    assert at_least(1, [0.25, 0.5]) == pytest.approx(1 - 0.75 * 0.5)
    assert at_least(4, [0.5] * 3) == 0


def bank(keys, head="---\npass: 80%\n---\n", settings=""):
    text = head
    for number, key in enumerate(keys):
        options = "".join(f"- [{'x' if place == key else ' '}] door {place}\n  > Yes.\n" for place in range(4))
        text += f"\n## Which {number}? {{#q{number}}}\n\n{settings}{options}"
    files = {"a.md": "# A\n\nText.\n", "quizzes/a.md": text}
    return [each.rule for each in report(files).problems if each.rule == "key-position"]


def test_a_place_of_the_key_counts_only_beyond_chance():
    assert bank([1] * 8)
    assert not bank([1] * 7)
    assert not bank([0, 1, 2, 3] * 5)
    assert not bank([1] * 20, "---\npass: 80%\nshuffle: yes\n---\n")
    assert bank([1] * 20, "---\npass: 80%\nshuffle: yes\n---\n", "```quiz\norder: fixed\n```\n\n")


def test_chance_alone_is_seldom_called_a_bias():
    chance = random.Random(7)
    named = sum(bool(bank([chance.randrange(4) for _ in range(12)])) for _ in range(60))
    assert named <= 3
