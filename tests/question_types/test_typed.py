"""Short text and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.questions import parse_question_file
from lms.plugins import UnclearAnswer
from lms.question_types import BUILT_IN
from lms.question_types.number import Number
from lms.question_types.numbers import NOT_A_NUMBER, TWO_NUMBERS, number_key, read_number
from lms.question_types.text import Text

TYPES = {type_.name: type_ for type_ in BUILT_IN}


def parsed(answers, block=""):
    items = "".join(f"- {answer}\n" for answer in answers)
    fence = f"```quiz\n{block}\n```\n\n" if block else ""
    return parse_question_file("a.md", f"## Q {{#a}}\n\n{fence}{items}", id="a", language="en", types=TYPES)


def question_in(*answers, block=""):
    file, problems = parsed(answers, block)
    assert problems == ()
    return file.questions[0]


def graded(question, text):
    type_ = TYPES[question.type]
    response = type_.read(question, {"answer": [text]})
    return None if response is None else type_.grade(question, response).score


class TestText:
    @pytest.mark.parametrize(
        ("key", "given_", "score"),
        [
            ("Rīga", "rīga", 1.0),
            ("Rīga", "  RĪGA ", 1.0),
            ("Rīga", "Ri\u0304ga", 1.0),
            ("Ri\u0304ga", "Rīga", 1.0),
            ("Rīga", "Riga", 0.0),
            ("a*", "abc", 0.0),
            ("a*", "A*", 1.0),
            ("two words", "two  words", 0.0),
            ("straße", "STRASSE", 1.0),
            ("хона", "ХОНА", 1.0),
            ("022", "22", 0.0),
            ("`ls -l`", "ls -l", 1.0),
            ("``a ` b``", "a ` b", 1.0),
            ("`a` and `b`", "`a` and `b`", 1.0),
            ("x", "", None),
            ("x", " \t\n", None),
        ],
    )
    def test_comparing(self, key, given_, score):
        assert graded(question_in(f"= {key}"), given_) == score

    def test_alternatives_and_part_credit(self):
        question = question_in("= cat", "= tomcat", "=50% animal", "=12.5% being")
        assert [graded(question, word) for word in ("cat", "tomcat", "animal", "being", "dog")] == [1, 1, 0.5, 0.125, 0]

    def test_percentage_with_a_space_is_text(self):
        assert graded(question_in("= 50% animal"), "50% animal") == 1.0

    def test_exact_case(self):
        question = question_in("= PATH", block="case: exact")
        assert (graded(question, "PATH"), graded(question, "path"), graded(question, " PATH ")) == (1.0, 0.0, 1.0)

    def test_feedback_and_words(self):
        question = question_in("= `sudo`\n  > Yes.", "=50% su")
        assert question.options[0].feedback == "Yes."
        assert Text().solution(question) == "sudo"
        assert Text().describe(question, " x ") == " x "

    @pytest.mark.parametrize(
        ("answers", "block", "problem"),
        [
            (["="], "", (3, "question-answer-form")),
            (["=50% a"], "", (1, "question-no-right")),
            (["=150% a", "= b"], "", (3, "question-credit")),
            (["= a"], "case: any", (1, "question-setting-value")),
            (["[x] a"], "type: text", (7, "question-answers-mixed")),
        ],
    )
    def test_errors(self, answers, block, problem):
        assert problem in [(each.line, each.rule) for each in parsed(answers, block)[1]]


class TestNumberOrText:
    @pytest.mark.parametrize(
        "answer", ["112", "0", "-3.5", "0.5", "1000 ± 24", "1000±24", "900..1100", "-5 .. 5", "\u22123", "`112`"]
    )
    def test_numbers(self, answer):
        assert question_in(f"= {answer}").type == "number"

    @pytest.mark.parametrize(
        "answer", ["022", "+5", "1 000", "1,000", "1,5", ".5", "5.", "112 MB", "1e3", "-", "1..", "00", "٣"]
    )
    def test_texts(self, answer):
        assert question_in(f"= {answer}").type == "text"

    def test_one_word_among_them_makes_text(self):
        assert question_in("= 112", "= one hundred and twelve").type == "text"

    def test_said_by_its_author(self):
        assert question_in("= 112", block="type: text").type == "text"
        assert graded(question_in("= 022", block="type: number"), "22") == 1.0

    def test_no_number_where_one_was_said(self):
        rules = [each.rule for each in parsed(["= many"], "type: number")[1]]
        assert rules == ["question-answer-form"]

    def test_range_the_wrong_way_round(self):
        assert [(each.line, each.rule) for each in parsed(["= 1", "= 9..3"])[1]] == [(4, "question-answer-form")]


class TestNumber:
    @pytest.mark.parametrize(
        ("key", "given_", "score"),
        [
            ("1.5", "1,5", 1.0),
            ("1.5", "1.50", 1.0),
            ("1.5", "+1.5", 1.0),
            ("0.5", ".5", 1.0),
            ("0.5", ",5", 1.0),
            ("-3", "\u22123", 1.0),
            ("-3", "- 3", 1.0),
            ("1024", "1 024", 1.0),
            ("1024", "1\u00a0024", 1.0),
            ("1024", "1\u202f024", 1.0),
            ("1024", "1'024", 1.0),
            ("1024000", "1,024,000", 1.0),
            ("1024000", "1.024.000", 1.0),
            ("1024.5", "1.024,5", 1.0),
            ("1024.5", "1,024.5", 1.0),
            ("1024.5", "1 024,5", 1.0),
            ("1.024", "1.024", 1.0),
            ("0.024", "0,024", 1.0),
            ("1024", "1024", 1.0),
            ("1024", "1024.0", 1.0),
            ("12", "１２", 1.0),
            ("12", "12", 1.0),
            ("1000 ± 24", "976", 1.0),
            ("1000 ± 24", "1024", 1.0),
            ("1000 ± 24", "1024.001", 0.0),
            ("3.14 ± 0.01", "3.15", 1.0),
            ("3.14 ± 0.01", "3,13", 1.0),
            ("900..1100", "900", 1.0),
            ("900..1100", "1100", 1.0),
            ("900..1100", "899.99", 0.0),
            ("-5..5", "-5", 1.0),
            ("7", "", None),
        ],
    )
    def test_grading(self, key, given_, score):
        assert graded(question_in(f"= {key}"), given_) == score

    @pytest.mark.parametrize("given_", ["1,024", "-1,024", "12,345", "999,999"])
    def test_two_meanings_are_asked_again(self, given_):
        with pytest.raises(UnclearAnswer, match=TWO_NUMBERS):
            graded(question_in("= 7"), given_)

    @pytest.mark.parametrize("given_", ["seven", "7 MB", "1,2,3", "1.2.3", "--7", "7-", "0x10", "1e5", "∞", "9" * 99])
    def test_what_is_no_number_is_asked_again(self, given_):
        with pytest.raises(UnclearAnswer, match=NOT_A_NUMBER):
            graded(question_in("= 7"), given_)

    def test_best_of_several_ranges(self):
        question = question_in("=50% 0..100", "= 50", "=25% 200")
        assert [graded(question, text) for text in ("50", "51", "200", "201")] == [1.0, 0.5, 0.25, 0.0]

    def test_stored_response_that_cannot_be_read_any_more(self):
        assert Number().grade(question_in("= 7"), "1,024").score == 0.0

    def test_words(self):
        question = question_in("= 1000 ± 24")
        assert Number().solution(question) == "1000 ± 24"
        assert Number().describe(question, "1,5") == "1,5"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_every_plain_decimal_is_its_own_right_answer(number):
    written = format(number, "f")
    if float(number) == 0:
        return
    key = number_key(written)
    assert key is not None
    assert read_number(written) == number


@given(st.text(max_size=30))
def test_reading_a_number_raises_nothing_else(text):
    try:
        read_number(text)
    except UnclearAnswer as error:
        assert str(error) in {NOT_A_NUMBER, TWO_NUMBERS}  # noqa: PT017
    number_key(text)
