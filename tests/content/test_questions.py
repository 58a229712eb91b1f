"""Question files as FORMAT describes them: what is understood, and what is said about the rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.questions import parse_question_file
from lms.question_types import BUILT_IN

TYPES = {type_.name: type_ for type_ in BUILT_IN}
SINGLE = "- [ ] no\n- [x] yes\n"


def parse(text, path="courses/c/01-a-lesson.quiz.md", language="en"):
    return parse_question_file(path, text, id="a", language=language, types=TYPES)


def only(text, **more):
    file, problems = parse(text, **more)
    assert problems == ()
    assert len(file.questions) == 1
    return file.questions[0]


def rules(text, **more):
    """What is reported, as (line, severity, rule)."""
    return [(problem.line, problem.severity, problem.rule) for problem in parse(text, **more)[1]]


def fixes(text):
    return " ".join(f"{problem.message} {problem.fix}" for problem in parse(text)[1])


def test_the_example_of_the_format():
    text = """---
title: Safe passwords
pass: 80%
draw: 20
attempts: 3
retry_after: 1 hour
minutes: 30
review: submitted
shuffle: yes
offline: no
---

Text before the first question is the introduction.

## Which password is hardest to guess? {#hardest-password}

Any Markdown: more text, images, code, lists.

- [ ] `P@ssw0rd`
  > Attackers try this one first.
- [x] four random words
  > Right: length beats symbols.
- [ ] your birthday
  > (50%) Not in a dictionary, but easy to look up.

> [!NOTE]
> Shown after answering, whatever was chosen.
"""
    file, problems = parse(text)
    assert problems == ()
    assert file.title == "Safe passwords"
    assert file.introduction == "Text before the first question is the introduction."
    quiz = file.settings
    assert (quiz.passing, quiz.draw, quiz.attempts) == ({"total": 0.8}, {"total": 20}, 3)
    assert (quiz.retry_after, quiz.time_limit, quiz.review) == (3600, 1800, "submitted")
    assert (quiz.shuffle, quiz.offline, file.is_graded) == (True, False, True)
    question = file.questions[0]
    assert (question.id, question.type, question.line) == ("hardest-password", "single", 15)
    assert question.stem == "Which password is hardest to guess?"
    assert question.body == "Any Markdown: more text, images, code, lists."
    assert [(o.text, o.right, o.credit, o.line) for o in question.options] == [
        ("`P@ssw0rd`", False, 0.0, 19),
        ("four random words", True, 1.0, 21),
        ("your birthday", False, 0.5, 23),
    ]
    assert question.options[2].feedback == "Not in a dictionary, but easy to look up."
    assert question.explanation == "Shown after answering, whatever was chosen."


class TestHeadings:
    def test_question_runs_to_the_next_heading_of_level_two(self):
        file, problems = parse(f"## One {{#one}}\n\n{SINGLE}\n## Two {{#two}}\n\n### Smaller\n\n{SINGLE}")
        assert problems == ()
        assert [question.id for question in file.questions] == ["one", "two"]
        assert file.questions[1].body == "### Smaller"

    @pytest.mark.parametrize("fence", ["```", "~~~", "````"])
    def test_heading_in_a_fence_is_code(self, fence):
        question = only(f"## One {{#one}}\n\n{fence}\n## not a question\n- [x] nor an option\n{fence}\n\n{SINGLE}")
        assert "## not a question" in question.body
        assert len(question.options) == 2

    def test_heading_in_a_fence_in_an_option(self):
        text = "## One {#one}\n\n- [ ] a\n- [x] b\n  ```\n  ## code\n  ```\n  > why\n"
        question = only(text)
        assert question.options[1].text == "b\n```\n## code\n```"
        assert question.options[1].feedback == "why"

    def test_heading_in_a_comment_is_no_question(self):
        assert only(f"<!--\n## Old {{#old}}\n\n- [x] x\n-->\n\n## One {{#one}}\n\n{SINGLE}").id == "one"

    def test_heading_that_is_only_an_id_is_not_shown(self):
        question = only(f"## {{#one}}\n\nWhat is meant?\n\n{SINGLE}")
        assert (question.id, question.stem, question.body) == ("one", "", "What is meant?")

    @pytest.mark.parametrize(
        ("heading", "stem", "id_"),
        [
            ("## C# or {x} {#one}", "C# or {x}", "one"),
            ("## Closed ## {#one}", "Closed ##", "one"),
            ("## Closed {#one} ##", "Closed", "one"),
            ("##\tTab {#a-1}", "Tab", "a-1"),
            ("## Two {#a} {#b}  ", "Two {#a}", "b"),
        ],
    )
    def test_id_is_taken_off_the_end(self, heading, stem, id_):
        question = only(f"{heading}\n\n{SINGLE}")
        assert (question.stem, question.id) == (stem, id_)

    def test_braces_that_are_no_id_stay_with_a_warning(self):
        text = f"## What {{#Not_An_Id}}\n\n{SINGLE}"
        assert parse(text)[0].questions[0].stem == "What {#Not_An_Id}"
        assert (1, "warning", "question-id-form") in rules(text)

    def test_missing_id_is_a_hash_of_the_words(self):
        text = f"## What   is\tit?\n\n{SINGLE}"
        file, problems = parse(text)
        assert [(p.severity, p.rule) for p in problems] == [("warning", "question-id-missing")]
        assert file.questions[0].id.startswith("q-")
        assert file.questions[0].id in problems[0].fix
        moved = parse(f"\n\n## What is it?\n\n\n{SINGLE}")[0].questions[0].id
        assert moved == file.questions[0].id
        assert parse(text.replace("yes", "si"))[0].questions[0].id != moved

    def test_feedback_and_marks_do_not_change_a_hash(self):
        one = parse(f"## What?\n\n{SINGLE}")[0].questions[0].id
        assert parse("## What?\n\n- [x] no\n- [ ] yes\n")[0].questions[0].id == one
        assert parse("## What?\n\n- [ ] no\n  > why\n- [x] yes\n")[0].questions[0].id == one

    def test_two_ids_alike_are_an_error_with_both_lines(self):
        text = f"## One {{#a}}\n\n{SINGLE}\n## Two {{#a}}\n\n{SINGLE}"
        assert rules(text) == [(6, "error", "question-id-twice")]
        assert "line 1" in fixes(text)
        assert len(parse(text)[0].questions) == 1

    def test_no_answers_offers_a_smaller_heading(self):
        text = "## Background\n\nSome words.\n\n- a\n- b\n"
        assert (1, "error", "question-answers") in rules(text)
        assert "###" in fixes(text)

    def test_file_without_questions(self):
        assert rules("# Only a title\n\nWords.\n") == [(1, "warning", "questions-none")]


class TestTitleAndIntroduction:
    def test_first_heading_of_level_one_is_the_title(self):
        file, _ = parse(f"# The *title*\n\nHello.\n\n## One {{#one}}\n\n{SINGLE}")
        assert (file.title, file.introduction) == ("The title", "Hello.")

    def test_file_name_is_the_last_resort(self):
        assert parse(f"## One {{#one}}\n\n{SINGLE}")[0].title == "A lesson"

    def test_line_numbers_count_front_matter_and_windows_line_ends(self):
        text = f"\ufeff---\ntitle: T\n---\n\n## One {{#one}}\n\n{SINGLE}".replace("\n", "\r\n")
        question = only(text)
        assert (question.line, question.options[1].line) == (5, 8)


class TestAnswerPart:
    def test_last_list_is_the_answers_earlier_ones_are_text(self):
        question = only(f"## One {{#one}}\n\n- first\n- second\n\nSo?\n\n{SINGLE}")
        assert question.body == "- first\n- second\n\nSo?"
        assert [option.text for option in question.options] == ["no", "yes"]

    def test_list_right_after_a_paragraph(self):
        assert only(f"## One {{#one}}\nSo?\n{SINGLE}").body == "So?"

    def test_hint_explanation_and_note_before(self):
        text = (
            "## One {#one}\n\n> [!NOTE]\n> Part of the question.\n\n> [!TIP]\n> Think.\n\n"
            f"{SINGLE}\n> [!NOTE]\n> Because.\n>\n> Really.\n\n<!-- for authors -->\n"
        )
        question = only(text)
        assert question.body == "> [!NOTE]\n> Part of the question."
        assert question.hint == "Think."
        assert question.explanation == "Because.\n\nReally."

    def test_hint_after_the_answers(self):
        question = only(f"## One {{#one}}\n\n{SINGLE}> [!TIP]\n> Think.\n> [!NOTE]\n> Because.\n")
        assert (question.hint, question.explanation) == ("Think.", "Because.")

    @pytest.mark.parametrize(
        "extra", ["More words.", "> a quote without a kind", "> [!WARNING]\n> x", "```\ncode\n```"]
    )
    def test_nothing_else_may_follow(self, extra):
        assert rules(f"## One {{#one}}\n\n{SINGLE}\n{extra}\n") == [(6, "error", "question-after-answers")]

    def test_two_lists_of_answers(self):
        assert rules(f"## One {{#one}}\n\n{SINGLE}\nor\n\n- = text\n") == [(3, "error", "question-answers-two")]

    def test_gaps_and_a_list(self):
        assert rules(f"## One [[gap]] {{#one}}\n\n{SINGLE}") == [(1, "error", "question-answers-two")]
        assert rules("## One {#one}\n\n- [ ] a [[gap]]\n- [x] b\n") == [(1, "error", "question-answers-two")]

    def test_plain_list_with_an_arrow_before_gaps_is_text(self):
        question = only("## One {#one}\n\n- Settings -> Privacy\n- Start\n\nThen press [[OK]].\n")
        assert question.type == "gaps"
        assert question.body.startswith("- Settings -> Privacy")

    def test_brackets_in_code_are_no_gaps(self):
        assert only(f"## Is `[[ -f x ]]` or `[[x]]` a test? {{#one}}\n\n{SINGLE}").type == "single"
        assert only(f"## Is [[ -f x ]] a test? {{#one}}\n\n{SINGLE}").type == "single"

    @pytest.mark.parametrize(
        "items", ["- [ ] a\n- b\n- [x] c\n", "- [x] a\n- = b\n", "- a\n- [x] b\n", "- = a\n- =b\n"]
    )
    def test_mixed_items(self, items):
        assert [rule for _, _, rule in rules(f"## One {{#one}}\n\n{items}")] == ["question-answers-mixed"]

    def test_items_with_another_bullet_are_another_list(self):
        assert rules("## One {#one}\n\n- [ ] a\n* [x] b\n") == [(3, "error", "question-answers-two")]

    def test_blank_lines_between_items_and_indented_lists(self):
        question = only("## One {#one}\n\n  - [ ] a\n\n  - [x] b\n    > why\n")
        assert [(option.text, option.feedback) for option in question.options] == [("a", ""), ("b", "why")]

    @pytest.mark.parametrize("indent", ["  ", "   ", "    ", "\t"])
    def test_continuation_lines(self, indent):
        question = only(f"## One {{#one}}\n\n- [ ] a\n\n{indent}more\n{indent}> why\n{indent}> so\n- [x] b\n")
        assert question.options[0].text == "a\n\nmore"
        assert question.options[0].feedback == "why\nso"

    def test_line_that_runs_on_without_indent(self):
        assert only("## One {#one}\n\n- [ ] a\n- [x] b and\nmore of b\n").options[1].text == "b and\nmore of b"

    def test_callout_in_an_item_is_feedback(self):
        assert only("## One {#one}\n\n- [ ] a\n- [x] b\n  > [!NOTE]\n  > why\n").options[1].feedback == "why"

    def test_quote_in_the_middle_of_an_item_is_text(self):
        question = only("## One {#one}\n\n- [ ] a\n  > quoted\n\n  said she\n- [x] b\n")
        assert question.options[0].text == "a\n> quoted\n\nsaid she"
        assert question.options[0].feedback == ""

    def test_nested_list_belongs_to_the_item(self):
        question = only("## One {#one}\n\n- [ ] a\n  - [x] inner\n- [x] b\n")
        assert len(question.options) == 2
        assert question.options[0].text == "a\n- [x] inner"

    def test_task_marks_of_other_hands(self):
        text = "## One {#one}\n\n- [X] a\n- [×] b\n- [х] c\n- [✓] d\n- [ ] e\n"
        file, problems = parse(text)
        assert [option.right for option in file.questions[0].options] == [True] * 4 + [False]
        assert [(p.line, p.severity, p.rule) for p in problems] == [
            (line, "warning", "question-mark") for line in (3, 4, 5, 6)
        ]


class TestQuizBlock:
    def test_settings(self):
        question = only(
            "## One {#one}\n\n```quiz\ntype: multiple\npoints: 2.5\noutcome: use\norder: fixed\ncritical: yes\n```\n\n"
            f"{SINGLE}"
        )
        assert (question.type, question.points, question.outcome) == ("multiple", 2.5, "use")
        assert (question.fixed_order, question.critical) == (True, True)
        assert question.body == ""

    @pytest.mark.parametrize(
        ("setting", "rule", "help_"),
        [
            ("type: mutliple", "question-type-unknown", "Did you mean `multiple`?"),
            ("type: 7", "question-type-unknown", "Write one of `true-false`"),
            ("pionts: 2", "question-setting-unknown", "Did you mean `points`?"),
            ("case: exact", "question-setting-unknown", "no setting of a single question"),
            ("points: many", "question-setting-value", "above 0"),
            ("points: 0", "question-setting-value", "above 0"),
            ("order: random", "question-setting-value", "order: fixed"),
            ("critical: perhaps", "question-setting-value", "`yes` or `no`"),
            ("outcome: [a, b]", "question-setting-value", "one outcome"),
            ("just words", "question-setting-value", "no settings"),
            ("a: [", "question-setting-value", "YAML"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_line(self, setting, rule, help_):
        text = f"## One {{#one}}\n\nText.\n\n```quiz\n{setting}\n```\n\n{SINGLE}"
        assert [(severity, each) for _, severity, each in rules(text)] == [("error", rule)]
        assert rules(text)[0][0] in {6, 7}
        assert help_ in fixes(text)

    def test_two_blocks(self):
        text = f"## One {{#one}}\n\n```quiz\npoints: 2\n```\n\n```quiz\npoints: 3\n```\n\n{SINGLE}"
        assert rules(text) == [(7, "error", "question-setting-value")]

    def test_unreadable_block_is_the_only_complaint(self):
        assert rules("## One {#one}\n\n```quiz\ntype: [\n```\n") == [(4, "error", "question-setting-value")]

    def test_block_after_the_answers(self):
        assert only(f"## One {{#one}}\n\n{SINGLE}\n```quiz\npoints: 2\n```\n").points == 2

    def test_other_fences_are_text(self):
        assert "quizzical" in only(f"## One {{#one}}\n\n```quizzical\nx\n```\n\n{SINGLE}").body


class TestFileSettings:
    @pytest.mark.parametrize(
        ("written", "passing"),
        [
            ("80%", {"total": 0.8}),
            ("0.75", {"total": 0.75}),
            ("{total: 80%, safety: 100%}", {"total": 0.8, "safety": 1.0}),
        ],
    )
    def test_pass(self, written, passing):
        assert parse(f"---\npass: {written}\n---\n## One {{#one}}\n\n{SINGLE}")[0].settings.passing == passing

    @pytest.mark.parametrize(
        ("written", "seconds"), [("30", 1800), ("1 hour", 3600), ("2 days", 172800), ("90 min", 5400), ("1.5 h", 5400)]
    )
    def test_times(self, written, seconds):
        file, problems = parse(f"---\nretry_after: {written}\nminutes: {written}\n---\n## One {{#one}}\n\n{SINGLE}")
        assert (file.settings.retry_after, file.settings.time_limit, problems) == (seconds, seconds, ())

    def test_draw_by_outcome(self):
        text = f"---\ndraw: {{safety: 5, use: 15}}\n---\n## One {{#one}}\n\n{SINGLE}"
        assert parse(text)[0].settings.draw == {"safety": 5, "use": 15}

    @pytest.mark.parametrize(
        ("line", "rule", "help_"),
        [
            ("pas: 80%", "quiz-setting-unknown", "Did you mean `pass`?"),
            ("colour: red", "quiz-setting-unknown", "Remove it."),
            ("pass: 80", "quiz-setting-value", "`80%`"),
            ("pass: 120%", "quiz-setting-value", "`80%`"),
            ("pass: all", "quiz-setting-value", "`80%`"),
            ("draw: 0", "quiz-setting-value", "above 0"),
            ("draw: {use: some}", "quiz-setting-value", "above 0"),
            ("attempts: yes", "quiz-setting-value", "above 0"),
            ("retry_after: soon", "quiz-setting-value", "`1 hour`"),
            ("minutes: 0", "quiz-setting-value", "at least a minute"),
            ("review: submited", "quiz-setting-value", "Did you mean `submitted`?"),
            ("shuffle: sometimes", "quiz-setting-value", "`yes` or `no`"),
        ],
    )
    def test_errors(self, line, rule, help_):
        text = f"---\ntitle: T\n{line}\n---\n## One {{#one}}\n\n{SINGLE}"
        assert rules(text) == [(3, "error", rule)]
        assert help_ in fixes(text)

    def test_front_matter_that_is_no_yaml(self):
        assert [rule for _, _, rule in rules("---\ntitle: [\n---\n## One {#one}\n\n" + SINGLE)] == [
            "front-matter-unreadable"
        ]


MARKS = (
    "## |{#a}|\n|\n\n|- [ ] |- [x] |- = |- =50% |1. |* |  |    |> |> [!NOTE]\n|> [!TIP]\n|```|```quiz\n|type: |[[|]]"
)
WORDS = (
    "ordering\n|essay\n|command\n|scale\n|gaps\n|(x)| -> |\\->|`|<!--|-->|---\n|pass: |80%|\t|±|..|1,024|é|word|: |[|{"
)
PIECES = st.sampled_from([*MARKS.split("|"), *WORDS.split("|"), "|", "\0", "\u2212", chr(0xF0000)])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_parsing_never_raises_and_lines_exist(text):
    file, problems = parse(text)
    count = text.count("\n") + 1
    assert all(0 <= problem.line <= count for problem in problems)
    for question in file.questions:
        type_ = TYPES[question.type]
        assert 1 <= question.line <= count
        assert isinstance(type_.solution(question), str)
        assert type_.read(question, {}) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_parsing_any_text_never_raises(text):
    parse(text)
