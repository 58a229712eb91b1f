"""Pictures that are small to send and large to unpack."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from lms.editing import pictures


def test_all_frames_of_a_moving_picture_count(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [Image.new("RGB", (100, 100), (10 * colour, 0, 0)) for colour in range(20)]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], duration=50)
    assert pictures.made_fit(target.getvalue())[1] == "gif"
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100 * 100 * 19)
    with pytest.raises(pictures.TooLarge):
        pictures.made_fit(target.getvalue())
