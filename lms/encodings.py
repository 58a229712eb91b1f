"""Which letters the bytes of a text file stand for: a mark, else UTF-8, else the code page whose letters make words."""

from __future__ import annotations

import codecs
import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SAMPLE = 256 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# tried in this order, the first of several that fit wins;
# the letters beyond ASCII that texts of a code page's languages are made of; the marks of 1258 stand behind a vowel
LETTERS = {
    "windows-1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўқҳҷӣӯ",
    "windows-1257": "āčēģīķļņšūžąęėįųõäöüćńśźżłó",
    "windows-1252": "àâçéèêëîïôùûüÿœæäöüßñáíóúãõåø",
    "windows-1250": "ăâîşţáéíóúýčďěňřšťůžąćęłńóśźżäöüőűôŕĺ",
    "windows-1258": "ăâđêôơưàèùáéíóú\u0300\u0301\u0303\u0309\u0323",
}
CODE_PAGES = tuple(LETTERS)
CHOICES = ("utf-8", "utf-16", *CODE_PAGES)
WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")


def recognise(sample: bytes, *, is_utf8: bool, familiar: Callable[[str], int] = lambda _text: 0) -> str:
    """The name of the encoding. `familiar` counts the known column names in a text: nothing tells a language better."""
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    if sample[1::2].count(0) > len(sample) // 8:
        return "utf-16-le"
    if sample[::2].count(0) > len(sample) // 8:
        return "utf-16-be"
    if is_utf8:
        return "utf-8"
    texts = {name: sample.decode(name, errors="replace") for name in CODE_PAGES}
    return max(texts, key=lambda name: (familiar(texts[name]), _plausible(texts[name], LETTERS[name])))


def is_utf8(pieces: Iterable[bytes]) -> bool:
    """Whether bytes, read piece by piece, are UTF-8 to the end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in pieces:
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _plausible(text: str, letters: str) -> int:
    """How much a text looks like one in these letters: usual letters count for it, everything odd against it."""
    usual = frozenset(letters + letters.upper())
    score = sum(1 if letter in usual else -3 for letter in text if ord(letter) > 127 and letter != "\u00a0")
    return score - 3 * sum(_is_odd(word) for word in WORD.findall(text) if not word.isascii())


def _is_odd(word: str) -> bool:
    """Capitals after small letters, or two scripts in one word."""
    if any(before.islower() and after.isupper() for before, after in pairwise(word)):
        return True
    has_cyrillic = any("\u0400" <= letter <= "\u04ff" for letter in word)
    return has_cyrillic and any(letter.isascii() for letter in word)
