"""Moodle XML: each type, shares, files, categories, and XML that wants to harm."""

from __future__ import annotations

import base64

import pytest

from lms.exchange.found import CannotRead
from tests.exchange.files import again, answer, brought, only, question, xml

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FILE = f'<file name="a map.png" path="/" encoding="base64">{base64.b64encode(PNG).decode()}</file>'


def test_one_right_option_with_shares_feedback_points_and_hints() -> None:
    asked = question(
        "multichoice",
        "<p>Which <b>word</b> is long?</p>",
        "<generalfeedback format='html'><text>Count.</text></generalfeedback><defaultgrade>2.5</defaultgrade>"
        "<idnumber>LONG_1</idnumber><single>true</single><shuffleanswers>0</shuffleanswers>"
        + answer("<p>a</p>", "-50")
        + answer("<p>library</p>", "100", "Yes")
        + answer("book", "33.33333")
        + "<hint format='html'><text>Count letters</text></hint><hint format='html'><text>All of them</text></hint>",
    )
    found, report = only(xml(asked))
    assert (found.id, found.type, found.stem) == ("long-1", "single", "Which **word** is long?")
    assert [option.credit for option in found.options] == pytest.approx([0.0, 1.0, 0.3333333])
    assert (found.points, found.fixed_order, found.explanation) == (2.5, True, "Count.")
    assert found.hint == "Count letters\n\nAll of them"
    assert [loss.what for loss in report.losses] == [
        "several hints in turn (1 questions)",
        "-50% of the points for “a”",
    ]


def test_several_right_options() -> None:
    options = answer("a", "50") + answer("b", "50") + answer("c", "-50") + answer("d", "-50")
    found, report = only(xml(question("multichoice", "Which?", "<single>false</single>" + options)))
    assert (found.type, [option.right for option in found.options]) == ("multiple", [True, True, False, False])
    assert report.losses == ()
    _found, report = only(xml(question("multichoice", "Which?", "<single>0</single>" + options.replace("-50", "-100"))))
    assert "wrong" in report.losses[0].what


def test_one_box_is_still_several() -> None:
    options = "<single>false</single>" + answer("a", "100") + answer("b", "-100")
    found, _report = only(xml(question("multichoice", "Which?", options)))
    assert (found.type, [option.right for option in found.options]) == ("multiple", [True, False])


def test_options_that_are_each_right_earn_everything() -> None:
    options = "<single>true</single>" + answer("a", "100") + answer("b", "100") + answer("c")
    found, report = only(xml(question("multichoice", "Which?", options)))
    assert (found.type, [option.credit for option in found.options]) == ("single", [1.0, 1.0, 0.0])
    assert "2 options" in report.losses[0].what
    assert report.as_json()["questions"][0]["correct"] == [1, 2]


def test_empty_options_are_left_out_and_repeated_ones_too() -> None:
    options = answer("a", "100") + answer("<p></p>") + answer("b") + answer("b")
    found, report = only(xml(question("multichoice", "Which?", options)))
    assert [option.text for option in found.options] == ["a", "b"]
    assert [loss.what for loss in report.losses] == ["an option without text", "the option “b”"]


def test_code_keeps_its_lines_its_language_and_its_indent() -> None:
    text = '<pre><code class="language-python">for i in x:\n    print(i)</code></pre>if a:<br>&nbsp;&nbsp;&nbsp; b'
    found, _report = only(xml(question("essay", text.replace("\\n", "\n"))))
    assert found.body == "```python\nfor i in x:\n    print(i)\n```\n\nif a:\\\n\xa0\xa0\xa0\xa0b"


def test_options_called_true_and_false_stay_a_choice() -> None:
    options = answer("True") + answer("False", "100")
    assert only(xml(question("multichoice", "Is it?", options)))[0].type == "single"


@pytest.mark.parametrize("order", [("true", "false"), ("false", "true")])
def test_true_and_false_in_either_order(order: tuple[str, str]) -> None:
    options = "".join(answer(word, "100" if word == "true" else "0", f"said {word}") for word in order)
    found, _report = only(xml(question("truefalse", "The sun is warm.", options)))
    assert found.type == "true-false"
    assert [option.text.lower() for option in found.options] == list(order)
    assert next(option.feedback for option in found.options if option.right) == "said true"


def test_typed_answers_with_capitals_and_stars() -> None:
    options = "<usecase>1</usecase>" + answer("Riga", "100", "Yes") + answer("Ri*", "50") + answer("*", "0", "No")
    found, report = only(xml(question("shortanswer", "Capital?", options)))
    assert (found.type, found.spec["exact"]) == ("text", True)
    assert [(option.text, option.credit) for option in found.options] == [("Riga", 1.0), ("Ri", 0.5)]
    assert len(report.losses) == 2


def test_digits_that_are_words() -> None:
    assert only(xml(question("shortanswer", "Year?", answer("1822", "100"))))[0].type == "text"


@pytest.mark.parametrize(
    ("number", "tolerance", "key"),
    [
        ("23.8", "0.1", "23.8 ± 0.1"),
        ("23.80", "0", "23.8"),
        ("-4", "", "-4"),
        ("1e-3", "0.0005", "0.001 ± 0.0005"),
        ("3,14", "0,01", "3.14 ± 0.01"),
        ("+7", "-2", "7 ± 2"),
    ],
)
def test_numbers_with_tolerance(number: str, tolerance: str, key: str) -> None:
    options = answer(number, "100", "Yes", f"<tolerance>{tolerance}</tolerance>") + answer("*", "0", "Measure again")
    units = "<units><unit><multiplier>1</multiplier><unit_name>kg</unit_name></unit></units>"
    found, report = only(xml(question("numerical", "How heavy?", options + units)))
    assert (found.type, [option.text for option in found.options]) == ("number", [key])
    assert ["Measure again" in report.losses[0].what, "kg" in report.losses[1].what] == [True, True]


def test_pairs() -> None:
    pairs = "".join(
        f'<subquestion format="html"><text><![CDATA[{left}]]></text><answer><text>{right}</text></answer></subquestion>'
        for left, right in (("<p>a -> b</p>", "1"), ("= c", "2"), ("", "3"))
    )
    found, _report = only(xml(question("matching", "Match", pairs)))
    assert [(o.text, o.match) for o in found.options] == [("a -> b", "1"), ("\\= c", "2"), ("", "3")]


def test_essay_and_upload() -> None:
    graded = "<defaultgrade>5</defaultgrade><responseformat>editor</responseformat><graderinfo format='html'>"
    graded += "<text><![CDATA[<p>Names “three” signs: yes</p>]]></text></graderinfo><maxwordlimit>200</maxwordlimit>"
    found, _report = only(xml(question("essay", "Write.", graded)))
    assert (found.type, found.points, found.spec["most_words"]) == ("essay", 5.0, 200)
    assert found.spec["rubric"] == [{"points": 5.0, "text": "Names “three” signs: yes"}]
    files = "<responseformat>noinline</responseformat><attachments>3</attachments>"
    found, _report = only(xml(question("essay", "Send.", files)))
    assert (found.type, found.spec["most_files"]) == ("upload", 3)


CLOZE = """<p>The bird is a {1:SHORTANSWER:=crow#yes~=raven~%50%jackdaw~*#no}, it has {1:NM:=2:0.5} wings
and is {1:MULTICHOICE:white#no~%100%black#yes~=(dark)}.</p><table><tr><td>{:MCV:=a~b}</td><td>x</td></tr></table>
<pre>ls {1:SAC:=-l\\}}</pre>"""


def test_embedded_answers_are_gaps() -> None:
    found, report = only(xml(question("cloze", CLOZE)))
    gaps = found.spec["gaps"]
    assert [answer["key"] for answer in gaps[0]["answers"]] == ["crow", "raven"]
    assert gaps[1]["answers"][0]["key"] == {"low": "1.5", "high": "2.5"}
    assert (gaps[2]["choices"], gaps[2]["right"]) == (["white", "black", "(dark)"], 1)
    assert (gaps[3]["choices"], gaps[3]["right"]) == (["a", "b"], 0)
    assert gaps[4]["answers"][0]["key"] == "-l}"
    assert found.points == 5
    lost = " ".join(loss.what for loss in report.losses)
    for words in ("jackdaw", "crow: yes", "(dark)", "capitals"):
        assert words in lost


def test_several_right_choices_alone_become_a_question_of_boxes() -> None:
    found, _report = only(xml(question("multianswer", "Choose: {2:MULTIRESPONSE:%50%a~%50%b~%-50%c}")))
    assert (found.type, [option.right for option in found.options]) == ("multiple", [True, True, False])
    report = brought(xml(question("cloze", "{1:SA:=x} and {2:MRS:=a~=b}", name="Both")))
    assert (report.fates, report.losses[0].where) == ((), "line 3: Both")


@pytest.mark.parametrize(("kind", "box"), [("ddwtos", "dragbox"), ("gapselect", "selectoption")])
def test_words_for_places_are_drop_downs(kind: str, box: str) -> None:
    boxes = "".join(
        f"<{box}><text>{text}</text><group>{group}</group></{box}>"
        for text, group in (("cat", 1), ("mat", 1), ("the", 2), ("a", 2))
    )
    found, _report = only(xml(question(kind, "The [[1]] sat on [[3]] [[2]].", boxes)))
    assert [(gap["choices"], gap["right"]) for gap in found.spec["gaps"]] == [
        (["cat", "mat"], 0), (["the", "a"], 0), (["cat", "mat"], 1),
    ]  # fmt: skip


def test_steps_below_a_list() -> None:
    steps = answer("<p>first</p>", "1") + answer("<p>second</p>", "2") + "<gradingtype>ALL_OR_NOTHING</gradingtype>"
    found, _report = only(xml(question("ordering", "<p>Order</p><ol><li>x</li><li>y</li></ol>", steps)))
    assert (found.type, [option.text for option in found.options]) == ("ordering", ["first", "second"])
    assert found.spec["all_or_nothing"]


OTHERS = (
    "calculated",
    "calculatedsimple",
    "calculatedmulti",
    "ddmarker",
    "ddimageortext",
    "random",
    "stack",
    "coderunner",
)


def test_what_has_no_counterpart_is_named_with_a_way_out() -> None:
    kinds = (*OTHERS, "description", "", "ddwtos")
    found = brought(xml(*(question(kind, f"Text of {kind}", name=f"{kind}!") for kind in kinds)))
    assert found.fates == ()
    assert [loss.where.partition(": ")[2] for loss in found.losses] == [f"{kind}!" for kind in kinds]
    assert all(len(loss.why) > 20 for loss in found.losses)


def test_categories_are_named_and_kept_in_comments() -> None:
    category = "<question type='category'><category><text>$course$/top/A &amp; B</text></category></question>"
    found = brought(xml(category, question("truefalse", "Yes.", answer("true", "100") + answer("false"))))
    assert "<!-- Category: A & B" in found.text
    assert "category $course$/top/A & B" in found.losses[0].what


def test_pictures_become_files_beside_the_questions() -> None:
    text = '<p>Where?</p><p><img src="@@PLUGINFILE@@/a%20map.png" alt="Map of [Riga]"></p>'
    data = f'<img src="data:image/png;base64,{base64.b64encode(PNG + b"x").decode()}">'
    asked = question(
        "multichoice", text, answer("here", "100", f"&lt;p&gt;{data.replace('<', '&lt;')}") + answer("there")
    )
    asked = asked.replace("]]></text></questiontext>", f"]]></text>{FILE}</questiontext>")
    found, report = only(xml(asked))
    (first, second) = report.files
    assert report.files[first] == PNG
    assert f"![Map of \\[Riga\\]]({first})" in found.body
    assert second.startswith("images/demo-picture-")
    assert second.endswith(".png")
    assert any("alternative text" in loss.what for loss in report.losses)


def test_files_that_are_missing_remote_or_never_served_are_told() -> None:
    text = '<p><img src="@@PLUGINFILE@@/gone.png" alt="gone"> <a href="@@PLUGINFILE@@/run.exe">run</a>'
    text += ' <img src="https://example.org/x.png" alt="far"> <iframe src="https://example.org/film"></iframe></p>'
    asked = question("essay", text).replace(
        "]]></text></questiontext>", ']]></text><file name="run.exe" encoding="base64">TVqQ</file></questiontext>'
    )
    found, report = only(xml(asked))
    assert not report.files
    lost = " ".join(loss.what for loss in report.losses)
    for words in ("gone.png", "run.exe", "https://example.org/x.png", "frame"):
        assert words in lost
    assert "gone" in found.body


def test_the_old_way_to_show_a_picture() -> None:
    old = f"<image>a map.png</image><image_base64>{base64.b64encode(PNG).decode()}</image_base64>"
    found, report = only(xml(question("essay", "Where?", old)))
    assert list(report.files.values()) == [PNG]
    assert "![](images/" in found.body


def test_html_outside_cdata_and_characters_of_html() -> None:
    text = "<question type='essay'><name><text>n</text></name><questiontext format='html'>"
    text += "<text><p>AT&T &nbsp;&uuml;ber</p></text></questiontext></question>"
    assert only(xml(text))[0].stem == "AT&T über"


def test_forms_of_text() -> None:
    plain = question("essay", "5 < 6 *and* <b>", form="plain_text")
    assert only(xml(plain))[0].stem == r"5 < 6 \*and\* \<b>"
    written = question("essay", "# How *many*?\n\n- a\n- b\n\n[[x]]", form="markdown")
    assert only(xml(written))[0].body == "### How *many*?\n\n* a\n* b\n\n\\[\\[x]]"


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE quiz SYSTEM "http://localhost:1/quiz.dtd">',
        '<!doctype quiz [<!entity % p SYSTEM "http://localhost:1/p"> %p;]>',
    ],
)
def test_document_types_and_entities_are_refused(head: str) -> None:
    with pytest.raises(CannotRead) as refused:
        brought(xml(question("essay", "x"), head=f'<?xml version="1.0"?>\n{head}'))
    assert refused.value.line == 2


def test_an_entity_inside_cdata_is_only_text() -> None:
    assert only(xml(question("essay", "Write <!ENTITY in XML", form="plain_text")))[0].stem == r"Write \<!ENTITY in XML"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<quiz>\n<question type='essay'>\n</quiz>", 3),
        ("<quiz>" + "<a>" * 300 + "</a>" * 300 + "</quiz>", 1),
        ("<?xml version='1.0'?>\n<assessment/>", 2),
        ("<?xml version='1.0'?>", 1),
    ],
)
def test_other_xml_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(CannotRead) as refused:
        brought(text)
    assert refused.value.line == line
    assert refused.value.fix


def test_html_that_is_nested_without_end_is_kept_as_text() -> None:
    deep = question("essay", "<div>" * 3000 + "x", name="deep")
    found = brought(xml(deep, question("essay", "Fine.")))
    assert [each.stem for each in again(found)] == ["x", "Fine."]
