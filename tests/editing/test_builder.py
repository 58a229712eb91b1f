"""The question builder writes the format, and leaves untouched what it did not change."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lms.editing.builder_fields import (
    blank_sheet,
    fields_of,
    pressed,
    rows_of,
    sheet_from,
    with_gap,
    without_blanks,
)
from lms.editing.builder_pieces import question_lines
from lms.editing.builder_places import joined, lines_of
from lms.editing.builder_sheets import KINDS, Answer, File, Sheet, sheets_of
from lms.editing.builder_writing import NotWritable, add, move, new_id, remove, rewrite
from lms.question_types import BUILT_IN

ROOT = Path(__file__).parents[2]
TYPES = {type_.name: type_ for type_ in BUILT_IN}
FILES = sorted([*ROOT.glob("courses/**/*.quiz.md"), *ROOT.glob("quizzes/*.md")])
EVERY = "\n".join(type_.example for type_ in BUILT_IN)


def file(text: str) -> File:
    return File("q.quiz.md", text, "en", TYPES)


def sent(sheet: Sheet) -> dict[str, list[str]]:
    """A form as a browser sends it: with its own line ends."""
    form: dict[str, list[str]] = {}
    for name, value in fields_of(sheet):
        form.setdefault(name, []).append(value.replace("\n", "\r\n"))
    return form


def again(text: str, place: int) -> str:
    """Opened and saved."""
    old = sheets_of(file(text))[place]
    return rewrite(file(text), place, without_blanks(sheet_from(sent(old), old))).text


def changed(text: str, place: int = 0, **fields: object) -> str:
    old = sheets_of(file(text))[place]
    return rewrite(file(text), place, replace(old, **fields)).text  # type: ignore[arg-type]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_opening_and_saving_changes_no_byte_of_what_is_shipped(path: Path) -> None:
    text = path.read_bytes().decode()
    original = path.with_name(path.name.replace(".lv.", "."))
    source = file(original.read_text()).parsed()[0] if original != path else None
    lines = lines_of(text)
    sheets = sheets_of(replace(file(text), source=source))
    assert sheets
    for place, sheet in enumerate(sheets):
        form = without_blanks(sheet_from(sent(sheet), sheet))
        assert form == sheet  # so that nothing but a change is a change
        if sheet.kind:
            assert lines.with_question(place, question_lines(lines, place, sheet, form, None)) == text
    assert again(text, len(sheets) // 2) == text


@pytest.mark.parametrize("type_", BUILT_IN, ids=lambda type_: type_.name)
def test_every_type_has_a_form(type_) -> None:
    (sheet,) = sheets_of(file(type_.example))
    assert sheet.kind == type_.name
    assert sheet.kind in KINDS


@pytest.mark.parametrize("type_", BUILT_IN, ids=lambda type_: type_.name)
def test_what_a_form_has_can_be_written_as_a_new_question_that_reads_the_same(type_) -> None:
    (sheet,) = sheets_of(file(type_.example))
    fresh = replace(sheet, answers=tuple(replace(answer, origin=None) for answer in sheet.answers))
    written = add(file("Some words first.\n"), fresh)
    assert written.problems == ()
    assert written.text.startswith("Some words first.\n\n## ")
    (read,) = sheets_of(file(written.text))
    assert replace(read, raw="") == replace(sheet, raw="")


def written_in_tests() -> set[str]:
    """Every text with questions that stands in a test."""
    found = set()
    for path in (ROOT / "tests").glob("**/*.py"):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if "## " in source else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "## " in node.value:
                found.add(node.value)
    return {text for text in found if lines_of(text).ranges}


def test_opening_and_saving_changes_no_byte_of_what_stands_in_tests() -> None:
    texts = written_in_tests()
    assert len(texts) > 100
    for text in texts:
        lines = lines_of(text)
        assert lines.mark + joined(lines.all, lines.end) == text
        for place, sheet in enumerate(sheets_of(file(text))):
            form = without_blanks(sheet_from(sent(sheet), sheet))
            if sheet.kind:
                assert form == sheet
                assert lines.with_question(place, question_lines(lines, place, sheet, form, None)) == text


SINGLE = """\
## Which is hardest to guess? {#hardest}

Think of length.

* [ ] `P@ssw0rd`
  > First tried.

* [x] four random words
  > Right: length
  > beats symbols.

* [ ] your birthday
   > (50%) Easy to look up.

> [!NOTE]
> Shown after.
"""


def test_one_word_changed_is_one_line_changed() -> None:
    old = sheets_of(file(SINGLE))[0]
    answers = (replace(old.answers[0], text="`letmein`"), *old.answers[1:])
    assert changed(SINGLE, answers=answers) == SINGLE.replace("`P@ssw0rd`", "`letmein`")
    assert changed(SINGLE, stem="Which lasts?") == SINGLE.replace("Which is hardest to guess?", "Which lasts?")
    assert changed(SINGLE, explanation="Seen after.") == SINGLE.replace("Shown after", "Seen after")
    assert changed(SINGLE, texts=("Think.",)) == SINGLE.replace("Think of length.", "Think.")


def test_a_mark_a_credit_and_a_feedback_change_their_line_only() -> None:
    old = sheets_of(file(SINGLE))[0]
    first, second, third = old.answers
    moved = (replace(first, is_right=True), replace(second, is_right=False), third)
    assert changed(SINGLE, answers=moved) == SINGLE.replace("[ ] `P", "[x] `P").replace("[x] four", "[ ] four")
    cheaper = (first, second, replace(third, credit="25"))
    assert changed(SINGLE, answers=cheaper) == SINGLE.replace("   > (50%)", "  > (25%)")
    silent = (replace(first, feedback=""), second, third)
    assert changed(SINGLE, answers=silent) == SINGLE.replace("  > First tried.\n", "")


def test_answers_keep_their_lines_when_they_change_places() -> None:
    old = sheets_of(file(SINGLE))[0]
    first, second, third = old.answers
    text = changed(SINGLE, answers=(second, first, third))
    assert sorted(text) == sorted(SINGLE)
    assert text.index("four random") < text.index("P@ssw0rd")
    assert "  > Right: length\n  > beats symbols.\n" in text
    assert [answer.text for answer in sheets_of(file(text))[0].answers] == [second.text, first.text, third.text]


def test_steps_are_numbered_again_when_they_change_places() -> None:
    text = "## Order {#o}\n\n```quiz\ntype: ordering\n```\n\n1. one\n2. two\n3. three\n"
    first, second, third = sheets_of(file(text))[0].answers
    assert changed(text, answers=(third, first, Answer(text="new"), second)).endswith(
        "1. three\n2. one\n3. new\n4. two\n"
    )


def test_settings_change_by_the_line_and_the_block_comes_and_goes_with_them() -> None:
    old = sheets_of(file(SINGLE))[0]
    text = changed(SINGLE, settings={"points": "2"})
    assert text == SINGLE.replace("{#hardest}\n", "{#hardest}\n\n```quiz\npoints: 2\n```\n")
    with_note = text.replace("points: 2", "# agreed with Ilze\npoints: 2")
    assert changed(with_note, settings={"points": "2", "outcome": "a: b"}) == with_note.replace(
        "points: 2\n", 'points: 2\noutcome: "a: b"\n'
    )
    assert changed(text, settings={}) == SINGLE
    assert old.settings == {}


def test_a_type_is_written_down_only_where_the_answers_do_not_tell_it() -> None:
    assert "type" not in changed(SINGLE, answers=sheets_of(file(SINGLE))[0].answers[1:])
    assert "```quiz\ntype: multiple\n```" in changed(SINGLE, kind="multiple", answers=_uncredited(SINGLE))
    number = "## How many? {#n}\n\n- = 12\n"
    assert "type: text" in changed(number, kind="text")
    assert changed(changed(number, kind="text"), kind="number").count("type") <= 1


def _uncredited(text: str) -> tuple[Answer, ...]:
    return tuple(replace(answer, credit="") for answer in sheets_of(file(text))[0].answers)


def test_line_ends_and_marks_of_other_systems_stay() -> None:
    text = "\ufeff---\r\ntitle: T\r\n---\r\n" + SINGLE.replace("\n", "\r\n").rstrip("\r\n")
    assert again(text, 0) == text
    new = changed(text, hint="Count the letters.")
    assert new.count("\n") == new.count("\r\n")
    assert "> [!TIP]\r\n> Count the letters." in new


def test_what_a_form_cannot_show_is_shown_as_text_and_kept() -> None:
    odd = "## Two lists {#two}\n\n- [ ] a\n- [x] b\n\nwords\n\n- [x] c\n- [ ] d\n"
    text = f"{odd}\n{SINGLE}"
    sheet = sheets_of(file(text))[0]
    assert (sheet.kind, sheet.raw) == ("", odd.rstrip())
    assert again(text, 0) == text
    assert changed(text, raw=odd.replace("words", "other words")) == text.replace("words", "other words", 1)
    trailing = SINGLE + "\n<!-- ask Ilze -->\n"
    assert sheets_of(file(trailing))[0].kept == ("<!-- ask Ilze -->",)
    assert changed(trailing, hint="Look.").endswith("\n<!-- ask Ilze -->\n")


def test_a_question_without_an_id_keeps_the_one_it_had_when_its_words_change() -> None:
    text = "## How many? \n\n- = 12\n"
    old = sheets_of(file(text))[0]
    assert again(text, 0) == text
    assert changed(text, hint="Count.").startswith(f"## How many? {{#{old.id}}}\n")


def test_what_would_be_read_otherwise_is_refused_and_named() -> None:
    with pytest.raises(NotWritable, match="other"):
        changed(SINGLE, texts=("## Another question",))
    with pytest.raises(NotWritable, match="text"):
        changed(SINGLE, texts=("> [!TIP]\n> not text",))
    with pytest.raises(NotWritable, match="answers"):
        changed(SINGLE, answers=(Answer(text="> a quote"), *sheets_of(file(SINGLE))[0].answers))


def test_mistakes_come_back_with_the_line() -> None:
    old = sheets_of(file(SINGLE))[0]
    none_right = tuple(replace(answer, is_right=False) for answer in old.answers)
    written = rewrite(file(SINGLE), 0, replace(old, answers=none_right))
    assert [(problem.rule, problem.line) for problem in written.problems] == [("question-no-right", 1)]


def test_ids_are_made_of_the_words_and_are_new() -> None:
    assert new_id(Sheet("single", stem="Which password is hardest?"), ()) == "which-password-is-hardest"
    assert new_id(Sheet("single", stem="Which?"), {"which", "which-2"}) == "which-3"
    assert new_id(Sheet("single", stem="Ķēde ir stipra"), ()) == "kede-ir-stipra"
    georgian = new_id(Sheet("single", stem="რა არის ეს?"), ())
    assert georgian.startswith("q-")
    assert len(new_id(Sheet("single", stem="long words " * 30), ())) <= 40


def test_questions_are_moved_and_removed_whole() -> None:
    text = f"Intro.\n\n{SINGLE}\n## Second {{#b}}\n\n- = 12"
    down = move(file(text), 0, 1)
    assert [sheet.id for sheet in sheets_of(file(down))] == ["b", "hardest"]
    assert move(file(down), 1, -1).rstrip("\n") == text
    assert move(file(text), 0, -1) == text
    assert [sheet.id for sheet in sheets_of(file(remove(file(text), 0)))] == ["b"]


def test_buttons_without_a_script() -> None:
    sheet = sheets_of(file(SINGLE))[0]
    keys = [row.key for row in rows_of(pressed(sheet, "add"))]
    assert keys == ["0", "1", "2", "n3"]
    assert [row.key for row in rows_of(pressed(sheet, "down-0"))] == ["1", "0", "2"]
    assert [row.key for row in rows_of(pressed(sheet, "up-0"))] == ["0", "1", "2"]
    assert [row.key for row in rows_of(pressed(sheet, "remove-1"))] == ["0", "2"]
    assert without_blanks(pressed(sheet, "add")) == sheet
    assert len(blank_sheet("single").answers) == 3


def test_a_gap_is_made_of_a_word() -> None:
    assert with_gap("Use sudo here.", "sudo", "doas", "") == "Use [[sudo|doas]] here."
    assert with_gap("Use sudo here.", "sudo", "", "su\nroot") == "Use [[(sudo)|su|root]] here."
    assert with_gap("Use [[sudo]] here.", "sudo", "", "") is None


TEXTS = st.text(st.sampled_from("ab [x]()=%-+*.>#`:\\|\n1950{}&ā"), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.booleans(), TEXTS, TEXTS), max_size=4), TEXTS, TEXTS, TEXTS)
@example([(True, "> a", "(50%) b")], "- x", "# h", "```")
def test_whatever_is_written_reads_the_same_or_is_refused(rows, stem, text, note) -> None:
    wanted = Sheet(
        "multiple",
        stem=" ".join(stem.split()),
        texts=(text.strip("\n"),),
        answers=tuple(Answer(None, right, words.strip(), "", "", feed.strip()) for right, words, feed in rows),
        explanation=note.strip(),
    )
    base = file(SINGLE)
    try:
        written = add(base, without_blanks(wanted))
    except NotWritable:
        return
    sheets = sheets_of(file(written.text))
    assert sheets[:-1] == sheets_of(base)
    assert (sheets[-1].stem, sheets[-1].explanation) == (wanted.stem, wanted.explanation)
    assert [answer.text for answer in sheets[-1].answers] == [a.text for a in without_blanks(wanted).answers]
    assert again(written.text, len(sheets) - 1) == written.text


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("## []x=-> \n`q1.a:"), max_size=120))
def test_any_text_is_opened_and_saved_without_a_change(text) -> None:
    whole = f"{EVERY}\n{text}"
    for place in range(len(sheets_of(file(whole)))):
        if place >= len(BUILT_IN) - 1:
            assert again(whole, place) == whole
