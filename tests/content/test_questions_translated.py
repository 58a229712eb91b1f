"""A question file in another language: what it may say by itself, and what must agree with its source."""

import pytest

from lms.content.questions import merge_translation, parse_question_file
from lms.question_types import BUILT_IN

TYPES = {type_.name: type_ for type_ in BUILT_IN}
SOURCE = """---
title: Passwords
pass: 80%
shuffle: yes
---

Intro.

## Which is best? {#best}

```quiz
points: 2
outcome: safety
```

- [ ] short
  > No.
- [x] long
  > (…)
- [ ] old
  > (50%) Hm.

> [!NOTE]
> Length.
"""
LATVIAN = """---
title: Paroles
---

Ievads.

## Kura ir labākā? {#best}

- [ ] īsa
  > Nē.
- [ ] gara
- [ ] veca
  > (50%) Nu.

> [!NOTE]
> Garums.
"""


def source_file(text):
    file, problems = parse_question_file("q/a.md", text, id="a", language="en", types=TYPES)
    assert [problem for problem in problems if problem.severity == "error"] == []
    return file


def both(source, translation):
    original = source_file(source)
    other, problems = parse_question_file(
        "q/a.lv.md", translation, id="a.lv", language="lv", types=TYPES, source=original
    )
    merged, more = merge_translation(original, other)
    return original, merged, [*problems, *more]


def merged(source, translation):
    _, file, problems = both(source, translation)
    assert problems == []
    return file.questions[0]


def reported(source, translation):
    return [(problem.line, problem.severity, problem.rule) for problem in both(source, translation)[2]]


def test_words_of_the_translation_keys_of_the_source():
    original, file, problems = both(SOURCE, LATVIAN)
    assert problems == []
    assert (file.title, file.introduction, file.language, file.id) == ("Paroles", "Ievads.", "lv", "a")
    assert file.settings == original.settings
    question = file.questions[0]
    assert question.stem == "Kura ir labākā?"
    assert [(o.text, o.right, o.credit, o.feedback) for o in question.options] == [
        ("īsa", False, 0.0, "Nē."),
        ("gara", True, 1.0, "(…)"),
        ("veca", False, 0.5, "Nu."),
    ]
    assert (question.points, question.outcome, question.explanation) == (2, "safety", "Garums.")


def test_what_is_not_translated_stays_as_in_the_source():
    _, file, problems = both(SOURCE, "## Kura? {#best}\n\n- [ ] a\n- [ ] b\n- [ ] c\n")
    assert problems == []
    assert (file.title, file.introduction) == ("Passwords", "Intro.")
    assert file.questions[0].explanation == "Length."
    assert file.questions[0].options[0].feedback == "No."


def test_identical_marks_are_fine():
    assert merged(SOURCE, LATVIAN.replace("- [ ] gara", "- [x] gara")).options[1].right


def test_other_marks_name_both_lines():
    text = LATVIAN.replace("- [ ] īsa", "- [x] īsa")
    assert reported(SOURCE, text) == [(9, "error", "translation-marks")]
    assert "line 16 of q/a.md" in both(SOURCE, text)[2][0].message


def test_missing_option_names_both_lines():
    text = LATVIAN.replace("- [ ] veca\n  > (50%) Nu.\n", "").replace("- [ ] gara", "- [x] gara")
    assert reported(SOURCE, text) == [(7, "error", "translation-options")]
    assert "line 9 of q/a.md" in both(SOURCE, text)[2][0].message


def test_other_id_names_both_lines():
    text = LATVIAN.replace("{#best}", "{#beste}").replace("- [ ] gara", "- [x] gara")
    assert reported(SOURCE, text) == [(7, "error", "translation-id")]
    problem = both(SOURCE, text)[2][0]
    assert "line 9 of q/a.md has `best`" in problem.message
    assert problem.fix == "Write `{#best}`."


def test_question_without_counterpart():
    more = LATVIAN + "\n## Vēl? {#more}\n\n- [x] jā\n- [ ] nē\n"
    assert reported(SOURCE, more) == [(18, "error", "translation-id")]


def test_untranslated_question_stays_in_the_source_language():
    _, file, problems = both(SOURCE + "\n## More? {#more}\n\n- [x] yes\n- [ ] no\n", LATVIAN)
    assert [(problem.severity, problem.rule) for problem in problems] == [("warning", "translation-missing")]
    assert [question.stem for question in file.questions] == ["Kura ir labākā?", "More?"]


def test_settings_stand_in_the_source_only():
    assert reported(SOURCE, LATVIAN.replace("Paroles", "Paroles\npass: 50%")) == [(1, "warning", "translation-setting")]
    text = LATVIAN.replace("{#best}", "{#best}\n\n```quiz\npoints: 5\n```")
    assert reported(SOURCE, text) == [(10, "warning", "translation-setting")]
    assert both(SOURCE, text)[1].questions[0].points == 2


def test_other_type_names_both_lines():
    text = LATVIAN.replace("{#best}", "{#best}\n\n```quiz\ntype: multiple\n```")
    assert reported(SOURCE, text)[0] == (10, "error", "translation-type")
    assert "line 9" in both(SOURCE, text)[2][0].message


def test_order_of_the_source_is_kept():
    source = "## A {#a}\n\n- = x\n\n## B {#b}\n\n- = y\n"
    assert [q.id for q in both(source, "## B {#b}\n\n- = z\n\n## A {#a}\n\n- = w\n")[1].questions] == ["a", "b"]


def test_questions_without_ids_are_joined_by_their_place():
    _, file, problems = both("## Yes?\n\n- [x] yes\n- [ ] no\n", "## Jā?\n\n- [ ] jā\n- [ ] nē\n")
    assert problems == []
    assert file.questions[0].stem == "Jā?"


def test_text_answers_are_added():
    question = merged("## Who? {#a}\n\n- = root\n- =50% admin\n", "## Kas? {#a}\n\n- = sakne\n")
    grades = {word: TYPES["text"].grade(question, word).score for word in ("sakne", "root", "admin", "x")}
    assert grades == {"sakne": 1.0, "root": 1.0, "admin": 0.5, "x": 0.0}
    assert TYPES["text"].solution(question) == "sakne"
    assert [option.text for option in question.options] == ["sakne", "root", "admin"]


def test_numbers_that_became_words_are_another_type():
    assert reported("## One {#a}\n\n- = 12\n", "## Viens {#a}\n\n- = divpadsmit\n")[0][1] == "error"


def test_gaps_are_added_and_drop_downs_translated():
    question = merged("## {#a}\n\nA [[cat]], [[(red)|blue]].\n", "## {#a}\n\nViens [[kaķis]], [[(sarkans)|zils]].\n")
    gaps = TYPES["gaps"]
    assert gaps.grade(question, ["kaķis", 0]).score == 1.0
    assert gaps.grade(question, ["cat", 0]).score == 1.0
    assert gaps.describe(question, ["cat", 1]) == "cat; zils"
    assert question.body.startswith("Viens ")


@pytest.mark.parametrize(
    ("translation", "rule"),
    [
        ("Viens [[kaķis]].", "translation-options"),
        ("Viens [[kaķis]], [[sarkans|(zils)]].", "translation-marks"),
        ("Viens [[kaķis]], [[(sarkans)|zils|zaļš]].", "translation-marks"),
        ("Viens [[kaķis]], [[sarkans]].", "translation-marks"),
    ],
)
def test_gaps_that_differ(translation, rule):
    source = "## {#a}\n\nA [[cat]], [[(red)|blue]].\n"
    assert reported(source, f"## {{#a}}\n\n{translation}\n") == [(1, "error", rule)]


def test_types_that_only_settings_tell_need_none_in_the_translation():
    source = "## Order {#a}\n\n```quiz\ntype: ordering\n```\n\n1. one\n2. two\n"
    question = merged(source, "## Kārtība {#a}\n\n1. viens\n2. divi\n")
    assert (question.type, TYPES["ordering"].solution(question)) == ("ordering", "1. viens; 2. divi")
    original = source_file(source).questions[0]
    assert question.spec["tokens"] == original.spec["tokens"]
    assert merged("## E {#a}\n\n```quiz\ntype: essay\n```\n\nWrite.\n", "## E {#a}\n\nRaksti.\n").body == "Raksti."


def test_labels_of_a_scale_are_words():
    source = "## Sure? {#a}\n\n```quiz\ntype: scale\nto: 3\nlabels: [no, yes]\n```\n"
    question = merged(source, "## Droši? {#a}\n\n```quiz\nlabels: [nē, jā]\n```\n")
    assert question.spec["labels"] == {"1": "nē", "3": "jā"}
    assert question.spec["to"] == 3
    assert merged(source, "## Droši? {#a}\n").spec["labels"] == {"1": "no", "3": "yes"}


def test_matching_pairs_keep_their_partners():
    source = "## M {#a}\n\n- a -> x\n- b -> x\n- c -> y\n- -> z\n"
    question = merged(source, "## M {#a}\n\n- ā -> ks\n- bē -> ks\n- cē -> i\n- -> zet\n")
    assert TYPES["matching"].solution(question) == "ā → ks; bē → ks; cē → i"
    broken = reported(source, "## M {#a}\n\n- ā -> ks\n- bē -> i\n- cē -> i\n- -> zet\n")
    assert broken == [(1, "error", "translation-marks")]


def test_true_and_false_in_any_words():
    question = merged("## T {#a}\n\n- [x] True\n- [ ] False\n", "## P {#a}\n\n- [ ] Tā ir\n- [ ] Tā nav\n")
    assert (question.type, question.options[0].right) == ("true-false", True)
