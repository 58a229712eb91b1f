"""GIFT as trainers write it, with its escapes, weights, comments and slips."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.markdown import render_block
from lms.question_types.markup import plain
from tests.exchange.files import again, brought, only


def marks(text: str) -> tuple[str, list[str], list[int]]:
    """The type of the one question, its options, and which of them are right."""
    question, _found = only(text)
    options = [option.text for option in question.options]
    return question.type, options, [place for place, option in enumerate(question.options, 1) if option.right]


@pytest.mark.parametrize(
    ("text", "kind", "options", "right"),
    [
        ("Which tree keeps its leaves?{~oak ~birch =pine}", "single", ["oak", "birch", "pine"], [3]),
        ("Which tree?{\n  =pine#yes\n  ~%-25%oak\n  ~%50%larch#sometimes}", "single", ["pine", "oak", "larch"], [1]),
        ("Which two?{~%50%a ~%50%b ~%-50%c ~%-50%d}", "multiple", ["a", "b", "c", "d"], [1, 2]),
        ("Which one of all?{~%100%a ~b}", "multiple", ["a", "b"], [1]),
        ("Thirds{~%33.33333%a ~%33,33333%b ~%33.33333%c ~%-100%d}", "multiple", ["a", "b", "c", "d"], [1, 2, 3]),
        ("The sun is a star.{T}", "true-false", ["True", "False"], [1]),
        ("The sun is a planet.{FALSE#no#yes}", "true-false", ["True", "False"], [2]),
        ("The sun is warm.{ true }", "true-false", ["True", "False"], [1]),
        ("Two plus two?{=four =4}", "text", ["four", "4"], [1, 2]),
        ("Year as text?{=1822}", "text", ["1822"], [1]),
        ("Bird?{=crow =%50%raven#nearly}", "text", ["crow", "raven"], [1]),
        ("No sign{crow}", "text", ["crow"], [1]),
        ("Born?{#1822:1}", "number", ["1822 ± 1"], [1]),
        ("Pi?{#3.141..3.142}", "number", ["3.141..3.142"], [1]),
        ("Minus?{#-5..-1}", "number", ["-5..-1"], [1]),
        ("Turned?{#5..1}", "number", ["1..5"], [1]),
        ("Small?{#.5}", "number", ["0.5"], [1]),
        ("Large?{#1.5e3:10}", "number", ["1500 ± 10"], [1]),
        ("Comma?{#1,5}", "number", ["1.5"], [1]),
        ("Zeros?{#007.50}", "number", ["7.5"], [1]),
        ("Near?{#=1822:0 =%50%1822:2}", "number", ["1822", "1822 ± 2"], [1]),
        ("Write about bees.{}", "essay", [], []),
        ("Write about bees. {####Thank you}", "essay", [], []),
        ("{=a ~b} comes first", "single", ["a", "b"], [1]),
        ("Same sign{~=a ~b}", "single", ["a", "b"], [1]),
        ("Steps{>ALL VERTICAL ABSOLUTE_POSITION SHOW none\nfirst\nsecond\n}", "ordering", ["first", "second"], []),
    ],
)
def test_each_kind_of_answers(text: str, kind: str, options: list[str], right: list[int]) -> None:
    assert marks(text) == (kind, options, right)


def test_pairs_and_a_distractor() -> None:
    question, _found = only("Match{\n=Latvia -> Riga\n=Georgia->Tbilisi\n= -> Oslo\n}")
    assert question.type == "matching"
    assert [(o.text, o.match, o.right) for o in question.options] == [
        ("Latvia", "Riga", True), ("Georgia", "Tbilisi", True), ("", "Oslo", False),
    ]  # fmt: skip


def test_part_credit_of_one_choice_is_kept_and_a_penalty_is_told() -> None:
    question, found = only("Tree?{=pine ~%50%larch#in winter ~%-25%oak}")
    assert [option.credit for option in question.options] == [1.0, 0.5, 0.0]
    assert question.options[1].feedback == "in winter"
    (loss,) = found.losses
    assert "-25%" in loss.what
    assert "oak" in loss.what


def test_the_missing_word_leaves_a_line() -> None:
    question, _found = only("A whale is a {=mammal ~fish} that sings.")
    assert plain(question.stem) == "A whale is a _____ that sings."


def test_a_full_stop_after_the_braces_is_text_as_in_moodle() -> None:
    question, _found = only("Two and two make {=four}.")
    assert plain(question.stem).replace("\\", "") == "Two and two make _____."


def test_escapes_are_signs() -> None:
    question, _found = only(r"What is 1 \= 1 \{a\: b\} \# \~ \\ \n\nin C?{=\{\} ~\=b\~c \#d}")
    assert question.body.startswith(r"What is 1 = 1 {a: b} # ~ \ ".rstrip())
    assert question.body.endswith("\n\nin C?")
    assert [option.text for option in question.options] == ["{}", "\\=b~c #d"]


def test_true_false_feedback_goes_to_whom_it_is_meant_for() -> None:
    question, _found = only("It rains.{T#wrong, it does#right, it does}")
    true, false = question.options
    assert (true.feedback, false.feedback) == ("right, it does", "wrong, it does")


def test_general_feedback_is_the_explanation() -> None:
    question, _found = only("It rains.{T####Look out of the window.}")
    assert question.explanation == "Look out of the window."


def test_name_id_tags_and_category_are_kept_where_authors_see_them() -> None:
    question, found = only(
        "$CATEGORY: $course$/top/Weather/Rain\n\n// [id:wet-1] [tag:rain] [tag:wet]\n::Ūdens::It rains.{T}"
    )
    assert question.id == "wet-1"
    assert "<!-- Category: Weather/Rain. Name: Ūdens. Tags: rain, wet -->" in found.text
    assert [loss.what for loss in found.losses] == ["category $course$/top/Weather/Rain"]


def test_ids_differ_and_stay_the_same() -> None:
    text = "::Rain::a{T}\n\n::Rain::b{F}\n\nНочь{T}\n\nНочь{F}"
    ids = [question.id for question in again(brought(text))]
    assert ids == ["rain", "rain-2", "question", "question-2"]
    assert [question.id for question in again(brought(text))] == ids
    assert again(brought("::Rain::a{T}", taken={"rain"}))[0].id == "rain-2"


def test_forms_of_text() -> None:
    question, _found = only("[html]<p>Is <b>this</b>&nbsp;&lt;b&gt;?</p>{=[plain]<i> ~[html]<i>b</i>}")
    assert question.stem == r"Is **this** \<b>?"
    assert [option.text for option in question.options] == [r"\<i>", "*b*"]
    question, _found = only("[markdown]Is *this* `x = 1`?{T}".replace("=", "\\="))
    assert question.stem == "Is *this* `x = 1`?"


SLIPS = """\
// a comment with { a brace
::one::First {
  ~a

  =b
}
::two::Second, without a blank line {T}
Third {=x}
Fourth {F}

[markdown]Fifth, its answers below

* a point
* another

{=y}

::six::

Sixth{=z}
"""


def test_slips_are_forgiven() -> None:
    found = brought(SLIPS)
    assert [question.type for question in again(found)] == [
        "single",
        "true-false",
        "text",
        "true-false",
        "text",
        "text",
    ]
    assert [question.id for question in again(found)][:2] == ["one", "two"]
    assert found.losses == ()


@pytest.mark.parametrize(
    ("text", "where", "why"),
    [
        ("Just a text.\n\nFine{T}", "line 1", "description"),
        ("A broken { =one ~two\n\nFine{T}", "line 1: A broken { =one ~two", "braces"),
        ("Fine{T}\n\nBroken } text {", "line 3", "braces"),
        ("No number{#}\n\nFine{T}", "line 1", "no number"),
        ("A word{#twelve}\n\nFine{T}", "line 1", "twelve"),
        ("None right{~a ~b}\n\nFine{T}", "line 1", "No option earns"),
        ("Half a pair{=a -> b =c}\n\nFine{T}", "line 1", "->"),
        ("Anything{=*}\n\nFine{T}", "line 1", "essay"),
    ],
)
def test_what_cannot_come_in_is_named_and_the_rest_comes(text: str, where: str, why: str) -> None:
    found = brought(text)
    assert [question.stem for question in again(found)] == ["Fine"]
    (loss,) = (each for each in found.losses if each.where.startswith("line") and not each.what.startswith("feedback"))
    assert loss.where.startswith(where)
    assert why in f"{loss.what} {loss.why}"


def test_a_star_stood_for_anything() -> None:
    question, found = only(r"Bird?{=crow* =\\*star =%0%*#any other}")
    assert [option.text for option in question.options] == ["crow", "*star"]
    assert [loss.what for loss in found.losses] == [
        "`*` in the answer “crow*”",
        "feedback to any other answer: “any other”",
    ]


def test_feedback_to_all_other_numbers_is_told() -> None:
    question, found = only("How many?{#4 ~#count again}")
    assert [option.text for option in question.options] == ["4"]
    assert "count again" in found.losses[0].what


HOSTILE = [
    "## not a heading", "- [x] not an option", "> [!NOTE]", "```quiz", "[[not a gap]]", "{#not-an-id}", "1. not a step",
    "- = no answer", "<script>alert(1)</script>", "<!-- not a comment", "| a | b |", "***", "___", "= five", "a -> b",
    "&lt;b&gt;", "$$x_1$$ and \\(y^2\\)", "C:\\temp\\", "`", "~~~", "(50%) of it", "[ ] box", "\\", "*", "a*b*c",
    "# one",
]  # fmt: skip


def escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\:#={}~" else sign for sign in text)


def shown(markdown: str) -> str:
    """What a trainee reads."""
    return plain(render_block(markdown))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_taken_for_a_mark(text: str) -> None:
    there = escaped(text)
    question, _found = only(f"::n::[plain]{there} asks{{=[plain]{there}#[plain]{there}~[plain]other}}")
    assert question.type == "single"
    assert [option.right for option in question.options] == [True, False]
    assert shown(question.options[0].text) == text
    assert shown(question.options[0].feedback) == text
    assert shown(question.stem or question.body) == f"{text} asks"
    if "->" in text:
        return  # GIFT itself takes it for a pair
    typed, _found = only(f"::n::[plain]{there} asks{{={there.replace('*', chr(92) * 2 + '*')}#[plain]{there}}}")
    assert typed.type == "text"
    assert typed.spec["answers"][0]["key"] == text


WORDS = st.text(st.sampled_from("ab1 .,?!*_`~[](){}<>#=:\\|/&;%$-+>\"'ēäж"), min_size=1, max_size=24).filter(
    lambda text: text.strip() == text and "  " not in text and not text.startswith(("//", "[html]"))
)


@settings(max_examples=120, deadline=None)
@given(stem=WORDS, answers=st.lists(WORDS, min_size=2, max_size=4, unique_by=lambda text: text), feedback=WORDS)
def test_whatever_is_written_comes_back(stem: str, answers: list[str], feedback: str) -> None:
    options = "".join(f"{'~' if place else '='}[plain]{escaped(text)}" for place, text in enumerate(answers))
    found = brought(f"::name::[plain]{escaped(stem)}{{{options}#[plain]{escaped(feedback)}}}", format_name="gift")
    (question,) = again(found)
    assert question.type == "single"
    assert [option.right for option in question.options] == [not place for place in range(len(answers))]
    assert bool(question.options[-1].feedback)
