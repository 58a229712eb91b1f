"""Codes are those that segno draws, module by module."""

from __future__ import annotations

import random
import re

import pytest
import segno

from lms.credentials.codes import LETTERS, MASK, code


def by_segno(text: str) -> tuple[int, str]:
    rows = segno.make(text, error="m", micro=False, mask=MASK).matrix
    return len(rows), "".join("1" if dark else "0" for row in rows for dark in row)


@pytest.mark.parametrize("length", [1, 2, 19, 20, 21, 60, 61, 150, 340, 455, 620, 700, 812, 903, 904, 1001, 1700, 3391])
def test_of_signed_texts(length: int) -> None:
    text = "".join(random.Random(length).choices(LETTERS, k=length - 1)) + "%"
    assert (code(text).side, code(text).modules) == by_segno(text)


@pytest.mark.parametrize("host", ["a.lv", "learn.example.org", "certificates.ministry-of-digital-affairs.example.org"])
def test_of_addresses(host: str) -> None:
    for number in range(10):
        text = f"https://{host}/c/7K3M-92DC-TF4X-{number:04d}"
        assert (code(text).side, code(text).modules) == by_segno(text)


def test_each_version_is_the_smallest_and_has_the_best_level() -> None:
    chance = random.Random(3)
    for length in chance.sample(range(1, 900), 12):
        text = "".join(chance.choices("abc/.-", k=length))
        assert (code(text).side, code(text).modules) == by_segno(text)


def test_the_lines_draw_every_dark_module_once() -> None:
    made = code("https://learn.example.org/c/7K3M-92DC-TF4X-V8PW")
    drawn, x, y = bytearray(made.side**2), 0, 0
    assert made.lines().startswith("M0 .5")
    for over, down, wide in re.findall(r"m(-?\d+) (\d+)h(\d+)", made.lines()):
        x, y = x + int(over), y + int(down)
        for _ in range(int(wide)):
            drawn[y * made.side + x] += 1
            x += 1
    assert "".join(map(str, drawn)) == made.modules


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="does not take"):
        code("A" * 3392)
