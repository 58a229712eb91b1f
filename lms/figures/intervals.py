"""How sure a share is that was counted on few people. Pure."""

from __future__ import annotations

import math


def wilson(right: int, asked: int, z: float = 1.959964) -> tuple[float, float]:
    """The interval in which a share lies with 95 % confidence, 0 to 1.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the
    American Statistical Association 22 (1927), 209-212. Nothing asked tells nothing: (0, 1).
    """
    if asked == 0:
        return 0.0, 1.0
    portion, square = right / asked, z * z
    middle = (portion + square / (2 * asked)) / (1 + square / asked)
    half = z / (1 + square / asked) * math.sqrt(portion * (1 - portion) / asked + square / (4 * asked * asked))
    return max(0.0, middle - half), min(1.0, middle + half)
