"""Files that somebody made to keep the site busy, or to make it stumble, are read as quickly as any other."""

from __future__ import annotations

import html
import time

import pytest

from lms.exchange.plain import soup_of
from tests.exchange.files import brought

MANY = 20_000


def xml(text: str, form: str = "html", kind: str = "shortanswer") -> str:
    """A Moodle XML file with one question of this text."""
    return (
        f'<quiz><question type="{kind}"><name><text>n</text></name><questiontext format="{form}"><text>'
        f'{html.escape(text)}</text></questiontext><answer fraction="100"><text>x</text></answer></question></quiz>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "q {>" + "A" * 200 + "!\none\ntwo}",
        "q {>" + "REL" * 100 + "!\none\ntwo}",
        "// " + "[tag:" * MANY + "\nq {=a}",
        "Q?\nA. x\nB. y\nANSWER: A" + " " * MANY + "!\n",
        xml("<a " * MANY),
        xml("<img src=" * MANY),
        xml("<!--" * MANY),
        xml("[" * MANY, "markdown"),
        xml("[](" * MANY, "markdown"),
        xml("{" + " " * MANY, kind="cloze"),
    ],
    ids=lambda text: text[:12] + text[200:212],
)
def test_no_text_keeps_the_reader_busy(text: str) -> None:
    before = time.process_time()
    brought(text)
    assert time.process_time() - before < 4  # from a minute to years, where each sign leads to a search of the rest


def test_a_tag_that_never_ends_is_text() -> None:
    assert soup_of('a <b>c</b> <a href="x').get_text() == 'a c <a href="x'
    assert soup_of('<img alt="a > b" src="x.png">').img["alt"] == "a > b"  # type: ignore[index]
    assert soup_of("<p>a<!-- b --> c <!-- d").get_text(strip=True).endswith("c <!-- d")


@pytest.mark.parametrize("name", ["zlib", "rot13", "unicode_escape", "punycode"])
def test_an_encoding_that_is_none_of_letters_is_recognised_anew(name: str) -> None:
    assert brought(f'<?xml version="1.0" encoding="{name}"?>\n{xml("Which word?")}').fates
