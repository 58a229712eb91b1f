"""Sentences out of Markdown, formulas of reading ease, and what the rules make of them."""

from __future__ import annotations

import time

import pytest

from lms.content.checker.formulas import score, syllables
from lms.content.checker.prose import sentences
from tests.content.packs import report


def found(markdown: str) -> list[tuple[int, str]]:
    return [(sentence.line, sentence.text) for sentence in sentences(markdown)]


def test_sentences_have_the_line_at_which_they_begin():
    text = "# A\n\nOne is here. Two begins here\nand ends here. Three!\n\nFour?\n"
    assert found(text) == [
        (3, "One is here."), (3, "Two begins here and ends here."), (4, "Three!"), (6, "Four?"),
    ]  # fmt: skip


def test_only_what_is_read_counts():
    text = (
        "```sh\nno code here\n```\n\n| no | table |\n|----|-------|\n\n<div>no tag</div>\n\n    no indented code\n\n"
        "![no picture](x.png)\n\n[no link alone](x.quiz.md)\n\n[no]: definition\n\n"
        "> [!TIP]\n> A tip with `some code`, a [link](b.md) and **words**.\n\n- an item\n- [x] a task\n\n"
        "[^1]: A note.\n"
    )
    assert [words for _, words in found(text)] == ["A tip with Code, a link and words.", "an item", "a task", "A note."]


def test_abbreviations_and_names_do_not_end_a_sentence():
    assert len(found("Ask Mr. Berzins, e.g. on Monday, at No. 5. Then go.\n")) == 2
    assert len(found("Version 2.5 is here. It works.\n")) == 2
    assert len(found("Zvaniet, piem. bankai. Tad ejiet.\n")) == 2
    assert len(found("ეს პირველია. ეს მეორეა.\n")) == 2


@pytest.mark.parametrize(
    ("tag", "word", "count"),
    [("en", "cat", 1), ("en", "table", 2), ("en", "take", 1), ("en", "information", 4), ("ru", "библиотека", 5),
     ("de", "Bücherei", 3), ("es", "biblioteca", 4), ("fr", "livre", 1), ("ka", "სახლი", 1)],
)  # fmt: skip
def test_syllables(tag, word, count):
    assert syllables(tag, word) == count


def of(language, sentence, times):
    return score(language, [tuple(sentence.split())] * times)


def test_each_formula_by_hand():
    """Ten sentences of ten words each; syllables, letters and long words counted by hand."""
    english = of("en", "the cat sat on the mat and it was red", 10)
    assert english.value == pytest.approx(206.835 - 1.015 * 10 - 84.6 * 10 / 10)
    german = of("de", "die Katze sah den Hund und lief weg zum Haus", 10)
    assert german.value == pytest.approx(180 - 10 - 58.5 * 11 / 10)
    russian = of("ru", "кот сел на мат и он был рад и сыт", 10)
    assert russian.value == pytest.approx(206.835 - 1.3 * 10 - 60.1 * 10 / 10)
    italian = of("it", "il re va via da qui con una sua idea", 10)
    assert italian.value == pytest.approx(89 + (300 * 10 - 10 * 270) / 100)
    latvian = of("lv", "es eju uz bibliotēku un tur lasu vienu grāmatu viens", 10)
    assert latvian.value == pytest.approx(10 + 100 * 2 / 10)
    assert not any(each.is_hard for each in (english, german, russian, italian, latvian))


def test_short_texts_and_languages_without_a_formula_have_no_score():
    assert of("en", "the cat sat on the mat", 10) is None
    assert of("ka", "ერთი ორი სამი ოთხი ხუთი ექვსი შვიდი რვა ცხრა ათი", 20) is None
    assert of("pt-BR", "o gato foi ver o sol e o mar azul", 10) is not None


def rules_of(files):
    return [(each.file, each.rule, each.line) for each in report(files).problems]


def test_each_language_has_its_own_longest_sentence():
    words = "durvis " * 30
    files = {"a.md": f"# A\n\n{words}\n", "a.lv.md": f"# A\n\n{words}\n"}
    assert ("a.lv.md", "sentence-long", 3) in rules_of(files)
    assert ("a.md", "sentence-long", 3) not in rules_of(files)


def test_lines_count_from_the_head_of_the_file():
    files = {"a.md": "---\ntitle: A\n---\n\nShort.\n\n" + "door " * 40 + "\n"}
    assert ("a.md", "sentence-long", 7) in rules_of(files)


@pytest.mark.parametrize(
    "piece", ["[", "![", "[](", "`", "<a", "_", "1", ".", "which ", "a    ", "| ", "*", "[^", "![](", ">"]
)
def test_no_text_keeps_the_reader_busy(piece):
    """A line of one piece, again and again: reading takes time in proportion to its length."""
    spent = []
    for text in ("x" + piece * 20_000 + "x", "x. " + piece * 20_000 + "?"):
        began = time.process_time()
        for sentence in sentences(text):
            assert sentence.line == 1
        spent.append(time.process_time() - began)
    assert max(spent) < 2, piece
