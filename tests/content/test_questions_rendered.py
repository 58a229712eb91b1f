"""A question's Markdown becomes HTML: every text once, gaps as one character each."""

from html import escape

from hypothesis import given
from hypothesis import strategies as st

from lms.content.questions import parse_question_file, render_question
from lms.question_types import BUILT_IN
from lms.question_types.markup import gap_token, plain, split_at_gaps

TYPES = {type_.name: type_ for type_ in BUILT_IN}


def question_in(text):
    file, problems = parse_question_file("a.md", text, id="a", language="en", types=TYPES)
    assert problems == ()
    return file.questions[0]


def rendered(text, block=lambda text: f"<div>{escape(text)}</div>"):
    return render_question(question_in(text), lambda text: f"<i>{escape(text)}</i>", block)


def test_each_text_by_its_kind():
    question = rendered(
        "## Stem & {#a}\n\nBody\n\n- [ ] one\n  > no\n\n  really\n- [x] two\n  > yes\n\n"
        "> [!TIP]\n> h\n\n> [!NOTE]\n> e\n"
    )
    assert question.stem == "<i>Stem &amp;</i>"
    assert (question.body, question.hint, question.explanation) == (
        "<div>Body</div>",
        "<div>h</div>",
        "<div>e</div>",
    )
    assert question.options[1].text == "<i>two</i>"
    assert question.options[1].feedback == "<i>yes</i>"
    assert question.options[0].text.startswith("<div>one\n&gt; no")
    assert question.options[0].feedback == ""


def test_empty_texts_stay_empty():
    question = rendered("## {#a}\n\n- = x\n")
    assert (question.stem, question.body, question.hint, question.explanation) == ("", "", "", "")


def test_accepted_answers_are_shown_as_typed():
    question = rendered("## Q {#a}\n\n```quiz\ntype: command\n```\n\n- = `grep '*a*' <f`\n")
    assert question.options[0].text == "grep &#x27;*a*&#x27; &lt;f"


def test_both_sides_of_a_pair():
    option = rendered("## Q {#a}\n\n- `a` -> b\n- c -> d\n").options[0]
    assert (option.text, option.match) == ("<i>`a`</i>", "<i>b</i>")


def test_gaps_survive_in_order():
    question = rendered("## {#a}\n\nOne [[x]] & two [[y]].\n")
    assert split_at_gaps(question.body) == ("<div>One ", 0, " &amp; two ", 1, ".</div>")


def test_gap_that_landed_in_an_attribute_comes_after_the_text():
    token = gap_token(0)
    question = rendered("## {#a}\n\nOne [[x]].\n", lambda _: f'<img alt="{token}">{gap_token(7)}')
    assert question.body == f'<img alt=""><p>{token}</p>'


def test_gap_that_was_doubled_is_there_once():
    token = gap_token(0)
    question = rendered("## {#a}\n\nOne [[x]].\n", lambda _: f"<p>{token}{token}</p>")
    assert question.body == f"<p>{token}</p>"


def test_authors_own_private_characters_are_no_gaps():
    question = rendered(f"## {{#a}}\n\nOne {gap_token(0)}[[x]].\n")
    assert split_at_gaps(question.body) == ("<div>One ", 0, ".</div>")


def test_plain_words_of_html():
    assert plain('<p>a &lt;b&gt; <img src="x" alt="the &amp; picture"/>\n<code>c</code></p>') == "a <b> the & picture c"
    assert plain("a < b, c > d") == "a < b, c > d"


@given(st.lists(st.text(alphabet="ab<>& ", max_size=5), min_size=1, max_size=6))
def test_splitting_is_the_inverse_of_joining(texts):
    html = "".join(text + gap_token(number) for number, text in enumerate(texts))
    pieces = split_at_gaps(html)
    assert pieces[:-1:2] == tuple(texts)
    assert pieces[1::2] == tuple(range(len(texts)))
