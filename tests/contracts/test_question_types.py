"""Every built-in question type keeps the contract that third parties keep; the check itself notices who doesn't."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.plugins import Grade, UnclearAnswer
from lms.question_types import BUILT_IN
from lms.question_types.gaps import Gaps
from lms.question_types.single import Single
from lms.question_types.text import Text
from lms.testing import check_question_type, example_question


@pytest.mark.parametrize("type_", BUILT_IN, ids=lambda type_: type_.name)
def test_built_in_type_keeps_the_contract(type_):
    check_question_type(type_)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["files", "id", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from(["answer", "answer-0", "answer-1", "answer-2", "file", "x"])
VALUES = st.lists(st.text(max_size=12) | st.integers(-3, 12).map(str), max_size=3)


@pytest.mark.parametrize("type_", BUILT_IN, ids=lambda type_: type_.name)
@settings(max_examples=60, deadline=None)
@given(response=JSON, form=st.dictionaries(FIELDS, VALUES, max_size=4))
def test_nothing_that_a_browser_sends_or_a_database_holds_breaks_a_type(type_, response, form):
    question = example_question(type_)
    for each in (response, _read(type_, question, form)):
        score = type_.grade(question, each).score
        assert score is None or 0 <= score <= 1
        assert isinstance(type_.describe(question, each), str)
        json.dumps(each)


def _read(type_, question, form):
    try:
        return type_.read(question, form)
    except UnclearAnswer:
        return None


def test_names_are_unique():
    names = [type_.name for type_ in BUILT_IN]
    assert len(names) == len(set(names))


class Raises(Single):
    def grade(self, question, response):
        return Grade(question.options[response].credit)


class TooGenerous(Text):
    def grade(self, *_):
        return Grade(1.5)


class NeverRight(Single):
    def grade(self, *_):
        return Grade(0.0)


class NeedsExplaining(Single):
    example = "## What? {#a}\n\n- [ ] this\n- [ ] that\n"


class Forgetful(Gaps):
    count = 0

    def grade(self, *_):
        Forgetful.count += 1
        return Grade(float(Forgetful.count % 2))


class AnswersNothing(Single):
    def read(self, *_):
        return 0


@pytest.mark.parametrize("broken", [TooGenerous, NeverRight, NeedsExplaining, Forgetful, AnswersNothing])
def test_broken_type_is_noticed(broken):
    with pytest.raises(AssertionError):
        check_question_type(broken())


def test_type_that_raises_is_noticed():
    with pytest.raises((TypeError, IndexError)):
        check_question_type(Raises())


LEAKS = {
    "feedback": "{{ question.options[0].feedback }}",
    "key": "{% for option in question.options %}{{ option.right }}{% endfor %}",
    "explanation": "{{ question.explanation }}",
    "hint": "{{ question.hint }}",
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_template_that_shows_the_key_is_noticed(tmp_path, leak):
    (tmp_path / "leak.html").write_text('{% include "question_types/choice.html" %}' + leak)

    class Leaks(Single):
        template = "leak.html"

    with pytest.raises(AssertionError, match="shows something of the key"):
        check_question_type(Leaks(), [str(tmp_path)])


def test_field_without_label_is_noticed(tmp_path):
    (tmp_path / "bare.html").write_text('<input name="answer" id="q1-a">')

    class Bare(Text):
        template = "bare.html"

    with pytest.raises(AssertionError, match="no label"):
        check_question_type(Bare(), [str(tmp_path)])


def test_field_with_a_strange_name_is_noticed(tmp_path):
    (tmp_path / "odd.html").write_text('<input name="reply" id="q1-a" aria-label="Reply">')

    class Odd(Text):
        template = "odd.html"

    with pytest.raises(AssertionError, match="reply"):
        check_question_type(Odd(), [str(tmp_path)])


def test_grade_knows_when_it_is_right():
    assert Grade(1.0).is_right
    assert not replace(Grade(1.0), score=0.99).is_right
    assert not Grade(None).is_right
