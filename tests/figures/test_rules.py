"""Where somebody stands, from the facts; and what a unit counts for."""

from __future__ import annotations

from datetime import date

import pytest

from lms.figures.rules import Facts, Figures, Held, Kind, Marks, Stand, State, best, marks, stand, stands, term

TODAY = date(2026, 6, 10)
MAY, JUNE, LATER = date(2026, 5, 1), date(2026, 6, 1), date(2026, 12, 1)
EXAM = Kind(exam="exam", certifies=True)
PLAIN = Kind()


@pytest.mark.parametrize(
    ("facts", "kind", "expected"),
    [
        (Facts(), EXAM, None),
        (Facts(begun=MAY), EXAM, Stand(State.UNDER_WAY, MAY, MAY)),
        (Facts(begun=MAY, failed=JUNE), EXAM, Stand(State.FAILED, JUNE, MAY)),
        (Facts(begun=MAY, completed=JUNE), EXAM, Stand(State.UNDER_WAY, MAY, MAY)),
        (Facts(begun=MAY, completed=JUNE), PLAIN, Stand(State.CERTIFIED, JUNE, MAY)),
        (Facts(begun=MAY, held=[Held(JUNE, LATER)]), EXAM, Stand(State.CERTIFIED, JUNE, MAY, LATER)),
        (Facts(begun=LATER, held=[Held(JUNE, None)]), EXAM, Stand(State.CERTIFIED, JUNE, JUNE)),
        (Facts(begun=MAY, held=[Held(MAY, JUNE)]), EXAM, Stand(State.UNDER_WAY, MAY, MAY)),
        (Facts(begun=MAY, held=[Held(JUNE, None)], exempt=MAY), EXAM, Stand(State.CERTIFIED, JUNE, MAY)),
        (Facts(begun=MAY, failed=JUNE, exempt=JUNE), EXAM, Stand(State.EXEMPT, JUNE)),
    ],
)
def test_where_somebody_stands(facts: Facts, kind: Kind, expected: Stand | None) -> None:
    assert stand(facts, kind, TODAY) == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([], None),
        ([Held(MAY, TODAY)], (MAY, TODAY)),
        ([Held(MAY, date(2026, 6, 9))], None),
        ([Held(MAY, JUNE, is_replaced=True), Held(JUNE, LATER)], (MAY, LATER)),
        ([Held(MAY, date(2026, 5, 31)), Held(JUNE, LATER)], (MAY, LATER)),
        ([Held(MAY, date(2026, 5, 30)), Held(JUNE, LATER)], (JUNE, LATER)),
        ([Held(MAY, None, is_replaced=True), Held(JUNE, TODAY)], (MAY, TODAY)),
        ([Held(MAY, None, is_replaced=True)], None),
        ([Held(MAY, LATER), Held(JUNE, None)], (MAY, None)),
    ],
)
def test_a_term_without_a_gap(held: list[Held], expected: tuple[date, date | None] | None) -> None:
    assert term(held, TODAY) == expected


def test_a_part_begins_the_programme() -> None:
    courses = {"a": EXAM, "b": PLAIN, "all": Kind(certifies=True, parts=frozenset({"a", "b"}))}
    found = stands({"a": Facts(begun=MAY, failed=JUNE)}, courses, TODAY)
    assert found == {"a": Stand(State.FAILED, JUNE, MAY), "all": Stand(State.UNDER_WAY, MAY, MAY)}
    assert "all" not in stands({"a": Facts(exempt=MAY)}, courses, TODAY)


def test_once_for_all_courses() -> None:
    exempt, failed = Stand(State.EXEMPT, MAY), Stand(State.FAILED, JUNE, MAY)
    assert best([]) is None
    assert best([exempt]) == exempt
    assert best([exempt, failed]) == failed
    late, early = Stand(State.CERTIFIED, LATER, JUNE), Stand(State.CERTIFIED, JUNE, JUNE)
    assert best([late, failed, early]) == Stand(State.CERTIFIED, JUNE, MAY)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (Figures(), Marks()),
        (Figures(3), Marks(1)),
        (Figures(3, under_way=1), Marks(1, 1)),
        (Figures(3, certified=1), Marks(1, 1, 1)),
        (Figures(4, certified=1, exempt=1), Marks(1, 1, 1, 1)),
        (Figures(3, certified=1, exempt=2), Marks(1, 1, 1, 1, 1)),
        (Figures(2, exempt=2), Marks(1, 0, 0, 1, 1)),
    ],
)
def test_what_a_unit_counts_for(figures: Figures, expected: Marks) -> None:
    assert marks(figures) == expected


def test_done_not_done_and_exempt_make_all() -> None:
    figures = Figures(10, under_way=2, failed=1, certified=3, exempt=1)
    assert (figures.not_started, figures.done, figures.left, figures.share) == (3, 3, 6, 0.4)
    assert figures.done + figures.left + figures.exempt == figures.registered
    assert Figures().share == 0
