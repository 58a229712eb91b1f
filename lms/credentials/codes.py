"""QR codes (ISO/IEC 18004) in a thirtieth of the time: what segno draws, with the data of another text.

Printing ten thousand certificates draws twenty thousand codes. All but the data is the same in every code of a version,
level and mask, and data stands in a code by exclusive or: a code is one of segno's, the same with its data taken out.
So the patterns around the data, which one and in which version, are segno's; packing and error correction are here, in
the arithmetic of long integers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import segno
from segno import consts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # what the alphanumeric mode has
ECC: Any = consts.ECC  # by version and level: how many blocks of which lengths
LEVELS = {"M": consts.ERROR_LEVEL_M, "Q": consts.ERROR_LEVEL_Q, "H": consts.ERROR_LEVEL_H}
# Any mask is a right one; to find the most even of the eight takes six times as long, and signed bytes are even.
MASK = 3


@dataclass(frozen=True, slots=True)
class Code:
    """The modules of a code, row by row from the top: `1` is dark, `0` is light."""

    side: int
    modules: str

    def lines(self) -> str:
        """A path for SVG with a stroke of 1, one line for each run of dark modules in a row; a module is 1 by 1."""
        side, made, column, row = self.side, ["M0 .5"], 0, 0
        for y in range(side):
            for run in RUN.finditer(self.modules, y * side, y * side + side):
                start, end = run.start() - y * side, run.end() - y * side
                made.append(f"m{start - column} {y - row}h{end - start}")
                column, row = end, y
        return "".join(made)


RUN = re.compile("1+")


@dataclass(frozen=True, slots=True)
class _Kind:
    """All codes of a version and level: bytes of data in each block, bytes of checks, and what is around them."""

    version: int
    blocks: tuple[int, ...]
    checks: int
    side: int
    room: int
    places: Callable[[str], Iterable[str]]
    around: int

    @property
    def bits(self) -> int:
        return 8 * sum(self.blocks)


def code(text: str) -> Code:
    """The code of a text, level M, or a better one if it costs no room. The text is ASCII."""
    bits = _alphanumeric if set(text) <= set(LETTERS) else _bytes
    kind = _kind(bits is _alphanumeric, len(text))
    modules = kind.around ^ _placed(kind, bits(text, kind))
    return Code(kind.side, f"{modules:0{kind.side**2}b}")


@lru_cache(maxsize=1024)
def _kind(is_alphanumeric: bool, length: int) -> _Kind:  # noqa: FBT001 - the key of what is kept
    """The smallest version with room for so many letters at level M, and the best level that this version has."""
    letters = 11 * (length // 2) + 6 * (length % 2) if is_alphanumeric else 8 * length
    for version in range(1, 41):
        need = 4 + _wide(version, is_alphanumeric=is_alphanumeric) + letters
        fitting = [level for level in LEVELS if need <= 8 * sum(_blocks(version, level))]
        if fitting:
            return _known(version, fitting[-1])
    raise ValueError(f"a QR code does not take {length} letters")


def _wide(version: int, *, is_alphanumeric: bool) -> int:
    """Bits that say how many letters there are."""
    if is_alphanumeric:
        return 9 if version < 10 else 11 if version < 27 else 13
    return 8 if version < 10 else 16


@cache
def _blocks(version: int, level: str) -> tuple[int, ...]:
    return tuple(part.num_data for part in ECC[version][LEVELS[level]] for _ in range(part.num_blocks))


@cache
def _known(version: int, level: str) -> _Kind:
    info, side, places = ECC[version][LEVELS[level]][0], 17 + 4 * version, _places(version)
    empty = _Kind(
        version, _blocks(version, level), info.num_total - info.num_data, side, max(places) + 1, itemgetter(*places), 0
    )
    drawn = segno.make("1", version=version, error=level, boost_error=False, mask=MASK, mode="byte")
    modules = int("".join("1" if dark else "0" for row in drawn.matrix for dark in row), 2)
    return replace(empty, around=modules ^ _placed(empty, _bytes("1", empty)))


def _alphanumeric(text: str, kind: _Kind) -> bytes:
    values = [LETTERS.index(letter) for letter in text]
    pairs = "".join(f"{a * 45 + b:011b}" for a, b in zip(values[::2], values[1::2], strict=False))
    last = f"{values[-1]:06b}" if len(values) % 2 else ""
    wide = _wide(kind.version, is_alphanumeric=True)
    return _filled(f"0010{len(text):0{wide}b}{pairs}{last}", kind)


def _bytes(text: str, kind: _Kind) -> bytes:
    said = text.encode("ascii")
    wide = _wide(kind.version, is_alphanumeric=False)
    return _filled(f"0100{len(said):0{wide}b}{int.from_bytes(said):0{8 * len(said)}b}", kind)


def _filled(bits: str, kind: _Kind) -> bytes:
    """With the end mark, and with what fills the rest: as segno does it, which nobody reads."""
    bits += "0" * min(4, kind.bits - len(bits))
    bits += "0" * min(8 - len(bits) % 8, kind.bits - len(bits))
    said = int(bits, 2).to_bytes(len(bits) // 8)
    rest = kind.bits // 8 - len(said)
    return said + (b"\xec\x11" * (rest // 2 + 1))[:rest]


def _placed(kind: _Kind, data: bytes) -> int:
    """The modules of data and checks, as one number; nothing around them."""
    parts, start = [], 0
    for length in kind.blocks:
        parts.append(data[start : start + length])
        start += length
    checks = [_checked(part, kind.checks) for part in parts]
    longest = max(kind.blocks)
    words = bytes(part[at] for at in range(longest) for part in parts if at < len(part))
    words += bytes(part[at] for at in range(kind.checks) for part in checks)
    # after the last bit stands one that is never set, for all modules that hold no data
    bits = f"{int.from_bytes(words):0{8 * len(words)}b}"
    return int("".join(kind.places(bits.ljust(kind.room, "0"))), 2)


def _checked(block: bytes, checks: int) -> bytes:
    """The remainder by Reed and Solomon's polynomial of so many degrees."""
    steps, keep = _steps(checks), (1 << 8 * checks) - 1
    top, rest = 8 * (checks - 1), 0
    for byte in block:
        rest = (rest << 8 & keep) ^ steps[byte ^ rest >> top]
    return rest.to_bytes(checks)


@cache
def _steps(checks: int) -> tuple[int, ...]:
    """The polynomial, without its first term, times each number of the field with 256 elements."""
    terms = [1]
    for power in range(checks):
        root = consts.GALIOS_EXP[power]
        terms = [a ^ _times(b, root) for a, b in zip([*terms, 0], [0, *terms], strict=True)]
    return tuple(int.from_bytes(bytes(_times(term, factor) for term in terms[1:])) for factor in range(256))


def _times(a: int, b: int) -> int:
    return consts.GALIOS_EXP[(consts.GALIOS_LOG[a] + consts.GALIOS_LOG[b]) % 255] if a and b else 0


@cache
def _places(version: int) -> tuple[int, ...]:
    """For each module, row by row, which bit stands there; where none does, the one after the last."""
    side = 17 + 4 * version
    found: dict[tuple[int, int], int] = {}
    for right in range(side - 1, 0, -2):
        pair = right if right > 6 else right - 1  # the timing column holds no data
        for step in range(side):
            for x in (pair, pair - 1):
                y = step if (pair + 1) & 2 else side - 1 - step
                if not _is_pattern(x, y, version):
                    found[y, x] = len(found)
    nothing = len(found)
    return tuple(found.get((y, x), nothing) for y in range(side) for x in range(side))


def _is_pattern(x: int, y: int, version: int) -> bool:
    """Whether a module belongs to finders, timing lines, alignment patterns, or what says version, level and mask."""
    side = 17 + 4 * version
    if 6 in {x, y} or (x < 9 and y < 9) or (x < 9 and y > side - 9) or (x > side - 9 and y < 9):
        return True
    if version > 6 and ((x < 6 and y > side - 12) or (y < 6 and x > side - 12)):
        return True
    middles = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
    near = [[i for i, middle in enumerate(middles) if abs(at - middle) < 3] for at in (x, y)]
    last = len(middles) - 1
    return all(near) and (near[0][0], near[1][0]) not in {(0, 0), (0, last), (last, 0)}
