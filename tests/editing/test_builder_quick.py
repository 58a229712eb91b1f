"""Notes become questions: stars, letters and dashes as people type them."""

from __future__ import annotations

import pytest

from lms.editing.builder_quick import questions_in
from lms.editing.builder_sheets import File, sheets_of
from lms.editing.builder_writing import add
from lms.question_types import BUILT_IN

NOTES = """\
1. Which password is hardest to guess?
a) P@ssw0rd
* b) four random words
c) your birthday

What do you close before you leave?
- the mailbox *
- the library catalogue
* the private window

How many letters has "code"?
= 4
= four
"""


def test_notes_become_questions_of_their_kinds() -> None:
    sheets, notes = questions_in(NOTES)
    assert notes == ()
    assert [sheet.kind for sheet in sheets] == ["single", "multiple", "text"]
    assert sheets[0].stem == "Which password is hardest to guess?"
    assert [answer.text for answer in sheets[0].answers] == ["P@ssw0rd", "four random words", "your birthday"]
    assert [answer.is_right for answer in sheets[1].answers] == [True, False, True]
    assert [answer.text for answer in sheets[2].answers] == ["4", "four"]


@pytest.mark.parametrize("row", ["*b) yes", "b) yes *", "* yes", "[x] yes", "✓ yes", "- yes *", "*yes", "b) *yes"])
def test_every_way_to_mark_the_right_answer(row) -> None:
    (sheet,), _ = questions_in(f"Q?\nno\n{row}")
    assert [(answer.text, answer.is_right) for answer in sheet.answers] == [("no", False), ("yes", True)]


def test_what_lacks_answers_or_a_right_one_is_named_with_its_line() -> None:
    sheets, notes = questions_in("Alone?\n\nNone?\na) one\nb) two\n")
    assert sheets == ()
    assert [(note.line, note.words, note.reason) for note in notes] == [
        (1, "Alone?", "answers"),
        (3, "None?", "right"),
    ]


def test_all_of_them_are_written_one_after_the_other() -> None:
    types = {type_.name: type_ for type_ in BUILT_IN}
    text = ""
    for sheet in questions_in(NOTES)[0]:
        written = add(File("q.quiz.md", text, "en", types), sheet)
        assert written.problems == ()
        text = written.text
    assert [sheet.kind for sheet in sheets_of(File("q.quiz.md", text, "en", types))] == ["single", "multiple", "text"]
