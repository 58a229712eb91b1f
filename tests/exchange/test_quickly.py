"""What is read the short way is what the long way reads; and work grows with the file, not with its square."""

from __future__ import annotations

import base64
import struct
import time
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms.exchange.found import CannotRead, Words
from lms.exchange.luggage import Luggage
from lms.exchange.plain import plain_words, sentence_of
from lms.exchange.texts import html_as_markdown
from tests.exchange.files import answer, brought, question, xml

SIGNS = st.text(st.sampled_from("ab1.)#*_-+>|:=~`[]{}\\\"'/ \t\n\xa0\u2003\x85é漢—"), max_size=30)


@settings(max_examples=300, deadline=None)
@given(SIGNS, st.sampled_from(["{}", "<p>{}</p>", ' <p dir="ltr" style="x">{}</p>\n']))
@example("1. first", "<p>{}</p>")
@example("\\", "{}")
def test_a_sentence_without_a_parser_is_the_same(words: str, around: str) -> None:
    text = around.format(words).strip()
    parsed = text + "<!-- -->"  # nothing but what asks for the parser
    assert sentence_of(parsed) is None
    assert html_as_markdown(text, {}, Luggage("x")) == html_as_markdown(parsed, {}, Luggage("x"))
    assert plain_words(Words(text, "html")) == plain_words(Words(parsed, "html"))


def test_names_that_many_have_are_numbered_without_counting_from_the_start() -> None:
    many = 3000
    before = time.process_time()
    found = brought("\n\n".join(f"::Same::Is {number} more?{{T}}" for number in range(many)))
    assert time.process_time() - before < 15
    assert [fate.question.id for fate in found.fates[:3]] == ["same", "same-2", "same-3"]
    assert found.fates[-1].question.id == f"same-{many}"


def test_ids_that_are_taken_are_passed_by() -> None:
    found = brought("::Same::a?{T}\n\n::Same::b?{T}\n\n::Same 3::c?{T}\n", taken={"same", "same-3"})
    assert [fate.question.id for fate in found.fates] == ["same-2", "same-4", "same-3-2"]


def test_pictures_of_a_question_that_cannot_come_stay_behind_and_others_stay() -> None:
    drawn = "<file name='a.png' path='/' encoding='base64'>iVBORw0KGgo=</file>"
    shown = "<p>Which? <img src='@@PLUGINFILE@@/a.png' alt='A'></p>"

    def asked(share: str, picture: str = drawn) -> str:
        text = f"<questiontext format='html'><text><![CDATA[{shown}]]></text>{picture}</questiontext>"
        inside = f"<name><text>Q</text></name>{text}<single>true</single>{answer('x', share)}{answer('y')}"
        return f"<question type='multichoice'>{inside}</question>"

    other = drawn.replace("iVBORw0KGgo=", "iVBORw0KGgoAAA==")
    found = brought(xml(asked("100"), asked("0"), asked("0", other)))
    assert len(found.fates) == 1
    assert len(found.files) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!DOCTYPE q [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><quiz>&b;</quiz>", "document type"),
        ("<quiz>" + "<question>" * 5000 + "</question>" * 5000 + "</quiz>", "nested too deeply"),
        ("\n".join(f"::q{number}::a?{{T}}\n" for number in range(5001)), "more than 5000 questions"),
    ],
    ids=["entities", "nested", "many"],
)
def test_a_bomb_ends_in_a_sentence(text: str, words: str) -> None:
    before = time.process_time()
    with pytest.raises(CannotRead, match=words):
        brought(text)
    assert time.process_time() - before < 6


def test_thousands_of_nested_categories_cost_no_more_than_their_length() -> None:
    deep = "/".join(f"level {number}" for number in range(5000))
    category = f"<question type='category'><category><text>$course$/{deep}</text></category></question>"
    before = time.process_time()
    found = brought(xml(*[category] * 40, question("truefalse", "True?", answer("true", "100") + answer("false"))))
    assert time.process_time() - before < 6
    assert len(found.fates) == 1
    assert len(found.fates[0].text) < 100_000


def huge_png() -> bytes:
    """A few bytes that say of themselves to be a picture of 65,536 by 65,536 pixels."""
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 65536, 65536, 8, 0, 0, 0, 0)), (b"IDAT", b""), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("lie", "kept"),
    [
        (b"not base64 at all!", ""),
        (base64.b64encode(b"\0" * 3_000_000), ""),
        (base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ".svg"),
        (base64.b64encode(huge_png()), ""),
        (base64.b64encode(b"GIF89a\1\0\1\0"), ".gif"),
    ],
    ids=["no-letters", "nothing", "drawing", "pixels", "another-kind"],
)
def test_a_picture_that_lies_is_lost_with_a_word_or_gets_its_own_name(lie: bytes, kept: str) -> None:
    text = "<p>Look: <img src='@@PLUGINFILE@@/a.png' alt='A'></p>"
    held = f"<file name='a.png' encoding='base64'>{lie.decode()}</file>"
    asked = f"<questiontext format='html'><text><![CDATA[{text}]]></text>{held}</questiontext>"
    whole = f"<name><text>Q</text></name>{asked}{answer('true', '100')}{answer('false')}"
    before = time.process_time()
    found = brought(xml(f"<question type='truefalse'>{whole}</question>"))
    assert time.process_time() - before < 4
    assert len(found.fates) == 1
    assert [path[-4:] for path in found.files] == ([kept] if kept else [])
    assert [loss.where for loss in found.losses] == ([] if kept else ["line 3: Q"])
