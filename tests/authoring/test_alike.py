"""What is alike in two texts is found in good time, whatever the texts are."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.authoring.alike import alike
from lms.authoring.differences import differences
from lms.editing.texts import as_bytes, as_text

FEW = st.lists(st.sampled_from("abcdef"), max_size=80)


@given(FEW, FEW)
def test_what_is_paired_is_alike_and_in_order(old: list[str], new: list[str]) -> None:
    pairs = alike(old, new)
    assert all(old[first] == new[second] for first, second in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


def test_a_moved_section_leaves_the_rest_alike() -> None:
    lines = [f"line {number}" for number in range(1000)]
    moved = [*lines[:100], *lines[110:500], *lines[100:110], *lines[500:]]
    assert len(alike(lines, moved)) == 990
    assert alike(lines, lines) == [(place, place) for place in range(1000)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 50_000, "b a " * 50_000),
        ("\n" * 4000, "\nx\n" * 2000),
        ("a\nb\n" * 2000, "b\na\na\n" * 1300),
        ("a b c\n" * 20_000, "c b a d\n" * 20_000),
    ],
)
def test_texts_of_few_different_words_take_no_longer(old: str, new: str) -> None:
    before = time.process_time()
    differences(old, new)
    as_bytes(new, as_text(old.replace("\n", "\r\n", 1).encode()))
    assert time.process_time() - before < 5  # minutes, where each word is held against each
