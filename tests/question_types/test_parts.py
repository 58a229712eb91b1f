"""Types with several parts: matching, ordering, gaps."""

import pytest

from lms.content.questions import parse_question_file
from lms.plugins import UnclearAnswer
from lms.question_types import BUILT_IN
from lms.question_types.gaps import Gaps
from lms.question_types.markup import find_gaps, gap_token, split_arrow
from lms.question_types.matching import Matching
from lms.question_types.ordering import Ordering
from lms.testing import Pages, controls_in

TYPES = {type_.name: type_ for type_ in BUILT_IN}


def parsed(text, block=""):
    fence = f"```quiz\n{block}\n```\n\n" if block else ""
    return parse_question_file("a.md", f"## Q {{#a}}\n\n{fence}{text}", id="a", language="en", types=TYPES)


def question_in(text, block=""):
    file, problems = parsed(text, block)
    assert problems == ()
    return file.questions[0]


def problems_in(text, block=""):
    return [(problem.line, problem.rule) for problem in parsed(text, block)[1]]


PAIRS = question_in("- a -> x\n- b -> x\n- c -> y\n- d -> z\n- -> w\n")
X, Y, Z, W = (PAIRS.spec["tokens"][index] for index in (0, 2, 3, 4))


class TestMatching:
    def test_parts(self):
        assert [(option.text, option.match) for option in PAIRS.options] == [
            ("a", "x"),
            ("b", "x"),
            ("c", "y"),
            ("d", "z"),
            ("", "w"),
        ]

    @pytest.mark.parametrize(
        ("chosen", "score"),
        [
            ((X, X, Y, Z), 1.0),
            ((X, X, Z, Y), 0.5),
            ((X, Y, W, W), 0.25),
            ((X, X, Y, ""), 0.75),
            ((W, W, W, W), 0.0),
            (("", "", "", "nonsense"), None),
        ],
    )
    def test_share_of_right_pairs(self, chosen, score):
        form = {f"answer-{index}": [token] for index, token in enumerate(chosen)}
        response = Matching().read(PAIRS, form)
        assert (response and Matching().grade(PAIRS, response).score) == score

    def test_either_of_two_equal_partners_is_right(self):
        assert Matching().grade(PAIRS, [1, 0, 2, 3, None]).score == 1.0

    def test_all_or_nothing(self):
        question = question_in("- a -> x\n- b -> y\n", "credit: all-or-nothing")
        assert Matching().grade(question, [0, 1]).score == 1.0
        assert Matching().grade(question, [0, 0]).score == 0.0

    def test_words(self):
        assert Matching().describe(PAIRS, [2, None, 4, None, None]) == "a → y; c → w"
        assert Matching().solution(PAIRS) == "a → x; b → x; c → y; d → z"

    def test_page_offers_each_partner_once_in_an_order_of_its_own(self):
        html = Pages().answering(Matching(), PAIRS)
        drop_downs = controls_in(html)
        assert [control.name for control in drop_downs] == ["answer-0", "answer-1", "answer-2", "answer-3"]
        assert [words for _, words in drop_downs[0].choices] == ["Choose…", "w", "x", "y", "z"]

    @pytest.mark.parametrize(
        ("text", "sides"),
        [
            ("a -> b", ("a", "b")),
            ("a -> b -> c", ("a", "b -> c")),
            (r"a \-> b -> c", ("a -> b", "c")),
            ("`x -> y` -> z", ("`x -> y`", "z")),
            ("-> only right", ("", "only right")),
            ("a->b", None),
            (r"a \-> b", None),
            ("`a -> b`", None),
        ],
    )
    def test_arrow(self, text, sides):
        assert split_arrow(text) == sides

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("- a -> x\n- b\n", (4, "question-answers-mixed")),
            ("- a -> x\n- b ->\n", (4, "question-answers-mixed")),
            ("- a -> x\n- -> y\n", (1, "question-answers")),
            ("- [ ] a -> x\n- [x] b -> y\n", None),
        ],
    )
    def test_errors(self, text, problem):
        assert problems_in(text) == ([problem] if problem else [])


STEPS = question_in("1. one\n2. two\n   > why\n3. three\n4. four\n", "type: ordering")


class TestOrdering:
    @pytest.mark.parametrize(
        ("places", "score"),
        [
            ([0, 1, 2, 3], 1.0),
            ([1, 0, 2, 3], 0.5),
            ([3, 2, 1, 0], 0.0),
            ([0, None, None, None], 0.25),
            ([0, 0, 2, 3], 0.5),
        ],
    )
    def test_share_of_items_in_their_place(self, places, score):
        form = {
            f"answer-{token}": [str(place)]
            for token, place in zip(STEPS.spec["tokens"], places, strict=True)
            if place is not None
        }
        response = Ordering().read(STEPS, form)
        assert response == places
        assert Ordering().grade(STEPS, response).score == score

    def test_all_or_nothing(self):
        question = question_in("1. a\n2. b\n3. c\n", "type: ordering\ncredit: all-or-nothing")
        assert Ordering().grade(question, [0, 2, 1]).score == 0.0
        assert Ordering().grade(question, [0, 1, 2]).score == 1.0

    def test_words(self):
        assert Ordering().describe(STEPS, [2, 0, None, 1]) == "1. two; 2. four; 3. one"
        assert Ordering().solution(STEPS) == "1. one; 2. two; 3. three; 4. four"
        assert STEPS.options[1].feedback == "why"

    def test_page_never_stands_in_the_right_order(self):
        labels = [control.label for control in controls_in(Pages().answering(Ordering(), STEPS))]
        assert sorted(labels) == ["four", "one", "three", "two"]
        assert labels != ["one", "two", "three", "four"]

    @pytest.mark.parametrize("words", ["a b", "b a", "z y x", "x y z"])
    def test_order_of_last_resort_is_never_the_right_one(self, words):
        items = "".join(f"{number}. {word}\n" for number, word in enumerate(words.split(), start=1))
        question = question_in(items, "type: ordering")
        assert question.spec["neutral"] != list(range(len(question.options)))

    def test_names_of_fields_say_nothing_about_the_place(self):
        turned = question_in("1. four\n2. three\n3. two\n4. one\n", "type: ordering")
        assert sorted(turned.spec["tokens"]) == sorted(STEPS.spec["tokens"])

    def test_numbered_list_without_the_type_is_no_answer(self):
        assert (1, "question-answers") in problems_in("1. one\n2. two\n")

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("- one\n- two\n", (7, "question-answers-mixed")),
            ("1. one\n", (1, "question-answers")),
            ("1. one\n2. one\n", (8, "question-option-twice")),
        ],
    )
    def test_errors(self, text, problem):
        assert problem in problems_in(text, "type: ordering")


class TestGaps:
    @pytest.mark.parametrize(
        ("text", "inner"),
        [
            ("A [[b]] c [[d|e]].", ["b", "d|e"]),
            ("`[[b]]` and ``[[ ` ]]``", []),
            ("[[ -f x ]] and [[ x]] and [[x ]]", []),
            (r"\[[b]]", []),
            ("```\n[[b]]\n```\n\n[[c]]", ["c"]),
            ("```gaps\nsudo [[ls]] `[[x]]`\n```", ["ls", "x"]),
            ("```bash gaps\n[[ls]]; [[ -f x ]]\n```", ["ls"]),
            ("text\n\n    [[code]]\n", []),
            ("- item\n    [[b]]", ["b"]),
            ("[[arr[0]]]", ["arr[0]"]),
            ("[[a\nb]]", []),
        ],
    )
    def test_where_gaps_are(self, text, inner):
        assert [gap.inner for gap in find_gaps(text)] == inner

    def test_kinds(self):
        gaps = question_in("[[sudo|doas]] [[user|(root)|guest]] [[3.14 ± 0.01]] [[(x)]] [[a\\|b|c]]\n").spec["gaps"]
        assert [answer["shown"] for answer in gaps[0]["answers"]] == ["sudo", "doas"]
        assert (gaps[1]["choices"], gaps[1]["right"]) == (["user", "root", "guest"], 1)
        assert gaps[2]["answers"][0]["key"] == {"low": "3.13", "high": "3.15"}
        assert gaps[3]["answers"][0]["shown"] == "(x)"
        assert [answer["shown"] for answer in gaps[4]["answers"]] == ["a|b", "c"]

    def test_pipe_in_a_table_is_escaped_and_separates(self):
        question = question_in("| who | what |\n|---|---|\n| [[sudo\\|doas]] | [[a\\|(b)]] |\n")
        assert [answer["shown"] for answer in question.spec["gaps"][0]["answers"]] == ["sudo", "doas"]
        assert question.spec["gaps"][1]["choices"] == ["a", "b"]
        assert question.body.endswith(f"| {gap_token(0)} | {gap_token(1)} |")

    def test_body_has_tokens_and_no_keys(self):
        question = question_in("Become [[root]]:\n\n```bash gaps\nsudo [[id]]\n```\n")
        assert question.body == f"Become {gap_token(0)}:\n\n```bash\nsudo {gap_token(1)}\n```"

    def test_gap_in_the_heading(self):
        file, problems = parse_question_file(
            "a.md", "## Use [[ls]] {#a}\n\nto list.\n", id="a", language="en", types=TYPES
        )
        question = file.questions[0]
        assert (problems, question.stem) == ((), "")
        assert question.body == f"Use {gap_token(0)}\n\nto list."

    def test_list_with_gaps_is_text(self):
        question = question_in("- first [[a]]\n- then [[b]]\n")
        assert (question.type, len(question.spec["gaps"])) == ("gaps", 2)
        assert question.body.startswith("- first ")

    @pytest.mark.parametrize(
        ("values", "score"),
        [
            (["sudo", "1", "3,14"], 1.0),
            (["DOAS ", "1", "3.15"], 1.0),
            (["su", "1", "3.14"], 0.666667),
            (["", "0", "3.14"], 0.333333),
            (["", "7", ""], None),
        ],
    )
    def test_share_of_right_gaps(self, values, score):
        question = question_in("[[sudo|doas]] [[user|(root)|guest]] [[3.14 ± 0.01]]\n")
        response = Gaps().read(question, {f"answer-{index}": [value] for index, value in enumerate(values)})
        assert (response and Gaps().grade(question, response).score) == score

    def test_parts_of_the_grade(self):
        question = question_in("[[a]] [[b]]\n")
        assert Gaps().grade(question, ["a", "a"]).parts == (1.0, 0.0)

    def test_case_and_all_or_nothing(self):
        question = question_in("[[PATH]] [[HOME]]\n", "case: exact\ncredit: all-or-nothing")
        assert Gaps().grade(question, ["PATH", "HOME"]).score == 1.0
        assert Gaps().grade(question, ["PATH", "home"]).score == 0.0

    def test_number_gap_asks_again(self):
        question = question_in("[[7]]\n")
        with pytest.raises(UnclearAnswer):
            Gaps().read(question, {"answer-0": ["1,024"]})

    def test_words(self):
        question = question_in("[[sudo|doas]] [[user|(root)]] [[7]]\n")
        assert Gaps().describe(question, [None, 0, "8"]) == "…; user; 8"
        assert Gaps().solution(question) == "sudo; root; 7"

    @pytest.mark.parametrize(
        ("text", "rule"),
        [
            ("First.\n\nA [[a|]].", (5, "question-answer-form")),
            ("A [[(a)|(b)]].", (3, "question-answer-form")),
            ("A [[9..3]].", (3, "question-answer-form")),
        ],
    )
    def test_errors_have_the_gaps_line(self, text, rule):
        assert problems_in(text) == [rule]

    def test_type_without_gaps(self):
        assert problems_in("No `[[gap]]`.\n", "type: gaps") == [(1, "question-answers")]

    def test_page_puts_fields_into_the_text(self):
        question = question_in("Become [[user|(root)]] with [[sudo]].\n")
        controls = controls_in(Pages().answering(Gaps(), question, [1, 'a"<b>']))
        assert [(control.name, control.kind, control.label) for control in controls] == [
            ("answer-0", "select", "Gap 1"),
            ("answer-1", "text", "Gap 2"),
        ]

    def test_page_escapes_what_was_typed(self):
        html = Pages().answering(Gaps(), question_in("A [[b]].\n"), ['"><script>'])
        assert "<script>" not in html
        assert "<script>" not in Pages().reviewing(Gaps(), question_in("A [[b]].\n"), ["<script>"], show=True)
