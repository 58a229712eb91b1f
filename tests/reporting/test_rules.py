"""How far published figures are rounded, and that no difference between them says more."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from lms.reporting.rules import REPORTS, published, published_sum


def test_small_numbers_are_not_published() -> None:
    assert [published(count) for count in (0, 1, 4, 5, 9, 10, 212_761)] == [None, None, None, 5, 5, 10, 212_760]


def test_what_is_published_together_leaves_five_values_for_each() -> None:
    """Brute force over all pairs: whoever knows every published figure still has five possible values for each."""
    seen: dict[tuple[object, ...], set[tuple[int, int]]] = {}
    for pair in itertools.product(range(20), repeat=2):
        said = (*(published(count) for count in pair), published_sum(list(pair)))
        seen.setdefault(said, set()).add(pair)
    for pairs in seen.values():
        assert len({first for first, _ in pairs}) >= 5
        assert len({second for _, second in pairs}) >= 5


@given(st.lists(st.integers(0, 1000), max_size=30), st.data())
def test_a_change_within_a_step_changes_nothing_that_is_published(counts: list[int], data: st.DataObject) -> None:
    moved = [count - count % 5 + data.draw(st.integers(0, 4)) for count in counts]
    assert [published(count) for count in moved] == [published(count) for count in counts]
    assert published_sum(moved) == published_sum(counts)


def test_every_report_says_what_it_counts() -> None:
    for report in REPORTS.values():
        assert len(report.definition) > 60
        assert len({column.id for column in report.columns}) == len(report.columns)
