"""A programme's colour on paper, changed only as far as its words stay legible. Pure.

Contrast is the ratio of WCAG 2.2 (1 to 21); words have at least 4.5 on what they stand on.
"""

from __future__ import annotations

import re
from typing import TypeAlias

GREEN, WHITE, INK, BLACK = "#0b5747", "#ffffff", "#16261f", "#000000"
LEAST = 4.5
STEP = 0.04  # how much of a colour is given up at a time

Rgb: TypeAlias = tuple[int, int, int]


def colours(colour: str) -> dict[str, str]:
    """The colours of a sheet, by name, from a programme's (`#rrggbb`; anything else means our own green).

    `accent` is for words and lines on white, `tint` for a watermark behind ink and accent; `band` is a field with
    words in `on-band`, and `shade` a figure on that field behind the same words.
    """
    own = known(colour)
    on_band = next(each for each in (WHITE, INK, BLACK) if contrast(own, each) >= LEAST)
    return {
        "accent": _until_legible(own),
        "tint": mixed(own, WHITE, 0.93),
        "band": own,
        "on-band": on_band,
        "shade": mixed(own, BLACK if on_band == WHITE else WHITE, 0.16),
    }


def known(colour: str) -> str:
    """A colour as `#rrggbb` in small letters; our own green for anything else."""
    return colour.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else GREEN


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2), 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with a share (0 to 1) of another one in it."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _until_legible(colour: str) -> str:
    """The colour, darkened until words in it can be read on white and on its own tint."""
    tint, darker, share = mixed(colour, WHITE, 0.93), colour, 0.0
    while min(contrast(darker, WHITE), contrast(darker, tint)) < LEAST:
        share += STEP
        darker = mixed(colour, BLACK, share)
    return darker


def _luminance(colour: str) -> float:
    shares = (each / 255 for each in _parts(colour))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> Rgb:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue
