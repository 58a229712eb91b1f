"""Single and multiple choice, true or false."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.questions import parse_question_file
from lms.plugins import Grade
from lms.question_types import BUILT_IN
from lms.question_types.multiple import Multiple
from lms.question_types.single import Single
from lms.question_types.true_false import WORDS, TrueFalse

TYPES = {type_.name: type_ for type_ in BUILT_IN}


def question_in(items, block="", language="en"):
    fence = f"```quiz\n{block}\n```\n\n" if block else ""
    text = f"## Q {{#a}}\n\n{fence}{items}"
    file, problems = parse_question_file("a.md", text, id="a", language=language, types=TYPES)
    assert problems == ()
    return file.questions[0]


def problems_in(items, block=""):
    fence = f"```quiz\n{block}\n```\n\n" if block else ""
    _, problems = parse_question_file("a.md", f"## Q {{#a}}\n\n{fence}{items}", id="a", language="en", types=TYPES)
    return [(problem.line, problem.rule) for problem in problems]


SINGLE = question_in("- [ ] a\n- [x] b\n- [ ] c\n  > (50%) half\n- [ ] d\n  > \\(50%) as text\n")
MULTIPLE = question_in("- [x] a\n- [x] b\n- [ ] c\n- [x] d\n- [ ] e\n")
STRICT = question_in("- [x] a\n- [x] b\n- [ ] c\n", "credit: all-or-nothing")


class TestSingle:
    @pytest.mark.parametrize(("index", "score"), [(0, 0.0), (1, 1.0), (2, 0.5), (3, 0.0)])
    def test_credit_of_each_option(self, index, score):
        response = Single().read(SINGLE, {"answer": [str(index)]})
        assert response == index
        assert Single().grade(SINGLE, response) == Grade(score)

    def test_credit_is_taken_off_the_feedback_unless_escaped(self):
        assert [option.feedback for option in SINGLE.options] == ["", "", "half", "(50%) as text"]

    @pytest.mark.parametrize("value", ["", "4", "-1", "1.0", "b", " ", "²", "01e", "9" * 50])
    def test_what_names_no_option_is_no_answer(self, value):
        assert Single().read(SINGLE, {"answer": [value]}) is None

    def test_first_of_several_counts(self):
        assert Single().read(SINGLE, {"answer": ["1", "2"]}) == 1

    def test_words(self):
        assert Single().describe(SINGLE, 2) == "c"
        assert Single().solution(SINGLE) == "b"

    @pytest.mark.parametrize(
        ("items", "block", "problem"),
        [
            ("- [ ] a\n- [ ] b\n", "", (1, "question-no-right")),
            ("- [x] a\n- [x] b\n", "type: single", (1, "question-no-right")),
            ("- [x] a\n- [ ] \n", "", (4, "question-option-empty")),
            ("- [x] a\n- [ ] a\n", "", (4, "question-option-twice")),
            ("- [x] a\n  > (50%) x\n- [ ] b\n", "", (3, "question-credit")),
            ("- [x] a\n- [ ] b\n  > (150%) x\n", "", (4, "question-credit")),
            ("- a\n- b\n", "type: single", (7, "question-answers-mixed")),
            ("Nothing.\n", "type: single", (1, "question-answers")),
        ],
    )
    def test_errors(self, items, block, problem):
        assert problem in problems_in(items, block)

    def test_one_mark_may_be_made_multiple(self):
        assert question_in("- [x] a\n- [ ] b\n", "type: multiple").type == "multiple"


class TestMultiple:
    @pytest.mark.parametrize(
        ("chosen", "score"),
        [
            ("013", 1.0),
            ("01", 0.666667),
            ("0", 0.333333),
            ("012", 0.333333),
            ("0123", 0.666667),
            ("01234", 0.333333),
            ("24", 0.0),
            ("0124", 0.0),
        ],
    )
    def test_right_less_wrong_by_number_right(self, chosen, score):
        response = Multiple().read(MULTIPLE, {"answer": list(chosen)})
        assert Multiple().grade(MULTIPLE, response).score == score

    @pytest.mark.parametrize(("chosen", "score"), [("01", 1.0), ("0", 0.0), ("012", 0.0), ("2", 0.0)])
    def test_all_or_nothing(self, chosen, score):
        assert Multiple().grade(STRICT, [int(index) for index in chosen]).score == score

    def test_response_is_sorted_and_without_doubles(self):
        assert Multiple().read(MULTIPLE, {"answer": ["3", "1", "3", "x", "9"]}) == [1, 3]
        assert Multiple().read(MULTIPLE, {"answer": ["x"]}) is None

    def test_words(self):
        assert Multiple().describe(MULTIPLE, [3, 0]) == "a; d"
        assert Multiple().solution(MULTIPLE) == "a; b; d"

    @pytest.mark.parametrize(
        ("items", "block", "problem"),
        [
            ("- [ ] a\n- [ ] b\n", "type: multiple", (1, "question-no-right")),
            ("- [x] a\n- [x] b\n- [ ] c\n  > (50%) x\n", "", (5, "question-credit")),
            ("- [x] a\n- [x] b\n", "credit: some", (1, "question-setting-value")),
        ],
    )
    def test_errors(self, items, block, problem):
        assert problem in problems_in(items, block)

    @given(st.sets(st.integers(0, 4)))
    def test_more_right_options_never_cost(self, chosen):
        before = Multiple().grade(MULTIPLE, sorted(chosen)).score
        assert Multiple().grade(MULTIPLE, sorted(chosen | {0, 1, 3})).score >= before
        assert Multiple().grade(MULTIPLE, sorted(chosen - {2, 4})).score >= before


class TestTrueFalse:
    @pytest.mark.parametrize(
        ("items", "language"),
        [
            ("- [x] True\n- [ ] False\n", "en"),
            ("- [ ] false\n- [x] TRUE.\n", "en-GB"),
            ("- [x] Patiesi\n- [ ] Nepatiesi\n", "lv"),
            ("- [x] Đúng\n- [ ] Sai\n", "vi"),
            ("- [x] Верно\n- [ ] Неверно\n", "ru"),
            ("- [x] მართალია\n- [ ] მცდარია\n", "ka"),
            ("- [x] Дуруст\n- [ ] Нодуруст\n", "tg"),
            ("- [x] Adevărat\n- [ ] Fals\n", "ro"),
        ],
    )
    def test_recognised_in_the_source_language(self, items, language):
        assert question_in(items, language=language).type == "true-false"

    @pytest.mark.parametrize(
        ("items", "language"),
        [
            ("- [x] True\n- [ ] False\n", "lv"),
            ("- [x] Yes\n- [ ] No\n", "en"),
            ("- [x] True\n- [ ] False\n- [ ] x\n", "en"),
        ],
    )
    def test_else_a_single_choice(self, items, language):
        assert question_in(items, language=language).type == "single"

    def test_said_by_its_author(self):
        assert question_in("- [x] Yes\n- [ ] No\n", "type: true-false").type == "true-false"

    def test_three_options_are_too_many(self):
        assert (1, "question-answers") in problems_in("- [x] a\n- [ ] b\n- [ ] c\n", "type: true-false")

    def test_order_stays_as_written(self):
        assert TrueFalse().shuffles is False

    def test_words_are_in_small_letters(self):
        assert all(word == word.casefold() for pairs in WORDS.values() for pair in pairs for word in pair)
