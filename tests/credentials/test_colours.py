from __future__ import annotations

import pytest

from lms.credentials.colours import GREEN, INK, colours, contrast

COLOURS = [
    f"#{red}{green}{blue}" for red in ("00", "66", "ff") for green in ("00", "99", "ff") for blue in ("00", "ff")
]


@pytest.mark.parametrize("colour", [*COLOURS, "#777777", "#f2c230", GREEN])
def test_words_can_be_read_whatever_colour_a_programme_has(colour: str) -> None:
    look = colours(colour)
    pairs = [("accent", "#ffffff"), ("accent", look["tint"]), ("on-band", look["band"]), ("on-band", look["shade"])]
    assert [(one, other) for one, other in pairs if contrast(look[one], other) < 4.5] == []
    assert contrast(INK, look["tint"]) >= 4.5


def test_a_dark_colour_stays_as_it_is_and_what_is_none_becomes_our_green() -> None:
    assert colours("#7A1F3D")["accent"] == colours("#7A1F3D")["band"] == "#7a1f3d"
    assert colours("red") == colours("") == colours(GREEN)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
