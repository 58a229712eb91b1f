"""Texts in as few bytes as a QR code can spare: one byte a letter in any of our scripts, then deflate.

An alphabet is up to 128 letters beyond ASCII, which take the bytes from 128 on. A letter that it lacks is written as
UTF-8 after a byte that says how long (2, 3 or 4). Deflate (RFC 1951) begins with a preset dictionary of words that
stand on certificates. Alphabets and words lie in `lms/static/verify/letters.json`, which the page that checks
certificates holds, too. They are part of the format `HR1`: what is printed relies on them, so they never change.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import cache, lru_cache
from pathlib import Path

import msgspec

FILE = Path(__file__).resolve().parents[1] / "static" / "verify" / "letters.json"
RAW = -15  # deflate without header and sum
MOST = 1 << 16  # bytes of text in one certificate
STRATEGIES = (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_FIXED)


class Unreadable(ValueError):
    """Bytes that are not such a text."""


class Alphabet(msgspec.Struct, frozen=True):
    """Letters beyond ASCII, and words in them for the dictionary."""

    letters: str
    words: str


class Letters(msgspec.Struct, frozen=True):
    """The file. `words` are the last in every dictionary."""

    words: str
    alphabets: tuple[Alphabet, ...]


@lru_cache(maxsize=1000)  # what one course's certificates have in common is packed once
def pack(text: str) -> tuple[int | None, bytes]:
    """The number of the alphabet that makes the text shortest (None: plain UTF-8), and the bytes."""
    choices: tuple[int | None, ...] = (None, *range(len(_file().alphabets)))
    packed = ((alphabet, _deflate(_bytes(text, alphabet), _words(alphabet))) for alphabet in choices)
    return min(packed, key=lambda choice: len(choice[1]))


def unpack(alphabet: int | None, data: bytes) -> str:
    """The text that `pack` made these of. Raises `Unreadable`."""
    try:
        words = _words(alphabet)
        inflate = zlib.decompressobj(RAW, zdict=words)
        plain = inflate.decompress(data, MOST)
        if not inflate.eof or inflate.unused_data:
            raise Unreadable("the text is not complete")
        return plain.decode() if alphabet is None else _text(plain, _file().alphabets[alphabet].letters)
    except (zlib.error, IndexError, TypeError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from error


def clean(text: str) -> str:
    """The text with composed accents and single spaces, without control characters, as it is printed."""
    return unicodedata.normalize("NFC", re.sub(r"[\x00-\x20\x7f]+", " ", text).strip(" "))


@cache
def _places(alphabet: int) -> dict[str, int]:
    return {letter: 128 + place for place, letter in enumerate(_file().alphabets[alphabet].letters)}


def _bytes(text: str, alphabet: int | None) -> bytes:
    if alphabet is None or text.isascii():
        return text.encode()
    places = _places(alphabet)
    made = bytearray()
    for letter in text:
        plain = letter.encode()
        if len(plain) == 1:
            made += plain
        elif letter in places:
            made.append(places[letter])
        else:
            made.append(len(plain))
            made += plain
    return bytes(made)


def _text(data: bytes, letters: str) -> str:
    made, at = [], 0
    while at < len(data):
        byte = data[at]
        at += 1
        if byte >= 128:
            made.append(letters[byte - 128])
        elif byte in {2, 3, 4}:
            made.append(data[at : at + byte].decode())
            at += byte
        else:
            made.append(chr(byte))
    return "".join(made)


def _deflate(data: bytes, words: bytes) -> bytes:
    made = []
    for strategy in STRATEGIES:
        packer = zlib.compressobj(9, zlib.DEFLATED, RAW, 9, strategy, words)
        made.append(packer.compress(data) + packer.flush())
    return min(made, key=len)


@cache
def _words(alphabet: int | None) -> bytes:
    """The preset dictionary. Deflate reaches its end most cheaply: there stands what every certificate has."""
    known = _file()
    own = "" if alphabet is None else known.alphabets[alphabet].words
    return _bytes(own + known.words, alphabet)


@cache
def _file() -> Letters:
    return msgspec.json.decode(FILE.read_bytes(), type=Letters)
