"""Essay, upload and scale: what a trainer grades, and what nobody does."""

import json
import re
from html import unescape

import pytest

from lms.content.questions import parse_question_file
from lms.plugins import Grade
from lms.question_types import BUILT_IN
from lms.question_types.essay import Essay
from lms.question_types.scale import Scale, intake_score
from lms.question_types.upload import Upload
from lms.testing import Pages, controls_in

TYPES = {type_.name: type_ for type_ in BUILT_IN}


def parsed(block, body=""):
    text = f"## Q {{#a}}\n\n```quiz\n{block}\n```\n\n{body}"
    return parse_question_file("a.md", text, id="a", language="en", types=TYPES)


def question_in(block, body=""):
    file, problems = parsed(block, body)
    assert problems == ()
    return file.questions[0]


class TestEssay:
    def test_rubric_and_points(self):
        question = question_in('type: essay\nrubric:\n  - 2: names it\n  - "1.5: shows: how"\n  - says why')
        assert question.spec["rubric"] == [
            {"points": 2.0, "text": "names it"},
            {"points": 1.5, "text": "shows: how"},
            {"points": 1.0, "text": "says why"},
        ]
        assert question.points == 4.5
        assert question_in("type: essay\npoints: 3\nrubric:\n  - 2: a").points == 3
        assert question_in("type: essay").points == 1

    @pytest.mark.parametrize(
        ("words", "least", "most"), [("150", 0, 150), ("80..200", 80, 200), ('"80 .. 200"', 80, 200)]
    )
    def test_words(self, words, least, most):
        spec = question_in(f"type: essay\nwords: {words}").spec
        assert (spec["least_words"], spec["most_words"]) == (least, most)

    @pytest.mark.parametrize(
        "block", ["words: many", "words: 200..80", "rubric: 7", "rubric: [[1, 2]]", "rubric: [{}]"]
    )
    def test_errors(self, block):
        assert [problem.rule for problem in parsed(f"type: essay\n{block}")[1]] == ["question-setting-value"]

    def test_list_in_its_text_is_text(self):
        question = question_in("type: essay", "Say:\n\n- what\n- why\n\n> [!NOTE]\n> Model answer.\n")
        assert question.body == "Say:\n\n- what\n- why"
        assert question.explanation == "Model answer."

    def test_marked_list_is_an_error(self):
        assert [problem.rule for problem in parsed("type: essay", "- [x] a\n")[1]] == ["question-answers-two"]

    def test_response_and_grade(self):
        question = question_in("type: essay")
        assert Essay().read(question, {"answer": [" one\r\ntwo \n"]}) == "one\ntwo"
        assert Essay().read(question, {"answer": [" \r\n "]}) is None
        assert Essay().grade(question, "one") == Grade(None)
        assert Essay().solution(question) == ""

    def test_rubric_is_shown_only_with_the_key(self):
        question = question_in("type: essay\nrubric:\n  - 2: names it")
        assert "names it" not in Pages().answering(Essay(), question)
        assert "names it" not in Pages().reviewing(Essay(), question, "x", show=False)
        assert "names it" in Pages().reviewing(Essay(), question, "x", show=True)


class TestUpload:
    def test_limits(self):
        spec = question_in("type: upload\nfiles: [PDF, .jpg]\nmax: 3").spec
        assert (spec["endings"], spec["most_files"], spec["most_bytes"]) == (["pdf", "jpg"], 3, 0)
        spec = question_in("type: upload\nfiles: pdf, odt\nmax: 10 MB").spec
        assert (spec["endings"], spec["most_files"], spec["most_bytes"]) == (["pdf", "odt"], 1, 10_000_000)
        assert question_in("type: upload").spec["endings"] == []

    @pytest.mark.parametrize("block", ["max: big", "max: 0", "max: 3 kg", "files: 7", "files: [a/b]", "files: {a: b}"])
    def test_errors(self, block):
        assert "question-setting-value" in [problem.rule for problem in parsed(f"type: upload\n{block}")[1]]

    def test_response_keeps_id_name_and_size(self):
        question = question_in("type: upload\nmax: 2")
        files = [{"id": "a1", "name": "x.pdf", "size": 7, "path": "/etc"}, {"id": 2, "name": "y.pdf", "size": 0}]
        response = Upload().read(question, {"answer": [json.dumps(files)]})
        assert response == {"files": [{"id": "a1", "name": "x.pdf", "size": 7}, {"id": 2, "name": "y.pdf", "size": 0}]}
        assert Upload().describe(question, response) == "x.pdf; y.pdf"
        assert Upload().grade(question, response) == Grade(None)

    def test_not_more_files_than_allowed(self):
        files = [{"id": str(number), "name": "x", "size": 1} for number in range(3)]
        assert len(Upload().read(question_in("type: upload"), {"answer": [json.dumps(files)]})["files"]) == 1

    @pytest.mark.parametrize(
        "value", ["", "x", "[]", "{}", "[1]", '[{"id": "a"}]', '[{"id": [], "name": "a", "size": 1}]', "[" * 5000]
    )
    def test_what_is_no_list_of_files_is_no_answer(self, value):
        assert Upload().read(question_in("type: upload"), {"answer": [value]}) is None

    def test_files_stay_when_the_form_is_sent_again(self):
        question = question_in("type: upload")
        response = {"files": [{"id": "a1", "name": 'it\'s "x" <b>.pdf', "size": 7}]}
        html = Pages().answering(Upload(), question, response)
        fields = re.findall(r"name=\"answer\" value='([^']*)'", html)
        assert Upload().read(question, {"answer": [unescape(fields[0])]}) == response
        assert "<b>" not in html

    def test_page_takes_only_the_allowed_endings(self):
        html = Pages().answering(Upload(), question_in("type: upload\nfiles: [pdf, jpg]\nmax: 2"))
        assert 'accept=".pdf,.jpg"' in html
        assert " multiple" in html
        assert "multiple" not in Pages().answering(Upload(), question_in("type: upload"))


class TestScale:
    def test_steps_and_labels(self):
        question = question_in("type: scale\nfrom: 0\nto: 3\nlabels: {0: never, 3: always}")
        assert question.spec["labels"] == {"0": "never", "3": "always"}
        assert question.points == 0
        controls = controls_in(Pages().answering(Scale(), question))
        assert [control.label for control in controls] == ["0 · never", "1", "2", "3 · always"]

    @pytest.mark.parametrize(
        ("labels", "expected"),
        [("[no, yes]", {"1": "no", "3": "yes"}), ("[no, so, yes]", {"1": "no", "2": "so", "3": "yes"})],
    )
    def test_labels_as_a_list(self, labels, expected):
        assert question_in(f"type: scale\nto: 3\nlabels: {labels}").spec["labels"] == expected

    @pytest.mark.parametrize(
        "block",
        ["from: 5", "to: 1", "to: 50", "from: a", "labels: {9: x}", "labels: [a, b, c]", "labels: x", "weight: x"],
    )
    def test_errors(self, block):
        assert [problem.rule for problem in parsed(f"type: scale\n{block}")[1]] == ["question-setting-value"]

    @pytest.mark.parametrize(
        ("value", "response"), [("1", 1), ("5", 5), (" 3 ", 3), ("0", None), ("6", None), ("x", None)]
    )
    def test_reading(self, value, response):
        assert Scale().read(question_in("type: scale"), {"answer": [value]}) == response

    @pytest.mark.parametrize(("value", "share"), [(1, 0.0), (3, 0.5), (5, 1.0), ("x", 0.0), (None, 0.0), (99, 1.0)])
    def test_never_counts(self, value, share):
        assert Scale().grade(question_in("type: scale"), value) == Grade(share, counts=False)

    @pytest.mark.parametrize(("value", "score"), [(1, 0.0), (2, 0.75), (5, 3.0), (None, 0.0), (9, 0.0), (True, 0.0)])
    def test_weight_gives_an_intake_score(self, value, score):
        assert intake_score(question_in("type: scale\nweight: 3"), value) == score
        assert intake_score(question_in("type: scale"), value) == 0.0

    def test_words(self):
        question = question_in("type: scale\nlabels: [no, yes]")
        assert [Scale().describe(question, value) for value in (5, 2, 9)] == ["5: yes", "2", ""]
        assert Scale().solution(question) == ""

    def test_no_verdict_in_review(self):
        html = Pages().reviewing(Scale(), question_in("type: scale"), 5, show=True)
        assert "Your answer." in html
        assert "This is right." not in html
